"""What the real app.py shows when a page breaks, in the colours of the settings."""

from __future__ import annotations

import re
import shutil
import tomllib
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from pages.parts.turns import APOLOGY
from scripts.served import ROOT, Server
from tests.browser.driving.serve import serve

REASON = "what only the log may say"
PAGE = f"""
import streamlit as st
st.title("A page")
if st.button("Break it"):
    with st.sidebar:
        raise ValueError("{REASON}")
"""


@pytest.fixture(scope="module")
def breakable(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A copy of app.py over a page that can break."""
    folder = tmp_path_factory.mktemp("breakable")
    shutil.copy(ROOT / "app.py", folder)
    (folder / "pages").mkdir()
    (folder / "pages" / "main.py").write_text(PAGE)
    with serve(folder / "app.py") as running:
        yield running


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_broken_page_apologises_and_only_the_log_says_why(
    browser: Browser, breakable: Server, scheme: str
) -> None:
    page = browser.new_page(color_scheme=scheme)  # type: ignore[arg-type]
    said: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda sent: asked.append(sent.url))
    before = breakable.log.read_text().count(f"ValueError: {REASON}")
    page.goto(breakable.url)
    page.get_by_role("button", name="Break it").click()
    page.get_by_text(APOLOGY).wait_for()
    assert background(page) == settings_background(scheme)
    assert REASON not in page.content()
    assert "Traceback" not in page.content()
    assert breakable.log.read_text().count(f"ValueError: {REASON}") == before + 1
    page.close()
    assert said == [], "nothing is refused by the content security policy"
    assert [url for url in asked if not url.startswith(breakable.url)] == []


def background(page: Page) -> str:
    """The colour behind everything, as #rrggbb."""
    app = "getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor"
    return "#" + "".join(f"{int(part):02x}" for part in re.findall(r"\d+", page.evaluate(app))[:3])


def settings_background(scheme: str) -> str:
    """The colour that .streamlit/config.toml says."""
    settings = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text())
    colour: str = settings["theme"][scheme]["backgroundColor"]
    return colour
