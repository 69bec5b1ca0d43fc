"""Every number on the screen is the one that plain PyTorch computes, to the last bit."""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray
from playwright.sync_api import expect
from torch import Tensor

from tests.browser.conftest import Visit
from tests.browser.plain import gradient, plain


def same(shown: NDArray[np.float32], expected: Tensor | None) -> None:
    """Equal shapes and equal bits; a minus zero is not a zero."""
    assert expected is not None
    wanted = expected.detach().numpy()
    assert shown.shape == wanted.shape
    assert shown.tobytes() == np.ascontiguousarray(wanted).tobytes()


def test_upstream_and_downstream_of_the_upsampling_are_pytorchs(visit: Visit) -> None:
    model, _loss = plain()
    screen = visit("?v=1&sample=0")
    for sample in (0, 1):
        if sample:
            screen.go(f"?v=1&sample={sample}")
        chosen = slice(sample, sample + 1)
        same(screen.array("upstream"), gradient(model.kept["upsample"])[chosen])
        same(screen.array("downstream"), gradient(model.kept["conv1"])[chosen])


def test_all_gradients_of_a_linear_layer_are_pytorchs(visit: Visit) -> None:
    model, _loss = plain(seed=5)
    screen = visit("?v=1&seed=5&node=n1")
    same(screen.array("upstream"), gradient(model.kept["fc"]))
    same(screen.array("downstream"), gradient(model.kept["flatten"]))
    same(screen.array("gradient:fc.weight"), gradient(model.fc.weight))
    same(screen.array("gradient:fc.bias"), gradient(model.fc.bias))
    screen.pick("Downstream", "to fc.bias")
    expect(screen.card("downstream").locator(".title")).to_have_text("Handed on to fc.bias")
    same(screen.array("downstream"), gradient(model.fc.bias))


def test_parameters_of_a_convolution_and_their_gradients_are_pytorchs(visit: Visit) -> None:
    model, _loss = plain()
    screen = visit("?v=1&node=n6&show=parameters")
    same(screen.array("gradient:conv2.weight"), gradient(model.conv2.weight))
    same(screen.array("value:conv2.weight"), model.conv2.weight)
    same(screen.array("gradient:conv2.bias"), gradient(model.conv2.bias))
    same(screen.array("value:conv2.bias"), model.conv2.bias)


def test_values_on_both_sides_of_a_layer_are_pytorchs(visit: Visit) -> None:
    model, _loss = plain()
    screen = visit("?v=1&show=values&sample=1")
    same(screen.array("input0"), model.kept["conv1"][1:])
    same(screen.array("output0"), model.kept["upsample"][1:])


def test_a_leaf_shows_what_is_in_grad_and_its_value(visit: Visit) -> None:
    model, _loss = plain()
    screen = visit("?v=1&node=n11")
    expect(screen.heading).to_have_text("conv1.weight")
    same(screen.array("upstream"), gradient(model.conv1.weight))
    same(screen.array("value"), model.conv1.weight)
    expect(screen.page.locator(".arrow")).to_have_count(0)


def test_mouse_and_keys_read_the_same_cell_and_both_maps_share_one_scale(visit: Visit) -> None:
    model, _loss = plain()
    expected = gradient(model.kept["upsample"])
    largest = max(
        float(gradient(model.kept[layer])[0].abs().max()) for layer in ("upsample", "conv1")
    )
    screen = visit()
    for key in ("upstream", "downstream"):
        assert float(screen.card(key).get_attribute("data-scale") or 0) == largest
    card = screen.card("upstream")
    scroller, readout = card.locator(".scroller"), card.locator(".readout")
    cell = int(scroller.get_attribute("data-cell") or 0)
    scroller.hover(position={"x": 2.5 * cell, "y": 1.5 * cell})
    expect(readout).to_have_attribute("data-index", "0,0,1,2")
    by_mouse = readout.get_attribute("data-value") or ""
    screen.page.mouse.move(0, 0)
    scroller.focus()
    for key in ("Control+Home", "ArrowDown", "ArrowRight", "ArrowRight"):
        screen.page.keyboard.press(key)
    expect(readout).to_have_attribute("data-index", "0,0,1,2")
    assert readout.get_attribute("data-value") == by_mouse
    assert np.float32(by_mouse) == expected[0, 0, 1, 2].numpy()
    expect(readout).to_have_text(f"[0,0,1,2] = {by_mouse}".replace("-", "\u2212"))


def test_the_finding_is_said_only_where_it_is_about_the_chosen_layer(visit: Visit) -> None:
    screen = visit()
    finding = screen.page.locator(".finding")
    expect(finding).to_contain_text("what arrives at conv1, to the last bit.")
    screen.box("fc").click()
    expect(screen.heading).to_have_text("fc")
    expect(finding).to_be_empty()


def test_each_map_may_have_a_scale_of_its_own_or_all_a_logarithmic_one(visit: Visit) -> None:
    model, _loss = plain()
    screen = visit()
    expect(screen.page.locator(".maps .row").first.locator(".scale")).to_have_count(1)
    screen.radio("own:").check(force=True)
    expect(screen.page).to_have_url(re.compile("scale=own"))
    for key, layer in (("upstream", "upsample"), ("downstream", "conv1")):
        largest = float(gradient(model.kept[layer])[0].abs().max())
        expect(screen.card(key)).to_have_attribute("data-scale", str(largest))
        expect(screen.card(key).locator(".scale")).to_have_count(1)
    screen.go("?v=2&scale=log")
    expect(screen.page.locator(".decades")).to_have_text("logarithmic · 6 decades")
    expect(screen.radio("log:")).to_be_checked()


def test_new_weights_change_the_numbers_and_reset_brings_the_first_ones_back(visit: Visit) -> None:
    screen = visit()
    first = screen.cells("upstream")
    scale = screen.card("upstream").get_attribute("data-scale") or ""
    screen.button("New weights").click()
    expect(screen.card("upstream")).not_to_have_attribute("data-scale", scale)
    screen.idle()
    model, _loss = plain(seed=1)
    same(screen.array("upstream"), gradient(model.kept["upsample"])[:1])
    screen.button("Reset").click()
    expect(screen.card("upstream")).to_have_attribute("data-scale", scale)
    assert screen.cells("upstream") == first
    screen.idle()
    assert screen.query() == {}


def test_sample_and_channel_pickers_choose_which_cells_are_shown(visit: Visit) -> None:
    screen = visit("?v=1&model=residual")
    assert {index[0] for index in screen.cells("upstream")} == {0}
    screen.page.get_by_role("radio", name="sample 1").check(force=True)
    expect(screen.page).to_have_url(re.compile("sample=1"))
    screen.pick("Channel", "channel 3")
    expect(screen.page).to_have_url(re.compile("channel=3"))
    screen.idle()
    for key in ("upstream", "downstream"):
        assert {index[:2] for index in screen.cells(key)} == {(1, 3)}
        assert len(screen.cells(key)) == 64


def test_open_large_draws_each_map_as_one_heatmap(visit: Visit) -> None:
    screen = visit("?v=1&model=lenet", color_scheme="dark")
    screen.button("Open large").click()
    plots = screen.page.get_by_role("dialog").locator(".js-plotly-plot:visible")
    expect(plots).to_have_count(2)
    expect(plots.last.locator(".heatmaplayer image")).to_have_count(1)
    for plot in plots.all():
        assert plot.evaluate("(each) => each.data.map((trace) => trace.type)") == ["heatmap"]
    expect(plots.last.locator(".gtitle")).to_contain_text(
        "upstream ∂L/∂output · 1\u00d76\u00d76\u00d76 · scale ±"
    )
    assert plots.first.locator(".gtitle").evaluate("e => getComputedStyle(e).fill") == (
        "rgb(255, 255, 255)"
    )
    screen.page.keyboard.press("Escape")
    expect(plots).to_have_count(0)
