"""Long work: the same steps come to the same, in however many chunks they are done."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pytest

from experiment.running.work import Progress


@dataclass(frozen=True)
class Walk:
    """A random walk of so many steps."""

    seed: int = 0
    most: int = 50

    def steps(self) -> Iterator[float]:
        draw, place = np.random.default_rng(self.seed), 0.0
        for _ in range(self.most):
            place += draw.normal()
            yield place


def done(progress: Progress, wanted: int, seconds: float) -> list[float]:
    while progress.is_behind(wanted):
        progress.advance(wanted, seconds)
    return progress.frames[:wanted]


@pytest.mark.parametrize("wanted", [1, 7, 50])
def test_chunks_of_one_step_and_one_chunk_come_to_the_same(wanted: int) -> None:
    assert done(Progress(Walk()), wanted, 0.0) == done(Progress(Walk()), wanted, 60.0)


def test_a_chunk_without_time_does_one_step() -> None:
    progress = Progress(Walk())
    progress.advance(10, 0.0)
    assert len(progress.frames) == 1
    assert progress.is_behind(10)


def test_going_back_costs_nothing_and_going_on_goes_on() -> None:
    progress = Progress(Walk())
    ten = done(progress, 10, 60.0)
    assert not progress.is_behind(4)
    assert done(progress, 12, 60.0)[:10] == ten


def test_work_that_ends_before_is_over() -> None:
    progress = Progress(Walk(most=3))
    assert len(done(progress, 10, 60.0)) == 3
    assert progress.is_over


def test_other_work_is_told_from_this() -> None:
    progress = Progress(Walk(1))
    assert progress.is_about(Walk(1))
    assert not progress.is_about(Walk(2))
