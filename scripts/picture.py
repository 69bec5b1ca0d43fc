"""Draw the README's picture: the playground as it opens, at 1440 x 900."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import sync_playwright

from scripts.chromium import chromium
from scripts.served import served

PICTURE = Path(__file__).resolve().parent.parent / "docs" / "playground.png"
SIZE = {"width": 1440, "height": 900}
POINTED_AT = ("Control+Home", "ArrowRight", "ArrowRight")
"""Keys that point at a cell, so that the picture shows a value being read."""


def main() -> None:
    """Serve the app, open it, point at a cell and save what is seen."""
    with served() as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium(), args=["--no-sandbox", "--disable-background-networking"]
        )
        page = browser.new_page(viewport=SIZE, color_scheme="light")  # type: ignore[arg-type]
        page.goto(f"{server.url}/playground")
        upstream = page.locator("[data-map=upstream] .scroller")
        upstream.wait_for()
        page.get_by_role("button", name="UpsampleNearest2DBackward0").first.wait_for()
        upstream.focus()
        for key in POINTED_AT:
            page.keyboard.press(key)
        page.locator("[data-map=upstream] .readout[data-index]").wait_for()
        page.wait_for_timeout(300)  # fonts and the focus ring settle
        page.screenshot(path=PICTURE)
        browser.close()
    print(f"wrote {PICTURE}")


if __name__ == "__main__":
    main()
