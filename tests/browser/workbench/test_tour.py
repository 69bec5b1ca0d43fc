"""The tour of the playground: four stops, by keys, skipped and taken again."""

from __future__ import annotations

from playwright.sync_api import Locator, expect

from tests.browser.conftest import Visit
from tests.browser.driving.screen import Screen

STOPS = ("The flow", "A cell", "Its sum", "The proof")
TOURED = (".backlight-strip", ".maps .row", ".sum", ".proof")


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
