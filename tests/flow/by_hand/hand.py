"""What elementwise operations must say and give at a point, counted by hand."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import torch
from torch import Tensor

SIGMOID = 1 / (1 + math.exp(-0.5))
"""sigmoid(0.5) = 0.6225."""
LN2, LN3, LN10 = math.log(2), math.log(3), math.log(10)
BELL = 2 / math.sqrt(math.pi) * math.exp(-0.25)
"""2/sqrt(pi) exp(-0.5^2) = 0.8788."""


@dataclass(frozen=True)
class Hand:
    """One operation at one point."""

    words: str
    """Phrases that its sentence must contain, separated by bars."""
    function: Callable[..., Tensor]
    at: tuple[float, ...]
    """The inputs, one number each."""
    slopes: tuple[float, ...]
    names: tuple[str, ...]
    """Name of the coefficient of each input; empty where it is 0."""
    settings: Mapping[str, float | str] = field(default_factory=dict)
    """What the other letters of the formula stand for."""
    off: float | None = None
    """Another x, where the slope is 0."""


def one(
    words: str,
    function: Callable[[Tensor], Tensor],
    at: float,
    slope: float,
    name: str,
    off: float | None = None,
    **settings: float | str,
) -> Hand:
    return Hand(words, function, (at,), (slope,), (name,), settings, off)


def stairs(name: str) -> Hand:
    return one(f"function {name} is a staircase|0", getattr(torch, name), 0.5, 0, "")


def mean(loss: Callable[..., Tensor], **settings: float) -> Callable[[Tensor, Tensor], Tensor]:
    """Average a loss over the cell asked about and one other."""

    def function(y: Tensor, t: Tensor) -> Tensor:
        return loss(torch.cat([y, y * 0.5]), torch.cat([t, t]), **settings)

    return function
