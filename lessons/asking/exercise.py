"""A gradient that is predicted before it is shown, and what each likely mistake would give.

A wrong prediction is compared, cell by cell, with what every mistake gives, so that the mistake
can be named.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lessons.asking.answers import Typed
from viz.typed import MAX_CELLS, Mark, marked, number, same

Array = NDArray[Any]

MAX_SIDE = math.isqrt(MAX_CELLS)
"""Rows and columns of the largest square exercise."""
MOST_CANDIDATES = 14
"""Numbers to choose from: two or three lines of them on a screen."""
EXPLAINS = 0.5
"""A mistake is named when it gives at least this part of the wrong cells."""


@dataclass(frozen=True, eq=False)
class Mistake:
    """A way to be wrong: the section of the lesson's text about it, and what it gives."""

    key: str
    cells: Array
    """Shaped like the truth."""


@dataclass(frozen=True, eq=False)
class Exercise:
    """Cells to predict. Raises ValueError when they are no matrix or a mistake does not fit."""

    key: str
    """Also the prefix of its sections in the lesson's text and of its part of a link."""
    truth: Array
    """Rows x columns, as autograd computed them."""
    mistakes: tuple[Mistake, ...] = ()
    """The likeliest first."""
    whole: tuple[int, int] | None = None
    """Shape of the matrix of which this is the top left corner; None when nothing is left out."""

    def __post_init__(self) -> None:
        if self.truth.ndim != 2 or not 1 <= self.truth.size <= MAX_CELLS:
            raise ValueError(
                f"{self.key}: an exercise is a matrix of 1 to {MAX_CELLS} cells, "
                f"this one has shape {self.truth.shape}."
            )
        for mistake in self.mistakes:
            if mistake.cells.shape != self.truth.shape:
                raise ValueError(
                    f"{self.key}: the mistake {mistake.key} must give cells of shape "
                    f"{self.truth.shape}, not {mistake.cells.shape}."
                )

    @property
    def possible(self) -> tuple[Mistake, ...]:
        """The mistakes that give something else than the truth, and than each other."""
        found: list[Mistake] = []
        for mistake in self.mistakes:
            others = [self.truth, *(each.cells for each in found)]
            if not any(same(mistake.cells, other).all() for other in others):
                found.append(mistake)
        return tuple(found)

    @property
    def candidates(self) -> tuple[float, ...]:
        """Numbers to choose from, ascending: those of the truth and those that mistakes give.

        To three decimals, at most MOST_CANDIDATES. The truth's come first, so a small exercise can
        be painted without typing; where there are too many, they are taken evenly.
        """
        found: set[float] = set()
        for cells in (self.truth, *(each.cells for each in self.possible)):
            more = sorted({float(v) + 0.0 for v in np.round(cells, 3).flat} - found)
            taken = np.linspace(0, len(more) - 1, min(len(more), MOST_CANDIDATES - len(found)))
            found |= {more[int(place)] for place in taken}
        return tuple(sorted(found))


def corner(key: str, truth: Array, mistakes: tuple[Mistake, ...]) -> Exercise:
    """Return an exercise of at most MAX_SIDE x MAX_SIDE cells: those at the top left."""
    if max(truth.shape) <= MAX_SIDE:
        return Exercise(key, truth, mistakes)
    cut = (slice(MAX_SIDE), slice(MAX_SIDE))
    kept = tuple(Mistake(each.key, each.cells[cut]) for each in mistakes)
    return Exercise(key, truth[cut], kept, (truth.shape[0], truth.shape[1]))


@dataclass(frozen=True)
class Verdict:
    """How an answer was graded."""

    marks: tuple[Mark, ...]
    """One a cell, row by row."""
    mistake: str = ""
    """Key of the mistake that the wrong cells point to; empty where none does."""
    explained: int = 0
    """How many of the wrong cells are what this mistake gives."""

    def count(self, mark: Mark) -> int:
        """Return how many cells got this mark."""
        return self.marks.count(mark)

    @property
    def solved(self) -> bool:
        """Whether every cell is right."""
        return all(each == "right" for each in self.marks)


def shifted(cells: Array, by: int, axes: tuple[int, ...] = (-2, -1)) -> Array:
    """Move cells on by ``by`` places along the axes, back below 0; what comes in is 0."""
    moved = np.array(cells)
    for axis in axes:
        moved = np.roll(moved, by, axis)
        np.moveaxis(moved, axis, 0)[slice(None, by) if by >= 0 else slice(by, None)] = 0
    return moved


def grade(exercise: Exercise, typed: Typed) -> Verdict:
    """Grade an answer, one text a cell row by row; missing texts are empty cells."""
    truth = exercise.truth.reshape(-1)
    texts = (*typed, *[""] * truth.size)[: truth.size]
    marks = tuple(marked(text, value) for text, value in zip(texts, truth.tolist(), strict=True))
    wrong = np.array([each == "wrong" for each in marks])
    if not wrong.any():
        return Verdict(marks)
    given = np.array([number(text) for text in texts], np.float64)
    best, explained = "", 0
    for mistake in exercise.possible:
        cells = mistake.cells.reshape(-1)
        hits = int((same(given, cells) & wrong).sum())
        if hits > explained and hits >= EXPLAINS * wrong.sum():
            best, explained = mistake.key, hits
    return Verdict(marks, best, explained)
