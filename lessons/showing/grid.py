"""Small tables of a lesson: which of several ways gives the same numbers as PyTorch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from lessons.asking.exercise import Array
from viz.language import Say
from viz.peak import shown_shape
from viz.theme import format_number

ROUNDINGS = 64
"""Units in the last place of the largest cell by which rounding alone may move one."""
EPSILON = float(np.finfo(np.float32).eps)


@dataclass(frozen=True)
class Grid:
    """A table, in the visitor's language."""

    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    numbers: frozenset[int] = frozenset()
    """The columns that hold numbers."""


def comparison(pairs: Mapping[str, tuple[Array, Array]], say: Say) -> Grid:
    """List two ways to compute the same arrays, each with the largest difference."""
    rows = []
    for name, (one, other) in pairs.items():
        apart = float(np.abs(one - other).max(initial=0.0))
        rows.append((name, shown_shape(one.shape), f"{apart:.3g}", sign(one, other)))
    heads = (say("what"), say("shape"), say("largest difference"), "")
    return Grid(heads, rows, frozenset({2}))


def sign(one: Array, other: Array) -> str:
    """Return whether two arrays are the same, differ by rounding alone, or differ."""
    apart = np.abs(one - other).max(initial=0.0)
    largest = np.abs(other).max(initial=0.0)
    return "✓" if apart == 0 else "≈" if apart <= ROUNDINGS * EPSILON * largest else "✗"


def judged(predicted: Mapping[str, Array], recorded: Array, marked: str, say: Say) -> Grid:
    """List what each answer predicts, beside what autograd computed; one answer is ``marked``."""
    rows = []
    for name, cells in predicted.items():
        apart = float(np.abs(cells - recorded).max())
        numbers = (format_number(v, 4) for v in (cells.flat[0], recorded.flat[0], apart))
        shown = f"**{name}** ←" if name == marked else name
        rows.append((shown, *numbers, "✗" if apart else "✓"))
    heads = (say("answer"), say("first cell"), "autograd", "max abs(Δ)", "")
    return Grid(heads, rows, frozenset({1, 2, 3}))
