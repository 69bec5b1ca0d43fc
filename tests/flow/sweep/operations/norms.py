"""Normalisations and the softmax family."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import torch
import torch.nn.functional as F  # noqa: N812 - everybody's name for it
from torch import Tensor, nn

from tests.flow.sweep.case import Case, layer, op

MAPS, ROWS, LINE = (2, 2, 2, 3), (4, 3), (2, 4, 3)


def _evaluated(make: Callable[[], nn.Module]) -> Callable[[], nn.Module]:
    def build() -> nn.Module:
        module = make().eval()
        for name, buffer in module.named_buffers():
            if "running" in name:
                buffer.copy_(torch.linspace(0.5, 1.5, buffer.numel()))
        return module

    return build


def _shifted(make: Callable[[], nn.Module]) -> Callable[[], nn.Module]:
    """Return a norm whose weights and biases are not all 1 and 0."""

    def build() -> nn.Module:
        module = make()
        with torch.no_grad():
            for each in module.parameters():
                each.copy_(torch.linspace(0.5, 1.5, each.numel()).view_as(each))
        return module

    return build


class _CastingNorm(nn.Module):
    """RMSNorm as language models write it: in float32, whatever comes in."""

    def __init__(self) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.linspace(0.5, 1.5, 3))

    def forward(self, x: Tensor) -> Tensor:
        wide = x.to(torch.float32)
        scale = torch.rsqrt(wide.pow(2).mean(-1, keepdim=True) + 1e-6)
        return self.weight * (wide * scale).to(x.dtype)


def _mean_and_deviation(x: Tensor) -> Tensor:
    return (x - x.mean(1, keepdim=True)) / x.std(1, keepdim=True)


NORMS: dict[str, Case] = {
    "batch of maps": layer(_shifted(lambda: nn.BatchNorm2d(2)), MAPS),
    "batch of rows": layer(_shifted(lambda: nn.BatchNorm1d(3)), ROWS),
    "batch of lines": layer(lambda: nn.BatchNorm1d(4), LINE),
    "batch of cubes": layer(lambda: nn.BatchNorm3d(2), (2, 2, 2, 1, 2)),
    "batch without affine": layer(lambda: nn.BatchNorm2d(2, affine=False), MAPS),
    "batch without statistics": layer(
        lambda: nn.BatchNorm2d(2, track_running_stats=False).eval(), MAPS
    ),
    "batch evaluated": layer(_evaluated(_shifted(lambda: nn.BatchNorm2d(2))), MAPS),
    "batch of rows evaluated": layer(_evaluated(lambda: nn.BatchNorm1d(3)), ROWS),
    "batch evaluated without affine": layer(
        _evaluated(lambda: nn.BatchNorm2d(2, affine=False)), MAPS
    ),
    "batch by function": op(
        lambda x, w, b: F.batch_norm(x, None, None, w, b, training=True), MAPS, (2,), (2,)
    ),
    "layer": layer(_shifted(lambda: nn.LayerNorm(3)), ROWS),
    "layer of maps": layer(lambda: nn.LayerNorm([2, 3]), MAPS),
    "layer of steps": layer(lambda: nn.LayerNorm(3), LINE),
    "layer without affine": layer(lambda: nn.LayerNorm(3, elementwise_affine=False), ROWS),
    "layer without bias": layer(lambda: nn.LayerNorm(3, bias=False), ROWS),
    "layer of one row": layer(lambda: nn.LayerNorm(3), (3,)),
    "group": layer(_shifted(lambda: nn.GroupNorm(2, 4)), LINE),
    "group of maps": layer(lambda: nn.GroupNorm(2, 4), (2, 4, 2, 2)),
    "group of one": layer(lambda: nn.GroupNorm(1, 4), LINE),
    "group without affine": layer(lambda: nn.GroupNorm(2, 4, affine=False), LINE),
    "instance of maps": layer(lambda: nn.InstanceNorm2d(2, affine=True), MAPS),
    "instance of lines": layer(lambda: nn.InstanceNorm1d(4), LINE),
    "instance tracked": layer(
        _evaluated(lambda: nn.InstanceNorm2d(2, track_running_stats=True)), MAPS
    ),
    "rms": layer(_shifted(lambda: nn.RMSNorm(3)), ROWS),
    "rms of maps": layer(lambda: nn.RMSNorm([2, 3]), MAPS),
    "rms without affine": layer(lambda: nn.RMSNorm(3, elementwise_affine=False), ROWS),
    "rms with casts": layer(_CastingNorm, ROWS),
    "rms with casts, bfloat16": layer(_CastingNorm, ROWS, dtype=torch.bfloat16),
    "local response": layer(lambda: nn.LocalResponseNorm(2), (1, 4, 2, 2)),
    "normalised": op(lambda x: F.normalize(x, dim=1), ROWS),
    "normalised by 1": op(lambda x: F.normalize(x, p=1.0, dim=0), ROWS),
    "standardised by hand": op(_mean_and_deviation, ROWS),
    "weight norm": layer(lambda: nn.utils.parametrizations.weight_norm(nn.Linear(3, 2)), ROWS),
    "spectral norm": layer(
        lambda: nn.utils.parametrizations.spectral_norm(nn.Linear(3, 2)).eval(), ROWS, rounding=8
    ),
}

SOFTMAXES: dict[str, Case] = {
    "softmax": op(lambda x: x.softmax(1), ROWS),
    "softmax of columns": op(lambda x: x.softmax(0), ROWS),
    "softmax of maps": op(lambda x: x.softmax(1), (1, 3, 2, 2)),
    "softmax of one axis": op(lambda x: x.softmax(0), (4,)),
    "softmax scaled": op(lambda x: (x / 0.5).softmax(-1), ROWS),
    "softmax saturated": op(lambda x: (x * 60).softmax(1), ROWS, cancels=1),
    "softmax in float64": op(lambda x: x.softmax(1, dtype=torch.float64), ROWS),
    "log softmax": op(lambda x: x.log_softmax(1), ROWS),
    "log softmax of maps": op(lambda x: x.log_softmax(1), (1, 3, 2, 2)),
    "log softmax saturated": op(lambda x: (x * 60).log_softmax(1), ROWS, cancels=1),
    "softmin": op(lambda x: F.softmin(x, 1), ROWS),
    "softmax 2d layer": layer(nn.Softmax2d, (1, 3, 2, 2)),
    "softmax layer": layer(lambda: nn.Softmax(1), ROWS),
    "log of softmax": op(lambda x: x.softmax(1).log(), ROWS),
    "adaptive log softmax": op(
        lambda x: F.log_softmax(x @ torch.eye(3), 1).gather(1, torch.tensor([[0], [1], [2], [0]])),
        ROWS,
    ),
    "masked softmax": op(
        lambda x: x.masked_fill(torch.ones(4, 3).triu(1) > 0, -torch.inf).softmax(1), ROWS
    ),
    "sparsemax by sorting": op(
        lambda x: (x - (x.sort(1, descending=True).values[:, :2].sum(1, True) - 1) / 2).relu(), ROWS
    ),
}

CANCELLING = 8
"""Their coefficients are small differences of larger numbers: 1/deviation, minus a mean."""

CASES = {
    **{
        name: replace(case, rounding=max(case.rounding, CANCELLING)) for name, case in NORMS.items()
    },
    **SOFTMAXES,
}
