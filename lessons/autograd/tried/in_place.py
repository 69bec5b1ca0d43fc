"""A change in place between forward and backward: who notices it, and who does not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import torch
from torch import Tensor

from lessons.asking.exercise import Exercise, choice
from lessons.autograd.tape.observed import Numbers, gradient
from lessons.autograd.tried.attempt import Tried, leaf, refused
from viz.language import english


def _data(x: Tensor) -> Tensor:
    y = torch.exp(x)
    y.data.add_(1)
    return y


def _detached(x: Tensor) -> Tensor:
    y = torch.exp(x)
    y.detach().add_(1)
    return y


WAYS: Mapping[str, tuple[str, Callable[[Tensor], Tensor]]] = {
    "exp": ("y = exp(x); y.add_(1)", lambda x: torch.exp(x).add_(1)),
    "square": ("y = x ** 2; y.add_(1)", lambda x: (x**2).add_(1)),
    "leaf": ("x.add_(1); y = x ** 2", lambda x: x.add_(1) ** 2),
    "detach": ("y = exp(x); y.detach().add_(1)", _detached),
    "data": ("y = exp(x); y.data.add_(1)", _data),
}
"""The lines before ``y.backward(torch.ones(2))``."""
OPTIONS = {
    "exp": english("only y = exp(x)"),
    "square": english("only y = x ** 2"),
    "both": english("both"),
    "neither": english("neither"),
}


@dataclass(frozen=True)
class InPlace:
    """One change in place."""

    code: str
    version: int | None
    """``y._version`` before backward; None where y was never made."""
    grad: Numbers | None
    """``x.grad``."""
    message: str
    """What PyTorch said where it refused."""


def changes() -> Mapping[str, InPlace]:
    """Make all of them."""
    return {key: _changed(code, lines) for key, (code, lines) in WAYS.items()}


def _changed(code: str, lines: Callable[[Tensor], Tensor]) -> InPlace:
    x = leaf()
    made: list[Tensor] = []
    message = refused(lambda: made.append(lines(x)))
    if made:
        version = made[0]._version
        message = refused(lambda: torch.autograd.backward(made[0], torch.ones(2)))
        return InPlace(code, version, gradient(x), message)
    return InPlace(code, None, gradient(x), message)


def exact() -> Numbers:
    """Return the gradient of exp(x), which nothing was changed in."""
    x = leaf()
    return tuple(torch.exp(x.detach()).tolist())


def change_exercise(found: Mapping[str, InPlace]) -> Exercise:
    """Choose which of the first two is refused."""
    raised = bool(found["exp"].message), bool(found["square"].message)
    truth = {(True, False): "exp", (False, True): "square", (True, True): "both"}
    return choice("changed", OPTIONS, truth.get(raised, "neither"))


IN_PLACE = Tried("changed", changes, change_exercise)
