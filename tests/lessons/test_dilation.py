"""The lesson on dilation: fields, sizes and stages against a pencil, and what mistakes give."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import torch
from torch import nn

from experiment.written.address import from_address, to_address
from lessons.asking.exercise import Array, Exercise
from lessons.catalogue import LESSONS
from lessons.dilation import counted, sighted, taps
from lessons.dilation.counted import DRAWN, Counted
from lessons.dilation.stack import RATES, SIDE, Seen, Stack, rates_of, seen
from lessons.dilation.taps import Taps
from lessons.dilation.windows import Window, fields, sights
from lessons.running.recipe import exercise, ran
from tests.experiment.runs import execute
from viz.language import english

LESSON = LESSONS["dilation"]
STUDY = LESSON.beginning


def mistakes(asked: Exercise) -> dict[str, list[float]]:
    return {each.key: each.cells.tolist() for each in asked.possible}


# Windows


@pytest.mark.parametrize("kernel", [1, 2, 3, 5, 7])
@pytest.mark.parametrize("stride", [1, 2, 3])
@pytest.mark.parametrize("dilation", [1, 2, 4])
@pytest.mark.parametrize("padding", [0, 1, 3])
def test_a_size_is_that_of_pytorchs_own_convolution(
    kernel: int, stride: int, dilation: int, padding: int
) -> None:
    window = Window(kernel, stride, dilation, padding)
    with torch.device("meta"):
        layer = nn.Conv2d(1, 1, kernel, stride, padding, dilation)
    for before in (29, 30, 31, 32):
        made = layer(torch.empty(1, 1, before, before, device="meta"))
        assert window.size(before) == made.shape[-1]


def test_a_formula_is_written_with_its_numbers() -> None:
    stem = Window(7, 2, padding=3)
    above = r"473 + 2 \cdot 3 - 1 \cdot (7 - 1) - 1"
    assert stem.formula(473) == rf"\left\lfloor \frac{{{above}}}{{2}} \right\rfloor + 1"
    assert stem.written(473) == "⌊(473 + 2·3 − 1·(7−1) − 1)/2⌋ + 1"
    assert (473 + 6 - 6 - 1) // 2 + 1 == stem.size(473) == 237


def test_reach_and_fields_are_those_of_a_pencil() -> None:
    assert [Window(3, dilation=rate).reach for rate in (1, 2, 3)] == [3, 5, 7]
    assert fields([Window(7, 2), Window(3, 2), Window(3), Window(3, dilation=2)]) == [7, 11, 19, 35]
    assert [each.step for each in sights([Window(7, 2), Window(3, 2), Window(3)])] == [2, 4, 4]


# Taps


@pytest.mark.parametrize("dilation", [1, 2, 3])
def test_the_taps_of_the_middle_cell_stand_as_far_apart_as_the_dilation_says(dilation: int) -> None:
    trial = ran(Taps(dilation))
    assert trial.output.shape == (1, 1, 7, 7)
    value, weight = trial.value[0, 0], trial.parameters["weight"].value[0, 0]
    read = value[3 - dilation : 4 + dilation : dilation, 3 - dilation : 4 + dilation : dilation]
    assert trial.output[0, 0, 3, 3] == (read * weight).sum()
    told = taps.reach(STUDY.changed(dilation=dilation))
    assert told == {"dilation": str(dilation), "reach": str(2 * dilation + 1)}


def test_the_convolution_opens_with_the_numbers_of_the_lesson() -> None:
    opened, problems = from_address(to_address(Taps(3, seed=4).in_playground()))
    assert problems == ()
    output = execute(opened.setting).capture.layer("layer").outputs[0]
    assert output is not None
    assert np.array_equal(output, ran(Taps(3, seed=4)).output)


# Fields

FIELDS = {
    "124": [3, 7, 15],
    "123": [3, 7, 13],
    "222": [5, 9, 13],
    "111": [3, 5, 7],
    "11111111": [3, 5, 7, 9, 11, 13, 15, 17],
}


def along(rates: tuple[int, ...]) -> Array:
    """Count the ways to each place of a row by adding up one tap of each convolution."""
    row = np.zeros(SIDE, int)
    for steps in itertools.product((-1, 0, 1), repeat=len(rates)):
        row[SIDE // 2 + sum(step * rate for step, rate in zip(steps, rates, strict=True))] += 1
    return row


@pytest.mark.parametrize("digits", RATES)
def test_a_gradient_counts_the_ways_and_covers_the_field(digits: str) -> None:
    found = ran(Stack(rates_of(digits)))
    assert found.fields == FIELDS[digits] == fields(Stack(rates_of(digits)).windows)
    ways = along(rates_of(digits))
    assert np.array_equal(found.gradient, np.outer(ways, ways))


@pytest.mark.parametrize("digits", RATES)
def test_holes_are_where_no_way_leads_and_half_of_the_ways_lies_in_the_effective_field(
    digits: str,
) -> None:
    found, ways = ran(Stack(rates_of(digits))), along(rates_of(digits))
    inside = np.trim_zeros(ways)
    assert found.holes == inside.size**2 - np.count_nonzero(inside) ** 2
    middle, reach = SIDE // 2, found.effective // 2
    shares = [
        ways[middle - r : middle + r + 1].sum() ** 2 / ways.sum() ** 2 for r in (reach, reach - 1)
    ]
    assert shares[0] >= 0.5 > shares[1]


def test_two_two_two_leaves_holes_and_the_others_do_not() -> None:
    assert {digits: ran(Stack(rates_of(digits))).holes for digits in RATES} == {
        "124": 0,
        "123": 0,
        "222": 120,
        "111": 0,
        "11111111": 0,
    }
    assert sighted.of_holes(STUDY) == {"holes": "120", "cells": "169"}
    assert [sighted.has_holes(STUDY.changed(through=digits)) for digits in RATES] == [
        False,
        False,
        True,
        False,
        False,
    ]


def test_a_gradient_gathers_in_the_middle_under_plain_kernels_alone() -> None:
    studies = {digits: STUDY.changed(through=digits) for digits in RATES}
    assert [digits for digits in RATES if sighted.gathers(studies[digits])] == ["111", "11111111"]
    assert [digits for digits in RATES if sighted.is_uneven(studies[digits])] == ["124", "123"]
    assert sighted.of_ways(studies["124"]) == {"least": "1", "most": "9", "middle": "1"}
    assert sighted.of_ways(studies["123"]) == {"least": "1", "most": "9", "middle": "9"}


def test_cells_side_by_side_share_no_input_cell_where_all_dilations_are_two() -> None:
    gradient = ran(Stack((2, 2, 2))).gradient
    moved = np.roll(gradient, 1, axis=1)
    assert not (gradient * moved).any()


def test_a_whole_gradient_has_an_effective_field_as_large_as_the_map() -> None:
    corner = np.zeros((5, 5))
    corner[0, 0] = 1
    assert Seen([5], corner).effective == 5


def test_the_mistakes_in_a_field_are_those_of_a_pencil() -> None:
    asked = exercise(Stack((1, 2, 4)), "field")
    assert asked.truth.tolist() == [3, 7, 15]
    assert mistakes(asked) == {
        "dilations ignored": [3, 5, 7],
        "reaches added": [3, 8, 17],
        "own reach": [3, 5, 9],
        "one side": [2, 4, 8],
    }


def test_the_table_of_fields_says_what_was_counted_and_marks_what_is_chosen() -> None:
    rows = sighted.compared(STUDY, english).rows
    assert rows[2] == ("**2 2 2** ←", "13x13", "120 / 169", "9x9")
    assert rows[4] == ("1 1 1 1 1 1 1 1", "17x17", "0 / 289", "5x5")
    assert rows[3][3] == "5x5", "eight layers see half of their gradient where three do"
    assert sighted.of_field(STUDY)["sum"] == "1 + 1 · 2 + 2 · 2 + 4 · 2 = 15"


def test_the_field_opens_with_the_dilations_that_are_set() -> None:
    experiment, problems = from_address(to_address(Stack((1, 2, 3)).in_playground()))
    assert problems == ()
    gradient = execute(experiment.setting).capture.layer("conv1").downstream[0]
    assert gradient is not None
    assert np.count_nonzero(gradient) == 13 * 13


# Why 3x3


def test_small_kernels_see_as_much_as_large_ones_with_fewer_weights() -> None:
    rows = sighted.small_kernels(STUDY.changed(width=16), english).rows
    assert rows == [
        ("1 · 5x5", "5x5", "25 C²", "6,400", "1"),
        ("2 · 3x3", "5x5", "18 C²", "4,608", "2"),
        ("1 · 7x7", "7x7", "49 C²", "12,544", "1"),
        ("3 · 3x3", "7x7", "27 C²", "6,912", "3"),
    ]


def test_no_padding_keeps_a_map_under_an_even_kernel() -> None:
    rows = sighted.even_kernels(STUDY, english).rows
    assert rows == [
        ("2x2", "0 / 1", "7x7 / 9x9"),
        ("3x3", "1", "8x8"),
        ("4x4", "1 / 2", "7x7 / 9x9"),
        ("5x5", "2", "8x8"),
    ]


# Count


def test_a_counted_field_is_that_of_a_pencil_and_so_are_its_mistakes() -> None:
    asked = exercise(Counted(), "count")
    assert asked.truth.tolist() == [7, 11, 19, 35]
    assert mistakes(asked) == {
        "strides forgotten": [7, 9, 11, 15],
        "dilations not multiplied": [7, 11, 19, 27],
        "stem counted once": [7, 11, 15, 23],
        "own stride": [13, 21, 29, 45],
    }


@pytest.mark.parametrize("seed", range(len(DRAWN)))
def test_the_formula_counts_what_autograd_measures(seed: int) -> None:
    windows = Counted(seed).windows
    assert seen(windows, counted.SIDE).fields == fields(windows)


def test_all_that_can_be_drawn_comes_before_anything_comes_again() -> None:
    drawn = [tuple(Counted(seed).windows) for seed in range(len(DRAWN))]
    assert len(set(drawn)) == len(DRAWN) == 18


def test_the_table_of_a_count_writes_the_sums() -> None:
    rows = counted.summed(STUDY, english).rows
    assert rows[0] == ("`stem`", "1", "1 + 1 · 1 · (7 − 1) = 7", "7")
    assert rows[3] == ("`conv2`", "4", "19 + 4 · 2 · (3 − 1) = 35", "35")
