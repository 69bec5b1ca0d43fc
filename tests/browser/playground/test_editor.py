"""A network is built, broken, mended and handed on, in the browser."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, expect

from models.layers import LAYERS
from models.presets import PRESETS
from models.spec import MAX_LAYERS
from scripts.served import Server
from tests.browser.conftest import Visit
from tests.browser.driving.editing import Editor
from tests.browser.driving.screen import PHONE, comes_to
from tests.browser.every_page.test_looks import overflow

STAYS = "The last run that worked stays below."
NOTHING = "Nothing: an input and no layer"


def test_test_is_built_from_nothing_on_a_phone_by_keys_alone(visit: Visit) -> None:
    screen = visit("?v=1&editing=1", viewport=PHONE)
    editor = Editor(screen)
    editor.start_from(NOTHING)
    expect(editor.message).to_contain_text("There is no layer yet.")
    expect(screen.box("conv1")).to_be_visible()  # of the last run
    editor.add("Conv2d")
    editor.set("kernel_size", 1)
    editor.set("padding", 0)
    editor.add("UpsamplingNearest2d")
    editor.set("Name", "upsample")
    editor.add("Conv2d")
    editor.set("in_channels", 3)
    expect(editor.message).to_contain_text(
        "conv2: in_channels is 3, but its input 2x1x4x4 has 1 channel. Set in_channels=1."
    )
    assert overflow(screen) == []
    editor.press("Set in_channels=1 in conv2")
    editor.fine()
    editor.set("kernel_size", 7)
    expect(editor.message).to_contain_text("a 7x7 kernel does not fit its 4x4 input.")
    expect(editor.message).to_contain_text(STAYS)
    editor.press("Set kernel_size=4 in conv2")
    editor.fine()
    editor.set("kernel_size", 3)
    editor.add("Linear")
    expect(editor.message).to_contain_text("Put Flatten before it.")
    editor.press("Put Flatten before linear1")
    editor.fine()
    editor.set("Name", "fc")
    editor.choose("flatten1")
    editor.set("Name", "flatten")
    expect(screen.box("flatten")).to_be_visible()
    editor.choose("input")
    editor.set("Name of the network", "Test")
    editor.fine()
    expect(screen.page).not_to_have_url(re.compile("net="))
    # It is the preset again, to the last field.
    screen.box("upsample").press("Enter")
    expect(screen.page.locator(".finding")).to_contain_text("to the last bit")
    assert overflow(screen) == []


def test_a_skip_is_added_and_the_gradient_takes_both_ways(visit: Visit) -> None:
    screen = visit("?v=1&editing=1", viewport=PHONE)
    editor = Editor(screen)
    editor.choose("conv2")
    screen.shows("conv2", "n6", "conv2")  # one layer is chosen on the whole page
    editor.add("Add")
    expect(editor.box("add1")).to_have_attribute(
        "aria-label", re.compile("reads conv2, conv1, 2\u00d71\u00d72\u00d72")
    )
    editor.fine()
    expect(screen.heading).to_have_text("add1")
    expect(screen.box("add1")).to_have_attribute("aria-pressed", "true")
    upstream, downstream = screen.cells("upstream"), screen.cells("downstream")
    assert upstream == downstream
    assert len(upstream) == 4
    screen.box("conv1").click()
    expect(editor.layer.locator("option:checked")).to_have_text("conv1")


def test_a_join_reads_as_many_layers_as_are_chosen(visit: Visit) -> None:
    screen = visit("?v=2&editing=1")
    editor = Editor(screen)
    editor.choose("conv2")
    editor.add("Add")
    editor.press("Read one more")
    expect(editor.box("add1")).to_have_attribute(
        "aria-label", re.compile("reads conv2, conv1, conv2, 2")
    )
    editor.field("Reads 2").select_option("input")
    editor.fine()
    expect(editor.box("add1")).to_have_attribute(
        "aria-label", re.compile("reads conv2, input, conv2, 2")
    )
    editor.card.get_by_role("button", name="Read no longer: conv2").first.click()
    expect(editor.box("add1")).to_have_attribute("aria-label", re.compile("reads input, conv2, 2"))
    editor.fine()
    options = editor.field("Reads 1").locator("option").all_inner_texts()
    assert options == ["input", "conv1", "upsample", "conv2"]  # what is above it


def test_undo_and_redo_leave_fields_and_their_own_undo_alone(visit: Visit) -> None:
    screen = visit("?v=1&editing=1", viewport=PHONE)
    editor = Editor(screen)
    editor.choose("conv2")
    editor.set("padding", 1)
    expect(editor.message).to_contain_text("fc: in_features is 4")
    editor.press("Set in_features=16 in fc")
    expect(screen.box("fc")).to_contain_text("16\u21921")
    editor.set("Name", "last")
    name = editor.field("Name")
    name.focus()
    screen.page.keyboard.press("End")
    screen.page.keyboard.type("er")
    screen.page.keyboard.press("Control+z")
    expect(name).not_to_have_value("laster")  # the browser's own undo of a text
    expect(editor.box("last")).to_be_visible()
    name.fill("last")
    editor.box("last").focus()
    for _ in range(3):
        screen.page.keyboard.press("Control+z")
    expect(editor.box("fc")).to_have_attribute("aria-label", re.compile("5 parameters"))
    expect(editor.button("Undo")).to_have_attribute("aria-disabled", "true")
    editor.button("Redo").focus()
    for _ in range(2):
        screen.page.keyboard.press("Enter")
    expect(screen.box("fc")).to_contain_text("16\u21921")
    expect(editor.button("Redo")).to_be_focused()
    screen.page.keyboard.press("Control+Shift+z")
    expect(screen.box("last")).to_contain_text("16\u21921")
    expect(editor.button("Redo")).to_have_attribute("aria-disabled", "true")
    editor.answered()


def times(button: Locator, presses: int) -> None:
    """Press a button, as quickly as the browser takes it."""
    button.evaluate("(button, presses) => { while (presses--) button.click(); }", presses)


def test_twenty_quick_presses_are_twenty_while_nothing_is_heard_of_the_page(visit: Visit) -> None:
    screen = visit("?v=2&editing=1", late=True)
    editor = Editor(screen)
    before = editor.names()
    editor.choose("conv2")
    editor.kind.select_option("ReLU")
    with screen.line.held_back():
        times(editor.button("Add after"), 20)
        expect(editor.boxes).to_have_count(len(before) + 22)
        # The run below does not wait for the page.
        expect(screen.box("relu20")).to_be_visible()
        screen.line.answers(1)
        times(editor.button("Undo"), 20)
        expect(screen.box("relu20")).to_have_count(0)
        times(editor.button("Redo"), 3)
        expect(screen.box("relu3")).to_be_visible()
    editor.answered()
    names = [*before[:3], *(f"relu{n}" for n in range(1, 4)), *before[3:]]
    assert editor.names() == names
    expect(screen.page.get_by_test_id("stSidebar")).to_contain_text("Your own network; layers: 8.")
    editor.press("Remove")  # nothing is dead afterwards
    expect(screen.page.get_by_test_id("stSidebar")).to_contain_text("Your own network; layers: 7.")
    assert editor.names() == [name for name in names if name != "relu3"]


def test_a_network_has_at_most_so_many_layers(visit: Visit) -> None:
    screen = visit("?v=2&editing=1")
    editor = Editor(screen)
    editor.choose("flatten")
    editor.kind.select_option("Identity")
    times(editor.button("Add after"), MAX_LAYERS)
    expect(editor.boxes).to_have_count(MAX_LAYERS + 2)
    expect(editor.button("Add after")).to_have_attribute("aria-disabled", "true")
    expect(editor.button("Duplicate")).to_have_attribute("aria-disabled", "true")
    editor.fine()
    times(editor.button("Undo"), MAX_LAYERS)
    editor.fine()
    screen.page.reload()
    screen.drawn()


def test_what_is_typed_is_kept_while_the_server_does_not_answer(visit: Visit) -> None:
    screen = visit("?v=2&editing=1", late=True)
    editor = Editor(screen)
    editor.choose("conv2")
    with screen.line.broken():
        editor.field("kernel_size").fill("1")
        editor.field("kernel_size").press("Enter")
        editor.field("stride").fill("2")
        editor.field("stride").press("Enter")
        editor.field("padding").fill("7")  # and not entered yet
        expect(screen.page.get_by_text("It is asked again and again")).to_be_visible()
    expect(editor.card).to_have_attribute("data-state", "answered")
    expect(editor.field("padding")).to_have_value("7")
    expect(editor.field("kernel_size")).to_have_value("1")
    expect(editor.field("stride")).to_have_value("2")
    editor.field("padding").fill("0")
    editor.field("padding").press("Enter")
    editor.fine()
    expect(screen.box("conv2")).to_contain_text("1\u00d71")
    screen.visitor.complaints.clear()  # the console tells of what did not answer


def test_a_seed_is_chosen_while_the_page_has_not_heard_of_a_change(visit: Visit) -> None:
    screen = visit("?v=2&editing=1", late=True)
    editor = Editor(screen)
    editor.choose("conv2")
    editor.kind.select_option("ReLU")
    with screen.line.held_back():
        editor.button("Add after").click()
        expect(screen.box("relu1")).to_be_visible()
        screen.button("New weights").click()
        screen.line.answers(2)
    editor.answered()
    expect(screen.seed).to_have_value("1")
    expect(screen.box("relu1")).to_be_visible()
    assert screen.query()["seed"] == "1"
    assert "net" in screen.query()


def test_over_budget_is_refused_before_it_runs_and_nothing_is_lost(visit: Visit) -> None:
    screen = visit("?v=1&model=mlp&editing=1", viewport=PHONE)
    editor = Editor(screen)
    editor.choose("fc3")
    expect(screen.heading).to_have_text("fc3")
    before = screen.cells("upstream")
    editor.set("out_features", 1_000_000)
    expect(editor.message).to_contain_text("fc3: the model needs 64.9 MiB for parameters")
    expect(editor.message).to_contain_text("but a run may use 64.0 MiB")
    expect(editor.box("fc3")).to_have_attribute("data-state", "broken")
    assert screen.cells("upstream") == before
    editor.set("out_features", 10)
    editor.fine()


def test_a_target_that_does_not_suit_the_new_output_is_said_with_a_way_out(visit: Visit) -> None:
    screen = visit("?v=1&model=mlp&editing=1&target=class_9")
    editor = Editor(screen)
    editor.choose("fc3")
    editor.set("out_features", 4)
    expect(editor.message).to_contain_text("has no target class_9")
    editor.press("Use Class 0")
    editor.fine()
    expect(screen.page).to_have_url(re.compile("target=class_0"))
    expect(screen.box("fc3")).to_contain_text("\u21924")
    screen.idle()
    target = screen.page.get_by_role("combobox", name="Target")
    expect(target).to_have_value("Class 0")


def test_a_shape_that_is_none_stays_as_it_was_typed(visit: Visit) -> None:
    screen = visit("?v=2&editing=1")
    editor = Editor(screen)
    editor.choose("input")
    editor.set("Shape of the input", "3x1x2x2")
    editor.fine()
    assert screen.query()["input_shape"] == "3x1x2x2"
    editor.set("Shape of the input", "three")
    expect(editor.message).to_contain_text("it must be sizes such as 2x1x8x8; `three` came.")
    assert screen.query()["input_shape"] == "3x1x2x2"
    editor.choose("conv1")
    editor.choose("input")
    expect(editor.field("Shape of the input")).to_have_value("three")
    editor.press("Undo")
    editor.press("Undo")
    expect(editor.field("Shape of the input")).to_have_value("2x1x2x2")
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


def test_a_link_whose_network_cannot_run_is_mended(visit: Visit) -> None:
    screen = visit("?v=2&editing=1")
    editor = Editor(screen)
    editor.choose("flatten")
    editor.press("Remove")
    expect(editor.message).to_contain_text("Put Flatten before it.")
    editor.press("Put Flatten before fc")
    editor.fine()
    expect(screen.box("flatten1")).to_be_visible()


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
    editor.answered()
    editor.press("Undo")
    expect(editor.box("relu1")).to_be_visible()
    expect(screen.box("relu1")).to_be_visible()


def test_reset_ends_a_draft_that_cannot_run_and_undo_brings_it_back(visit: Visit) -> None:
    screen = visit("?v=2&editing=1")
    editor = Editor(screen)
    editor.choose("conv2")
    editor.set("in_channels", 3)
    expect(editor.message).to_contain_text("in_channels is 3")
    screen.button("Reset").click()
    expect(editor.message).to_have_count(0)
    editor.answered()
    editor.press("Undo")
    expect(editor.message).to_contain_text("in_channels is 3")


def test_a_preset_to_start_from_brings_its_loss_and_undo_the_network(visit: Visit) -> None:
    screen = visit("?v=2&editing=1&input=arange")
    editor = Editor(screen)
    editor.start_from(PRESETS["mlp"].title)
    assert editor.names() == [layer.name for layer in PRESETS["mlp"].spec.layers]
    assert screen.query() == {"v": "2", "model": "mlp", "editing": "1"}
    screen.idle()
    expect(screen.page.get_by_role("combobox", name="Model")).to_have_value(PRESETS["mlp"].title)
    editor.press("Undo")
    assert editor.names() == [layer.name for layer in PRESETS["test"].spec.layers]


def test_done_closes_the_editor_and_keeps_what_was_typed(visit: Visit) -> None:
    screen = visit("?v=2&editing=1")
    editor = Editor(screen)
    editor.choose("conv2")
    editor.set("kernel_size", 7)
    expect(editor.message).to_contain_text("does not fit")
    editor.press("Done")
    expect(editor.card).to_be_hidden()
    expect(screen.page).not_to_have_url(re.compile("editing"))
    switch = screen.page.get_by_role("switch", name="Edit the network")
    expect(switch).not_to_be_checked()
    switch.press("Space")
    expect(editor.card).to_be_visible()
    expect(editor.message).to_contain_text("does not fit")
    expect(editor.field("kernel_size")).to_have_value("7")
    editor.set("kernel_size", 3)
    editor.fine()


def test_a_draft_is_there_again_after_a_look_at_another_page(visit: Visit) -> None:
    screen = visit("?v=2&editing=1")
    editor = Editor(screen)
    editor.choose("conv2")
    editor.set("kernel_size", 7)
    links = screen.page.get_by_test_id("stSidebarNav")
    links.get_by_role("link", name="Gallery").click()
    expect(editor.card).to_have_count(0)
    links.get_by_role("link", name="Playground").click()
    expect(editor.message).to_contain_text("does not fit")
    expect(editor.field("kernel_size")).to_have_value("7")
    editor.press("Undo")
    editor.fine()


@pytest.mark.parametrize("kind", ["Conv2d", "MultiheadAttention", "Flatten", "Add"])
def test_the_form_has_every_field_of_a_kind(visit: Visit, kind: str) -> None:
    screen = visit("?v=2&editing=1")
    editor = Editor(screen)
    editor.choose("conv2")
    editor.add(kind)
    for field in LAYERS[kind].fields:
        expect(editor.field(field.name)).to_be_visible()
    expect(editor.field("frozen")).to_be_visible()


def test_a_layer_is_replaced_frozen_and_moved(visit: Visit) -> None:
    screen = visit("?v=2&editing=1")
    editor = Editor(screen)
    editor.choose("upsample")
    editor.press("Move up")
    assert editor.names()[:2] == ["upsample", "conv1"]
    editor.press("Undo")
    editor.choose("conv1")
    editor.kind.select_option("Identity")
    editor.press("Replace conv1")
    editor.fine()
    expect(editor.box("conv1")).to_have_attribute("aria-label", re.compile("Identity"))
    editor.choose("conv2")
    editor.field("frozen").press("Space")
    editor.fine()
    expect(editor.field("frozen")).to_be_checked()
    screen.page.reload()
    screen.drawn()
    editor = Editor(screen)
    editor.choose("conv2")
    expect(editor.field("frozen")).to_be_checked()


def test_the_editor_stands_within_the_screen_at_every_width(visit: Visit) -> None:
    screen = visit("?v=1&model=unet&editing=1")
    Editor(screen)
    for width in (390, 700, 1100, 1440):
        screen.page.set_viewport_size({"width": width, "height": 900})
        comes_to(screen.page, lambda: overflow(screen), [])
