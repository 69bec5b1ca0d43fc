"""Axes: ends that hold everything, few tidy ticks, texts that tell them apart."""

from __future__ import annotations

import math

import pytest

from viz.pictures.axis import MOST_TICKS, axis, tick_texts, tidy_ticks


@pytest.mark.parametrize(
    ("low", "high", "ticks"),
    [
        (0, 1, (0, 0.2, 0.4, 0.6, 0.8, 1)),
        (0, 199, (0, 50, 100, 150)),
        (9.4, 20.6, (10, 12, 14, 16, 18, 20)),
        (-0.3, 0.3, (-0.2, 0, 0.2)),
        (0, 7, (0, 2, 4, 6)),
        (1e-9, 3e-9, (1e-9, 1.5e-9, 2e-9, 2.5e-9, 3e-9)),
    ],
)
def test_ticks_are_few_and_tidy(low: float, high: float, ticks: tuple[float, ...]) -> None:
    assert tidy_ticks(low, high) == ticks


def test_every_axis_has_two_to_six_ticks_within_its_ends() -> None:
    for power in range(-8, 9):
        for length in range(1, 100):
            low = -0.37 * length * 10.0**power
            high = low + length * 10.0**power
            ticks = tidy_ticks(low, high)
            assert 2 <= len(ticks) <= MOST_TICKS
            assert low <= min(ticks)
            assert max(ticks) <= high


def test_an_axis_holds_its_values_and_its_ticks_with_a_margin() -> None:
    made = axis("y", [10, 20, math.nan, math.inf], margin=0.1, ticks=(5, 15))
    assert (made.low, made.high) == (3.5, 21.5)
    assert made.ticks == (5, 15)


@pytest.mark.parametrize("values", [[10, 20], [], [0.0], [7, 7], [math.nan]])
def test_an_axis_begins_where_it_is_to_and_has_a_length(values: list[float]) -> None:
    made = axis("y", values, margin=0.1, begin=0)
    assert made.low == 0
    assert made.high > max([0, *(value for value in values if not math.isnan(value))])
    assert made.ticks[0] == 0


def test_an_axis_ends_where_it_is_to() -> None:
    made = axis("y", [0.05, math.nan, 0.09], margin=0.1, begin=0.04, end=0.1)
    assert (made.low, made.high) == (0.04, 0.1)
    assert made.ticks[-1] == 0.1
    assert axis("y", [-3, 5], margin=0.1, end=7).high == 7
    assert axis("y", [-3, 5], margin=0.1, end=7).low == -4


@pytest.mark.parametrize(
    ("values", "ends"),
    [([], (0, 1)), ([math.nan], (0, 1)), ([0.0], (-0.5, 0.5)), ([8, 8], (4, 12))],
)
def test_an_axis_without_length_gets_one(values: list[float], ends: tuple[float, float]) -> None:
    made = axis("x", values)
    assert (made.low, made.high) == ends


@pytest.mark.parametrize(
    ("ticks", "texts"),
    [
        ((0, 0.5, 1), ["0.0", "0.5", "1.0"]),
        ((-0.25, 0, 0.25), ["−0.25", "0.00", "0.25"]),
        ((1000, 1001), ["1000", "1001"]),
        ((-0.0, 1.0), ["0", "1"]),
        ((0, 2e-9), ["0", "2e−9"]),
        ((0, 5e6), ["0", "5e6"]),
        ((), []),
    ],
)
def test_the_texts_of_ticks_have_the_same_decimals(
    ticks: tuple[float, ...], texts: list[str]
) -> None:
    assert tick_texts(ticks) == texts


def test_the_data_pair_each_tick_with_its_text() -> None:
    data = axis("x", [0, 1], ticks=(0, 0.5)).data()
    assert data["title"] == "x"
    assert data["ticks"] == [{"at": 0, "text": "0.0"}, {"at": 0.5, "text": "0.5"}]
