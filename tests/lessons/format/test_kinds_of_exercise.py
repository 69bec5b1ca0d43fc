"""Exercises that ask for a shape, a choice, an order, a list of numbers, or small numbers."""

from __future__ import annotations

import numpy as np
import pytest

from lessons.asking.exercise import Exercise, Mistake, choice, order, shape
from lessons.asking.grading import grade

VOTE = choice("vote", {"sum": "their sum", "mean": "their mean", "max": "the largest"}, "sum")
ORDER = order(
    "order",
    {"zero": "zero_grad()", "back": "backward()", "step": "step()"},
    ("zero", "back", "step"),
    {"step first": ("step", "zero", "back"), "zero between": ("back", "zero", "step")},
)
SIZE = shape("size", (1, 1, 5, 5), {"halved": (1, 1, 2, 2), "transposed": (5, 5, 1, 1)})


def test_a_choice_is_right_at_one_place_and_every_other_one_is_a_mistake_of_its_name() -> None:
    assert grade(VOTE, ("0",)).solved
    assert [grade(VOTE, (str(place),)).mistake for place in (1, 2)] == ["mean", "max"]
    assert VOTE.items == ("their sum", "their mean", "the largest")
    assert VOTE.candidates == ()


def test_an_order_is_right_as_a_whole_and_a_wrong_one_gets_its_name() -> None:
    assert grade(ORDER, ("0", "1", "2")).solved
    verdict = grade(ORDER, ("2", "0", "1"))
    assert (verdict.marks, verdict.mistake) == (("wrong",) * 3, "step first")
    verdict = grade(ORDER, ("1", "0", "2"))
    assert (verdict.marks[2], verdict.mistake) == ("right", "zero between")


def test_a_shape_is_filled_in_axis_by_axis() -> None:
    assert (SIZE.sides, SIZE.heads) == ((1, 4), ("batch", "channels", "height", "width"))
    assert shape("size", (3, 3), {}).heads == ("height", "width")
    assert grade(SIZE, ("1", "1", "5", "5")).solved
    assert grade(SIZE, ("1", "1", "2", "2")).mistake == "halved"


@pytest.mark.parametrize(
    ("cells", "sides"),
    [((4,), (1, 4)), ((2, 3), (2, 3)), ((2, 2, 3), (4, 3)), ((1, 2, 2, 2), (4, 2)), ((), (1, 1))],
)
def test_cells_of_any_shape_are_filled_in_row_by_row(
    cells: tuple[int, ...], sides: tuple[int, int]
) -> None:
    exercise = Exercise("any", np.zeros(cells))
    assert exercise.sides == sides


def test_small_numbers_are_graded_as_strictly_as_large_ones() -> None:
    truth = np.array([-0.003, 0.0021])
    exercise = Exercise("small", truth, (Mistake("opposite", -truth), Mistake("none", truth * 0)))
    assert [each.key for each in exercise.possible] == ["opposite", "none"]
    assert grade(exercise, ("-0.003", "0.0021")).solved
    assert grade(exercise, ("0", "0")).mistake == "none"
    assert grade(exercise, ("0.003", "-0.0021")).mistake == "opposite"


def test_what_asks_for_too_many_items_or_lacks_heads_is_refused() -> None:
    with pytest.raises(ValueError, match="an exercise has 1 to 8 cells"):
        Exercise("long", np.zeros(9), kind="order")
    with pytest.raises(ValueError, match="3 columns need as many heads"):
        Exercise("heads", np.zeros(3), heads=("a",))
