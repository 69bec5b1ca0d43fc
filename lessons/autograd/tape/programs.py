"""The expressions that are offered, under the names that they have on screen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lessons.autograd.tape.expression import Expression, Line, read
from lessons.choosing.study import Study
from viz.language import english

VECTOR = (100.0, 0.1)
"""What the lesson begins backward with."""
VECTORS: Mapping[str, tuple[float, float]] = {
    "100_0.1": VECTOR,
    "1_1": (1.0, 1.0),
    "1_0": (1.0, 0.0),
    "0_1": (0.0, 1.0),
    "2_-1": (2.0, -1.0),
}

TRIPLE = Expression(("x",), (Line("y", "*", (3.0, "x")),))
SQUARE = Expression(("x",), (Line("y", "*", ("x", "x")),))
SHIFT = Expression(("x",), (Line("y", "+", ("x", 1.0)),))
EXPONENTIAL = Expression(("x",), (Line("y", "exp", ("x",)),))
POWER = Expression(("x",), (Line("y", "**", ("x", 2.0)),))
TOTAL = Expression(("x",), (Line("y", "sum", ("x",)),))
TWO = Expression(("x", "y"), (Line("w", "+", ("x", "y")), Line("z", "*", ("w", "x"))))

PROGRAMS: Mapping[str, Expression] = {
    "triple": TRIPLE,
    "square": SQUARE,
    "shift": SHIFT,
    "exponential": EXPONENTIAL,
    "total": TOTAL,
    "two": TWO,
}
OWN = "own"
"""The option of an expression that is typed."""

WAYS: Mapping[str, Expression] = {
    "cubic": Expression(
        ("x",),
        (
            Line("a", "*", ("x", "x")),
            Line("b", "*", (3.0, "a")),
            Line("L", "sum", ("b",)),
        ),
    ),
    "residual": Expression(
        ("x",),
        (
            Line("a", "*", ("x", "x")),
            Line("b", "+", ("a", "x")),
            Line("L", "sum", ("b",)),
        ),
    ),
    "two": Expression(
        ("x", "y"),
        (
            Line("w", "+", ("x", "y")),
            Line("z", "*", ("w", "x")),
            Line("L", "sum", ("z",)),
        ),
    ),
}
"""Expressions of which the paths are followed: cell by cell, until the sum."""

WAY_NAMES: Mapping[str, str] = {
    "cubic": "L = sum(3 * (x * x))",
    "residual": "L = sum(x * x + x)",
    "two": "L = sum((x + y) * x)",
}
NAMES: Mapping[str, str] = {
    "triple": english("y = 3 * x"),
    "square": english("y = x * x"),
    "shift": english("y = x + 1"),
    "exponential": english("y = exp(x)"),
    "total": english("y = sum(x)"),
    "two": english("w = x + y, z = w * x"),
    OWN: english("your own"),
}


@dataclass(frozen=True)
class Typed:
    """An expression that is typed, not read yet: a step is about it even where it does not fit."""

    text: str


Program = Expression | Typed


def expression_of(program: Program) -> Expression:
    """Return a program as it runs; raises SettingError where a typed one does not fit."""
    return read(program.text) if isinstance(program, Typed) else program


def chosen(study: Study, name: str) -> Program:
    """Return the program of a choice."""
    key = study[name]
    return Typed(study["typed"]) if key == OWN else PROGRAMS[key]


def vector(study: Study) -> tuple[float, ...]:
    """Return what backward begins with."""
    return VECTORS[study["vector"]]
