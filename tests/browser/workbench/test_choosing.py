"""Strip, graph, list and maps follow each other, by mouse and by keys."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from models.presets import PRESETS
from tests.browser.conftest import Visit


def test_a_click_in_graph_or_strip_moves_the_rest_and_the_address(visit: Visit) -> None:
    screen = visit()
    screen.graph.get_by_role("button", name="ViewBackward0, layer flatten, node 6 of 13").click()
    screen.shows("flatten", "n5", "flatten")
    expect(screen.card("upstream").locator(".title")).to_have_text("Arrives from fc")
    expect(screen.card("downstream").locator(".title")).to_have_text("Handed on to conv2")
    screen.at_node("n5")
    screen.box("fc").click()
    screen.shows("fc", "n1", "fc")
    expect(screen.card("upstream").locator(".title")).to_have_text("Arrives from loss")
    expect(screen.card("gradient:fc.weight").locator(".title")).to_have_text("∂L/∂fc.weight")
    screen.at_node("n1")


def test_arrows_and_enter_choose_in_graph_and_strip(visit: Visit) -> None:
    screen = visit()
    screen.node("n9").focus()
    for key in ("ArrowDown", "ArrowDown"):
        screen.page.keyboard.press(key)
    focused = "() => document.querySelector('*') && " + (
        "[...document.querySelectorAll('*')].map((each) => each.shadowRoot?.activeElement?.id)"
        ".find(Boolean)"
    )
    assert screen.page.evaluate(focused) == "node-n5"
    screen.shows("upsample", "n9", "upsample")
    screen.page.keyboard.press("Enter")
    screen.shows("flatten", "n5", "flatten")
    screen.at_node("n5")
    screen.idle()
    screen.box("upsample").focus()
    screen.page.keyboard.press("ArrowRight")
    screen.page.keyboard.press("Enter")
    screen.shows("conv2", "n6", "conv2")
    screen.page.keyboard.press("End")
    screen.page.keyboard.press("Space")
    screen.shows("loss", "n0", "(loss)")
    screen.at_node("n0")


def test_the_text_list_names_and_chooses_every_node(visit: Visit) -> None:
    screen = visit()
    screen.button("Show the nodes as a text list").click()
    names = screen.graph.locator(".list tbody tr td:nth-child(2)")
    expect(names).to_have_count(20)
    assert names.all_inner_texts()[:3] == [
        "MseLossBackward0",
        "AddmmBackward0",
        "AccumulateGrad fc.bias",
    ]
    screen.graph.get_by_role("button", name="AccumulateGrad of conv1.bias").click()
    expect(screen.heading).to_have_text("conv1.bias")
    expect(screen.box("conv1")).to_have_attribute("aria-pressed", "true")
    expect(screen.card("upstream").locator(".title")).to_have_text("Gradient stored in .grad")
    screen.at_node("n12")


def test_every_box_of_the_strip_can_be_visited_in_a_row(visit: Visit) -> None:
    screen = visit("?v=1&model=residual")
    for layer in [layer.name for layer in PRESETS["residual"].spec.layers][::-1]:
        screen.box(layer).click()
        expect(screen.heading).to_have_text(layer)
    expect(screen.graph.locator("g.node[aria-pressed=true]")).to_have_count(1)
    expect(screen.alert).to_have_count(0)


def test_quick_changes_of_the_model_end_with_the_last_one(visit: Visit) -> None:
    screen = visit()
    for model in ("lenet", "unet", "residual", "mlp"):
        screen.pick("Model", PRESETS[model].title)
    screen.shows("tanh1", "n11", "tanh1")
    screen.idle()
    assert screen.query() == {"v": "2", "model": "mlp"}
    expect(screen.nodes).to_have_count(23)


def test_a_press_on_an_outdated_page_brings_no_old_choice_with_it(visit: Visit) -> None:
    screen = visit("?v=1&model=unet&sample=0&channel=1&node=n5&seed=3", late=True)
    with screen.line.held_back():
        screen.pick("Model", PRESETS["mlp"].title)
        screen.line.answers(1)
        screen.page.get_by_text("Training mode").click()  # beside the U-net's target and seed
        screen.line.answers(2)
    screen.shows("tanh1", "n11", "tanh1")
    expect(screen.page).to_have_url(re.compile("training=0"))
    assert screen.query() == {"v": "2", "model": "mlp", "training": "0"}
