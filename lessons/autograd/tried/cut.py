"""Where a graph is cut: the same product, once whole and once with each kind of scissors."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import torch
from torch import Tensor

from lessons.asking.exercise import Exercise, choice
from lessons.autograd.tape.observed import Numbers, class_of, gradient
from lessons.autograd.tried.attempt import Tried, leaf, refused, vector
from viz.language import english


def _no_grad(x: Tensor) -> Tensor:
    with torch.no_grad():
        return 3 * x


WAYS: Mapping[str, tuple[str, Callable[[Tensor], Tensor]]] = {
    "whole": ("y = 3 * x", lambda x: 3 * x),
    "detach": ("y = (3 * x).detach()", lambda x: (3 * x).detach()),
    "no_grad": ("with no_grad(): y = 3 * x", _no_grad),
    "data": ("y = 3 * x.data", lambda x: 3 * x.data),
    "leaf": ("x.requires_grad_(False); y = 3 * x", lambda x: 3 * x.requires_grad_(False)),
}
"""The line before ``z = y * x`` and ``z.backward(v)``."""
OPTIONS = {
    "whole": english("(1200, 1.8): detach() changes no gradient"),
    "half": english("(600, 0.9): the way through y is gone, the other one is left"),
    "nothing": english("None: no gradient comes to x"),
    "zero": english("(0, 0): detach() makes gradients zero"),
}


@dataclass(frozen=True)
class Cut:
    """What one line makes of ``z = y * x``."""

    code: str
    requires_grad: bool
    """Of y."""
    grad_fn: str
    """Of y; empty where it has none."""
    grad: Numbers | None
    """``x.grad``."""
    message: str
    """What PyTorch said to ``z.backward(v)`` where it refused."""


def cuts() -> Mapping[str, Cut]:
    """Run all of them."""
    return {key: _cut(code, line) for key, (code, line) in WAYS.items()}


def _cut(code: str, line: Callable[[Tensor], Tensor]) -> Cut:
    x = leaf()
    y = line(x)
    message = refused(lambda: torch.autograd.backward(y * x, vector()))
    return Cut(code, y.requires_grad, class_of(y.grad_fn), gradient(x), message)


def cut_exercise(found: Mapping[str, Cut]) -> Exercise:
    """Choose what is left of ``x.grad`` where y is detached."""
    whole, cut = found["whole"].grad, found["detach"].grad
    if cut is None:
        return choice("cut", OPTIONS, "nothing")
    halves = whole is not None and all(
        abs(2 * own - other) < 1e-6 * abs(other) for own, other in zip(cut, whole, strict=True)
    )
    return choice("cut", OPTIONS, "half" if halves else "whole" if cut == whole else "zero")


CUT = Tried("cut", cuts, cut_exercise)
