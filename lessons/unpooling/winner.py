"""On which maps max unpooling comes nearer than the other ways: asked, and measured."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import islice

import numpy as np

from experiment.written.address import Experiment
from lessons.asking.exercise import Array, Exercise, choice
from lessons.unpooling.errors import KIND_WORDS, KINDS, ManyMaps
from lessons.unpooling.recipe import METHODS, Unpooling

ENOUGH = 200
"""Maps of a kind, of which the answer is plain."""


@dataclass(frozen=True)
class Winner:
    """Many maps of every kind; in the playground stands the single map that is set."""

    own: Unpooling

    def run(self) -> Mapping[str, Array]:
        """Return the mean squared errors on each kind of maps, in the order of METHODS."""
        return mean_errors()

    def exercises(self) -> Mapping[str, Callable[[Mapping[str, Array]], Exercise]]:
        """Ask on which maps max unpooling wins."""
        return {"winner": winner_exercise}

    def in_playground(self) -> Experiment:
        """Open the pooling and the max unpooling of the map that is set."""
        return self.own.in_playground()


@cache
def mean_errors() -> Mapping[str, Array]:
    """Measure the mean squared errors, once for all visitors."""
    return {
        kind: np.mean(list(islice(ManyMaps(0, kind).steps(), ENOUGH)), axis=0) for kind in KINDS
    }


def winner_exercise(errors: Mapping[str, Array]) -> Exercise:
    """Choose the maps on which the others come out worst beside max unpooling."""
    place = list(METHODS).index("max")

    def ahead(kind: str) -> float:
        others = np.delete(errors[kind], place)
        return float(others.min() / errors[kind][place])

    return choice("winner", KIND_WORDS, max(errors, key=ahead))
