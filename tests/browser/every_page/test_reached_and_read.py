"""Every page can be read and worked by everybody: its tab has a name, keys reach what it is for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from scripts.served import ROOT, Server
from tests.browser.conftest import PATIENCE
from tests.browser.driving.contexts import Contexts
from tests.browser.driving.screen import PHONE, Visitor

PROJECTOR = {"width": 1280, "height": 720}
MOST_PRESSES = 6
MOST_LOOKS = 12
AXE = (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
VIOLATIONS = """async () => {
  const { violations } = await axe.run(document, { resultTypes: ["violations"] });
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map((each) => each.html).join(" ")}`);
}"""
COLOURS = {"light": "rgb(255, 255, 255)", "dark": "rgb(20, 20, 28)"}


@dataclass(frozen=True)
class Place:
    """A page, the name of its tab, and what there is there once it stands."""

    path: str
    title: str
    last: str
    main: str
    """What somebody came for: keys get there from the top of the page."""


MAPS = ".bench[data-state=explained]"
BESIDE = ".beside[data-state=shown]"
STEPS = ".backlight-step button"
ONWARD = ".st-key-lesson_onward .primary"
CELLS = "[class*=st-key-predict_] input"
CHOICE = ".st-key-lesson_step [data-testid=stButtonGroup] button"
QUESTION = f"{CELLS}, {CHOICE}"
SLIDER = ".st-key-lesson_step [data-testid=stSlider] input"
PLACES = [
    Place("", "Backlight", ".start[data-step='5']", ".start button.next"),
    Place("playground", "Test · Playground · Backlight", MAPS, STEPS),
    Place("playground?v=2&step=2", "Test · Playground · Backlight", MAPS, STEPS),
    Place("playground?v=2&editing=1", "Test · Playground · Backlight", MAPS, ".editor button"),
    Place("playground?v=2&hand=input", "Test · Playground · Backlight", MAPS, STEPS),
    Place("playground?v=2&hidden=conv2.downstream", "Test · Playground · Backlight", MAPS, STEPS),
    Place("playground?v=2&2.seed=1", "Test · Playground · Backlight", BESIDE, STEPS),
    Place("gallery", "Gallery · Backlight", ".pictured img", ".st-key-gallery a"),
    Place("nearest_upsampling", "Nearest upsampling · Backlight", ONWARD, QUESTION),
    Place("convolution_backward", "Convolution by hand · Backlight", ONWARD, SLIDER),
    Place("convolution_backward?present=1", "Convolution by hand · Backlight", ONWARD, SLIDER),
    Place("about", "About · Backlight", ".st-key-about code", ".stMain"),
]


@pytest.fixture(scope="module", params=PLACES, ids=lambda place: place.path or "start")
def at(
    request: pytest.FixtureRequest, contexts: Contexts, server: Server
) -> Iterator[tuple[Page, Place]]:
    """Stand at a page, at the size of a projector."""
    place: Place = request.param
    visitor = Visitor(contexts, server.url, PATIENCE, {"viewport": PROJECTOR})
    page = visitor.new_page()
    page.goto(f"{server.url}/{place.path}")
    expect(page.locator(place.last).first).to_be_attached()
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    yield page, place
    visitor.leave()


def test_a_tab_says_what_is_in_it(at: tuple[Page, Place]) -> None:
    page, place = at
    expect(page).to_have_title(place.title)


def test_six_keys_reach_what_a_page_is_for(at: tuple[Page, Place]) -> None:
    page, place = at
    expect(page.locator(place.main).filter(visible=True).first).to_be_attached()
    page.keyboard.press("Tab")
    for key in ("Enter", *["Tab"] * (MOST_PRESSES - 2)):  # past the navigation, then on
        page.keyboard.press(key)
        if is_focused(page.locator(place.main)):
            return
    raise AssertionError(page.evaluate("() => document.activeElement.outerHTML.slice(0, 200)"))


def is_focused(wanted: Locator) -> bool:
    """Whether one of these has the focus, also inside a component."""
    return bool(wanted.evaluate_all("(all) => all.some((each) => each.matches(':focus'))"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [PROJECTOR, PHONE], ids=["projector", "phone"])
def test_axe_finds_nothing_to_object_to(at: tuple[Page, Place], scheme: Any, size: Any) -> None:
    page, _place = at
    page.set_viewport_size(size)
    page.emulate_media(color_scheme=scheme)
    expect(page.get_by_test_id("stApp")).to_have_css("background-color", COLOURS[scheme])
    page.evaluate(AXE)
    assert found_by_axe(page) == []


def found_by_axe(page: Page) -> list[str]:
    """What is objected to still, once every part of the page has taken the other colours."""
    found: list[str] = []
    for _look in range(MOST_LOOKS):
        found = page.evaluate(VIOLATIONS)
        if not found:
            break
    return found
