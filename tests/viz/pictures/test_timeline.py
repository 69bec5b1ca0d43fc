"""Data of the timeline: numbers as they are, the ends of its colours, and what does not fit."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import pytest

from viz.pictures.axis import MOST_TICKS, log_axis
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
    assert not data["clips"]


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


def loss_axis(losses: list[float]) -> dict[str, Any]:
    told: dict[str, Any] = timeline_data(line(losses, [[1.0] * len(losses)] * 2), None)["axis"]
    return told


def test_an_explosion_of_the_loss_does_not_flatten_the_steps_before_it() -> None:
    told = loss_axis([0.3, 2.0, 4e10])
    assert told["log"]
    assert [tick["at"] for tick in told["ticks"]] == [1, 1e3, 1e6, 1e9]
    assert told["low"] < 0.3
    assert told["high"] > 4e10


def test_losses_of_a_few_decades_or_down_to_zero_stand_on_an_even_scale() -> None:
    for losses in ([2.3, 0.01], [1e5, 1.0, 0.0], [1e5, -1.0], [], [np.inf], [0.5]):
        told = loss_axis(losses)
        assert not told["log"]
        assert told["low"] <= min([each for each in losses if np.isfinite(each)], default=0)


def test_the_ticks_of_a_logarithmic_axis_are_powers_of_ten_and_few() -> None:
    for low, high in ((1e-3, 1.0), (6e-6, 0.19), (1e-45, 3e38), (1e-320, 1.7e308), (2.0, 2001.0)):
        told = log_axis("", [low, math.inf, high, math.nan], margin=0.06)
        assert 2 <= len(told.ticks) <= MOST_TICKS
        assert told.low <= low < high <= told.high * (1 + 1e-9)
        for tick in told.ticks:
            assert told.low <= tick <= told.high
            assert math.log10(tick) == pytest.approx(round(math.log10(tick)))


@pytest.mark.parametrize("norms", [[[1.0]], [[1.0], [2.0], [3.0]], [[1.0, 2.0], [1.0, 2.0]]])
def test_norms_that_do_not_fit_the_steps_are_refused(norms: list[list[float]]) -> None:
    with pytest.raises(ValueError, match="norms are layers x steps"):
        timeline_data(line([0.5], norms), None)


def test_more_steps_than_were_planned_are_refused() -> None:
    with pytest.raises(ValueError, match="1 steps were planned, but 2 came"):
        timeline_data(line([0.5, 0.4], [[1, 1], [1, 1]], steps=1), None)
