"""The page can be read and used on a phone, on a tablet and in the dark."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import Visit
from tests.browser.driving.screen import PHONE, Screen, comes_to

READABLE = 4.5
"""Contrast of text that WCAG 2 asks for at level AA."""

# Contrast of an element's own text with what is painted behind it, through shadow roots.
CONTRAST = """(element) => {
  const chain = [];
  const parent = (node) => node.parentElement ?? node.getRootNode().host ?? null;
  for (let node = element; node; node = parent(node)) chain.unshift(node);
  const dot = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  const paint = (colour, alpha) => {
    dot.globalAlpha = alpha;
    dot.fillStyle = colour;
    dot.fillRect(0, 0, 1, 1);
    const [red, green, blue] = dot.getImageData(0, 0, 1, 1).data;
    const linear = [red, green, blue].map((each) => each / 255)
      .map((each) => (each <= 0.04045 ? each / 12.92 : ((each + 0.055) / 1.055) ** 2.4));
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
  };
  let behind = paint("white", 1);
  let opacity = 1;
  for (const node of chain) {
    const style = getComputedStyle(node);
    opacity *= Number(style.opacity);
    behind = paint(style.backgroundColor, opacity);
  }
  const ink = paint(getComputedStyle(element).color, opacity);
  const [low, high] = [ink, behind].sort((one, other) => one - other);
  return (high + 0.05) / (low + 0.05);
}"""

WIDE = ("test", "lenet", "unet", "attention", "fpn", "words")
"""Presets with many layers, many branches, large maps and long names."""
TEXTS = (
    "h3.head",
    "p.head",
    ".backlight-strip .box .name",
    ".backlight-strip .box .detail",
    ".backlight-strip .box .value .number",
    ".backlight-strip .box .gradient .number",
    ".backlight-strip .verdict",
    ".maps .title",
    ".maps .subtitle",
    ".maps .ends span",
    ".sum .recorded",
    ".proof .line",
    ".proof .opens",
    ".finding",
    "[data-testid=stSidebar] h2",
    "[data-testid=stSidebar] label p",
    "[data-testid=stSidebar] [data-testid=stCaptionContainer] p",
    "[data-testid=stSidebar] button p",
    ".segments span",
    ".graph-card header button",
)


def overflow(screen: Screen) -> list[str]:
    """What sticks out of the window to the right, outside rows that scroll on purpose."""
    widths = "(all) => all.map((each) => each.scrollWidth - each.clientWidth)"
    wide = screen.page.locator("html, body, .stMain").evaluate_all(widths)
    inside = (
        "(all) => all.filter((each) => { const box = each.getBoundingClientRect();"
        " return box.width && (box.right > innerWidth + 1 || box.left < -1); })"
        ".map((each) => each.outerHTML.slice(0, 120))"
    )
    cards = ".stMain button:not(.box), .stMain input, [data-map], .finding, .stMain h3"
    return [*map(str, filter(None, wide)), *screen.page.locator(cards).evaluate_all(inside)]


def test_on_a_phone_nothing_is_wider_than_the_screen(visit: Visit) -> None:
    screen = visit(viewport=PHONE, has_touch=True, is_mobile=True)
    for model in WIDE:
        screen.go(f"?v=1&model={model}")
        assert overflow(screen) == [], model


def test_at_widths_between_phone_and_desk_nothing_sticks_out_or_overlaps(visit: Visit) -> None:
    screen = visit("?v=1&model=residual")
    for width in (700, 900, 1100):
        screen.page.set_viewport_size({"width": width, "height": 900})
        comes_to(screen.page, lambda: overflow(screen), [])
        _cards_are_apart(screen)


def test_at_the_size_of_a_projector_the_gradients_stand_side_by_side(visit: Visit) -> None:
    screen = visit(viewport={"width": 1280, "height": 720})
    for layer in ("upsample", "conv2", "conv1"):
        screen.box(layer).click()
        expect(screen.heading).to_have_text(layer)
        comes_to(screen.page, lambda: len({*map(_top, screen.page.locator(GRADIENTS).all())}), 1)
        expect(screen.page.locator(GRADIENTS)).to_have_count(2)


GRADIENTS = ".card[data-map=upstream], .card[data-map=downstream]"


def _top(card: Locator) -> float:
    return float(card.evaluate("(card) => card.getBoundingClientRect().top"))


def test_the_tools_scroll_away_with_the_page(visit: Visit) -> None:
    screen = visit(viewport={"width": 1280, "height": 720})
    expect(screen.button("Open large")).to_be_in_viewport()
    screen.page.locator(".stMain").evaluate("(main) => main.scrollTo(0, main.scrollHeight)")
    expect(screen.button("Open large")).not_to_be_in_viewport()


def test_the_large_view_has_both_gradients_with_their_numbers(visit: Visit) -> None:
    screen = visit(viewport={"width": 1280, "height": 720})
    screen.button("Open large").click()
    figures = screen.page.locator(".js-plotly-plot:visible")
    expect(figures).to_have_count(2)
    for figure, number in zip((figures.nth(0), figures.nth(1)), ("0.165", "0.0924"), strict=True):
        expect(
            figure.locator(".heatmap-label", has_text=re.compile(rf"^{number}$"))
        ).to_be_visible()
        expect(figure).to_be_in_viewport()
    screen.page.get_by_role("tab", name="Depth profile").click()
    expect(figures).to_have_count(1)
    opened = screen.page.get_by_role("dialog")
    expect(opened).to_contain_text("Nothing vanishes here.")
    expect(figures).to_contain_text("below: no change to a float32 weight of 1")
    expect(figures.locator(".xtick")).to_have_text(
        ["input", "conv1", "upsample", "conv2", "flatten", "fc", "loss"]
    )


@pytest.mark.parametrize("model", ["test", "lenet"])
def test_at_the_size_of_a_projector_the_whole_run_is_seen_at_once(visit: Visit, model: str) -> None:
    screen = visit(f"?v=1&model={model}", viewport={"width": 1280, "height": 720})
    boxes = screen.strip.locator(".box")
    for box in boxes.all():
        expect(box).to_be_in_viewport(ratio=1)
    assert sum(map(bool, screen.strip.locator(".scroller").evaluate_all(SCROLLS))) == 0
    whole = screen.strip.bounding_box()
    assert whole is not None
    assert whole["height"] <= 270


SCROLLS = "(all) => all.map((each) => each.scrollWidth > each.clientWidth)"


def _cards_are_apart(screen: Screen) -> None:
    graph, inspector = (
        screen.page.locator(f".{card}-card").bounding_box() for card in ("graph", "inspector")
    )
    bar = screen.button("Download as SVG").bounding_box()
    assert graph is not None
    assert inspector is not None
    assert bar is not None
    assert bar["x"] + bar["width"] <= graph["x"] + graph["width"]
    beside = inspector["x"] >= graph["x"] + graph["width"]
    assert beside or inspector["y"] >= graph["y"] + graph["height"]


def test_on_a_phone_everything_can_be_reached(visit: Visit) -> None:
    screen = visit(viewport=PHONE, has_touch=True, is_mobile=True)
    screen.box("conv2").tap()
    screen.shows("conv2", "n6", "conv2")
    screen.page.locator(".proof").scroll_into_view_if_needed()
    expect(screen.page.locator(".proof")).to_be_in_viewport()
    screen.page.locator(".stMain").evaluate("(main) => main.scrollTo(0, 0)")
    screen.page.get_by_test_id("stExpandSidebarButton").tap()
    screen.button("New weights").tap()
    expect(screen.button("New weights")).to_be_in_viewport()
    expect(screen.seed).to_have_value("1")
    screen.page.get_by_test_id("stSidebarCollapseButton").get_by_role("button").tap()
    expect(screen.button("New weights")).not_to_be_in_viewport()
    screen.shows("conv2", "n6", "conv2")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_all_main_texts_stand_out_from_what_is_behind_them(visit: Visit, scheme: str) -> None:
    screen = visit(color_scheme=scheme)
    background = screen.page.get_by_test_id("stApp").evaluate(
        "(app) => getComputedStyle(app).backgroundColor"
    )
    assert background == ("rgb(255, 255, 255)" if scheme == "light" else "rgb(20, 20, 28)")
    weak = {}
    for text in TEXTS:
        found = screen.page.locator(text)
        assert found.count() > 0, text
        contrast = min(each.evaluate(CONTRAST) for each in found.all()[:4])
        if contrast < READABLE:
            weak[text] = round(contrast, 2)
    assert weak == {}
