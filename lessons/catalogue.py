"""The lessons, in the order in which they are offered. Adding one is adding one entry.

The key is the name of its page in ``pages/``, of its texts in ``lessons/<language>/``, and its
address, so keep it once it is published.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from lessons.convolving import (
    Convolving,
    downstream_exercise,
    kernel_exercise,
    output_exercise,
)
from lessons.exercise import Array, Exercise
from lessons.nearest import Enlarging, Pooling, enlarging_exercise, pooling_exercise


@dataclass(frozen=True)
class Lesson:
    """A lesson as the navigation and the start page list it."""

    title: str
    question: str
    picture: Callable[[], tuple[Array, Array]]
    """Returns an upstream and a downstream gradient of the lesson: its picture on the card."""
    exercises: Callable[[], tuple[Exercise, ...]]
    """Returns each of its exercises with the numbers it begins with."""


def _enlarged() -> tuple[Array, Array]:
    trial = Enlarging().run()
    return trial.upstream[0, 0], trial.downstream[0, 0]


def _convolved() -> tuple[Array, Array]:
    trial = Convolving().run()
    return trial.upstream[0, 0], trial.downstream[0, 0]


def _of_enlarging() -> tuple[Exercise, ...]:
    large, pooled = Enlarging(), Pooling()
    return enlarging_exercise(large, large.run()), pooling_exercise(pooled, pooled.run())


def _of_convolving() -> tuple[Exercise, ...]:
    recipe = Convolving()
    trial = recipe.run()
    kinds = (output_exercise, kernel_exercise, downstream_exercise)
    return tuple(kind(recipe, trial) for kind in kinds)


LESSONS: dict[str, Lesson] = {
    "nearest_upsampling": Lesson(
        title="Nearest upsampling",
        question="One cell was copied four times. Is its gradient the sum of four, or the mean?",
        picture=_enlarged,
        exercises=_of_enlarging,
    ),
    "convolution_backward": Lesson(
        title="Convolution by hand",
        question="A kernel slides forward. What slides backward, and over what?",
        picture=_convolved,
        exercises=_of_convolving,
    ),
}
