"""Whether backward needs a vector: a result of two cells, and a scalar."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from lessons.asking.exercise import Exercise, choice
from lessons.autograd.tape.observed import Numbers, gradient
from lessons.autograd.tried.attempt import Tried, leaf, refused
from viz.language import english


@dataclass(frozen=True)
class Begun:
    """One way to begin backward from y = 3x."""

    code: str
    grad: Numbers | None
    """``x.grad`` after it."""
    message: str
    """What PyTorch said where it refused."""


WAYS: dict[str, Callable[[Tensor], object]] = {
    "y.backward()": lambda y: torch.autograd.backward(y),
    "y.backward(torch.ones(2))": lambda y: torch.autograd.backward(y, torch.ones(2)),
    "y.sum().backward()": lambda y: torch.autograd.backward(y.sum()),
    "y.sum().backward(torch.tensor(1.))": lambda y: torch.autograd.backward(
        y.sum(), torch.tensor(1.0)
    ),
}
OPTIONS = {
    "ones": english("(3, 3), as if a vector of ones were given"),
    "added": english("6, the sum over both cells"),
    "nothing": english("None: nothing is stored"),
    "error": english("PyTorch refuses the call"),
}


def begun() -> tuple[Begun, ...]:
    """Begin in each way, on a graph of its own."""
    return tuple(_begun(code, call) for code, call in WAYS.items())


def _begun(code: str, call: Callable[[Tensor], object]) -> Begun:
    x = leaf()
    message = refused(lambda: call(3 * x))
    return Begun(code, gradient(x), message)


def scalar_exercise(found: Sequence[Begun]) -> Exercise:
    """Choose what the first way does."""
    (first, *_others) = found
    truth = "error" if first.message else "nothing" if first.grad is None else "ones"
    return choice("scalar", OPTIONS, truth)


SCALAR = Tried("scalar", begun, scalar_exercise)
