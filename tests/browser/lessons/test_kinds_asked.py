"""Every kind of exercise of every lesson, as a student meets it: wrong, right, handed on.

What every single one says to every answer is tested without a browser.
"""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlsplit

import pytest
from playwright.sync_api import Locator, expect

from lessons.asking.answers import short, write
from lessons.asking.exercise import Exercise
from lessons.catalogue import LESSONS
from scripts.served import Server
from tests.browser.driving.lesson import Lesson, Study
from tests.browser.driving.screen import PHONE
from tests.lessons.steps import EXERCISES, KINDS_ASKED, begins

KOREAN = {"locale": "ko-KR"}
PROJECTOR = {"width": 1280, "height": 720}


def exercise_of(lesson: str, key: str) -> Exercise:
    return LESSONS[lesson].exercises(LESSONS[lesson].beginning)[key]


@pytest.mark.parametrize(("name", "step", "key"), KINDS_ASKED)
def test_a_wrong_answer_is_named_its_exercise_link_is_blank_and_the_right_one_is_ticked(
    study: Study, fresh: Server, name: str, step: str, key: str
) -> None:
    exercise = exercise_of(name, key)
    (mistake, *_others) = exercise.possible
    lesson = study(name, {"step": step, f"{key}_hints": "1"})
    lesson.answer(exercise, mistake.cells)
    expect(lesson.verdict.first).to_contain_text(begins(name, f"{key} mistake: {mistake.key}"))
    is_blank(study(*handed_out(lesson, step), at=fresh), exercise)
    lesson.answer(exercise, exercise.truth)
    expect(lesson.verdict.first).to_contain_text(begins(name, f"{key} right"))
    asked = [each for lesson_key, at, each in EXERCISES if (lesson_key, at) == (name, step)]
    if asked == [key]:
        expect(lesson.page.get_by_role("radio", name=re.compile("✓$"))).to_be_checked()


def handed_out(lesson: Lesson, step: str) -> tuple[str, dict[str, str]]:
    """Where the exercise link leads."""
    lesson.button("Share").click()
    field = lesson.page.get_by_label("The link", exact=True)
    expect(field).to_have_value(re.compile(f"step={step}"))
    address = urlsplit(field.input_value())
    lesson.page.keyboard.press("Escape")
    expect(field).to_have_count(0)
    return address.path.strip("/"), dict(parse_qsl(address.query))


def is_blank(handed: Lesson, exercise: Exercise) -> None:
    expect(handed.page.locator(".guess").first).to_be_visible()
    expect(handed.verdict).to_have_count(0)
    expect(handed.page.locator("[class*=st-key-hint_]")).to_have_count(0)
    if exercise.kind == "cells":
        assert {cell.input_value() for cell in handed.cells.all()} == {""}
    if exercise.kind == "choice":
        assert not any(option.is_checked() for option in handed.cells.all())


@pytest.mark.parametrize(("name", "step", "key"), KINDS_ASKED)
def test_a_student_reads_it_in_korean_on_a_phone(
    study: Study, name: str, step: str, key: str
) -> None:
    exercise = exercise_of(name, key)
    lesson = study(name, {"step": step}, viewport=PHONE, has_touch=True, is_mobile=True, **KOREAN)
    expect(lesson.page.get_by_text(begins(name, f"{key} task", "ko")).first).to_be_visible()
    (mistake, *_others) = exercise.possible
    lesson.answer(exercise, mistake.cells)
    said = begins(name, f"{key} mistake: {mistake.key}", "ko")
    expect(lesson.verdict.first).to_contain_text(said)


def fills_in(lesson: Lesson, exercise: Exercise) -> None:
    """Type each cell; Enter goes on to the next one, and checks after the last."""
    lesson.cells.first.focus()
    for value in exercise.truth.reshape(-1).tolist():
        lesson.page.keyboard.type(short(value))
        lesson.page.keyboard.press("Enter")


def picks(lesson: Lesson, exercise: Exercise) -> None:
    """Pick the first option, go on with the arrows, and check with Enter."""
    lesson.cells.first.focus()
    lesson.page.keyboard.press("Space")
    (place,) = map(int, exercise.truth)
    for _ in range(place):
        lesson.page.keyboard.press("ArrowDown")
    expect(lesson.cells.nth(place)).to_be_checked()
    lesson.page.keyboard.press("Enter")


def sorts(lesson: Lesson, exercise: Exercise) -> None:
    """Move the items with the buttons beside them, and check, all with Enter."""

    def press(button: Locator) -> None:
        button.press("Enter")

    lesson.sort(list(map(int, exercise.truth)), press)
    press(lesson.page.locator(".guess .check"))


ANSWERED_BY_KEYS = {"cells": fills_in, "choice": picks, "order": sorts}


@pytest.mark.parametrize(("name", "step", "key"), KINDS_ASKED)
def test_the_keyboard_alone_answers_it_for_a_room(
    study: Study, name: str, step: str, key: str
) -> None:
    exercise = exercise_of(name, key)
    lesson = study(name, {"step": step, "present": "1"}, viewport=PROJECTOR)
    ANSWERED_BY_KEYS[exercise.kind](lesson, exercise)
    expect(lesson.verdict.first).to_contain_text(begins(name, f"{key} right"))
    expect(lesson.verdict.first).to_be_in_viewport()


@pytest.mark.parametrize(
    ("step", "key"), [("after", "after"), ("classes", "scores"), ("order", "order")]
)
def test_a_mistake_that_is_named_and_the_newest_hint_fit_a_room(
    study: Study, step: str, key: str
) -> None:
    for mistake in exercise_of("training_step", key).possible:
        typed = write(tuple(f"{cell:g}" for cell in mistake.cells.flat))
        asked = {"step": step, "present": "1", key: typed, f"{key}_hints": "2"}
        lesson = study("training_step", asked, viewport=PROJECTOR)
        named = begins("training_step", f"{key} mistake: {mistake.key}")
        expect(lesson.verdict.first).to_contain_text(named)
        expect(lesson.page.locator("[class*=st-key-hint_]:visible")).to_have_count(1)
        lesson.is_whole(f"{step}: {mistake.key}")
