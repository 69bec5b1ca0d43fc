"""Every cell explained on the assembled page, and every sum compared with plain PyTorch."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from urllib.parse import urlencode

import numpy as np
import pytest
import torch
from playwright.sync_api import expect
from torch import Tensor

from experiment.setting import of_preset, with_network
from experiment.written.address import Experiment, to_address
from models.build import build
from models.presets.preset import layer
from models.spec import INPUT, ModelSpec
from scripts.served import ROOT, Server
from tests.browser.conftest import Visit
from tests.browser.driving.screen import Screen
from tests.browser.driving.serve import serve
from tests.browser.plain import Plain, gradient, plain, preset
from viz.theme import format_number

TIMES = "\u00d7"
MINUS = "\u2212"


def number(value: Tensor) -> str:
    """A factor that stands on no map."""
    return format_number(float(value.detach())).replace("-", MINUS)


def decimal(value: Tensor, places: int) -> str:
    """A cell, as its map writes it."""
    return f"{float(value.detach()):.{places}f}".replace("-", MINUS)


def agrees(screen: Screen, expected: Tensor, terms: int) -> None:
    """The sum's own total, and what is recorded, are PyTorch's number."""
    line = screen.sum
    assert (line["kind"], line["agrees"], line["terms"]) == ("sum", "true", str(terms))
    assert np.float32(line["autograd"]) == pytest.approx(float(expected.detach()), rel=1e-6)
    assert np.float32(line["total"]) == pytest.approx(float(expected.detach()), rel=1e-4, abs=1e-7)


# Gradients


def test_the_gradient_of_nearest_upsampling_is_the_sum_of_four_copies(visit: Visit) -> None:
    model, _loss = plain()
    sample = 1
    below, above = gradient(model.kept["conv1"]), gradient(model.kept["upsample"])
    screen = visit(f"?v=1&sample={sample}")
    for row, column in np.ndindex(2, 2):
        screen.point("downstream", row, column)
        agrees(screen, below[sample, 0, row, column], 4)
        assert np.float32(screen.sum["total"]) == below[sample, 0, row, column].numpy()
        block = [(2 * row + a, 2 * column + b) for a, b in np.ndindex(2, 2)]
        assert [term["from"] for term in screen.terms()] == [
            f"{sample},0,{y},{x}" for y, x in block
        ]
        assert [term["text"] for term in screen.terms()] == [
            f"1 (copy) {TIMES} {decimal(above[sample, 0, y, x], 4)}" for y, x in block
        ]
        assert screen.linked("upstream") == [16 * sample + 4 * y + x for y, x in block]


def test_a_convolutions_sums_name_kernel_entries_and_light_windows(visit: Visit) -> None:
    model, _loss = plain()
    screen = visit("?v=1&node=n6")
    below = screen.card("gradient:conv2.weight")
    before = below.bounding_box()
    for key, side in (("downstream", 4), ("upstream", 2)):
        for row, column in np.ndindex(side, side):
            screen.page.mouse.move(*screen.centre(key, row, column))
            assert below.bounding_box() == before, "nothing jumps"
            terms = screen.page.locator(".sum .terms")
            assert terms.evaluate("e => e.scrollHeight <= e.clientHeight")
    _names_the_kernel_entries(screen, model)
    _lights_the_window_a_kernel_entry_was_laid_on(screen, model)


def _names_the_kernel_entries(screen: Screen, model: Plain) -> None:
    kernel = model.conv2.weight.detach()
    for row, column in ((0, 0), (1, 1), (3, 2)):
        screen.point("downstream", row, column)
        meeting = [(y, x) for y, x in np.ndindex(2, 2) if 0 <= row - y < 3 and 0 <= column - x < 3]
        agrees(screen, gradient(model.kept["upsample"])[0, 0, row, column], len(meeting))
        taps = [(row - y, column - x) for y, x in meeting]
        assert [term["name"] for term in screen.terms()] == [
            f"conv2.weight[0,0,{a},{b}]" for a, b in taps
        ]
        assert [term["coefficient"] for term in screen.terms()] == [
            number(kernel[0, 0, a, b]) for a, b in taps
        ]
        assert screen.linked("gradient:conv2.weight") == sorted(3 * a + b for a, b in taps)


def _lights_the_window_a_kernel_entry_was_laid_on(screen: Screen, model: Plain) -> None:
    values = model.kept["upsample"]
    for row, column in ((0, 0), (1, 2)):
        screen.point("gradient:conv2.weight", row, column)
        agrees(screen, gradient(model.conv2.weight)[0, 0, row, column], 8)  # 2 samples, 2x2 each
        window = [(row + y, column + x) for y, x in np.ndindex(2, 2)]
        assert screen.linked("input0") == [4 * y + x for y, x in window]
        assert screen.linked("upstream") == [0, 1, 2, 3]
        first = screen.terms()[0]
        assert first["name"] == f"x[0,0,{row},{column}]"
        assert first["coefficient"] == number(values[0, 0, row, column])
        assert first["from"] == "0,0,0,0"


def test_a_max_pool_hands_each_gradient_to_its_one_winner(visit: Visit) -> None:
    _model, kept = preset("lenet")
    channel, row, column = 2, 1, 4
    window = kept["relu1"][0, channel, 2 * row : 2 * row + 2, 2 * column : 2 * column + 2]
    assert (window == window.max()).sum() == 1
    place = int(window.flatten().argmax())
    won = (2 * row + place // 2, 2 * column + place % 2)
    screen = visit("?v=1&model=lenet&channel=all")
    screen.point("downstream", *won, tile=channel)
    agrees(screen, gradient(kept["relu1"])[(0, channel, *won)], 1)
    (term,) = screen.terms()
    assert term["from"] == f"0,{channel},{row},{column}"
    assert (
        term["text"]
        == f"1 (winner) {TIMES} {decimal(gradient(kept['pool1'])[0, channel, row, column], 5)}"
    )
    screen.point("upstream", row, column, tile=channel)
    assert screen.sum["kind"] == "reach"
    assert screen.linked("downstream") == [144 * channel + 12 * won[0] + won[1]]
    other = (won[0] ^ 1, won[1])
    screen.point("downstream", *other, tile=channel)
    assert screen.sum["terms"] == "0"
    assert screen.sum["agrees"] == "true"


def test_a_bilinear_share_is_a_product_of_fractions(visit: Visit) -> None:
    _model, kept = preset("bilinear")
    screen = visit("?v=1&model=bilinear")
    shares_agree(screen, gradient(kept["plain"])[0, 0], ["1 3/4 1/4 0", "0 1/4 3/4 1"])
    screen.box("aligned").click()
    expect(screen.heading).to_have_text("aligned")
    screen.idle()
    shares_agree(screen, gradient(kept["aligned"])[0, 0], ["1 2/3 1/3 0", "0 1/3 2/3 1"])


def shares_agree(screen: Screen, above: Tensor, shares: list[str]) -> None:
    """Each sum has the products of what is shared along each axis, and PyTorch's total."""
    share = [[Fraction(each) for each in side.split()] for side in shares]
    for row, column in np.ndindex(2, 2):
        reached = [at for at in np.ndindex(4, 4) if share[row][at[0]] * share[column][at[1]]]
        expected = sum(
            float(share[row][y] * share[column][x]) * float(above[y, x]) for y, x in reached
        )
        screen.point("downstream", row, column)
        line = screen.sum
        assert (line["kind"], line["agrees"], line["terms"]) == ("sum", "true", str(len(reached)))
        assert float(line["autograd"]) == pytest.approx(expected, rel=1e-5)
        written = {
            term["from"]: Fraction(term["coefficient"].split()[0]) for term in screen.terms()
        }
        assert written == {f"0,0,{y},{x}": share[row][y] * share[column][x] for y, x in reached}
        assert screen.linked("upstream") == [4 * y + x for y, x in reached]


def test_the_last_part_of_a_split_and_a_shared_weight_are_explained(visit: Visit) -> None:
    rec = layer("rec", "GRU", INPUT, input_size=2, hidden_size=3)
    begun = replace(of_preset("test"), loss="mean")
    made = with_network(begun, ModelSpec(name="Recurrent", layers=(rec,)), (3, 2, 2))
    model = build(made.network, made.seed)
    torch.autograd.backward(model(torch.arange(1.0, 13.0).view(3, 2, 2)).mean())
    query = urlencode(to_address(Experiment(made)))
    screen = visit(f"?{query}&node=n31")
    screen.point("upstream", 3, 2)
    agrees(screen, gradient(model.get_parameter("rec.weight_hh_l0"))[3, 2], 2)
    assert [term["coefficient"] for term in screen.terms()] == [
        "1 (part from n15 TBackward0)",
        "1 (part from n30 TBackward0)",
    ]
    screen.go(f"?{query}&node=n32")
    for column in range(9):
        part, row = column // 3, 2
        screen.point("downstream", row, column)
        assert (screen.sum["kind"], screen.sum["agrees"], screen.sum["terms"]) == (
            "sum",
            "true",
            "1",
        )
        for key, other in (("upstream", 0), ("upstream1", 1), ("upstream2", 2)):
            assert screen.linked(key) == ([3 * row + column % 3] if part == other else [])
    title = screen.page.locator(".sum .term").get_attribute("title") or ""
    assert title.startswith("Arrives from ")
    assert title.endswith("[2, 2]")


# Values


def test_an_output_value_is_the_sum_of_weighted_input_values_and_a_bias(visit: Visit) -> None:
    model, _loss = plain()
    bias = model.conv2.bias
    assert bias is not None
    screen = visit("?v=1&node=n6&show=values&sample=1")
    for row, column in np.ndindex(2, 2):
        screen.point("output0", row, column)
        agrees(screen, model.kept["conv2"][1, 0, row, column], 10)
        names = [f"conv2.weight[0,0,{a},{b}]" for a, b in np.ndindex(3, 3)]
        assert [term["name"] for term in screen.terms()] == [*names, "conv2.bias[0]"]
        assert screen.terms()[-1]["text"].split()[0] == number(bias[0])
        window = [16 + 4 * (row + a) + column + b for a, b in np.ndindex(3, 3)]
        assert screen.linked("input0") == window
    screen.point("input0", 0, 0)
    assert screen.sum["cells"] == "1"
    assert screen.linked("output0") == [4]


def test_a_tanh_is_written_as_one_of_one_cell(visit: Visit) -> None:
    _model, kept = preset("mlp")
    screen = visit("?v=1&model=mlp&show=values")
    screen.point("output0", 1, 1)  # 16 cells stand as 4 rows of 4
    agrees(screen, kept["tanh1"][0, 5], 1)
    assert [term["text"] for term in screen.terms()] == [f"tanh({decimal(kept['fc1'][0, 5], 4)})"]
    assert screen.linked("input0") == [5]


def test_batch_normalisation_is_not_called_a_sum(visit: Visit) -> None:
    screen = visit("?v=1&model=residual&node=n16&show=values&channel=1")
    screen.point("output0", 3, 3)
    assert screen.sum["kind"] == "mixed"
    expect(screen.page.locator(".sum")).to_contain_text(
        "depends on 128 cells, but is not a sum of them"
    )
    expect(screen.page.locator(".sum .tick, .sum .cross, .sum .total")).to_have_count(0)
    assert len(screen.linked("input0")) == 64  # of the sample on screen


# Pins, keys, touch, speech


def test_click_and_keys_pin_and_escape_frees(visit: Visit) -> None:
    model, _loss = plain()
    screen = visit()
    screen.page.mouse.click(*screen.centre("downstream", 0, 1))
    expect(screen.page.locator(".sum")).to_have_attribute("data-pinned", "true")
    screen.point("upstream", 3, 3)
    assert (screen.sum["map"], screen.sum["cell"]) == ("downstream", "0,0,0,1")
    assert screen.linked("upstream") == [2, 3, 6, 7]
    screen.page.keyboard.press("Escape")
    screen.page.mouse.move(0, 0)
    _explains_the_largest(screen, model)
    assert screen.query() == {}
    screen.card("downstream").locator(".scroller").focus()
    for key in ("Control+Home", "ArrowDown", "ArrowRight", "Enter"):
        screen.page.keyboard.press(key)
    agrees(screen, gradient(model.kept["conv1"])[0, 0, 1, 1], 4)
    assert screen.sum["pinned"] == "true"
    spoken = screen.page.locator(".maps [aria-live=polite]")
    expect(spoken).to_contain_text("PyTorch says 0.0103 too")
    expect(spoken).to_contain_text("Handed on to conv1 [0,0,1,1]")
    assert (spoken.text_content() or "").count("1 (copy)") == 4


def _explains_the_largest(screen: Screen, model: Plain) -> None:
    """Nobody points: the sum and the outlines are about the largest cell."""
    below = gradient(model.kept["conv1"])[0, 0]
    assert int(below.abs().argmax()) == 0
    expect(screen.page.locator(".sum")).to_have_attribute("data-cell", "0,0,0,0")
    agrees(screen, below[0, 0], 4)
    assert screen.sum["pinned"] == "false"
    assert screen.linked("upstream") == [0, 1, 4, 5]


def test_before_anybody_points_the_largest_cell_is_explained_as_an_equation(visit: Visit) -> None:
    model, _loss = plain()
    screen = visit()
    _explains_the_largest(screen, model)
    assert screen.sum["sign"] == "="
    shown = screen.page.locator(".sum .chip").all_inner_texts()
    assert shown == ["0.1652", "0.0582", "0.0924", "0.0061", "0.0085"]
    screen.point("downstream", 1, 1)
    assert screen.sum["cell"] == "0,0,1,1"
    screen.page.mouse.move(0, 0)
    _explains_the_largest(screen, model)


def test_a_tap_pins_on_a_phone(visit: Visit) -> None:
    phone = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
    screen = visit(**phone)
    sum_line = screen.page.locator(".sum")
    screen.page.touchscreen.tap(*screen.centre("downstream", 1, 0))
    expect(sum_line).to_have_attribute("data-pinned", "true")
    assert screen.sum["cell"] == "0,0,1,0"
    expect(sum_line).to_be_in_viewport(ratio=0.9)
    screen.page.touchscreen.tap(*screen.centre("downstream", 1, 0))
    expect(sum_line).to_have_attribute("data-pinned", "false")
    expect(sum_line).to_have_attribute("data-cell", "0,0,0,0")


# What is on the first screen


def test_sum_and_proof_are_on_the_first_screen(visit: Visit) -> None:
    screen = visit()
    for query in ("", "?v=1&node=n6", "?v=2&model=lenet"):
        if query:
            screen.go(query)
        screen.point("downstream", 1, 1)
        for part in (".sum", ".proof > summary") if not query else (".sum",):
            expect(screen.page.locator(part)).to_be_in_viewport(ratio=1)


def test_at_the_size_of_a_projector_head_maps_and_sum_have_385_pixels(visit: Visit) -> None:
    screen = visit(viewport={"width": 1280, "height": 720})
    for query in ("", "?v=2&model=lenet"):
        screen.go(query)
        maps = [screen.card(key).locator(".scroller") for key in ("downstream", "upstream")]
        left, right, end, card = (
            part.bounding_box()
            for part in (*maps, screen.page.locator(".sum"), screen.page.locator(".inspector-card"))
        )
        assert left is not None
        assert right is not None
        assert end is not None
        assert card is not None
        assert (left["y"], left["x"] + left["width"] < right["x"]) == (right["y"], True)
        assert end["y"] + end["height"] - card["y"] <= 385


# Downstream here is upstream there


def test_the_proof_says_that_downstream_is_the_next_upstream(visit: Visit) -> None:
    screen = visit()
    line = screen.page.locator(".proof > summary")
    expect(line).to_contain_text("Checked in four ways, all agree.")
    chip = screen.page.locator(".proof [role=listitem]").last
    told = chip.get_by_text("what it hands on is compared with what arrived at conv1")
    expect(told).to_be_hidden()
    line.press("Enter")
    expect(told).to_be_visible()
    expect(chip).to_contain_text("✓ = upstream of conv1Δ 0")
    expect(chip).to_have_class("passed")
    screen.go("?v=1&model=residual&node=n12")
    expect(chip).to_contain_text("✓ + add = upstream of relu1")
    expect(chip.locator("p")).to_have_text(
        "2 nodes read this tensor. Each ran once more alone; "
        "the parts they hand on, added up, are compared with what arrived at relu1.",
    )


# What is too large for the browser


@pytest.fixture(scope="module")
def frugal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The app with little room for links, as a much larger network would leave it."""
    script = tmp_path_factory.mktemp("frugal") / "frugal.py"
    script.write_text(
        f"import sys\nsys.path.insert(0, {str(ROOT)!r})\n"
        "import streamlit as st\nfrom viz.scene import asked\nasked.MAX_LINK_BYTES = 64_000\n"
        "import app as product\n"
        f"app = st.App({str(ROOT / 'pages' / 'main.py')!r}, lifespan=product.lifespan,\n"
        "    routes=[product.code_route(), product.ANSWERS.route],\n"
        "    middleware=product.MIDDLEWARE)\n"
    )
    with serve(script) as running:
        yield running


def test_click_and_enter_ask_the_server_where_pointing_would_be_too_much(
    visit: Visit, frugal: Server
) -> None:
    _model, kept = preset("lenet")
    screen = visit("?v=1&model=lenet&channel=all&node=n14", at=frugal)
    line = screen.page.locator(".sum")
    expect(line).to_have_attribute("data-kind", "sum")  # the largest is asked for by itself
    screen.point("downstream", 2, 2, tile=1)
    expect(line).to_contain_text("choose one channel above, or click a cell")
    assert screen.sum["kind"] == "large"
    screen.page.mouse.click(*screen.centre("downstream", 2, 2, tile=1))
    expect(line).to_have_attribute("data-kind", "sum")
    agrees(screen, gradient(kept["pool1"])[0, 1, 2, 2], 108)  # 12 channels, 3x3 each
    assert (screen.sum["cell"], screen.sum["pinned"]) == ("0,1,2,2", "true")
    screen.page.mouse.click(*screen.centre("upstream", 0, 0, tile=3))
    expect(line).to_have_attribute("data-kind", "reach")
    assert screen.sum["cells"] == "24"  # 6 channels, 2x2 each at the corner
    screen.page.keyboard.press("Escape")
    screen.page.mouse.move(0, 0)
    expect(line).to_have_attribute("data-kind", "sum")
    screen.card("downstream").locator(".scroller").focus()
    for key in ("Control+Home", "ArrowDown", "Enter"):
        screen.page.keyboard.press(key)
    expect(line).to_have_attribute("data-pinned", "true")
    expect(line).to_have_attribute("data-kind", "sum")
    agrees(screen, gradient(kept["pool1"])[0, 0, 1, 0], 72)
    screen.page.keyboard.press("Escape")
    screen.pick("Channel", "channel 4")
    expect(line).not_to_contain_text("choose one channel")
    screen.idle()
    screen.point("downstream", 1, 1)
    agrees(screen, gradient(kept["pool1"])[0, 4, 1, 1], 108)


def test_a_parameters_gradient_is_asked_for_too(visit: Visit, frugal: Server) -> None:
    model, kept = preset("lenet")
    screen = visit("?v=1&model=lenet&channel=all&node=n14", at=frugal)
    weights = dict(model.named_parameters())

    def ask(layer: str, steps: tuple[str, ...], index: tuple[int, ...], terms: int) -> None:
        screen.card(f"gradient:{layer}.weight").locator(".scroller").focus()
        for key in ("Control+Home", *steps, "Enter"):
            screen.page.keyboard.press(key)
        expect(screen.page.locator(".sum")).to_have_attribute("data-kind", "sum")
        assert screen.sum["cell"] == ",".join(map(str, index))
        agrees(screen, gradient(weights[f"{layer}.weight"])[index], terms)

    window = kept["pool1"][0, 0, :, 1:]  # what entry (1, 2) was laid on, but for the padding
    ask("conv2", ("ArrowDown", "ArrowRight", "ArrowRight"), (0, 0, 1, 2), int((window != 0).sum()))
    assert len(screen.linked("input0")) > 1
    screen.box("fc1").click()
    expect(screen.heading).to_have_text("fc1")
    screen.idle()
    read = int(kept["flatten"][0].abs().argmax())
    ask("fc1", ("ArrowRight",) * read, (0, read), 1)


def test_a_large_layers_values_are_asked_for_too(visit: Visit, frugal: Server) -> None:
    _model, kept = preset("lenet")
    screen = visit("?v=1&model=lenet&channel=all&node=n14&show=values", at=frugal)
    screen.page.mouse.click(*screen.centre("output0", 2, 3, tile=1))
    expect(screen.page.locator(".sum")).to_have_attribute("data-kind", "sum")
    agrees(screen, kept["conv2"][0, 1, 2, 3], 55)  # 6 channels, 3x3 each, and the bias
    screen.page.mouse.click(*screen.centre("input0", 0, 0, tile=0))
    expect(screen.page.locator(".sum")).to_have_attribute("data-kind", "reach")
    assert screen.sum["cells"] == "48"  # 12 channels, 2x2 each at the corner
