"""The data of the cells that a learner fills in."""

from __future__ import annotations

import json
from typing import get_args

import numpy as np

from viz.guess import GUESS_WORDS, SIGNS, Question, guess_data
from viz.typed import Mark

TRUTH = np.array([[1.0, -2.5], [1 / 3, 0.0]])


def told(*typed: str) -> dict[str, object]:
    return {"numbers": "0", "typed": typed, "hints": 0, "revealed": False}


def test_nothing_of_the_solution_is_sent_before_it_is_revealed() -> None:
    marks = ("wrong", "empty", "empty", "empty")
    hidden = guess_data(told("7"), None, Question((2, 2)), marks=marks)
    assert hidden["true"] == []
    assert "2.5" not in json.dumps(hidden)
    shown = guess_data(told(), None, Question((2, 2)), revealed=TRUTH)
    assert shown["true"] == ["1", "−2.5", "0.3333", "0"]
    large = guess_data(told(), None, Question((1, 2)), revealed=np.array([[127964.5, -100 / 3]]))
    assert large["true"] == ["127964.5", "−33.3333"]


def test_cells_that_were_not_typed_are_empty_and_too_many_are_cut_off() -> None:
    few = guess_data(told("7"), 3, Question((2, 2)), marks=("wrong",))
    assert few["value"] == {**told(), "typed": ["7"]}
    assert few["heard"] == 3
    assert few["marks"] == ["wrong", "", "", ""]
    assert guess_data(told("7", "8"), None, Question((1, 1)))["value"]["typed"] == ["7"]
    assert guess_data(told(), None, Question((2, 2)))["marks"] == []


def test_every_mark_has_a_sign_and_a_word() -> None:
    marks = set(get_args(Mark))
    assert set(SIGNS) == marks
    assert marks <= set(GUESS_WORDS)


def test_the_palette_travels_as_it_is_written() -> None:
    assert guess_data(told(), None, Question((1, 1)))["palette"] == []
    assert guess_data(told(), None, Question((1, 1)), palette=("-1", "0.5"))["palette"] == [
        "-1",
        "0.5",
    ]


def test_a_choice_sends_its_options_and_its_truth_as_a_place_among_them() -> None:
    items = ("halved", "copied", "summed")
    asked = guess_data(
        told("1"), None, Question((1, 1), kind="choice", items=items), marks=("wrong",)
    )
    assert (asked["kind"], asked["items"]) == ("choice", list(items))
    assert (asked["value"], asked["marks"]) == ({**told(), "typed": ["1"]}, ["wrong"])
    assert asked["true"] == []
    shown = guess_data(
        told(), None, Question((1, 1), kind="choice", items=items), revealed=np.array([[2.0]])
    )
    assert shown["true"] == ["2"]


def test_an_order_sends_the_places_of_its_items_as_they_truly_follow() -> None:
    truth = np.array([[10.0, 0.0, 1.0]])
    shown = guess_data(
        told("0", "1"), None, Question((1, 3), kind="order", items="abc"), revealed=truth
    )
    assert shown["true"] == ["10", "0", "1"]
    assert shown["items"] == ["a", "b", "c"]


def test_cells_have_heads_where_they_are_named_and_none_otherwise() -> None:
    plain = guess_data(told(), None, Question((1, 2)))
    assert (plain["kind"], plain["items"], plain["heads"]) == ("cells", [], [])
    named = guess_data(told(), None, Question((1, 2), heads=("batch", "channels", "height")))
    assert named["heads"] == ["batch", "channels"]
