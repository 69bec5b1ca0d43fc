"""What a step of a lesson is about: a few small numbers from which everything else follows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Protocol

from experiment.written.address import Experiment
from lessons.asking.exercise import Exercise
from lessons.running.trial import Trial

KEPT_TRIALS = 128
"""Kept for all visitors together; the largest takes some 300 kB."""


class Recipe(Protocol):
    """A frozen value; equal recipes give equal runs."""

    def __hash__(self) -> int:
        """Tell recipes apart: runs are kept."""

    def check(self) -> None:
        """Raise SettingError, which says what must hold and what to do, where it cannot run."""

    def run(self) -> Trial:
        """Run it once with PyTorch; raises SettingError where it cannot run."""

    def exercises(self) -> Mapping[str, Callable[[Trial], Exercise]]:
        """Return what is asked about it, by key; a function takes its run."""

    def in_playground(self) -> Experiment:
        """Return the same numbers in the playground; what cannot run opens something near."""


@lru_cache(maxsize=KEPT_TRIALS)
def trial(recipe: Recipe) -> Trial:
    """Run a recipe once; equal recipes share the frozen result."""
    return recipe.run()


def exercise(recipe: Recipe, key: str) -> Exercise:
    """Return one exercise with the numbers of the recipe; raises SettingError."""
    return recipe.exercises()[key](trial(recipe))
