"""Pinned layers stay beside the chosen one, also in the next run and in the address."""

from __future__ import annotations

import re

import torch
from playwright.sync_api import expect
from torch import Tensor

from tests.browser.conftest import Visit
from tests.browser.driving.screen import Screen
from tests.browser.plain import gradient, plain


def shows(screen: Screen, key: str, wanted: Tensor, scale: Tensor) -> None:
    """A pinned map holds these numbers, bit by bit, on this scale."""
    largest = str(scale.abs().max().double().item())
    expect(screen.card(key)).to_have_attribute("data-scale", largest)
    assert screen.array(key).tobytes() == wanted.numpy().tobytes()


def test_pins_and_the_choice_stay_in_another_run_on_one_scale_and_in_the_address(
    visit: Visit,
) -> None:
    screen = visit("?v=2&node=n9")
    pins, pin = (
        screen.page.locator(".pin"),
        screen.page.get_by_role("button", name="Pin", exact=True),
    )
    expect(screen.page.locator(".pins")).to_be_hidden()
    pin.press("Enter")
    expect(pins).to_have_count(1)
    expect(pin).to_have_attribute("aria-pressed", "true")
    expect(screen.page.locator(".pinning").get_by_role("status")).to_have_text("Pinned below")
    screen.idle()  # a choice that has settled is one to which Back returns
    screen.box("conv2").click()
    expect(pin).to_have_attribute("aria-pressed", "false")
    screen.idle()
    pin.click()
    expect(pins).to_have_count(2)
    expect(screen.page).to_have_url(re.compile(r"pins=n9(%2C|,)n6"))
    model, _loss = plain()
    conv1, upsample, conv2 = (
        gradient(model.kept[name])[:1] for name in ("conv1", "upsample", "conv2")
    )
    largest = torch.stack([each.abs().max() for each in (conv1, upsample, conv2)])
    shows(screen, "n9 downstream", conv1, largest)
    shows(screen, "n6 upstream", conv2, largest)
    screen.page.locator(".pins").get_by_role("radio", name="own").check(force=True)
    shows(screen, "n9 downstream", conv1, conv1)
    shows(screen, "n9 upstream", upsample, upsample)
    screen.idle()
    screen.button("New weights").click()
    expect(screen.seed).to_have_value("1")
    other = gradient(plain(1)[0].kept["upsample"])[:1]
    shows(screen, "n9 upstream", other, other)
    screen.idle()
    screen.page.go_back()
    expect(screen.seed).to_have_value("0")
    screen.idle()
    screen.page.go_back()
    expect(pins).to_have_count(1)
    screen.page.go_forward()
    expect(pins).to_have_count(2)
    close = screen.page.get_by_role("button", name="Close upsample")
    close.press("Enter")
    expect(pins).to_have_count(1)
    screen.page.keyboard.press("Escape")
    expect(pin).to_be_focused()
    expect(pins).to_have_count(1)
    screen.box("conv1").click()
    screen.at_node("n10")
    screen.pick("Loss", "A given upstream gradient")  # the loss had one node, n0
    screen.shows("conv1", "n9", "conv1")
    expect(screen.page).to_have_url(re.compile(r"pins=n5"))
    expect(screen.page.locator(".pin h4")).to_have_text("conv2 · gradient · sample 0")
    expect(screen.card("n5 upstream")).to_be_visible()


def test_what_is_pressed_while_the_page_of_another_entry_is_coming_is_kept(visit: Visit) -> None:
    screen = visit("?v=2&node=n9&pins=n9,n6", late=True)
    pins = screen.page.locator(".pin")
    screen.box("conv2").click()
    screen.at_node("n6")
    screen.idle()
    screen.page.go_back()
    screen.at_node("n9")
    screen.idle()
    with screen.line.held_back():
        screen.page.go_forward()
        screen.at_node("n6")
        screen.line.answers(1)
        screen.page.get_by_role("button", name="Close conv2").press("Enter")
        expect(pins).to_have_count(1)
    screen.idle()
    expect(pins).to_have_count(1)
    screen.at_node("n6")
    assert screen.query()["pins"] == "n9"


def test_a_pin_of_what_is_not_there_is_taken_away_and_said(visit: Visit) -> None:
    screen = visit("?v=2&pins=n900,n6v")
    expect(screen.page.locator(".pins .lost")).to_have_text(
        "Not in this network, so not pinned any more: n900."
    )
    expect(screen.page.locator(".pin h4")).to_have_text("conv2 · values · sample 0")
    screen.idle()
    assert screen.query()["pins"] == "n6v"
