"""Typed cells: what counts as a number, and how an answer stands in a link."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessons.asking import answers
from viz.typed import LONGEST, MAX_CELLS, number, tidy


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("3", 3.0),
        ("-3", -3.0),
        ("\N{MINUS SIGN}3", -3.0),
        ("+2", 2.0),
        (" 0.5 ", 0.5),
        ("0,5", 0.5),
        (".25", 0.25),
        ("5.", 5.0),
        ("1/4", 0.25),
        ("-3/2", -1.5),
        ("-0", 0.0),
        ("\N{FULLWIDTH HYPHEN-MINUS}\N{FULLWIDTH DIGIT ONE}\N{FULLWIDTH DIGIT TWO}", -12.0),
        ("\N{VULGAR FRACTION ONE HALF}", 0.5),
    ],
)
def test_numbers_are_read_as_people_write_them(text: str, value: float) -> None:
    assert number(text) == value


@pytest.mark.parametrize(
    "text", ["", "x", "1+1", "1e9", "inf", "nan", "1/0", "--1", "1 2.3.4", "٣", "1e308", "²x", "½½"]
)
def test_anything_else_is_no_number(text: str) -> None:
    assert number(text) is None


@given(st.fractions(min_value=-999, max_value=999, max_denominator=99))
def test_every_small_fraction_is_read(value: Fraction) -> None:
    assert number(str(value)) == pytest.approx(float(value))


@given(st.lists(st.sampled_from(["", "1", "-2.5", "1/4", "0"]), min_size=1, max_size=MAX_CELLS))
def test_an_answer_comes_back_from_a_link_as_it_was(cells: list[str]) -> None:
    assert answers.read(answers.write(tuple(cells))) == tuple(cells)


@given(st.lists(st.text(max_size=12), min_size=1, max_size=MAX_CELLS))
def test_whatever_was_typed_its_link_can_be_read(cells: list[str]) -> None:
    typed = tuple(tidy(cell) for cell in cells)
    expected = tuple(cell if number(cell) is not None else "" for cell in typed)
    assert answers.read(answers.write(typed)) == expected


@pytest.mark.parametrize(
    "text", ["a", "1_b", "<script>", "1" * 4000, "_".join("1" * (MAX_CELLS + 1)), "1_1e5"]
)
def test_what_is_no_answer_is_not_read_from_a_link(text: str) -> None:
    assert answers.read(text) is None


@given(st.text(max_size=40))
def test_what_is_read_is_finite_and_short(text: str) -> None:
    value = number(text)
    assert len(tidy(text)) <= LONGEST
    assert value is None or math.isfinite(value)
