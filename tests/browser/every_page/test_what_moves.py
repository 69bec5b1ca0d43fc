"""Little on a page moves by itself while it loads."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from scripts.served import Server
from tests.browser.driving.screen import DESKTOP, PHONE

STEADY = 0.1
"""Browsers call a shift of 0.1 good."""
SUM_UP = """
window.shift = PerformanceObserver.supportedEntryTypes.includes("layout-shift") ? 0 : NaN;
new PerformanceObserver((list) => {
  for (const { value, hadRecentInput } of list.getEntries())
    if (!hadRecentInput) window.shift += value;
}).observe({ type: "layout-shift", buffered: true });
"""


EXAMPLE = ".start[data-step='5']"
MAPS = ".card[data-map=downstream]"
ONWARD = ".st-key-lesson_onward .primary"


@pytest.mark.parametrize(
    ("size", "path", "last"),
    [
        (DESKTOP, "playground", MAPS),
        (DESKTOP, "?v=2&model=unet", MAPS),
        (DESKTOP, "playground?v=2&hand=input", MAPS),
        (DESKTOP, "playground?v=2&editing=1", MAPS),
        (DESKTOP, "", EXAMPLE),
        (DESKTOP, "playground?present=1", MAPS),
        (DESKTOP, "gallery", ".pictured img"),
        (DESKTOP, "about", ".st-key-about pre"),
        (DESKTOP, "convolution_backward", ONWARD),
        (DESKTOP, "convolution_backward?present=1", ONWARD),
        (DESKTOP, "nearest_upsampling", ONWARD),
        (PHONE, "playground", MAPS),
        (PHONE, "playground?v=2&editing=1", MAPS),
        (PHONE, "", EXAMPLE),
    ],
)
def test_a_page_stands_where_it_will_stand_from_the_start(
    browser: Browser, server: Server, size: dict[str, int], path: str, last: str
) -> None:
    context = browser.new_context(viewport=size)  # type: ignore[arg-type]
    context.add_init_script(SUM_UP)
    page = context.new_page()
    page.goto(f"{server.url}/{path}")
    expect(page.locator(last).first).to_be_visible()
    script = page.get_by_test_id("stApp")
    expect(script).to_have_attribute("data-test-script-state", "notRunning")
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0)
    shift = page.evaluate("() => shift")
    context.close()
    assert shift < STEADY
