"""Draw the README's picture: a gradient that flows back through `Test`, a step a frame."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, expect, sync_playwright

from scripts.chromium import chromium
from scripts.served import served

PICTURE = Path(__file__).resolve().parent.parent / "docs" / "backward.gif"
SIZE = {"width": 1280, "height": 720}
MILLISECONDS = 1600
"""Of a step: time to find what has changed."""
REST = 5000
"""Milliseconds of the whole run, which stands at the end."""
REPEATS = 2
"""Then it is still: nothing moves for ever."""
COLOURS = 128


def main() -> None:
    """Serve the app, take every step of the backward pass, and put what is seen in a row."""
    with served() as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium(), args=["--no-sandbox", "--disable-background-networking"]
        )
        page = browser.new_page(viewport=SIZE, color_scheme="light", reduced_motion="reduce")  # type: ignore[arg-type]
        frames = [_seen(page, f"{server.url}/playground?v=2&step=0")]
        count = int(page.locator(".backlight-step input").get_attribute("max") or 0)
        frames += [
            _seen(page, f"{server.url}/playground?v=2&step={step}") for step in range(1, count + 1)
        ]
        frames.append(_seen(page, f"{server.url}/playground"))
        browser.close()
    _save(frames)
    print(f"wrote {PICTURE}, {len(frames)} frames, {PICTURE.stat().st_size / 1000:.0f} kB")


def _seen(page: Page, address: str) -> Image.Image:
    """Return what is on screen beside the controls once all is said."""
    page.goto(address)
    expect(page.locator(".bench[data-state=explained]")).to_be_attached(timeout=60_000)
    expect(page.locator(".backlight-graph g.node[aria-pressed=true]")).to_have_count(1)
    page.evaluate("() => document.fonts.ready")
    left = page.get_by_test_id("stSidebar").bounding_box()
    assert left is not None
    clip = {**SIZE, "x": left["width"], "y": 0, "width": SIZE["width"] - left["width"]}
    return Image.open(BytesIO(page.screenshot(clip=clip))).convert("RGB")  # type: ignore[arg-type]


def _save(frames: list[Image.Image]) -> None:
    """Write the frames with one palette: what does not change is then left out of a frame."""
    palette = frames[-1].quantize(COLOURS)
    first, *others = [each.quantize(palette=palette, dither=Image.Dither.NONE) for each in frames]
    times = [*[MILLISECONDS] * len(others), REST]
    first.save(
        PICTURE, save_all=True, append_images=others, duration=times, loop=REPEATS, optimize=True
    )


if __name__ == "__main__":
    main()
