"""What a lesson shows, as a value and as a link."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessons.choosing.choice import Actions, Choice, Painted, Settable, Switches, Written
from lessons.choosing.pictured import Pictured
from lessons.choosing.study import MAX_HINTS, MAX_SEED, Attempt, Form, Study
from models.inputs.compressed import to_text
from viz.language import english
from viz.typed import MAX_CELLS

FORM = Form(
    steps=("ask", "try", "end"),
    exercises=("try", "again"),
    choices={
        "scale": Choice("2", ("1.5", "2", "3")),
        "size": Choice(3, range(2, 8)),
        "flat": Choice(False, (False, True)),
        "cell": Choice(0, range(50), looks=True),
        "vote": Choice("sum", ("sum", "mean"), looks=True, answer=True),
        "dilated": Switches(("second", "third"), (False, True)),
        "done": Actions({"backward": "backward()", "zero": "zero_grad()"}, most=3),
        "cells": Painted(),
        "text": Written("x * x", 20),
        "photograph": Pictured(16, looks=True),
    },
)
NEW = Study(FORM)
PHOTOGRAPHS = [to_text(np.full((20, 30, 3), grey, np.uint8), 16) for grey in (0, 200)]
TRIED = NEW.with_attempt("try", typed=("1", "", "-2.5"), hints=2, revealed=True)


def values(choice: Settable) -> st.SearchStrategy[object]:
    """All that can be set under a choice."""
    if isinstance(choice, Choice):
        return st.sampled_from(list(choice.options))
    if isinstance(choice, Switches):
        return st.tuples(*[st.booleans() for _ in choice.names])
    if isinstance(choice, Actions):
        return st.lists(st.sampled_from(list(choice.offered)), max_size=choice.most).map(tuple)
    if isinstance(choice, Written):
        return st.text(min_size=1, max_size=40).map(choice.tidied).filter(bool)
    if isinstance(choice, Pictured):
        return st.sampled_from(["", *PHOTOGRAPHS])
    thousandths = st.integers(-99_000, 99_000).map(lambda number: number / 1000)
    return st.lists(thousandths, max_size=MAX_CELLS).map(tuple)


studies = st.builds(
    lambda step, seed, chosen, attempts: _with_attempts(
        NEW.changed(step=step, seed=seed, **chosen), attempts
    ),
    st.sampled_from(["", *FORM.steps]),
    st.integers(0, MAX_SEED),
    st.fixed_dictionaries(
        {},
        optional={name: values(choice) for name, choice in FORM.choices.items()},
    ),
    st.dictionaries(
        st.sampled_from(FORM.exercises),
        st.builds(
            Attempt,
            st.lists(st.sampled_from(["", "1", "-1/3"]), min_size=1).map(tuple),
            st.integers(0, MAX_HINTS),
            st.booleans(),
        ),
    ),
)


def _with_attempts(study: Study, attempts: dict[str, Attempt]) -> Study:
    for key, attempt in attempts.items():
        if any(attempt.typed) or attempt.hints or attempt.revealed:
            typed = attempt.typed if any(attempt.typed) else ()
            study = study.with_attempt(
                key, typed=typed, hints=attempt.hints, revealed=attempt.revealed
            )
    return study


@given(studies)
def test_every_study_comes_back_from_its_link(study: Study) -> None:
    assert NEW.read(study.to_url()) == (study, ())


def test_the_beginning_needs_no_parameter_and_only_what_differs_stands_in_a_link() -> None:
    assert NEW.to_url() == {}
    assert NEW.changed(scale="2", size=3).to_url() == {}
    assert NEW.changed(step="try", flat=True, seed=4).to_url() == {
        "v": "2",
        "step": "try",
        "flat": "1",
        "seed": "4",
    }
    assert TRIED.to_url() == {"v": "2", "try": "1__-2.5", "try_hints": "2", "try_shown": "1"}


def test_a_whole_number_that_lies_between_the_options_is_none_of_them() -> None:
    copies = Choice(4, (1, 4, 16))
    assert [copies.read(text, english) for text in ("1", "16")] == [(1, ""), (16, "")]
    for text in ("2", "0", "-4", "4.0", "04", "1e1"):
        told = f"it must be one of 1, 4, 16; `{text}` came."
        assert copies.read(text, english) == (4, told)


def test_other_numbers_begin_every_exercise_anew_and_looking_does_not() -> None:
    for looking in ({"step": "end"}, {"cell": 3}):
        assert TRIED.changed(**looking).attempts == TRIED.attempts
    for changing in ({"seed": 1}, {"scale": "3"}, {"flat": True}):
        assert TRIED.changed(**changing).attempts == ()
    assert TRIED.changed(scale="2").attempts == TRIED.attempts


def test_numbers_tell_one_exercise_from_another() -> None:
    assert TRIED.changed(step="end", cell=3).numbers == NEW.numbers
    assert NEW.changed(seed=1).numbers != NEW.numbers


def test_what_a_link_cannot_say_is_said_in_words_and_the_rest_is_read() -> None:
    study, problems = NEW.read(
        {
            "v": "3",
            "scale": "9",
            "size": "1",
            "cell": "50",
            "flat": "yes",
            "step": "<b>",
            "seed": "12345",
            "try": "1_x",
            "again_hints": "99",
            "unknown": "1",
            "try_shown": "1",
        }
    )
    assert study == NEW.with_attempt("try", revealed=True)
    assert len(problems) == 10
    assert problems[0].startswith("v: it must be one of 2, 1; `3` came.")
    assert problems[1].startswith("scale: it must be one of 1.5, 2, 3; `9` came.")
    assert problems[2].startswith("size: it must be a whole number from 2 to 7; `1` came.")
    assert "`<b>`" in problems[5]
    assert "up to 64 numbers" in problems[7]


@given(st.dictionaries(st.sampled_from(list(FORM.readers)), st.text(max_size=30)))
def test_no_link_breaks_reading_and_what_is_read_can_be_shown(link: dict[str, str]) -> None:
    study, _problems = NEW.read(link)
    assert study.place in range(len(FORM.steps))
    for name, choice in FORM.choices.items():
        written = choice.write(study[name])
        assert study[name] == choice.default or choice.read(written, english) == (study[name], "")


@given(studies)
def test_what_is_handed_out_has_the_same_step_and_numbers_and_no_answer(study: Study) -> None:
    blank = study.blank
    assert (blank.place, blank.numbers, blank["cell"]) == (
        study.place,
        study.numbers,
        study["cell"],
    )
    assert blank == blank.blank
    named = {name.removesuffix("_hints").removesuffix("_shown") for name in blank.to_url()}
    assert named.isdisjoint({*FORM.exercises, "vote", "photograph"})


def test_painted_cells_stay_while_one_looks_and_go_with_the_numbers_below() -> None:
    painted = NEW.changed(cells=(1.0, -0.5))
    assert painted.changed(step="end", cell=3)["cells"] == (1.0, -0.5)
    for changing in ({"seed": 1}, {"scale": "3"}, {"dilated": (True, True)}):
        assert painted.changed(**changing)["cells"] == ()
    assert painted.changed(scale="2")["cells"] == (1.0, -0.5), "it was 2 before"
    assert NEW.changed(seed=1, cells=(2.0,))["cells"] == (2.0,), "as a link says both"
    assert painted.numbers != NEW.numbers


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("dilated", "012", "it must be 2 digits 0 or 1; `012` came."),
        ("dilated", "1", "it must be 2 digits 0 or 1; `1` came."),
        ("done", "fly", "it must be up to 3 of backward, zero, with dots between; `fly` came."),
        ("done", "zero.zero.zero.zero", "it must be up to 3 of"),
        ("cells", "1_x", "it must be up to 64 numbers from -99 to 99, with _ between them; `1_x`"),
        ("cells", "100", "it must be up to 64 numbers from -99 to 99"),
        ("cells", "0.0001", "it must be up to 64 numbers from -99 to 99"),
        ("cells", "1__2", "it must be up to 64 numbers from -99 to 99"),
    ],
)
def test_what_cannot_be_set_is_said_in_words(name: str, text: str, sentence: str) -> None:
    study, (problem,) = NEW.read({name: text})
    assert study == NEW
    assert problem.startswith(f"{name}: {sentence}")


def test_a_link_without_a_step_opens_what_was_the_first_when_it_was_written() -> None:
    new = Study(replace(FORM, formerly="try"))
    assert new.read({"v": "2", "seed": "3"})[0] == new.changed(step="try", seed=3)
    assert new.read({})[0] == new, "an address without a word begins at the beginning"
    asked = new.changed(seed=3)
    assert asked.to_url() == {"v": "2", "seed": "3", "step": "ask"}
    assert new.read(asked.to_url())[0].place == 0


@pytest.mark.parametrize("text", ["", "  ", "x" * 21, "x\n+y", "\x00x"])
def test_a_line_of_text_is_neither_empty_nor_too_long_nor_two(text: str) -> None:
    study, problems = NEW.read({"text": text})
    assert study["text"] == "x * x"
    assert problems[0].startswith("text: it must be a line of 1 to 20 characters;")
