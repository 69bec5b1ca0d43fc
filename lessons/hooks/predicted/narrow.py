"""The order in which mistakes are looked for, so that each is called by its own name."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from lessons.asking.exercise import Array, Mistake


def narrow_first(truth: Array, mistakes: Iterable[Mistake]) -> tuple[Mistake, ...]:
    """Put those with fewer wrong cells first.

    Of mistakes that explain equally many wrong cells, grading names the first. One with more wrong
    cells than an answer has would else take it from the one that gives just this answer.
    """
    return tuple(sorted(mistakes, key=lambda each: int(np.sum(each.cells != truth))))
