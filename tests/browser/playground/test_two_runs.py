"""Two runs beside one another: opened in the sidebar, seen, found again by the link, closed."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Callable
from urllib.parse import urlencode

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from playwright.sync_api import Locator, ViewportSize, expect
from torch import nn

from experiment.beside.made import with_activation, without_layer
from experiment.setting import of_preset
from experiment.written.address import Experiment, to_address
from pages.parts.addresses import PLAYGROUND
from tests.browser.conftest import Visit
from tests.browser.driving.screen import PHONE
from tests.experiment.runs import execute

VANISHING = of_preset("vanishing")


def gradients(activation: Callable[[], nn.Module]) -> dict[str, NDArray[np.float32]]:
    """What arrives at every layer of the preset, as torch has it, from seed 0."""
    with torch.random.fork_rng([]):
        torch.manual_seed(0)
        parts: list[tuple[str, nn.Module]] = [("first", nn.Linear(64, 16))]
        for step in range(1, 9):
            parts += [(f"fc{step}", nn.Linear(16, 16)), (f"act{step}", activation())]
        network = nn.Sequential(OrderedDict([*parts, ("last", nn.Linear(16, 10))]))
    value = torch.from_numpy(execute(VANISHING).capture.inputs[0].copy())
    outputs = {}
    for name, part in network.named_children():
        outputs[name] = value = part(value)
    loss = nn.functional.cross_entropy(value, torch.tensor(VANISHING.labels))
    found = torch.autograd.grad(loss, list(outputs.values()))
    return {name: each.numpy() for name, each in zip(outputs, found, strict=True)}


def top(part: Locator) -> float:
    box = part.bounding_box()
    assert box
    return box["y"]


def bottom(part: Locator) -> float:
    box = part.bounding_box()
    assert box
    return box["y"] + box["height"]


def test_relus_beside_sigmoids_show_where_the_gradient_vanishes(visit: Visit) -> None:
    a, b = gradients(nn.Sigmoid), gradients(nn.ReLU)
    ratio = np.abs(b["first"]).max() / np.abs(a["first"]).max()
    screen = visit("?v=2&model=vanishing")
    page, beside = screen.page, screen.page.locator(".beside")
    before = screen.query()
    page.get_by_text("Compare with another run").click()
    screen.button("Run B beside A").click(trial=True)  # once all has opened and is in view
    screen.pick("B is the same run, but with", "Another activation")
    screen.pick("Every layer of the kind", "ReLU for Sigmoid")
    screen.button("Run B beside A").click()
    expect(beside).to_have_attribute("data-state", "shown")
    expect(beside.locator(".line b")).to_have_text(
        f"At layer first, B's largest gradient is {ratio:.0f} times A's."
    )
    apart = beside.locator(".line span")
    expect(apart).to_contain_text("Different: ReLU instead of Sigmoid in 8 layers. The same: input")
    expect(page.locator(".bench")).to_be_hidden()
    column = beside.locator("button.column[data-a=sigmoid4][data-b=relu4]")
    column.click()
    expect(column).to_have_attribute("aria-pressed", "true")
    expect(beside.locator("h3.head").last).to_have_text("sigmoid4 and relu4")
    one, other, minus = (screen.array(f"{side}:upstream") for side in ("a", "b", "minus"))
    np.testing.assert_allclose(one, a["act4"], rtol=1e-3, atol=1e-12)
    np.testing.assert_allclose(other, b["act4"], rtol=1e-3, atol=1e-9)
    np.testing.assert_array_equal(minus, other - one)
    column.press("ArrowLeft")
    page.keyboard.press("Enter")
    expect(beside.locator("h3.head").last).to_have_text("fc4")
    expect(page).to_have_url(re.compile(r"[?&]2\.net="))
    page.reload()
    expect(beside).to_have_attribute("data-state", "shown")
    expect(beside.locator("button.column[aria-pressed=true]")).to_have_attribute("data-a", "fc4")
    expect(beside.locator(".line b")).to_contain_text(f"{ratio:.0f} times")
    address = page.url
    screen.button("Close B").click()
    screen.drawn()
    left = screen.query()
    assert left == {**before, "node": left["node"]}
    page.goto(f"{address}&present=1")
    expect(beside).to_have_attribute("data-state", "shown")
    assert bottom(column.locator(".names .a")) <= top(column.locator(".names .b"))
    first = beside.locator("button.column[data-a=first]")
    assert bottom(first.locator(".names .both")) <= top(first.locator(".box.b"))
    expect(beside.locator(".flows path.unchanged")).to_be_hidden()


def test_a_run_that_cannot_be_leaves_the_other_on_screen(visit: Visit) -> None:
    first = of_preset("lenet")
    both = Experiment(first, beside=(without_layer(first, "flatten"),))
    screen = visit(f"?{urlencode(to_address(both))}")
    expect(screen.alert).to_contain_text("B cannot run: fc1: in_features is 108")
    expect(screen.box("fc1")).to_be_visible()
    screen.button("Close B").click()
    expect(screen.alert).to_have_count(0)
    screen.idle()
    assert screen.query() == {"v": "2", "model": "lenet"}


@pytest.mark.parametrize("viewport", [{"width": 1280, "height": 720}, PHONE])
def test_nothing_moves_when_somebody_begins_to_step(visit: Visit, viewport: ViewportSize) -> None:
    first = of_preset("mlp")
    both = Experiment(first, beside=(with_activation(first, "Tanh", "ReLU"),))
    screen = visit(viewport=viewport)
    screen.page.goto(f"{screen.visitor.url}/{PLAYGROUND}?{urlencode(to_address(both))}")
    beside = screen.page.locator(".beside")
    expect(beside).to_have_attribute("data-state", "shown")
    flows, line, sentence = (beside.locator(each) for each in (".flows", ".line", ".sentence"))
    last = beside.locator("button.column").last
    expect(last).to_be_in_viewport(ratio=1)
    before = flows.bounding_box()
    beside.get_by_role("button", name="Next").click()
    expect(sentence).to_be_visible()
    expect(line).to_be_hidden()
    expect(last).to_have_attribute("aria-pressed", "true")
    assert flows.bounding_box() == before
    assert flows.evaluate("({ scrollLeft }) => scrollLeft") == 0
    box = sentence.bounding_box()
    assert box
    assert before
    assert box["y"] + box["height"] <= before["y"]
    beside.get_by_role("button", name="Leave the steps").click()
    expect(line).to_be_visible()
    assert flows.bounding_box() == before
