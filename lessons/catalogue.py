"""The lessons, in the order in which they are offered. Adding one is adding one entry.

The key is the name of its page in ``pages/``, of its texts in ``lessons/<language>/``, and its
address, so keep it once it is published.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from lessons.convolving import Convolving
from lessons.exercise import Array
from lessons.nearest import Enlarging


@dataclass(frozen=True)
class Lesson:
    """A lesson as the navigation and the start page list it."""

    title: str
    question: str
    picture: Callable[[], tuple[Array, Array]]
    """Returns an upstream and a downstream gradient of the lesson: its picture on the card."""


def _enlarged() -> tuple[Array, Array]:
    trial = Enlarging().run()
    return trial.upstream[0, 0], trial.downstream[0, 0]


def _convolved() -> tuple[Array, Array]:
    trial = Convolving().run()
    return trial.upstream[0, 0], trial.downstream[0, 0]


LESSONS: dict[str, Lesson] = {
    "nearest_upsampling": Lesson(
        title="Nearest upsampling",
        question="One cell was copied four times. Is its gradient the sum of four, or the mean?",
        picture=_enlarged,
    ),
    "convolution_backward": Lesson(
        title="Convolution by hand",
        question="A kernel slides forward. What slides backward, and over what?",
        picture=_convolved,
    ),
}
