"""The whole app speaks Korean, and a visitor can choose the language that it speaks."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Visit
from tests.browser.driving.alone import alone
from tests.browser.every_page.test_reached_and_read import BESIDE, MAPS, ONWARD

SENTENCE = re.compile(r"(?:[A-Za-z']{2,} ){2,}[A-Za-z']{2,}")
"""Three words of Latin letters in a row: names and code that stand in a text have fewer."""
STREAMLITS = {
    "Link to heading",
    "Copy to clipboard",
    "Choose an option",
    "Choose or add an option",
    "1MB per file",
}
"""What Streamlit says itself, in English only."""
HELP = "Help for "
"""Streamlit says it before the name of what its question marks explain."""
COMMAND = "make run HOST=0.0.0.0"
"""Stands in the sentence about links that a phone cannot open."""
# Every text on screen and every name that a screen reader says, code left out.
TEXTS = """() => {
  const found = [];
  const skipped = "SCRIPT STYLE CODE PRE TEXTAREA NOSCRIPT".split(" ");
  const names = ["aria-label", "title", "placeholder", "alt"];
  const walk = (node) => {
    if (node.nodeType === 3) found.push(node.textContent.trim());
    if (node.nodeType === 1 && skipped.includes(node.tagName)) return;
    if (node.nodeType === 1) found.push(...names.map((name) => node.getAttribute(name) ?? ""));
    if (node.shadowRoot) walk(node.shadowRoot);
    node.childNodes.forEach(walk);
  };
  walk(document.body);
  return [...new Set(found)];
}"""
WRONG = """class Small(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 2, 3)
    def forward(self, x):
        return self.head(x)
"""
PLACES = {
    "": ".start[data-step='5']",
    "gallery": ".pictured img",
    "about": ".st-key-about code",
    "playground?v=2&model=vanishing": MAPS,
    "playground?v=2&target=odd": MAPS,
    "playground?v=2&editing=1": MAPS,
    "playground?v=2&2.seed=1": BESIDE,
    "playground?v=2&model=moons&train=1&train_run=50": ".timeline .plot",
    "nearest_upsampling": ONWARD,
}


def english(page: Page) -> set[str]:
    """The English sentences that a page says."""
    texts = (text.removeprefix(HELP).replace(COMMAND, "") for text in page.evaluate(TEXTS))
    ours = set(texts) - STREAMLITS
    return {text for text in ours if SENTENCE.search(text)}


@pytest.mark.parametrize("place", PLACES)
def test_no_page_says_an_english_sentence_to_who_speaks_korean(visit: Visit, place: str) -> None:
    screen = visit("", locale="ko-KR")
    page = screen.page
    page.goto(f"{screen.visitor.url}/{place}")
    page.locator(PLACES[place]).first.wait_for()
    expect(page.get_by_role("button", name="한국어")).to_be_visible()  # our script has come
    expect(page.locator("html")).to_have_attribute("lang", "ko")
    assert english(page) == set()


def test_a_visitor_chooses_the_language_and_keeps_it_from_page_to_page(visit: Visit) -> None:
    page = visit("?v=2&seed=1").page
    page.locator(MAPS).wait_for()
    choice = page.get_by_role("group", name="Language")
    expect(choice.get_by_role("button", name="English")).to_have_attribute("aria-pressed", "true")
    choice.get_by_role("button", name="한국어").click()
    expect(page).to_have_url(re.compile("seed=1.*lang=ko$"))
    page.locator(MAPS).wait_for()
    expect(page.locator("html")).to_have_attribute("lang", "ko")
    assert english(page) == set()
    page.get_by_role("link", name="갤러리", exact=True).click()
    page.locator(".pictured img").first.wait_for()
    expect(page).to_have_url(re.compile("gallery.*lang=ko$"))
    assert english(page) == set()
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", name="Gallery", exact=True)).to_be_visible()
    expect(page).to_have_url(re.compile("lang=en$"))


def test_an_error_in_pasted_code_is_said_in_korean(visit: Visit) -> None:
    page = visit("?v=2&paste=1&lang=ko").page
    page.locator(".st-key-paste_text textarea").fill(WRONG)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_test_id("stAlert")).to_contain_text("6행")
    assert english(page) == set()


def test_what_is_shared_and_taken_along_speaks_korean(
    visit: Visit, browser: Browser, tmp_path: Path
) -> None:
    screen = visit("?v=2&lang=ko")
    page = screen.page
    page.locator(MAPS).wait_for()
    screen.button("공유").click()
    expect(screen.button("링크 복사")).to_be_visible()
    assert english(page) == set()
    page.keyboard.press("Escape")
    screen.button("가져가기").click()
    with page.expect_download() as coming:
        screen.button("웹 페이지 .html").click()
    assert english(page) == set()
    file = tmp_path / "taken.html"
    coming.value.save_as(file)
    with alone(browser, file) as offline:
        expect(offline.locator("html")).to_have_attribute("lang", "ko")
        assert english(offline) == set()
