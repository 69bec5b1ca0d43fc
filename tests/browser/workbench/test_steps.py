"""The backward pass walked node by node: by button, by key, by itself, and from a link."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, expect

from tests.browser.conftest import Visit
from tests.browser.driving.screen import Screen

NODES = 13
"""Nodes of the Test network."""
BEAT = 1400
"""Milliseconds of one step while playing."""
SETTLED = 70
"""Milliseconds of rest after which a step is sent."""
TITLES = (
    *("loss", "fc", "fc.bias", "fc", "fc.weight", "flatten", "conv2", "conv2.weight", "conv2.bias"),
    *("upsample", "conv1", "conv1.weight", "conv1.bias"),
)
"""What the inspector is about at each step, in the engine's order."""


def bar(screen: Screen) -> Locator:
    return screen.page.locator(".backlight-step")


def at(screen: Screen, step: int) -> None:
    """Control, graph, inspector and address are all at this step."""
    expect(bar(screen)).to_have_attribute("data-step", str(step))
    expect(bar(screen).locator(".place")).to_have_text(f"Step {step + 1} of {NODES}")
    expect(screen.node(f"n{step}")).to_have_attribute("aria-pressed", "true")
    expect(screen.heading).to_have_text(TITLES[step])
    expect(screen.page).to_have_url(re.compile(rf"[?&]step={step}(&|$)"))


def begin(screen: Screen) -> None:
    """Start the steps and stop the clock at once."""
    screen.button("Play the backward pass").click()
    screen.button("Pause").click()
    screen.page.keyboard.press("Home")


def test_every_node_is_reached_by_button_in_the_engines_order(visit: Visit) -> None:
    screen = visit()
    begin(screen)
    said = []
    for step in range(NODES):
        at(screen, step)
        said.append(bar(screen).locator(".sentence").inner_text())
        if step < NODES - 1:
            screen.button("Next step").click()
    assert len(set(said)) == NODES
    assert all(said)
    expect(screen.button("Next step")).to_be_disabled()
    screen.button("Back one step").click()
    at(screen, NODES - 2)


def test_every_node_is_reached_by_key(visit: Visit) -> None:
    screen = visit("?v=1&step=0")
    screen.button("Next step").focus()
    for step in range(NODES - 1):
        expect(bar(screen)).to_have_attribute("data-step", str(step))
        screen.page.keyboard.press("ArrowRight")
    at(screen, NODES - 1)
    screen.page.keyboard.press("Home")
    at(screen, 0)
    screen.page.keyboard.press("End")
    at(screen, NODES - 1)
    screen.page.keyboard.press("ArrowLeft")
    at(screen, NODES - 2)
    screen.page.keyboard.press("Escape")
    expect(bar(screen)).to_have_attribute("data-step", "")
    expect(screen.page).not_to_have_url(re.compile("step="))
    expect(screen.heading).to_have_text(TITLES[NODES - 2])


def test_the_steps_go_on_from_a_node_that_was_just_chosen(visit: Visit) -> None:
    screen = visit("?v=1&step=0")
    at(screen, 0)
    screen.node("n5").click()
    screen.button("Next step").click()
    at(screen, 6)
    screen.box("conv1").click()
    screen.button("Back one step").click()
    at(screen, 9)


def test_it_plays_by_itself_and_pauses(visit: Visit) -> None:
    screen = visit()
    screen.page.clock.install()
    screen.button("Play the backward pass").click()
    expect(bar(screen)).to_have_attribute("data-step", re.compile("[1-9]"))
    screen.button("Pause").click()
    rested = int(bar(screen).get_attribute("data-step") or -1)
    screen.page.clock.run_for(3 * BEAT)
    at(screen, rested)
    screen.page.keyboard.press("Home")
    screen.button("Play the backward pass").click()
    screen.page.clock.run_for(3 * BEAT)
    expect(bar(screen)).to_have_attribute("data-step", re.compile("[1-9]"))


def test_playing_ends_at_the_last_node(visit: Visit) -> None:
    screen = visit(f"?v=1&step={NODES - 2}")
    screen.button("Play the backward pass").click()
    at(screen, NODES - 1)
    expect(screen.button("Play the backward pass")).to_be_visible()


def test_steps_taken_faster_than_they_are_answered_are_all_taken(visit: Visit) -> None:
    screen = visit()
    screen.page.clock.install()
    begin(screen)
    for pause in (0, SETTLED):
        for _ in range(NODES - 1):
            screen.button("Next step").click()
            screen.page.clock.run_for(pause)
        at(screen, NODES - 1)
        screen.idle()
        at(screen, NODES - 1)
        screen.page.keyboard.press("Home")
        at(screen, 0)


def test_a_reload_shows_the_same_step(visit: Visit) -> None:
    screen = visit()
    begin(screen)
    for _ in range(6):
        screen.button("Next step").click()
    at(screen, 6)
    screen.idle()
    before = screen.cells("downstream")
    screen.page.reload()
    screen.drawn()
    at(screen, 6)
    assert screen.cells("downstream") == before


def states(screen: Screen, step: int) -> None:
    """Graph and strip say of every box, and show, whether it is done, current or ahead."""
    words = {True: "not reached yet", False: "done"}
    for number in range(NODES):
        expected = "current step" if number == step else words[number > step]
        expect(screen.node(f"n{number}")).to_have_attribute("aria-description", expected)
    layers = {"fc": (1, 4), "conv2": (6, 8), "upsample": (9, 9), "conv1": (10, 12)}
    for layer, (first, last) in layers.items():
        inside = first <= step <= last
        expected = "current step" if inside else words[first > step]
        expect(screen.box(layer)).to_have_attribute("aria-description", expected)
    ahead = screen.page.locator(".ahead[aria-pressed]")
    expect(ahead.filter(visible=True)).to_have_count(
        screen.page.locator("[aria-description='not reached yet']").count()
    )


def test_the_graph_and_the_strip_show_and_say_what_is_done_and_what_is_ahead(visit: Visit) -> None:
    screen = visit("?v=1&step=6")
    at(screen, 6)
    states(screen, 6)
    slider = screen.page.get_by_role("slider", name="Steps of the backward pass")
    slider.fill("9")
    at(screen, 9)
    expect(slider).to_have_attribute("aria-valuetext", f"Step 10 of {NODES}")
    states(screen, 9)
    slider.press("ArrowLeft")
    at(screen, 8)
    screen.button("Leave the steps").click()
    expect(screen.page.locator(".ahead, [aria-description]")).to_have_count(0)


def test_a_click_in_the_graph_jumps_there_while_stepping(visit: Visit) -> None:
    screen = visit("?v=1&step=1")
    screen.button("Fit the graph").click()
    screen.node("n9").click()
    at(screen, 9)
    screen.idle()  # until then a map may be replaced
    screen.point("downstream", 0, 0)
    assert screen.sum["terms"] == "4"
