"""Grading: cell by cell, and the mistake that a wrong answer points to."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from lessons.asking.answers import short
from lessons.asking.exercise import (
    MOST_CANDIDATES,
    Array,
    Exercise,
    Mistake,
    corner,
    shifted,
)
from lessons.asking.grading import grade
from viz.guess import Question, guess_data
from viz.typed import LONGEST, MAX_CELLS, number, same

TRUTH = np.array([[4.0, 8.0], [-2.0, 0.0]])
EXERCISE = Exercise(
    "sum",
    TRUTH,
    (
        Mistake("averaged", TRUTH / 4),
        Mistake("first", np.array([[1.0, 8.0], [-5.0, 3.0]])),
        Mistake("averaged again", TRUTH / 4),
        Mistake("no mistake", TRUTH),
    ),
)


def test_right_wrong_empty_and_unreadable_cells_get_their_marks() -> None:
    verdict = grade(EXERCISE, ("4", "7", "", "zero"))
    assert verdict.marks == ("right", "wrong", "empty", "unreadable")
    assert not verdict.solved
    assert [verdict.count(mark) for mark in ("right", "wrong")] == [1, 1]


def test_all_right_cells_solve_it_and_missing_ones_do_not() -> None:
    assert grade(EXERCISE, ("4", "8.000", "-4/2", "0")).solved
    assert not grade(EXERCISE, ("4", "8", "-2")).solved


@pytest.mark.parametrize(
    ("typed", "mistake", "explained"),
    [
        (("1", "2", "-0.5", "0"), "averaged", 3),
        (("1", "2", "", ""), "averaged", 2),
        (("1", "8", "-5", "3"), "first", 3),
        (("4", "8", "-5", "99"), "first", 1),
        (("4", "8", "98", "99"), "", 0),
        (("7", "2", "98", "99"), "", 0),
    ],
)
def test_the_mistake_that_gives_most_of_the_wrong_cells_is_named(
    typed: tuple[str, ...], mistake: str, explained: int
) -> None:
    verdict = grade(EXERCISE, typed)
    assert (verdict.mistake, verdict.explained) == (mistake, explained)


def test_of_mistakes_that_give_as_many_wrong_cells_the_one_that_is_most_like_it_is_named() -> None:
    more = Mistake("more", np.array([[1.0, 2.0], [-2.0, 0.0]]))
    alone = Mistake("alone", np.array([[1.0, 8.0], [-2.0, 0.0]]))
    exercise = Exercise("sum", TRUTH, (more, alone))
    assert grade(exercise, ("1", "8", "-2", "0")).mistake == "alone"
    assert grade(exercise, ("1", "2", "-2", "0")).mistake == "more"
    assert grade(exercise, ("1", "", "", "")).mistake == "more", "the first of what fits alike"


def test_a_right_answer_is_no_mistake_even_where_a_mistake_gives_the_same() -> None:
    verdict = grade(EXERCISE, ("4", "8", "-2", "0"))
    assert verdict.solved
    assert verdict.mistake == ""


def test_mistakes_that_give_the_truth_or_each_other_are_left_out() -> None:
    assert [each.key for each in EXERCISE.possible] == ["averaged", "first"]


def test_halves_of_the_second_decimal_are_forgiven_and_more_is_not() -> None:
    third = Exercise("third", np.array([[1 / 3]]))
    assert grade(third, ("0.33",)).solved
    assert grade(third, ("1/3",)).solved
    assert not grade(third, ("0.3",)).solved


def test_a_large_number_is_right_as_it_is_shown_and_wrong_half_a_unit_beside() -> None:
    truth = np.array([[127964.5, 33.3333]], np.float32)
    exercise = Exercise("large", truth, (Mistake("bias forgotten", truth - [[0.5, 0]]),))
    shown = tuple(guess_data({"typed": ()}, None, Question((1, 2)), revealed=truth)["true"])
    assert shown == ("127964.5", "33.3333")
    assert grade(exercise, shown).solved
    assert grade(exercise, ("127964.5", "33.33")).solved
    verdict = grade(exercise, ("127964", "33.33"))
    assert verdict.marks == ("wrong", "right")
    assert verdict.mistake == "bias forgotten"


def test_cells_are_shifted_along_the_axes_and_zeros_come_in() -> None:
    cells = np.arange(1, 5).reshape(1, 2, 2)
    assert shifted(cells, 1).tolist() == [[[0, 0], [0, 1]]]
    assert shifted(cells, -1).tolist() == [[[4, 0], [0, 0]]]
    assert shifted(cells, 1, (-1,)).tolist() == [[[0, 1], [0, 3]]]
    assert shifted(cells, 0).tolist() == cells.tolist() == [[[1, 2], [3, 4]]]


def test_an_exercise_with_too_many_cells_is_refused() -> None:
    with pytest.raises(ValueError, match=r"shape \(5, 13\)"):
        Exercise("large", np.zeros((5, 13)))
    assert Exercise("largest", np.zeros((8, 8))).truth.size == MAX_CELLS
    with pytest.raises(ValueError, match=r"the mistake turned must give cells of shape \(2, 2\)"):
        Exercise("sum", TRUTH, (Mistake("turned", np.zeros((2, 3))),))


def test_the_numbers_to_choose_from_are_those_of_the_truth_and_of_the_mistakes() -> None:
    # the truth 4 8 -2 0, its quarters 1 2 -0.5 0, and 1 8 -5 3
    assert EXERCISE.candidates == (-5, -2, -0.5, 0, 1, 2, 3, 4, 8)


def test_of_too_many_numbers_the_truth_comes_first_and_is_taken_evenly() -> None:
    truth = np.arange(64.0).reshape(8, 8)
    exercise = Exercise("many", truth, (Mistake("halved", truth + 0.5),))
    offered = exercise.candidates
    assert len(offered) == MOST_CANDIDATES
    assert (offered[0], offered[-1]) == (0, 63)
    assert set(offered) <= set(truth.flat)


@given(arrays(np.float64, (2, 2), elements=st.floats(-9999, 9999)))
def test_every_number_to_choose_from_can_be_read_and_solves_its_cell(truth: Array) -> None:
    exercise = Exercise("any", truth)
    if exercise.unit < 1:
        assert exercise.candidates == (), "to three decimals they would be wrong"
        return
    offered = [short(each) for each in exercise.candidates]
    assert all(number(each) is not None and len(each) <= LONGEST for each in offered)
    for value in truth.flat:
        assert any(same(number(each) or 0.0, value) for each in offered)


def test_of_a_large_matrix_the_top_left_corner_is_asked() -> None:
    truth = np.arange(90.0).reshape(9, 10)
    large = corner("large", truth, (Mistake("turned", truth[::-1, ::-1]),))
    assert large.truth.tolist() == truth[:8, :8].tolist()
    assert large.mistakes[0].cells.tolist() == truth[::-1, ::-1][:8, :8].tolist()
    assert large.whole == (9, 10)
    assert corner("small", TRUTH, ()).whole is None
