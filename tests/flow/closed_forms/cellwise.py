"""Elementwise operations on values that stand where they bend, with the node that each makes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
import torch.nn.functional as F  # noqa: N812 - everybody's name for it
from torch import Tensor

import flow
from flow.run import Run
from tests.flow.operations import Applied

LINE = torch.tensor(
    [-7.0, -3, -1.5, -1, -0.5, -0.25, 0, 0.25, 0.5, 1, 1.5, 3, 7], dtype=torch.float64
)
"""Bounds and thresholds of the operations below are among these."""
INSIDE = torch.tensor([-0.75, -0.5, -0.25, 0.125, 0.25, 0.875], dtype=torch.float64)
POSITIVE = torch.tensor([0.125, 0.5, 1, 1.75, 3], dtype=torch.float64)
CHANCES = torch.tensor([0.0, 0.125, 0.25, 0.5, 0.75, 1], dtype=torch.float64)


@dataclass(frozen=True)
class Cellwise:
    """What to run on which values."""

    node: str
    function: Callable[..., Tensor]
    inputs: tuple[Tensor, ...]

    def run(self, dtype: torch.dtype = torch.float64) -> Run:
        """Run it once; every cell of the output gets another upstream."""
        inputs = tuple(each.to(dtype).clone().requires_grad_() for each in self.inputs)
        module = Applied(self.function)
        made = module(*inputs)
        vector = torch.arange(1, made.numel() + 1).to(made.dtype).reshape(made.shape)
        return flow.run(module, inputs, upstream=vector)


def _one(values: Tensor, **functions: Callable[..., Any]) -> list[Cellwise]:
    return [Cellwise(f"{node}", function, (values,)) for node, function in functions.items()]


def _pair(node: str, function: Callable[..., Tensor], *, positive: bool = False) -> list[Cellwise]:
    """Meet every value with every other one, broadcast."""
    values = POSITIVE if positive else LINE[2:-1]
    return [
        Cellwise(node, function, (values[:, None], values)),
        Cellwise(node, function, (values, values.flip(0))),
    ]


def _loss(node: str, function: Callable[..., Tensor], y: Tensor, t: Tensor) -> list[Cellwise]:
    def reduced(how: str) -> Callable[..., Tensor]:
        return lambda *both: function(*both, reduction=how)

    return [Cellwise(node, reduced(how), (y, t)) for how in ("none", "sum", "mean")]


def _weighted(x: Tensor, t: Tensor, reduction: str) -> Tensor:
    weight, positive = torch.linspace(0.5, 2, len(x)).to(x), torch.linspace(1, 3, len(x)).to(x)
    return F.binary_cross_entropy_with_logits(
        x, t, weight, pos_weight=positive, reduction=reduction
    )


def _soft_margin(reduction: str) -> Callable[..., Tensor]:
    return lambda y: F.soft_margin_loss(y, torch.sign(LINE + 0.1).to(y), reduction=reduction)


_TARGETS = LINE.flip(0).roll(3).clone()
_CHANCES = CHANCES.flip(0).roll(1).clone()

CELLWISE: list[Cellwise] = [
    *_one(
        LINE,
        ReluBackward0=F.relu,
        LeakyReluBackward0=lambda x: F.leaky_relu(x, 0.25),
        RreluWithNoiseBackward0=lambda x: F.rrelu(x, 0.125, 0.25),
        ThresholdBackward0=lambda x: F.threshold(x, 0.5, 9),
        EluBackward0=lambda x: F.elu(x, 0.75),
        CeluBackward0=lambda x: F.celu(x, 1.5),
        SiluBackward0=F.silu,
        GeluBackward0=F.gelu,
        MishBackward0=F.mish,
        SoftplusBackward0=lambda x: F.softplus(x, 2, 1),
        TanhBackward0=torch.tanh,
        SigmoidBackward0=torch.sigmoid,
        LogSigmoidBackward0=F.logsigmoid,
        HardtanhBackward0=lambda x: F.hardtanh(x, -1.5, 0.5),
        HardswishBackward0=F.hardswish,
        HardsigmoidBackward0=F.hardsigmoid,
        SoftshrinkBackward0=F.softshrink,
        HardshrinkBackward0=F.hardshrink,
        ExpBackward0=torch.exp,
        Exp2Backward0=torch.exp2,
        Expm1Backward0=torch.expm1,
        PowBackward0=lambda x: x**3,
        SinBackward0=torch.sin,
        CosBackward0=torch.cos,
        TanBackward0=torch.tan,
        AtanBackward0=torch.atan,
        SinhBackward0=torch.sinh,
        CoshBackward0=torch.cosh,
        AsinhBackward0=torch.asinh,
        Deg2RadBackward0=torch.deg2rad,
        Rad2DegBackward0=torch.rad2deg,
        SincBackward0=torch.sinc,
        ErfBackward0=torch.erf,
        ErfcBackward0=torch.erfc,
        I0Backward0=torch.i0,
        AbsBackward0=torch.abs,
        NegBackward0=torch.neg,
        RoundBackward0=torch.round,
        SignBackward0=torch.sign,
        FloorBackward0=torch.floor,
        CeilBackward0=torch.ceil,
        TruncBackward0=torch.trunc,
        FracBackward0=torch.frac,
        ClampBackward1=lambda x: x.clamp(-1.5, 0.5),
        ClampMinBackward0=lambda x: x.clamp_min(-1.5),
        ClampMaxBackward0=lambda x: x.clamp_max(0.5),
        NanToNumBackward0=torch.nan_to_num,
        AddBackward0=lambda x: x + 2,
        SubBackward0=lambda x: x - 2,
        RsubBackward1=lambda x: torch.rsub(x, 3, alpha=2),
        MulBackward0=lambda x: x * 2.5,
        DivBackward0=lambda x: x / 4,
        RemainderBackward0=lambda x: x % 0.75,
        FmodBackward0=lambda x: x.fmod(0.75),
        PowBackward2=lambda x: 2**x,
    ),
    *_one(
        LINE,
        RreluWithNoiseBackward0=lambda x: F.rrelu(x, 0.125, 0.25, training=True),
        EluBackward0=F.selu,
        GeluBackward0=lambda x: F.gelu(x, approximate="tanh"),
        HardtanhBackward0=F.relu6,
        SoftplusBackward0=F.softplus,
        ClampBackward1=lambda x: x.clamp(max=0.5),
        PowBackward0=lambda x: x**0,
        PowBackward2=lambda x: 0**x,
    ),
    *_one(LINE, PowBackward0=lambda x: x**2, ClampBackward1=lambda x: x.clamp(min=-1.5)),
    *_one(LINE, PowBackward0=lambda x: x**1),
    *_one(
        INSIDE,
        AsinBackward0=torch.asin,
        AcosBackward0=torch.acos,
        AtanhBackward0=torch.atanh,
        ErfinvBackward0=torch.erfinv,
    ),
    *_one(
        POSITIVE,
        LogBackward0=torch.log,
        Log2Backward0=torch.log2,
        Log10Backward0=torch.log10,
        Log1PBackward0=torch.log1p,
        SqrtBackward0=torch.sqrt,
        RsqrtBackward0=torch.rsqrt,
        ReciprocalBackward0=torch.reciprocal,
        SpecialEntrBackward0=torch.special.entr,
        LgammaBackward0=torch.lgamma,
        DigammaBackward0=torch.digamma,
    ),
    *_one(POSITIVE + 1, AcoshBackward0=torch.acosh),
    *_one(CHANCES, LogitBackward0=lambda x: torch.logit(x, 0.125)),
    *_one(CHANCES[1:-1], LogitBackward0=torch.logit),
    Cellwise(
        "PreluKernelBackward0",
        lambda x, w: torch._prelu_kernel(x, w),
        (LINE[:, None].expand(13, 6), INSIDE[None]),
    ),
    *_pair("AddBackward0", lambda a, b: torch.add(a, b, alpha=2)),
    *_pair("SubBackward0", lambda a, b: torch.sub(a, b, alpha=2)),
    *_pair("RsubBackward0", lambda a, b: torch.rsub(a, b, alpha=2)),
    *_pair("MulBackward0", torch.mul),
    *_pair("DivBackward0", torch.div, positive=True),
    *_pair("DivBackward2", lambda a, b: torch.div(a, b, rounding_mode="floor"), positive=True),
    *_pair("PowBackward1", torch.pow, positive=True),
    Cellwise("PowBackward1", torch.pow, (LINE, torch.full_like(LINE, 2))),
    Cellwise("PowBackward1", torch.pow, (LINE, torch.zeros_like(LINE))),
    *_pair("RemainderBackward1", torch.remainder, positive=True),
    *_pair("FmodBackward1", torch.fmod, positive=True),
    *_pair("LerpBackward0", lambda a, b: torch.lerp(a, b, 0.25)),
    Cellwise("LerpBackward1", torch.lerp, (LINE, LINE.flip(0), LINE / 8)),
    Cellwise("AddcmulBackward0", lambda x, a, b: torch.addcmul(x, a, b, value=2), (LINE,) * 3),
    Cellwise(
        "AddcdivBackward0",
        lambda x, a, b: torch.addcdiv(x, a, b, value=2),
        (POSITIVE, POSITIVE.flip(0), POSITIVE),
    ),
    *_pair("Atan2Backward0", torch.atan2, positive=True),
    *_pair("HypotBackward0", torch.hypot, positive=True),
    *_pair("XlogyBackward0", torch.xlogy, positive=True),
    Cellwise("XlogyBackward0", torch.xlogy, (CHANCES, POSITIVE[[0, 1, 2, 3, 4, 4]])),
    Cellwise("XlogyBackward0", torch.xlogy, (CHANCES[:1], CHANCES[:1])),
    *_pair("LogaddexpBackward0", torch.logaddexp),
    *_pair("Logaddexp2Backward0", torch.logaddexp2),
    *_pair("MaximumBackward0", torch.maximum),
    *_pair("MinimumBackward0", torch.minimum),
    *_pair("FmaxBackward0", torch.fmax),
    *_pair("FminBackward0", torch.fmin),
    Cellwise(
        "ClampBackward0",
        lambda x, low, high: x.clamp(low, high),
        tuple(torch.broadcast_tensors(LINE[:, None, None], LINE[2:-2, None], LINE[2:-2])),
    ),
    Cellwise("ClampBackward0", lambda x, low: x.clamp(min=low), (LINE[:, None], LINE)),
    *_loss("MseLossBackward0", F.mse_loss, LINE, _TARGETS),
    *_loss(
        "SmoothL1LossBackward0",
        lambda y, t, reduction: F.smooth_l1_loss(y, t, beta=0.5, reduction=reduction),
        LINE,
        _TARGETS,
    ),
    *_loss(
        "HuberLossBackward0",
        lambda y, t, reduction: F.huber_loss(y, t, delta=1.5, reduction=reduction),
        LINE,
        _TARGETS,
    ),
    *_loss("BinaryCrossEntropyBackward0", F.binary_cross_entropy, CHANCES[1:-1], _CHANCES[1:-1]),
    *_loss(
        "BinaryCrossEntropyBackward0",
        lambda p, t, reduction: F.binary_cross_entropy(
            p, t, torch.arange(1, 5).to(p), reduction=reduction
        ),
        CHANCES[1:-1],
        _CHANCES[1:-1],
    ),
    *_loss(
        "BinaryCrossEntropyWithLogitsBackward0",
        F.binary_cross_entropy_with_logits,
        LINE,
        torch.linspace(0, 1, len(LINE)).double(),
    ),
    *_loss(
        "BinaryCrossEntropyWithLogitsBackward0",
        _weighted,
        LINE,
        torch.linspace(0, 1, len(LINE)).double(),
    ),
    *(
        Cellwise("SoftMarginLossBackward0", _soft_margin(how), (LINE,))
        for how in ("none", "sum", "mean")
    ),
]
