"""A lesson in one tab, driven as a student drives it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from urllib.parse import parse_qsl, urlencode, urlsplit

from playwright.sync_api import Locator, Page, expect

from lessons.asking.answers import short
from lessons.asking.exercise import Array, Exercise
from tests.browser.driving.screen import READ_CELLS, comes_to

BELOW = "(step) => Math.max(0, step.scrollHeight - step.clientHeight - 1)"  # a rounded pixel
MOST_TABS = 25
"""From one cell past the numbers to paint with and the other buttons."""


class Lesson:
    """One page of a lesson, and what is on it."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url
        self.cells = page.locator(".guess input")
        self.verdict = page.locator(".stAlert")
        self.at = page.locator(".st-key-lesson_progress [aria-checked=true]")

    def go(self, name: str, **query: str) -> Lesson:
        self.page.goto(f"{self.url}/{name}?{urlencode(query)}" if query else f"{self.url}/{name}")
        return self.drawn()

    def drawn(self) -> Lesson:
        expect(self.page.locator(".st-key-lesson_onward")).to_be_visible()
        self.idle()
        return self

    def idle(self) -> None:
        app = self.page.get_by_test_id("stApp")
        expect(app).to_have_attribute("data-test-script-state", "notRunning")

    def is_whole(self, step: str = "") -> None:
        """Wait until the step is seen whole in its place: then a clicker turns it."""
        place = self.page.locator(".st-key-lesson_step").locator("xpath=..")
        comes_to(self.page, lambda: (step, place.evaluate(BELOW)), (step, 0))

    def query(self) -> dict[str, str]:
        return dict(parse_qsl(urlsplit(self.page.url).query, keep_blank_values=True))

    def says(self, **parameters: str) -> None:
        """Wait until the address says this."""
        for name, value in parameters.items():
            expect(self.page).to_have_url(re.compile(rf"[?&]{name}={re.escape(value)}(&|$)"))

    def type(self, *numbers: str) -> None:
        expect(self.cells).to_have_count(len(numbers))
        for cell, number in zip(self.cells.all(), numbers, strict=True):
            cell.fill(number)

    def cell_size(self, key: str) -> int:
        """Pixels of a map's cell."""
        return int(self.card(key).locator(".scroller").get_attribute("data-cell") or 0)

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name)

    def swatch(self, number: str) -> Locator:
        """A number to paint with."""
        return self.page.locator(f".guess .swatch[data-value='{number}']")

    def tab_to(self, name: str) -> None:
        """Press Tab until a button has the focus, as one does who has no mouse."""
        self.idle()  # until then, what is replaced still stands beside what replaces it
        button = self.button(name)
        expect(button).to_be_enabled()
        for _ in range(MOST_TABS):
            self.page.keyboard.press("Tab")
            if button.evaluate("(each) => each.matches(':focus')"):
                return
        raise AssertionError(f"Tab does not come to {name!r}.")

    def card(self, key: str) -> Locator:
        return self.page.locator(f".card[data-map='{key}']")

    def read(self, key: str) -> dict[tuple[int, ...], float]:
        """Read all cells of a map that are shown: index -> value."""
        expect(self.card(key)).to_be_visible()
        found: dict[str, str] = self.card(key).evaluate(READ_CELLS)
        return {tuple(map(int, index.split(","))): float(value) for index, value in found.items()}

    def marks(self) -> list[str]:
        marks: list[str] = self.page.locator(".guess td").evaluate_all(
            "(all) => all.map((each) => each.className)"
        )
        return marks

    def answer(self, exercise: Exercise, cells: Array) -> None:
        """Fill in, pick or sort what an exercise asks for, and have it checked."""
        texts = [short(value) for value in cells.reshape(-1).tolist()]
        if exercise.kind == "choice":
            self.page.locator(f".guess input[value='{texts[0]}']").check()
        elif exercise.kind == "order":
            self.sort(list(map(int, texts)))
        else:
            self.type(*texts)
        self.page.locator(".guess .check").click()

    def sort(self, wanted: Sequence[int], press: Callable[[Locator], None] = Locator.click) -> None:
        """Move the items up one by one until they stand in this order."""
        rows = self.page.locator(".guess .order li")
        for place, item in enumerate(wanted):
            up = self.page.locator(f".guess .order li[data-item='{item}'] button").first
            while rows.nth(place).get_attribute("data-item") != str(item):
                press(up)


Study = Callable[..., Lesson]
