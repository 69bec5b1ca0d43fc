"""Data of the timeline: numbers as they are, the ends of its colours, and what does not fit."""

from __future__ import annotations

import json

import numpy as np
import pytest

from viz.pictures.timeline import Timeline, ends, timeline_data


def line(losses: list[float], norms: list[list[float]], steps: int = 10) -> Timeline:
    return Timeline(steps, losses, ["a", "b"], np.array(norms), step=1, layer="b")


def test_numbers_are_sent_as_they_are_and_what_is_not_finite_as_nothing() -> None:
    data = timeline_data(line([0.5, np.inf], [[1e-12, 2], [0, np.nan]]), 3.0)
    assert json.loads(json.dumps(data, allow_nan=False)) == data
    assert data["losses"] == [0.5, None]
    assert data["norms"] == [[1e-12, 2], [0, None]]
    assert data["value"] == {"step": 1, "layer": "b"}
    assert (data["steps"], data["heard"], data["layers"]) == (10, 3.0, ["a", "b"])


def test_a_number_is_sent_with_more_digits_than_are_written() -> None:
    data = timeline_data(line([1 / 3], [[2 / 3], [1e-9 / 3]]), None)
    assert data["losses"] == [0.33333]
    assert data["norms"] == [[0.66667], [3.3333e-10]]


def test_colours_end_at_the_smallest_and_the_largest_norm_that_is_not_zero() -> None:
    assert ends(np.array([[0, 0.01], [np.inf, 3], [np.nan, 2]])) == (0.01, 3)
    assert ends(np.array([[2.0, 2.0]])) == (0.2, 2)
    assert ends(np.zeros((2, 0))) == ends(np.zeros((2, 3))) == (0.1, 1)


def test_a_faint_norm_does_not_take_the_colours_of_the_others() -> None:
    assert ends(np.array([[1e-30, 1.0]])) == (1e-8, 1)


def test_the_ticks_are_whole_steps() -> None:
    for steps in (1, 2, 3, 7, 100, 500):
        ticks = timeline_data(line([], [[], []], steps), None)["ticks"]
        assert ticks[0] == {"at": 0, "text": "0"}
        assert all(tick["at"] == int(tick["at"]) <= max(steps - 1, 1) for tick in ticks)


@pytest.mark.parametrize("norms", [[[1.0]], [[1.0], [2.0], [3.0]], [[1.0, 2.0], [1.0, 2.0]]])
def test_norms_that_do_not_fit_the_steps_are_refused(norms: list[list[float]]) -> None:
    with pytest.raises(ValueError, match="norms are layers x steps"):
        timeline_data(line([0.5], norms), None)


def test_more_steps_than_were_planned_are_refused() -> None:
    with pytest.raises(ValueError, match="1 steps were planned, but 2 came"):
        timeline_data(line([0.5, 0.4], [[1, 1], [1, 1]], steps=1), None)
