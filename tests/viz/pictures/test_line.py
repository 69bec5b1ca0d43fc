"""The data of curves: the numbers as they came, and room for all of them."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from viz.pictures.line import MOST_PLACES, Curve, Line, Moving, bar_width, followed, line_data

DOTS = Curve("known", [(0, 10), (1, 20)], "dots")
STEPS = Curve("nearest", [(0, 10), (0.5, 20), (1, 20)], "steps")
LINEAR = Curve("linear", [(0, 10), (1, 20)])
MOVING = Moving((0, 0.25, 1), 1, ("a", "b", "c"), ((10, 10, 20), (10, 12.5, 20)), "x")
LINE = Line("Between", ("x", "value"), (DOTS, STEPS, LINEAR), MOVING)


def test_numbers_travel_as_they_are() -> None:
    data = line_data(LINE, 7.5)
    assert [curve["points"] for curve in data["curves"]] == [
        [[0, 10], [1, 20]],
        [[0, 10], [0.5, 20], [1, 20]],
        [[0, 10], [1, 20]],
    ]
    assert data["moving"]["values"] == [[10, 10, 20], [10, 12.5, 20]]
    assert data["moving"]["places"] == [0, 0.25, 1]
    assert data["moving"]["said"] == ["a", "b", "c"]
    assert (data["value"], data["heard"]) == (1, 7.5)


def test_numbers_of_numpy_and_those_that_are_not_finite_are_written_as_json() -> None:
    points = np.array([(0, math.nan), (1, math.inf), (2, 3)], dtype=np.float32)
    row = np.array([math.nan, 1, 2])
    curve = Curve("c", [(x, y) for x, y in points])
    line = Line("", ("x", "y"), [curve], replace(MOVING, values=[list(row)]), list(points[:, 0]))
    data = json.loads(json.dumps(line_data(line, None), allow_nan=False))
    assert data["curves"][0]["points"] == [[0, None], [1, None], [2, 3]]
    assert data["moving"]["values"] == [[None, 1, 2]]
    assert data["curves"][0]["ends"] == ["3", "3"]


def test_the_axes_hold_curves_and_places() -> None:
    wide = replace(LINE, moving=replace(MOVING, places=(-1, 0, 3)))
    across, up = line_data(wide, None)["axes"]
    assert (across["low"], across["high"]) == (-1, 3)
    assert up["low"] < 10
    assert up["high"] > 20
    assert [axis["title"] for axis in (across, up)] == ["x", "value"]


def test_the_y_axis_leaves_more_room_for_a_handle() -> None:
    moved, still = (line_data(each, None)["axes"][1] for each in (LINE, replace(LINE, moving=None)))
    assert moved["low"] == pytest.approx(8.6)
    assert still["low"] == pytest.approx(9.4)


def test_chosen_ticks_are_taken() -> None:
    across, _up = line_data(replace(LINE, ticks=(0, 0.5)), None)["axes"]
    assert [tick["at"] for tick in across["ticks"]] == [0, 0.5]


def test_bars_of_all_curves_stand_side_by_side_and_begin_at_0() -> None:
    one = Curve("one", [(0, 3), (2, 4), (3, 5)], "bars")
    two = replace(one, title="two")
    assert bar_width([one, LINEAR]) == pytest.approx(0.8)
    assert bar_width([one, two]) == pytest.approx(0.4)
    assert bar_width([LINEAR]) == 0
    across, up = line_data(Line("", ("x", "y"), [one, two]), None)["axes"]
    assert (across["low"], across["high"]) == pytest.approx((-0.5, 3.5))
    assert up["low"] < 0


def test_a_picture_without_points_has_axes_and_no_ends() -> None:
    data = line_data(Line("", ("step", "loss"), [Curve("loss", [])]), None)
    assert data["curves"][0]["ends"] == []
    assert [(axis["low"] < axis["high"]) for axis in data["axes"]] == [True, True]
    assert data["moving"] is None


@pytest.mark.parametrize(
    ("curves", "rows", "on"),
    [
        ((DOTS, STEPS, LINEAR), 2, [1, 2]),
        ((DOTS, STEPS, LINEAR), 1, [1]),
        ((DOTS, STEPS, LINEAR), 3, [0, 1, 2]),
        ((DOTS,), 1, [0]),
        ((DOTS,), 0, []),
    ],
)
def test_the_point_follows_the_lines_and_steps_in_their_order(
    curves: Sequence[Curve], rows: int, on: list[int]
) -> None:
    assert followed(curves, rows) == on


@pytest.mark.parametrize(
    ("moving", "says"),
    [
        (replace(MOVING, places=(), said=()), "needs 1 to 400 places, but 0 came"),
        (replace(MOVING, places=range(MOST_PLACES + 1)), "but 401 came"),
        (replace(MOVING, places=(0, 2, 1)), "must ascend"),
        (replace(MOVING, at=3), "one of 0 to 2, but 3 came"),
        (replace(MOVING, at=-1), "one of 0 to 2, but -1 came"),
        (replace(MOVING, said=("a",)), r"3 places need .*: \[1, 3, 3\]"),
        (replace(MOVING, values=((1, 2),)), r"3 places need .*: \[3, 2\]"),
        (replace(MOVING, values=((1, 2, 3),) * 4), "4 rows of values for 3 curves"),
    ],
)
def test_a_moving_point_that_does_not_fit_is_refused(moving: Moving, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        line_data(replace(LINE, moving=moving), None)
