"""On one screen for a room, and within a fingertip's reach on a phone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from pages.parts.addresses import PLAYGROUND
from tests.browser.conftest import Visit
from tests.browser.driving.screen import PHONE, Screen, comes_to
from viz.words.beside import BESIDE_WORDS
from viz.words.hide import HIDE_WORDS

PROJECTOR = {"width": 1280, "height": 720}
LOW = {"width": 1280, "height": 460}
READ_FROM_THE_BACK = 18
"""Pixels of a number."""
SCROLLS = "(main) => main.scrollHeight > main.clientHeight"
SCROLLED = "({ scrollTop }) => scrollTop > 0"
WRITTEN = "(all) => all.map((each) => each.dataset.numbers)"
TARGETS = "button, a, input, select, summary, [role=button]"
# What is seen, is no link within a sentence, and is smaller than a fingertip needs.
SMALL = """(all) => all.filter((each) => {
  const { width, height, left, right } = (each.closest("label") ?? each).getBoundingClientRect();
  const seen = each.checkVisibility({ checkVisibilityCSS: true }) && width > 1 && height > 1;
  const within = right > 0 && left < innerWidth && !each.matches("p a, td a, li a");
  return seen && within && (width < 24 || height < 24);
}).map((each) => each.outerHTML.slice(0, 160))"""


# What of the first maps the sum lies over, or what of their titles and of the sum itself is cut.
COVERED = """(maps) => {
  const row = maps.querySelector(".row"), sum = maps.querySelector(".sum");
  const { top } = sum.getBoundingClientRect();
  const under = [...row.querySelectorAll(".scroller, .between, .scaling")].filter((each) =>
    each.getBoundingClientRect().bottom > top + 1);
  const texts = [...row.querySelectorAll(".title .name"), sum.querySelector(".terms")];
  const cut = texts.filter((each) =>
    each.scrollWidth > each.clientWidth + 1 || each.scrollHeight > each.clientHeight + 1);
  return [...under, ...cut].map((each) => `${each.className}: ${each.textContent.slice(0, 60)}`);
}"""
IS_WHOLE = """(part) =>
  part.scrollWidth <= part.clientWidth && part.scrollHeight <= part.clientHeight + 1"""
# Signs that reach down to the digits of their cells.
OVER_DIGITS = """(signs) => signs.filter((sign) => {
  const { top, height } = sign.previousElementSibling.getBoundingClientRect();
  return sign.getBoundingClientRect().bottom > top + height / 2;
}).map((sign) => sign.textContent)"""
MAPS, SUM = ".maps .row:first-child .scroller", ".maps .sum"


def on_one_screen(screen: Screen, parts: str = f"{MAPS}, {SUM}") -> None:
    """Nothing of the page is out of sight, and what stands in cells is read from the back."""
    main = screen.page.locator(".stMain")
    comes_to(screen.page, lambda: main.evaluate(SCROLLS), False)
    for part in screen.page.locator(parts).all():
        expect(part).to_be_in_viewport(ratio=0.9)
    fonts = screen.page.locator(".maps .scroller").evaluate_all(WRITTEN)
    sizes = [float(font.split("px")[0]) for font in fonts if font]
    assert all(size >= READ_FROM_THE_BACK for size in sizes), fonts


@pytest.mark.parametrize(("model", "kernel", "scrolls"), [("test", 11, False), ("lenet", 15, True)])
def test_a_room_sees_the_whole_run_on_one_screen_while_a_clicker_steps(
    visit: Visit, model: str, kernel: int, scrolls: bool
) -> None:
    screen = visit(f"?v=2&model={model}", viewport=PROJECTOR)
    screen.button("For a room").click()
    expect(screen.page).to_have_url(re.compile("&present=1$"))
    on_one_screen(screen)
    maps = screen.page.locator(".inspector-card .maps")
    for step in range(4):
        screen.page.keyboard.press("PageDown")
        expect(screen.page.locator(".backlight-step")).to_have_attribute("data-step", str(step))
        expect(screen.graph.locator("g.node[aria-pressed=true]")).to_be_in_viewport()
        on_one_screen(screen)
        comes_to(screen.page, lambda: maps.evaluate(COVERED), [])
    screen.page.keyboard.press("PageUp")
    expect(screen.page.locator(".backlight-step")).to_have_attribute("data-step", "2")
    there = f"{PLAYGROUND}?v=2&model={model}&step={kernel}&present=1"
    screen.page.goto(f"{screen.visitor.url}/{there}")
    screen.drawn()
    on_one_screen(screen)
    comes_to(screen.page, lambda: maps.evaluate(COVERED), [])
    # The largest of many kernels stands below the first ones.
    for scroller in maps.locator(".scroller").all():
        comes_to(screen.page, lambda at=scroller: at.evaluate(SCROLLED), scrolls)  # type: ignore[misc]
    screen.page.keyboard.press("Escape")
    expect(screen.page.locator(".backlight-step")).to_have_attribute("data-step", "")
    expect(screen.page).to_have_url(re.compile("present=1"))
    screen.page.keyboard.press("Escape")
    expect(screen.page).not_to_have_url(re.compile("present=1"))


def test_a_room_sees_two_runs_on_one_screen_and_pins_below_the_run(visit: Visit) -> None:
    screen = visit("?v=2&pins=n9,n6&present=1", viewport=PROJECTOR)
    for part in (MAPS, SUM, ".backlight-strip .row"):
        expect(screen.page.locator(part).first).to_be_in_viewport(ratio=0.9)
    expect(screen.page.locator(".pins")).not_to_be_in_viewport(ratio=0.5)
    screen.page.get_by_role("button", name="Go to what is pinned: 2").click()
    expect(screen.page.locator(".pin").first).to_be_in_viewport(ratio=0.5)
    screen.page.goto(f"{screen.visitor.url}/{PLAYGROUND}?v=2&2.seed=1&present=1")
    expect(screen.page.locator(".beside")).to_have_attribute("data-state", "shown")
    on_one_screen(screen, f".beside {MAPS}")


def test_a_key_that_is_typed_steps_nowhere(visit: Visit) -> None:
    screen = visit()
    screen.seed.focus()
    screen.page.keyboard.press("PageDown")
    screen.page.get_by_placeholder("Find a node").press("ArrowRight")
    screen.idle()
    expect(screen.page.locator(".backlight-step")).to_have_attribute("data-step", "")


@pytest.mark.parametrize(("model", "layer"), [("test", "conv2"), ("lenet", "pool1")])
def test_on_a_low_screen_both_maps_and_their_sum_are_seen_at_once(
    visit: Visit, model: str, layer: str
) -> None:
    screen = visit(f"?v=2&model={model}", viewport=PROJECTOR)
    screen.box(layer).click()
    expect(screen.heading).to_have_text(layer)
    screen.idle()
    for part in (".maps .scroller >> nth=0", ".maps .scroller >> nth=1", ".maps .sum"):
        expect(screen.page.locator(part)).to_be_in_viewport(ratio=1)


def test_the_sidebar_folds_and_comes_back_by_buttons_that_are_whole(visit: Visit) -> None:
    screen = visit(viewport=PROJECTOR)
    fold = screen.page.get_by_test_id("stSidebarCollapseButton").get_by_role("button")
    back = screen.page.get_by_test_id("stExpandSidebarButton")
    for button, other in ((fold, back), (back, fold)):
        expect(button).to_be_in_viewport(ratio=1)
        assert button.evaluate_all(SMALL) == []
        button.click()
        expect(other).to_be_in_viewport(ratio=1)


def test_on_a_phone_a_tap_shows_maps_and_a_dock_holds_sum_and_steps(visit: Visit) -> None:
    screen = visit(viewport=PHONE, has_touch=True, is_mobile=True)
    screen.box("conv1").tap()
    expect(screen.heading).to_have_text("conv1")
    screen.idle()
    expect(screen.card("downstream").locator(".scroller")).to_be_in_viewport(ratio=0.5)
    dock = (".maps .sum", ".backlight-step .next", ".backlight-step .play", ".backlight-step .back")
    for part in dock:
        expect(screen.page.locator(part)).to_be_in_viewport(ratio=1)
    expect(screen.graph).to_be_hidden()
    screen.page.locator(".graph-card .fold").tap()
    expect(screen.graph).to_be_visible()
    for part in dock:
        expect(screen.page.locator(part)).to_be_in_viewport(ratio=1)
    assert screen.page.locator(TARGETS).evaluate_all(SMALL) == []
    screen.button("Next step").tap()
    expect(screen.page.locator(".backlight-step")).to_have_attribute("data-step", "0")
    subtitle = screen.page.locator(".inspector-card .subtitle").first
    expect(subtitle).to_contain_text("MseLossBackward0")
    assert subtitle.evaluate("(e) => e.scrollWidth <= e.clientWidth"), "it is cut"


def test_a_step_moves_along_its_arrow_unless_nothing_is_to_move(visit: Visit) -> None:
    moving, calm = visit("?v=2&step=0"), visit("?v=2&step=0", reduced_motion="reduce")
    for screen, count in ((moving, 1), (calm, 0)):
        screen.page.evaluate(WATCH)
        screen.button("Next step").click()
        expect(screen.box("fc")).to_have_attribute("aria-description", "current step")
        comes_to(screen.page, lambda at=screen: at.strip.locator(".dot").count(), 0)  # type: ignore[misc]
        assert screen.page.evaluate("() => window.ran") == count


# Counts the dots that ran in the strip.
WATCH = """() => {
  const within = (root, found) => root.querySelector(found) ?? [...root.querySelectorAll("*")]
    .map((each) => each.shadowRoot && within(each.shadowRoot, found)).find(Boolean);
  window.ran = 0;
  new MutationObserver((records) => {
    for (const { addedNodes } of records)
      for (const each of addedNodes) if (each.classList?.contains("dot")) window.ran += 1;
  }).observe(within(document, ".backlight-strip .lines"), { childList: true });
}"""


def test_in_a_room_what_is_asked_and_what_came_of_it_are_seen_in_plain_numbers(
    visit: Visit,
) -> None:
    screen = visit("?v=2&hidden=upsample.downstream&present=1", viewport=PROJECTOR)
    given = screen.card("upstream")
    expect(given.locator(".scroller")).to_have_attribute("data-numbers", re.compile(r"\d+px"))
    expect(given.locator(".title .unit")).to_be_empty()
    for cell in screen.card("downstream").locator("input").all():
        cell.fill("0.1652")
    screen.button("Check").click()
    tally = screen.page.locator(".tally")
    expect(tally).to_contain_text("1 of 4 cells are right.")
    assert screen.card("downstream").locator(".sign").evaluate_all(OVER_DIGITS) == []
    for part in (tally, given.locator(".scroller")):
        expect(part).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize("hidden", ["upsample.downstream", "conv2.downstream"])
def test_on_a_phone_what_is_asked_and_what_is_given_are_in_view_together(
    visit: Visit, hidden: str
) -> None:
    screen = visit(f"?v=2&hidden={hidden}", viewport=PHONE, has_touch=True, is_mobile=True)
    asked = screen.page.locator(".filling:not([hidden]) table")
    asked.evaluate("(table) => table.closest('.card').scrollIntoView()")
    dock = screen.page.locator(".backlight-step .next")
    for part in (asked, screen.page.locator(".maps .scroller:not([hidden])"), dock):
        expect(part).to_be_in_viewport(ratio=0.95)


@pytest.mark.parametrize(
    ("model", "hidden"), [("test", "upsample.upstream"), ("lenet", "pool1.downstream")]
)
def test_what_is_typed_into_a_hidden_map_is_read_whole(
    visit: Visit, model: str, hidden: str
) -> None:
    screen = visit(f"?v=2&model={model}&hidden={hidden}", viewport=PROJECTOR)
    inputs = screen.page.locator(".filling:not([hidden]) input")
    inputs.first.fill("\u22120.0454")
    for part in (inputs.first, screen.page.locator(".hidden-map")):
        assert part.evaluate(IS_WHOLE)
    given = screen.page.locator(".maps .scroller:not([hidden])")
    expect(given).to_have_attribute("data-numbers", re.compile(r"\d+px"))


def test_a_term_wider_than_a_phone_wraps_between_its_numbers(visit: Visit) -> None:
    screen = visit("?v=2&model=vanishing", viewport=PHONE, has_touch=True, is_mobile=True)
    summed = screen.page.locator(".maps .sum .term .chip")
    expect(summed).to_be_in_viewport(ratio=1)
    for part in (".maps .sum", ".maps .sum .terms"):
        assert screen.page.locator(part).evaluate(IS_WHOLE)
    assert summed.evaluate("(chip) => chip.getClientRects().length") == 1


def test_a_room_reads_a_cell_without_a_number_beside_the_title(visit: Visit) -> None:
    screen = visit("?v=2&model=lenet&present=1", viewport=PROJECTOR)
    handed, arrived = screen.card("downstream"), screen.card("upstream")
    for card, is_seen in ((handed, True), (arrived, False)):
        card.locator(".scroller").hover()
        expect(card.locator(".readout .value")).to_be_visible(visible=is_seen)


def test_a_title_ends_before_the_button_that_hides_its_map(visit: Visit) -> None:
    screen = visit("?v=2", viewport=PROJECTOR)
    card = screen.card("upstream")
    card.hover()
    button = card.get_by_role("button", name=HIDE_WORDS["hide"]).bounding_box()
    title = card.locator(".title .name").bounding_box()
    assert button
    assert title
    assert title["x"] + title["width"] <= button["x"]


# What of the strip is wider than its box, or of a scale than what stands between the maps.
TOO_WIDE = """(bench) => {
  const wide = (each, most) => each.getBoundingClientRect().width > most + 0.5;
  const numbers = [...bench.querySelectorAll(".box .gradient .number")].filter((each) =>
    wide(each, each.closest(".box").getBoundingClientRect().width));
  const scales = [...bench.querySelectorAll(".between .ends")].filter((each) =>
    each.scrollWidth > each.closest(".between").clientWidth);
  return [...numbers, ...scales].map((each) => each.textContent);
}"""


def test_a_room_tells_narrow_boxes_apart_and_nothing_runs_over(visit: Visit) -> None:
    screen = visit("?v=2&model=vanishing&present=1", viewport={"width": 1440, "height": 900})
    names = screen.strip.locator(".box .name").all_inner_texts()
    assert len(set(names)) == len(names) == 20
    assert all(screen.strip.locator(".box .gradient .number").all_inner_texts()[1:])
    assert screen.page.locator(".bench").evaluate(TOO_WIDE) == []


def test_a_room_sees_in_one_unit_what_two_runs_have_in_common(visit: Visit) -> None:
    screen = visit(viewport=PROJECTOR)
    two = f"{PLAYGROUND}?v=2&model=lenet&2.seed=1&present=1"
    screen.page.goto(f"{screen.visitor.url}/{two}")
    units = screen.page.locator(".beside .row").first.locator(".title .unit")
    expect(units).to_have_text(["×10⁻²"] * 3)
    for unit in units.all():
        expect(unit).to_be_in_viewport(ratio=1)
    screen.page.goto(f"{screen.visitor.url}/{PLAYGROUND}?v=2&2.seed=0&scale=own&present=1")
    equal, below = (screen.page.locator(".beside .row").nth(at) for at in (0, 1))
    expect(equal.locator(".title .name").last).to_have_text(BESIDE_WORDS["map_equal"])
    expect(equal.locator(".legend .scale")).to_have_count(2)
    for part in (*equal.locator(".legend span:visible").all(), below.locator(".title").first):
        expect(part).to_be_in_viewport(ratio=1)


def test_a_lesson_shows_three_maps_with_their_sum_and_a_value_before_its_index(
    visit: Visit,
) -> None:
    screen = visit(viewport=PROJECTOR)
    for room in ("&present=1", ""):
        screen.page.goto(f"{screen.visitor.url}/nearest_upsampling?v=2&step=experiment{room}")
        first = screen.page.locator(MAPS).first
        first.click(position={"x": 20, "y": 20})
        expect(screen.page.locator(".sum.pinned")).to_be_in_viewport(ratio=1)
        assert screen.page.locator(".maps").evaluate(COVERED) == []
        place = screen.page.locator("[data-testid=stLayoutWrapper]:has(> .st-key-lesson_step)")
        expect(place).to_have_css("--goes-on", "0px")  # nothing fades
    value = screen.page.locator(".readout .value").first
    expect(value).to_be_in_viewport(ratio=0.9)
    assert not value.evaluate("(part) => part.scrollWidth > part.clientWidth")


@pytest.mark.parametrize("room", ["&present=1", ""])
def test_what_a_lesson_says_of_an_answer_comes_in_sight(visit: Visit, room: str) -> None:
    screen = visit(viewport=PROJECTOR)
    screen.page.goto(f"{screen.visitor.url}/nearest_upsampling?v=2&step=predict{room}")
    cells = screen.page.locator(".guess input")
    for cell, value in enumerate(("-0.25", "1", "-1.25", "-3.75")):
        cells.nth(cell).fill(value)
    screen.button("Check").click()
    expect(screen.alert).to_contain_text("0 of 4 cells are right.")
    expect(screen.alert).to_be_in_viewport(ratio=1)
    cells.first.scroll_into_view_if_needed()
    for cell, value in enumerate(("-1", "4", "-5", "-15")):
        cells.nth(cell).fill(value)
    screen.button("Check").click()
    expect(screen.alert).to_contain_text("Right in every cell")
    expect(screen.alert).to_be_in_viewport(ratio=1)


def test_where_a_lesson_goes_on_below_its_place_in_a_low_room_it_fades(visit: Visit) -> None:
    screen = visit(viewport=LOW)
    place = screen.page.locator("[data-testid=stLayoutWrapper]:has(> .st-key-lesson_step)")
    screen.page.goto(f"{screen.visitor.url}/convolution_backward?v=2&step=turning&present=1")
    expect(place).to_have_css("--goes-on", "80px")
    place.evaluate("(part) => part.scrollTo(0, part.scrollHeight)")
    expect(place).to_have_css("--goes-on", "0px")
    screen.page.goto(f"{screen.visitor.url}/convolution_backward?v=2&step=scratch&present=1")
    code = screen.page.locator(".st-key-lesson_step pre")
    expect(code).to_contain_text("def backward")
    assert not code.evaluate(SCROLLS)  # no clicker scrolls within it, but in the place of the step
    comes_to(screen.page, lambda: place.evaluate(SCROLLS), True)
