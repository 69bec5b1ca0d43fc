"""A network is built, broken, mended and handed on, in the browser."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from scripts.served import Server
from tests.browser.conftest import Visit
from tests.browser.editing import Editor
from tests.browser.screen import PHONE, comes_to
from tests.browser.test_looks import overflow

STAYS = "The last run that worked stays below."


def test_test_is_built_from_nothing_on_a_phone_by_keys_alone(visit: Visit) -> None:
    screen = visit("?v=1&editing=1", viewport=PHONE)
    editor = Editor(screen)
    editor.start_from("Nothing: an input and no layer")
    expect(editor.message).to_contain_text("There is no layer yet.")
    expect(screen.box("conv1")).to_be_visible()  # of the last run
    editor.add("Conv2d")
    editor.number("kernel_size", 1)
    editor.number("padding", 0)
    editor.add("UpsamplingNearest2d")
    editor.rename("upsample")
    editor.add("Conv2d")
    editor.number("in_channels", 3)
    expect(editor.message).to_contain_text(
        "conv2: in_channels is 3, but its input 2x1x4x4 has 1 channel. Set in_channels=1."
    )
    assert overflow(screen) == []
    editor.press("Set in_channels=1 in conv2")
    editor.fine()
    editor.number("kernel_size", 7)
    expect(editor.message).to_contain_text("a 7x7 kernel does not fit its 4x4 input.")
    expect(editor.message).to_contain_text(STAYS)
    editor.press("Set kernel_size=4 in conv2")
    editor.fine()
    editor.number("kernel_size", 3)
    editor.add("Linear")
    expect(editor.message).to_contain_text("Put Flatten before it.")
    editor.press("Put Flatten before linear1")
    editor.fine()
    editor.rename("fc")
    editor.choose("flatten1")
    editor.rename("flatten")
    expect(screen.box("flatten")).to_be_visible()
    screen.idle()
    editor.choose("input")
    editor.rename("Test", "Name of the network")
    expect(screen.page).not_to_have_url(re.compile("net="))
    # It is the preset again, to the last field.
    expect(screen.page.locator(".finding")).to_contain_text("difference 0")
    assert overflow(screen) == []


def test_a_skip_is_added_and_the_gradient_takes_both_ways(visit: Visit) -> None:
    screen = visit("?v=1&editing=1", viewport=PHONE)
    editor = Editor(screen)
    editor.choose("conv2")
    screen.shows("conv2", "n6", "conv2")  # one layer is chosen on the whole page
    editor.add("Add: ")
    expect(editor.box("add1")).to_have_attribute(
        "aria-label", re.compile("reads conv2, conv1, 2\u00d71\u00d72\u00d72")
    )
    editor.fine()
    expect(screen.heading).to_have_text("add1")
    expect(screen.box("add1")).to_have_attribute("aria-pressed", "true")
    upstream, downstream = screen.cells("upstream"), screen.cells("downstream")
    assert upstream == downstream
    assert len(upstream) == 4


def test_undo_and_redo_lose_no_press_and_leave_fields_alone(visit: Visit) -> None:
    screen = visit("?v=1&editing=1", viewport=PHONE)
    editor = Editor(screen)
    editor.choose("conv2")
    editor.number("padding", 1)
    expect(editor.message).to_contain_text("fc: in_features is 4")
    editor.press("Set in_features=16 in fc")
    expect(screen.box("fc")).to_contain_text("16\u21921")
    editor.rename("last")
    name = editor.card.get_by_role("textbox", name="Name", exact=True)
    name.focus()
    screen.page.keyboard.type("er")
    screen.page.keyboard.press("Control+z")
    expect(name).not_to_have_value("laster")  # the browser's own undo of a text
    expect(editor.box("last")).to_be_visible()
    name.fill("last")
    editor.box("last").focus()
    for _ in range(3):  # quicker than the page can follow
        screen.page.keyboard.press("Control+z")
    expect(editor.box("fc")).to_have_attribute("aria-label", re.compile("5 parameters"))
    expect(editor.button("Undo")).to_be_disabled()
    editor.button("Redo").focus()
    for _ in range(2):
        screen.page.keyboard.press("Enter")
    expect(screen.box("fc")).to_contain_text("16\u21921")
    expect(editor.button("Redo")).to_be_focused()
    screen.page.keyboard.press("Control+Shift+z")
    expect(screen.box("last")).to_contain_text("16\u21921")
    expect(editor.button("Redo")).to_be_disabled()


def test_a_layer_is_added_once_though_the_page_hears_of_it_late(visit: Visit) -> None:
    screen = visit("?v=1&editing=1", late=True)
    editor = Editor(screen)
    before = editor.boxes.count()
    with screen.line.held_back():
        editor.pick("ReLU")
        screen.line.answers(2)  # the editor runs it, then the page shows it
        editor.button("Duplicate").focus()
        screen.page.keyboard.press("Enter")  # what was picked is sent along
    expect(editor.box("relu2")).to_be_visible()
    expect(editor.boxes).to_have_count(before + 2)


def test_over_budget_is_refused_before_it_runs_and_nothing_is_lost(visit: Visit) -> None:
    screen = visit("?v=1&model=mlp&editing=1", viewport=PHONE)
    editor = Editor(screen)
    editor.choose("fc3")
    expect(screen.heading).to_have_text("fc3")
    before = screen.cells("upstream")
    editor.number("out_features", 1_000_000)
    expect(editor.message).to_contain_text("fc3: the model needs 64.9 MiB for parameters")
    expect(editor.message).to_contain_text("but a run may use 64.0 MiB")
    expect(editor.box("fc3")).to_have_attribute("data-state", "broken")
    assert screen.cells("upstream") == before
    editor.number("out_features", 10)
    editor.fine()


def test_a_link_to_a_built_network_opens_the_same_on_a_fresh_server(
    visit: Visit, fresh: Server
) -> None:
    screen = visit("?v=1&model=residual&editing=1")
    editor = Editor(screen)
    editor.choose("bn2")
    editor.press("Duplicate")
    expect(screen.heading).to_have_text("bn3")
    screen.idle()
    query, cells = screen.page.url.split("?")[1], screen.cells("upstream")
    there = visit(f"?{query}", at=fresh)
    expect(there.heading).to_have_text("bn3")
    expect(Editor(there).box("bn3")).to_be_visible()
    assert there.cells("upstream") == cells


def test_back_returns_to_the_network_before(visit: Visit) -> None:
    screen = visit("?v=1&editing=1")
    editor = Editor(screen)
    editor.choose("conv2")
    editor.add("ReLU")
    expect(screen.box("relu1")).to_be_visible()
    screen.idle()
    screen.page.go_back()
    expect(screen.box("relu1")).to_have_count(0)
    expect(editor.box("relu1")).to_have_count(0)
    screen.idle()
    expect(editor.button("Undo")).to_be_enabled()


def test_the_editor_stands_within_the_screen_at_every_width(visit: Visit) -> None:
    screen = visit("?v=1&model=unet&editing=1")
    Editor(screen)
    for width in (390, 700, 1100, 1440):
        screen.page.set_viewport_size({"width": width, "height": 900})
        comes_to(screen.page, lambda: overflow(screen), [])
