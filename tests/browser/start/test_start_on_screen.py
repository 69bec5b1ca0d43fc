"""The start page as a newcomer meets it: what moves, what is pressed, what explains itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from scripts.served import Server
from tests.browser.conftest import PATIENCE
from tests.browser.driving.contexts import Contexts
from tests.browser.driving.screen import PHONE, Visitor

PROJECTOR = {"width": 1280, "height": 720}
MOST_PRESSES = 6
NUMBERS = "([part]) => [...part.querySelectorAll('.figure')].map((each) => each.textContent)"


@contextmanager
def started(contexts: Contexts, server: Server, path: str = "", **options: Any) -> Iterator[Page]:
    """Open a page in a new browser; nothing may go wrong in it."""
    visitor = Visitor(contexts, server.url, PATIENCE, {"viewport": PROJECTOR, **options})
    page = visitor.new_page()
    page.goto(f"{server.url}/{path}")
    yield page
    visitor.leave()


def step(page: Page) -> Locator:
    return page.locator(".start")


def test_a_gradient_flows_back_by_itself_and_then_all_of_it_stands_there(
    contexts: Contexts, server: Server
) -> None:
    with started(contexts, server) as page:
        expect(step(page)).to_have_attribute("data-step", "0")
        expect(page.locator(".box.ahead")).to_have_count(6)
        expect(step(page)).to_have_attribute("data-step", "5")
        expect(page.locator(".box.ahead")).to_have_count(1)  # the data have no gradient
        expect(page.get_by_role("button", name="Step through it")).to_be_in_viewport()
        page.get_by_role("button", name="Step through it").click()
        expect(step(page)).to_have_attribute("data-step", "1")


def test_by_keys_alone_the_example_is_stepped_through(contexts: Contexts, server: Server) -> None:
    with started(contexts, server, reduced_motion="reduce") as page:
        expect(step(page)).to_have_attribute("data-step", "1")
        for key in ("Tab", "Enter", *["Tab"] * (MOST_PRESSES - 2)):
            page.keyboard.press(key)
        expect(page.get_by_role("button", name="Next step")).to_be_focused()
        page.keyboard.press("Enter")
        page.keyboard.press("PageDown")
        expect(step(page)).to_have_attribute("data-step", "3")
        sentence = page.locator(".said")
        expect(sentence).to_contain_text("fc hands its gradient back to conv2, times each cell")
        assert sentence.evaluate_all(NUMBERS) == ["0.888", "×", "−0.478", "=", "−0.424"]
        page.get_by_role("button", name="gradient of conv2, top right").hover()
        assert sentence.evaluate_all(NUMBERS) == ["0.888", "×", "−0.331", "=", "−0.294"]
        expect(page.locator(".cell.linked")).to_have_text(["0.888"])


def test_a_clicker_steps_right_after_the_button_for_a_room(
    contexts: Contexts, server: Server
) -> None:
    with started(contexts, server, reduced_motion="reduce") as page:
        page.get_by_role("button", name="For a room").click()
        expect(page).to_have_url(re.compile("present=1"))
        before = step(page).get_attribute("data-step")
        page.keyboard.press("PageDown")
        expect(step(page)).not_to_have_attribute("data-step", before or "")


def test_a_word_explains_itself_on_focus_until_escape(contexts: Contexts, server: Server) -> None:
    with started(contexts, server, reduced_motion="reduce") as page:
        expect(page.locator("a[aria-describedby]")).to_have_count(3)
        page.get_by_role("link", name="gradient", exact=True).focus()
        explanation = page.get_by_role("tooltip")
        expect(explanation).to_contain_text("the derivative of the loss by that number")
        page.keyboard.press("Escape")
        expect(explanation).to_have_count(0)


def test_on_a_phone_next_is_in_view_and_a_tap_tells_where_a_number_comes_from(
    contexts: Contexts, server: Server
) -> None:
    phone: dict[str, Any] = {
        "viewport": PHONE,
        "has_touch": True,
        "is_mobile": True,
        "reduced_motion": "reduce",
    }
    with started(contexts, server, **phone) as page:
        onward = page.get_by_role("button", name="Next step")
        expect(onward).to_be_in_viewport()
        onward.tap()
        expect(step(page)).to_have_attribute("data-step", "2")
        page.get_by_role("button", name="conv1, top left: 0.529").tap()
        expect(page.locator(".said")).to_contain_text("conv1, top left")
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


@pytest.mark.parametrize("query", ["?v=1&model=lenet&node=n3", "?v=2&input_shape=1x1x2x2"])
def test_every_link_that_was_handed_out_opens_the_playground(
    contexts: Contexts, server: Server, query: str
) -> None:
    with started(contexts, server, query) as page:
        expect(page.locator(".backlight-strip [aria-pressed=true]")).to_have_count(1)
        expect(page).to_have_url(f"{server.url}/playground{query}")
        expect(page.locator(".start")).to_have_count(0)


def test_where_no_page_stands_one_is_told_so_and_finds_the_start(
    browser: Browser, server: Server
) -> None:
    page = browser.new_page()
    page.goto(f"{server.url}/no/such/page")
    expect(page.get_by_text("/no/such/page")).to_be_visible()
    page.get_by_role("link").click()
    expect(page).to_have_url(re.compile(rf"^{server.url}/$"))
    expect(page.locator(".start .lanes")).to_be_visible()
    page.close()
