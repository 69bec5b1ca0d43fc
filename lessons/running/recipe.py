"""What a step of a lesson is about: a few small numbers from which everything else follows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, Protocol, TypeVar, cast

from experiment.written.address import Experiment
from lessons.asking.exercise import Exercise

Ran = TypeVar("Ran")

KEPT_RUNS = 128
"""Kept for all visitors together; the largest takes some 300 kB."""


class Recipe(Protocol[Ran]):
    """A frozen value; equal recipes give equal runs.

    What a run is, is the lesson's own: a ``Trial`` of one layer, several of them by name, or
    whatever frozen value its figures and exercises are made from.
    """

    def __hash__(self) -> int:
        """Tell recipes apart: runs are kept."""

    def run(self) -> Ran:
        """Run it once with PyTorch.

        Raises SettingError, which says what must hold and what to do, where it cannot run.
        """

    def exercises(self) -> Mapping[str, Callable[[Ran], Exercise]]:
        """Return what is asked about it, by key; a function takes its run."""

    def in_playground(self) -> Experiment:
        """Return the same numbers in the playground; what cannot run opens something near."""


def ran(recipe: Recipe[Ran]) -> Ran:
    """Run a recipe once; equal recipes share the frozen result."""
    return cast(Ran, _kept(recipe))


@lru_cache(maxsize=KEPT_RUNS)
def _kept(recipe: Recipe[Any]) -> object:
    return recipe.run()


def exercise(recipe: Recipe[Any], key: str) -> Exercise:
    """Return one exercise with the numbers of the recipe; raises SettingError."""
    return recipe.exercises()[key](ran(recipe))
