"""The step where anything can be pressed: what an action did is seen where it was pressed."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.driving.lesson import Lesson, Study
from tests.browser.driving.screen import PHONE, comes_to
from tests.browser.lessons.test_lessons import PROJECTOR

REFUSED = {
    "freed": {"pressed": "bv.bv"},
    "changed": {"expression": "exponential", "pressed": "mul.bv"},
    "vector": {"pressed": "b.again.bvr.bvr.bvr.bvr.bvr.bvr.bvr.bvr.b"},
}
"""By what PyTorch refuses for: a list, also a long one, that ends with it."""


def press(study: Study, link: dict[str, str], viewport: object) -> Lesson:
    return study("autograd", {"step": "press", **link}, viewport=viewport)


@pytest.mark.parametrize("reason", REFUSED)
def test_a_room_sees_a_refusal_with_its_table_and_its_graph(study: Study, reason: str) -> None:
    lesson = press(study, {**REFUSED[reason], "present": "1"}, PROJECTOR)
    expect(lesson.page.locator(".st-key-lesson_step blockquote")).to_be_in_viewport(ratio=1)
    expect(lesson.page.get_by_text("Vector v (100, 0.1)")).to_be_in_viewport(ratio=1)
    expect(lesson.page.locator(".small-graph")).to_be_in_viewport(ratio=1)
    lesson.is_whole()


def test_on_a_phone_the_columns_stand_below_each_other(study: Study) -> None:
    lesson = press(study, REFUSED["freed"], PHONE)
    columns = lesson.page.locator(".st-key-lesson_step .stColumn")
    overlap = (
        "(all) => all[1].getBoundingClientRect().top"
        " < Math.max(...[...all[0].querySelectorAll('*')]"
        ".map((each) => each.getBoundingClientRect().bottom))"
    )
    comes_to(lesson.page, lambda: columns.evaluate_all(overlap), False)
