"""The tour of the playground: four stops, by keys, skipped and taken again."""

from __future__ import annotations

from playwright.sync_api import Locator, expect

from tests.browser.conftest import Visit
from tests.browser.driving.screen import PHONE, Screen, comes_to
from viz.words.tour import TOUR_WORDS

STOPS = ("The flow", "A cell", "Its sum", "The proof")
TOURED = (".backlight-strip", ".maps .row", ".sum", ".proof")

# What of the thing it speaks of, and at its sum of the cells that are outlined, it lies over.
COVERS = """(card) => {
  const { top, bottom } = card.getBoundingClientRect();
  const toured = card.getRootNode().querySelector(".toured");
  const rows = toured.matches(".sum") ? [...toured.parentElement.querySelectorAll(".row")] : [];
  return [toured, ...rows.slice(0, 1)].filter((each) => {
    const box = each.getBoundingClientRect();
    return box.top < bottom && top < box.bottom;
  }).map((each) => each.className);
}"""


def card(screen: Screen) -> Locator:
    return screen.page.get_by_role("dialog", name="Tour of the playground")


def test_the_tour_goes_by_keys_from_the_flow_to_the_proof_and_can_be_taken_again(
    visit: Visit,
) -> None:
    screen = visit(viewport={"width": 1280, "height": 720})
    opener = screen.button("Tour")
    opener.focus()
    screen.page.keyboard.press("Enter")
    for place, (stop, toured) in enumerate(zip(STOPS, TOURED, strict=True), 1):
        expect(card(screen)).to_contain_text(f"{stop}{place} of 4")
        expect(screen.page.locator(".toured")).to_have_count(1)
        expect(screen.page.locator(f"{toured}.toured")).to_be_in_viewport()
        expect(card(screen)).to_be_in_viewport(ratio=1)
        comes_to(screen.page, lambda: card(screen).evaluate(COVERS), [])
        screen.page.keyboard.press("Enter")
    expect(card(screen)).to_be_hidden()
    expect(opener).to_be_focused()
    expect(screen.page.locator(".toured")).to_have_count(0)

    opener.click()
    screen.page.keyboard.press("ArrowRight")
    screen.page.keyboard.press("ArrowRight")
    screen.page.keyboard.press("ArrowLeft")
    expect(card(screen)).to_contain_text("2 of 4")
    screen.box("conv2").click()  # what it speaks of can be tried
    expect(card(screen)).to_contain_text("2 of 4")
    card(screen).get_by_role("button", name="Skip the tour").click()
    expect(card(screen)).to_be_hidden()
    expect(screen.heading).to_have_text("conv2")
    opener.click()
    screen.page.keyboard.press("Escape")
    expect(card(screen)).to_be_hidden()


def test_the_tour_speaks_of_two_gradients_where_there_are_two(visit: Visit) -> None:
    screen = visit("?v=2&step=2")  # it is offered to somebody who steps, too
    expect(screen.heading).to_have_text("fc.bias")
    screen.button("Tour").click()
    expect(screen.heading).to_have_text("fc.bias")
    screen.page.keyboard.press("ArrowRight")
    expect(screen.heading).to_have_text("upsample")
    expect(screen.page.locator(".maps .row.toured")).to_have_count(1)
    screen.page.get_by_role("radio", name="values").check()
    expect(screen.page.locator(".maps .row.toured")).to_have_count(1)
    card(screen).get_by_role("button", name="Next").click()
    expect(screen.page.get_by_role("radio", name="gradient")).to_be_checked()
    expect(screen.page.locator(".sum.toured")).to_be_visible()


def test_on_a_phone_what_the_tour_speaks_of_stands_clear_of_the_dock(visit: Visit) -> None:
    screen = visit(viewport=PHONE, has_touch=True, is_mobile=True)
    screen.button("Tour").tap()
    dock = screen.page.locator(".backlight-step .bar")
    for stop, toured in (
        ("says_cell_touched", ".maps .row"),
        ("says_sum_touched", ".sum"),
        ("says_proof", ".proof"),
    ):
        card(screen).get_by_role("button", name="Next").tap()
        expect(screen.page.locator(f"{toured}.toured")).to_be_visible()
        expect(card(screen)).to_contain_text(TOUR_WORDS[stop])
    ends = screen.page.locator(".proof").bounding_box(), dock.bounding_box()
    assert ends[0]
    assert ends[1]
    assert ends[0]["y"] + ends[0]["height"] < ends[1]["y"]
