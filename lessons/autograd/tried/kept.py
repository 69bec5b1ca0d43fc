"""``retain_grad()`` and ``retain_graph=True``: what each of them keeps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lessons.asking.exercise import Exercise, choice
from lessons.autograd.tape.observed import Numbers
from lessons.autograd.tape.play import play
from lessons.autograd.tape.programs import TRIPLE, VECTOR
from lessons.autograd.tried.attempt import Tried
from viz.language import english

WAYS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "nothing": ("y.backward(v)", ("bv",)),
    "graph": ("y.backward(v, retain_graph=True)", ("bvr",)),
    "grad": ("y.retain_grad(); y.backward(v)", ("retain", "bv")),
}
OPTIONS = {
    "intermediate filled": english("(100, 0.1): the vector that arrived"),
    "as the leaf": english("(300, 0.3): the same as x.grad"),
    "none": english("None"),
    "error": english("an error when it is read"),
}


@dataclass(frozen=True)
class Kept:
    """One way to go backward through y = 3x."""

    code: str
    x_grad: Numbers | None
    y_grad: Numbers | None
    message: str
    """What PyTorch said to another ``y.backward(v)`` where it refused."""


def kept() -> Mapping[str, Kept]:
    """Go backward in each way, then once more."""
    found = {}
    for way, (code, calls) in WAYS.items():
        *_before, first, second = play(TRIPLE, VECTOR, (*calls, "bv"))
        found[way] = Kept(code, first["x"].grad, first["y"].grad, second.message)
    return found


def kept_exercise(found: Mapping[str, Kept]) -> Exercise:
    """Choose what ``y.grad`` holds where nothing was asked for."""
    cells: dict[Numbers | None, str] = {None: "none", VECTOR: "intermediate filled"}
    grad = found["nothing"].y_grad
    rounded = None if grad is None else tuple(round(each, 6) for each in grad)
    return choice("kept", OPTIONS, cells[rounded])


KEPT = Tried("kept", kept, kept_exercise)
