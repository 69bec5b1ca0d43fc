"""What moves the parameters: PyTorch's own optimizers. Adding one is adding one entry."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from torch import nn, optim

from models.training.plan import Plan

Make = Callable[[Iterable[nn.Parameter], Plan], Any]
"""Returns an optimizer of torch for these parameters."""


@dataclass(frozen=True)
class OptimizerKind:
    """One optimizer."""

    label: str
    help: str
    make: Make
    rate: float
    """The learning rate with which it is offered."""
    has_momentum: bool = False


OPTIMIZERS: dict[str, OptimizerKind] = {
    "sgd": OptimizerKind(
        "SGD",
        "Takes the rate times the gradient from every parameter.",
        lambda parameters, plan: optim.SGD(parameters, lr=plan.rate),
        rate=0.1,
    ),
    "momentum": OptimizerKind(
        "SGD with momentum",
        "Moves along a running sum of the gradients, in which older ones fade.",
        lambda parameters, plan: optim.SGD(parameters, lr=plan.rate, momentum=plan.momentum),
        rate=0.03,
        has_momentum=True,
    ),
    "adam": OptimizerKind(
        "Adam",
        "Divides a running mean of the gradients by the root of that of their squares: every "
        "cell moves about as far as the rate says, however small its gradient is.",
        lambda parameters, plan: optim.Adam(parameters, lr=plan.rate),
        rate=0.01,
    ),
}
