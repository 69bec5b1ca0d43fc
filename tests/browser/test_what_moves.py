"""Little on a page moves by itself while it loads."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from scripts.served import Server
from tests.browser.screen import DESKTOP

STEADY = 0.2
"""Browsers call a shift of 0.1 good; in which order parts come depends on the machine."""
SUM_UP = """
window.shift = PerformanceObserver.supportedEntryTypes.includes("layout-shift") ? 0 : NaN;
new PerformanceObserver((list) => {
  for (const { value, hadRecentInput } of list.getEntries())
    if (!hadRecentInput) window.shift += value;
}).observe({ type: "layout-shift", buffered: true });
"""


@pytest.mark.parametrize(
    ("path", "last"),
    [
        ("", "[data-map=downstream]"),
        ("start", ".st-key-lesson_cards a"),
        ("gallery", ".pictured img"),
        ("convolution_backward", ".st-key-lesson_onward button"),
        ("nearest_upsampling", ".st-key-lesson_onward button"),
    ],
)
def test_a_page_stands_where_it_will_stand_from_the_start(
    browser: Browser, server: Server, path: str, last: str
) -> None:
    context = browser.new_context(viewport=DESKTOP)  # type: ignore[arg-type]
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
