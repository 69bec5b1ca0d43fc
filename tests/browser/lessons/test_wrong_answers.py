"""A wrong answer: in a room all that is said of it is seen at once, and no reload loses it."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from lessons.asking.answers import write
from lessons.blocks import Predict, within
from lessons.catalogue import LESSONS
from tests.browser.driving.lesson import Study

PROJECTOR = {"width": 1280, "height": 720}
SCROLLS = "(step) => step.scrollHeight > step.clientHeight + 1"
ASKED = [
    (lesson.key, step.key, block.key)
    for lesson in LESSONS.values()
    for step in lesson.steps
    for block in within(step.blocks)
    if isinstance(block, Predict) and block.said_below
]


@pytest.mark.parametrize("locale", ["en-US", "ko-KR"])
@pytest.mark.parametrize(("key", "step", "exercise"), ASKED)
def test_a_room_sees_a_named_mistake_and_all_hints_beside_what_is_asked(
    study: Study, key: str, step: str, exercise: str, locale: str
) -> None:
    lesson = study(key, viewport=PROJECTOR, locale=locale)
    found = LESSONS[key].exercises(LESSONS[key].beginning)[exercise]
    for mistake in found.mistakes:
        typed = write(tuple(f"{cell:g}" for cell in mistake.cells.ravel()))
        for hints in ("0", "2"):
            query = {exercise: typed, f"{exercise}_hints": hints}
            lesson.go(key, step=step, present="1", **query)
            expect(lesson.page.locator("[class*=st-key-hint_]")).to_have_count(int(hints))
            expect(lesson.verdict).to_be_in_viewport(ratio=1)
            expect(lesson.page.locator(".st-key-lesson_step")).to_be_visible()
            assert not lesson.page.locator(".st-key-lesson_step").evaluate(SCROLLS)


def test_what_was_typed_and_is_no_number_stands_there_after_a_reload(study: Study) -> None:
    lesson = study("training_step", {"step": "after"})
    lesson.type("two", "2.5", "", "1+1")
    lesson.page.get_by_role("button", name="Check").click()
    lesson.says(after="_2.5__")
    lesson.idle()
    lesson.page.reload()
    lesson.drawn()
    for cell, typed in zip(lesson.cells.all(), ("two", "2.5", "", "1+1"), strict=True):
        expect(cell).to_have_value(typed)
