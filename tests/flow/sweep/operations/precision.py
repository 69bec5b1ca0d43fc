"""Half precision, mixed precision and float64, with casts inside and around."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
import torch.nn.functional as F  # noqa: N812 - everybody's name for it
from torch import Tensor, nn

from tests.flow.sweep.case import Case, layer, op, positive

ROWS, MAPS = (3, 4), (2, 2, 3, 4)
HALVES = {"bfloat16": torch.bfloat16, "float16": torch.float16}

ROUGH = {"layer norm", "group norm", "lstm", "attention", "silu"}
"""Their coefficients take several steps, each of which rounds to half precision."""


def _rounding(name: str) -> float:
    return 8.0 if name in ROUGH else 1.0


MODULES: dict[str, tuple[Callable[[], nn.Module], tuple[int, ...]]] = {
    "linear": (lambda: nn.Linear(4, 3), ROWS),
    "linear and relu": (lambda: nn.Sequential(nn.Linear(4, 3), nn.ReLU()), ROWS),
    "perceptron": (lambda: nn.Sequential(nn.Linear(4, 8), nn.GELU(), nn.Linear(8, 2)), ROWS),
    "conv": (lambda: nn.Conv2d(2, 3, 2), MAPS),
    "transposed conv": (lambda: nn.ConvTranspose2d(2, 2, 2), MAPS),
    "batch norm": (lambda: nn.BatchNorm2d(2), MAPS),
    "layer norm": (lambda: nn.LayerNorm(4), ROWS),
    "group norm": (lambda: nn.GroupNorm(1, 2), MAPS),
    "rms norm": (lambda: nn.RMSNorm(4), ROWS),
    "softmax": (lambda: nn.Softmax(1), ROWS),
    "average pool": (lambda: nn.AvgPool2d(2), MAPS),
    "max pool": (lambda: nn.MaxPool2d(2), MAPS),
    "upsampling": (lambda: nn.Upsample(scale_factor=2, mode="bilinear"), MAPS),
    "lstm": (lambda: nn.LSTM(4, 2), (2, 1, 4)),
    "attention": (
        lambda: nn.TransformerEncoderLayer(4, 2, 4, dropout=0.0, batch_first=True),
        (1, 2, 4),
    ),
}

FUNCTIONS: dict[str, Callable[..., Any]] = {
    "tanh": torch.tanh,
    "exp": torch.exp,
    "gelu": F.gelu,
    "silu": F.silu,
    "mean": torch.mean,
    "cumsum": lambda x: x.cumsum(1),
    "norm": lambda x: x.norm(dim=1),
    "variance": lambda x: x.var(1),
    "log softmax": lambda x: x.log_softmax(1),
    "squared": lambda x: x * x,
    "cast inside": lambda x: (x.float() * 2).to(x.dtype),
    "sum in float32": lambda x: x.sum(1, dtype=torch.float32),
    "cross entropy": lambda x: F.cross_entropy(x, torch.tensor([0, 3, 1])),
}


def _automatic(make: Callable[[], nn.Module]) -> Callable[[], nn.Module]:
    return lambda: _Automatic(make())


class _Automatic(nn.Module):
    """A module in mixed precision."""

    def __init__(self, inner: nn.Module) -> None:
        super().__init__()
        self.inner = inner

    def forward(self, x: Tensor) -> Any:
        with torch.autocast("cpu", torch.bfloat16):
            return self.inner(x)


CASES: dict[str, Case] = {
    **{
        f"{name} {half}": layer(make, shape, dtype=kind, rounding=_rounding(name))
        for half, kind in HALVES.items()
        for name, (make, shape) in MODULES.items()
    },
    **{
        f"{name} {half}": op(function, ROWS, dtype=kind, rounding=_rounding(name))
        for half, kind in HALVES.items()
        for name, function in FUNCTIONS.items()
    },
    **{
        f"{name} mixed": layer(_automatic(make), shape, rounding=_rounding(name))
        for name, (make, shape) in MODULES.items()
        if name in ("linear", "perceptron", "conv", "layer norm", "softmax", "attention")
    },
    **{
        f"{name} float64": layer(make, shape, dtype=torch.float64)
        for name, (make, shape) in MODULES.items()
    },
    "to bfloat16": op(lambda x: x.bfloat16(), ROWS),
    "to bfloat16 and back": op(lambda x: x.bfloat16().float(), ROWS),
    "to float64": op(lambda x: x.double(), ROWS),
    "to float64 and back": op(lambda x: (x.double() * 3).float(), ROWS),
    "to half": op(lambda x: x.half() * 2, ROWS),
    "product in half": op(lambda x, y: (x.bfloat16() @ y.bfloat16()).float(), (2, 3), (3, 2)),
    "product of types": op(lambda x, y: x.double() * y, (2, 3), (2, 3)),
    "softmax in float32": op(
        lambda x: x.softmax(1, dtype=torch.float32).to(x.dtype), ROWS, dtype=torch.bfloat16
    ),
    "log in float16": op(torch.log, positive(3, 4), dtype=torch.float16),
    "division in bfloat16": op(torch.div, ROWS, positive(3, 4), dtype=torch.bfloat16),
}
