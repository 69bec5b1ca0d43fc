"""What every lesson must keep to: its steps are data, its exercises can be missed in known ways."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import get_args
from xml.etree import ElementTree

import numpy as np
import pytest

from experiment.view import View
from experiment.written.address import Experiment, from_address, to_address
from lessons import catalogue, text
from lessons.asking.answers import short
from lessons.asking.exercise import Exercise
from lessons.asking.grading import grade
from lessons.blocks import (
    Again,
    Block,
    Bring,
    Choose,
    Derivation,
    Drawn,
    Gradients,
    Maps,
    Paint,
    Predict,
    Prose,
    Slide,
    Uses,
    Walk,
    Walked,
    Work,
    within,
)
from lessons.catalogue import LESSONS
from lessons.choosing.choice import Actions, Choice, Painted, Settable, Switches, Written
from lessons.choosing.pictured import Pictured
from lessons.choosing.study import HINTS, MAX_SEED, REVEALED, Study
from lessons.lesson import Lesson, Step
from lessons.nearest_upsampling.recipe import Enlarging
from lessons.running.trial import SettingError
from models.presets import PRESETS
from pages.lesson.blocks import DRAWN
from viz.maps.sums import SUM_WORDS
from viz.typed import same

FOLDERS = {file.parent.name for file in Path(catalogue.__file__).parent.glob("*/en.md")}
STUDIES = 150 if "FUZZ" in os.environ else 40
"""Settings beside the first one: `make test` tries enough for each choice to take most of what it
offers, `make fuzz` more."""


def studies(lesson: Lesson) -> Iterator[Study]:
    """The beginning, and many settings drawn from all there are, the same ones every time."""
    yield lesson.beginning
    draw = random.Random(0)  # noqa: S311 - no secret
    for _ in range(STUDIES):
        chosen = {
            name: option(choice, draw)
            for name, choice in lesson.choices.items()
            if not choice.looks
        }
        yield lesson.beginning.changed(seed=draw.randint(0, MAX_SEED), **chosen)


def option(choice: Settable, draw: random.Random) -> object:
    if isinstance(choice, Switches):
        return tuple(draw.random() < 0.5 for _ in choice.names)
    if isinstance(choice, Actions):
        return tuple(draw.choices(list(choice.offered), k=draw.randint(0, choice.most)))
    if isinstance(choice, Painted):
        return draw.choice([(), tuple(float(draw.randint(-9, 9)) for _ in range(16))])
    if isinstance(choice, Written):
        return draw.choice([choice.default, "x", "?" * choice.longest])
    if isinstance(choice, Pictured):
        return choice.default
    if isinstance(choice.default, float):
        return round(draw.uniform(*choice.options), 2)
    return draw.choice(choice.options)


def exercises(lesson: Lesson, key: str) -> Iterator[Exercise]:
    """One exercise at all these settings, where it can run."""
    (step,) = (step for step in lesson.steps if key in step.exercises)
    for study in studies(lesson):
        try:
            yield step.exercise(key, study)
        except SettingError:
            continue


TRIED = (Gradients, Walked, Drawn, Work, Paint)
"""Blocks in which one tries something and sees at once what it comes to."""

ASKED = [(lesson, key) for lesson in LESSONS.values() for key in lesson.form.exercises]


def test_every_folder_of_a_lesson_stands_in_the_catalogue_under_its_name() -> None:
    assert set(LESSONS) == FOLDERS
    assert [lesson.key for lesson in LESSONS.values()] == list(LESSONS)


@pytest.mark.parametrize("lesson", LESSONS.values(), ids=lambda each: each.key)
def test_a_lesson_asks_something_and_no_key_means_two_things(lesson: Lesson) -> None:
    form = lesson.form
    assert form.exercises
    assert len(set(form.steps)) == len(form.steps)
    own = {"v", "step", "present", "seed"}
    parts = [f"{key}{part}" for key in form.exercises for part in ("", HINTS, REVEALED)]
    assert len({*own, *parts, *form.choices}) == len([*own, *parts, *form.choices])
    assert all(step.blocks for step in lesson.steps)


@pytest.mark.parametrize("lesson", LESSONS.values(), ids=lambda each: each.key)
def test_every_choice_that_a_block_offers_or_holds_exists_and_none_is_left_over(
    lesson: Lesson,
) -> None:
    used: set[str] = set()
    for block in (each for step in lesson.steps for each in within(step.blocks)):
        if isinstance(block, Choose):
            used |= set(block.names)
        elif isinstance(block, Bring | Slide | Walked | Walk | Work | Paint | Drawn):
            used |= {block.choice} - {""}
        elif isinstance(block, Again):
            used.add(block.seed)
    assert used - {"seed"} == set(lesson.choices)


FIGURES = [
    pytest.param(lesson, block, id=f"{lesson.key} {step.key} {count}")
    for lesson in LESSONS.values()
    for step in lesson.steps
    for count, block in enumerate(within(step.blocks))
    if isinstance(block, Maps | Walked)
]


@pytest.mark.parametrize(("lesson", "block"), FIGURES)
def test_values_go_to_the_right_and_gradients_to_the_left(
    lesson: Lesson, block: Maps | Walked
) -> None:
    figure = block.figure(lesson.beginning)
    places = {each.key: place for row in figure.rows for place, each in enumerate(row)}
    for link in figure.links:
        is_gradient = link.to_map.startswith("upstream")
        assert (places[link.from_map] < places[link.to_map]) == is_gradient, "what is made of it"
        if figure.arrow:
            assert figure.arrow == ("backward" if is_gradient else "forward")
            assert {places[link.from_map], places[link.to_map]} == {0, 1}


@pytest.mark.parametrize("lesson", LESSONS.values(), ids=lambda each: each.key)
def test_a_lesson_asks_lets_one_try_predicts_derives_says_where_it_is_used_and_sums_up(
    lesson: Lesson,
) -> None:
    blocks = {step.key: list(within(step.blocks)) for step in lesson.steps}
    (first, *_between, last) = blocks.values()
    every = [block for step in blocks.values() for block in step]
    assert any(isinstance(block, Prose) and block.section == "question" for block in first)
    assert any(isinstance(block, TRIED) for block in every)
    assert any(isinstance(block, Predict) for block in every)
    assert any(isinstance(block, Derivation) for block in every)
    assert any(isinstance(block, Uses) for block in every)
    assert any(isinstance(block, Prose) and block.section == "take away" for block in last)


@pytest.mark.parametrize("lesson", LESSONS.values(), ids=lambda each: each.key)
def test_the_networks_in_which_it_is_used_exist_and_have_a_section(lesson: Lesson) -> None:
    sections = text.read(lesson.key, "en").sections
    for block in (each for step in lesson.steps for each in within(step.blocks)):
        if isinstance(block, Uses):
            assert set(block.presets) <= set(PRESETS)
            assert block.section in sections


@pytest.mark.parametrize("lesson", LESSONS.values(), ids=lambda each: each.key)
@pytest.mark.parametrize("dark", [True, False])
def test_the_picture_on_a_card_is_an_svg_without_words(lesson: Lesson, dark: bool) -> None:
    root = ElementTree.fromstring(lesson.card(dark))  # noqa: S314 - made here
    assert root.tag.endswith("svg")
    assert len(list(root)) > 2
    assert lesson.card(dark) != lesson.card(not dark)


VOTES = [
    (lesson, name, option)
    for lesson in LESSONS.values()
    for name, choice in lesson.choices.items()
    if isinstance(choice, Choice) and choice.answer
    for option in choice.options
]


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize(("lesson", "name", "option"), VOTES, ids=lambda each: str(each)[:9])
def test_every_answer_to_a_question_gets_a_sentence_of_its_own_once_it_is_given(
    lesson: Lesson, name: str, option: object, language: str
) -> None:
    voted = lesson.beginning.changed(**{name: option})
    told = [
        block.section
        for step in lesson.steps
        for block in within(step.blocks)
        if isinstance(block, Prose) and block.section.startswith(f"{name} ") and block.when(voted)
    ]
    assert told == [f"{name} {option}"]
    sections = text.read(lesson.key, language).sections
    (own,) = told
    assert [each for each in sections if sections[each] == sections[own]] == [own]


def test_a_question_is_asked_somewhere() -> None:
    assert VOTES, "else the test above could not fail"


@pytest.mark.parametrize("lesson", LESSONS.values(), ids=lambda each: each.key)
def test_no_map_speaks_of_sums_before_the_gradient_is_known(lesson: Lesson) -> None:
    """The line below maps says what one may point at."""
    asking = (
        block
        for step in lesson.steps
        for each in within(step.blocks)
        for block in (each.given if isinstance(each, Predict) else [])
        if isinstance(block, Maps)
    )
    first = (each for each in within(lesson.steps[0].blocks[:1]) if isinstance(each, Maps))
    for block in (*first, *asking):
        for link in block.figure(lesson.beginning).links:
            assert "sum" not in link.words.get("hint", SUM_WORDS["hint"]), block.key


def test_every_kind_of_block_is_drawn() -> None:
    assert set(DRAWN) == set(get_args(Block))


@pytest.mark.parametrize(("lesson", "key"), ASKED, ids=lambda each: getattr(each, "key", each))
def test_an_exercise_has_mistakes_and_none_of_them_ever_counts_as_right(
    lesson: Lesson, key: str
) -> None:
    seen: set[str] = set()
    named: set[str] = set()
    for exercise in exercises(lesson, key):
        named = {mistake.key for mistake in exercise.mistakes}
        assert exercise.possible, "every answer would be right"
        for mistake in exercise.possible:
            seen.add(mistake.key)
            assert not same(mistake.cells, exercise.truth).all()
            verdict = grade(exercise, tuple(map(short, mistake.cells.flat)))
            assert not verdict.solved
            assert verdict.mistake
    assert seen == named, "a mistake that is never told from the truth is no mistake"


@pytest.mark.parametrize(("lesson", "key"), ASKED, ids=lambda each: getattr(each, "key", each))
def test_the_first_numbers_tell_mistakes_apart_and_the_truth_is_right(
    lesson: Lesson, key: str
) -> None:
    exercise = lesson.exercises(lesson.beginning)[key]
    assert len(exercise.possible) >= 2
    for mistake in exercise.possible:
        assert grade(exercise, tuple(map(short, mistake.cells.flat))).mistake == mistake.key
    assert grade(exercise, tuple(map(short, exercise.truth.flat))).solved
    assert np.isfinite(exercise.truth).all()


@pytest.mark.parametrize(
    ("lesson", "step"),
    [(lesson, step) for lesson in LESSONS.values() for step in lesson.steps],
    ids=lambda each: each.key,
)
def test_what_a_step_opens_in_the_playground_stands_in_a_link(lesson: Lesson, step: Step) -> None:
    opened = step.opens(lesson.beginning.changed(step=step.key))
    assert from_address(to_address(opened)) == (opened, ())


def test_an_exercise_about_an_experiment_is_refused() -> None:
    (lesson, *_others) = LESSONS.values()
    step = Step("odd", "Odd", lambda _study: Experiment(view=View()), (Prose("question"),))
    with pytest.raises(TypeError, match="odd: an exercise is about a recipe"):
        step.exercise("odd", lesson.beginning)


def test_a_recipe_can_be_opened_under_any_step() -> None:
    (lesson, *_others) = LESSONS.values()
    step = replace(lesson.steps[0], about=lambda _study: Enlarging(3.0))
    assert step.opens(lesson.beginning).setting.shape == (1, 1, 2, 2)
