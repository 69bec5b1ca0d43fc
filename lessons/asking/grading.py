"""How an answer is graded: number by number, and the mistake that the wrong ones point to."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lessons.asking.answers import Typed
from lessons.asking.exercise import Exercise
from viz.typed import Mark, marked, number, same

EXPLAINS = 0.5
"""A mistake is named when it gives at least this part of the wrong cells."""


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


def grade(exercise: Exercise, typed: Typed) -> Verdict:
    """Grade an answer, one text a cell row by row; missing texts are empty cells.

    It is named after the mistake that gives most of its wrong cells; of several that give as many,
    after the one that is most like all of it.
    """
    truth, unit = exercise.truth.reshape(-1), exercise.unit
    texts = (*typed, *[""] * truth.size)[: truth.size]
    pairs = zip(texts, truth.tolist(), strict=True)
    marks = tuple(marked(text, value, unit) for text, value in pairs)
    wrong = np.array([each == "wrong" for each in marks])
    if not wrong.any():
        return Verdict(marks)
    given = np.array([number(text) for text in texts], np.float64)
    best, fit = "", (0, 0)
    for mistake in exercise.possible:
        alike = same(given, mistake.cells.reshape(-1), unit)
        found = int((alike & wrong).sum()), int(alike.sum())
        if found > fit and found[0] >= EXPLAINS * wrong.sum():
            best, fit = mistake.key, found
    return Verdict(marks, best, fit[0])
