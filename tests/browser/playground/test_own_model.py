"""A module that the command line names, on the page: as exact as a preset, and nobody else's."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from playwright.sync_api import expect
from torch import Tensor, nn

import flow
from scripts.served import ROOT, Server
from tests.browser.conftest import Visit
from tests.browser.driving.serve import serve
from tests.browser.playground import own_networks
from tests.browser.playground.own_networks import Encoder

OWN = """
import torch
from torch import nn


class Pair(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.Conv2d(2, 3, 3), nn.ReLU())
        self.fc = nn.Linear(12, 4)
        self.calls = 0

    def forward(self, x):
        self.calls += 1
        if self.calls > 1:
            raise RuntimeError("two visitors share this module")
        return {"score": self.fc(self.body(x).flatten(1)), "x": x}


class Wrong(Pair):
    def forward(self, x):
        return self.fc(x)
"""


Draw = Callable[[torch.Generator], Tensor]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("own")
    (folder / "net.py").write_text(OWN)
    return folder


@pytest.fixture(scope="module")
def own(folder: Path) -> Iterator[Server]:
    with serving(folder / "net.py", "Pair", "2,2,4,4") as server:
        yield server


def serving(file: Path, name: str, x: str) -> AbstractContextManager[Server]:
    """Serve the app as its author would start it."""
    return serve(ROOT / "app.py", "--", "--model", f"{file}:{name}", "--input", x)


def expected() -> flow.Run:
    """Run the class above here, the way its author would."""
    space: dict[str, type[nn.Module]] = {}
    exec(compile(OWN, "net.py", "exec"), space)  # noqa: S102 - the text above
    return ran(
        space["Pair"],
        lambda generator: torch.randn(2, 2, 4, 4, generator=generator),
        lambda output: output["score"].mean(),
    )


def ran(make: type[nn.Module], draw: Draw, loss: Callable[[Any], Tensor]) -> flow.Run:
    """Run a class with seed 0; one thread, as the server runs it."""
    with torch.random.fork_rng():
        torch.manual_seed(0)
        module = make()
        x = draw(torch.Generator().manual_seed(0))
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        return flow.run(module, x, loss=loss)
    finally:
        torch.set_num_threads(threads)


def test_the_page_opens_on_it_and_shows_its_gradients(visit: Visit, own: Server) -> None:
    screen = visit(at=own)
    expect(screen.page.get_by_role("combobox", name="Model")).to_have_value("Pair")
    expect(screen.page.get_by_text("The loss is taken of its output score")).to_be_visible()
    capture = expected().capture
    screen.box("body.0").click()
    screen.shows("body.0", capture.layer("body.0").nodes[0], "body.0")
    for key, array in (
        ("upstream", capture.layer("body.0").upstream),
        ("gradient:body.0.weight", capture.layer("body.0").parameters[0].gradient),
    ):
        assert array is not None
        for index, value in screen.cells(key).items():
            assert np.float32(value) == array[index]
    expect(screen.page.get_by_role("switch", name="Edit the network")).to_have_count(0)
    screen.button("Take away").click()
    expect(screen.button("All tensors .npz")).to_be_visible()
    expect(screen.button("Script .py")).to_have_count(0)


def test_steps_sums_and_new_weights_work_on_it(visit: Visit, own: Server) -> None:
    screen = visit(at=own)
    before = screen.cells("gradient:fc.weight")
    scroller = screen.card("downstream").locator(".scroller")
    scroller.focus()
    screen.page.keyboard.press("Home")
    expect(screen.page.locator(".sum")).to_have_attribute("data-agrees", "true")
    screen.button("New weights").click()
    expect(screen.seed).to_have_value("1")
    screen.idle()
    screen.drawn()
    assert screen.cells("gradient:fc.weight") != before
    screen.button("Play the backward pass").click()
    expect(screen.page).to_have_url(re.compile(r"step=\d"))
    screen.button("Pause").click()
    screen.idle()


def test_a_second_visitor_gets_a_module_of_their_own(visit: Visit, own: Server) -> None:
    first, second = visit("?v=1&model=own&seed=5", at=own), visit("?v=1&model=own&seed=6", at=own)
    cells = [screen.cells("gradient:fc.weight") for screen in (first, second)]
    assert cells[0] != cells[1]
    assert visit("?v=1&model=own&seed=5", at=own).cells("gradient:fc.weight") == cells[0]


def test_presets_are_still_there(visit: Visit, own: Server) -> None:
    screen = visit("?v=1&model=test", at=own)
    screen.shows("upsample", "n9", "upsample")
    screen.box("conv2").click()
    screen.at_node("n6")
    assert screen.query()["model"] == "test"


def test_a_forward_that_raises_is_told_with_its_line(visit: Visit, folder: Path) -> None:
    line = 1 + OWN.splitlines().index("        return self.fc(x)")
    with serving(folder / "net.py", "Wrong", "2,2,4,4") as server:
        printed = server.log.read_text()
        assert "net.py:Wrong cannot be shown yet. Wrong.forward raised RuntimeError" in printed
        screen = visit("?v=1&model=test", at=server)
        screen.page.goto(server.url)
        expect(screen.alert).to_contain_text("Wrong.forward raised RuntimeError")
        expect(screen.alert).to_contain_text(f"net.py, line {line}: return self.fc(x)")
        screen.page.close()


def test_without_the_option_no_link_reaches_a_file(visit: Visit, folder: Path) -> None:
    screen = visit("?v=1&model=own")
    expect(screen.alert.first).to_contain_text("model: there is no preset own.")
    screen.go(f"?v=1&model={folder / 'net.py'}:Pair")
    expect(screen.alert.first).to_contain_text("there is no preset")
    screen.shows("upsample", "n9", "upsample")


def test_a_large_network_opens_collapsed_and_is_exact_inside(visit: Visit) -> None:
    file, layer = Path(own_networks.__file__), "blocks.11.up"
    with serving(file, "Encoder", "1,16:100") as server:
        screen = visit(at=server)
        boxes = screen.nodes.count()
        expect(screen.graph.locator(".note")).to_have_text(
            f"Collapsed into {boxes} blocks of layers."
        )
        screen.button("Play the backward pass").click()
        screen.button("Pause").click()
        screen.box(layer).click()
        expect(screen.heading).to_have_text(layer)
        expect(screen.node("g-blocks.11")).to_have_attribute("aria-pressed", "true")
        expect(screen.box(layer)).to_have_attribute("aria-pressed", "true")
        screen.idle()
        step = int(screen.query()["step"])
        expect(screen.page.locator(".backlight-step")).to_have_attribute("data-step", str(step))
        node = step + 1
        screen.button("Next step").click()
        expect(screen.page.locator("p.head")).to_contain_text("AddmmBackward0")
        screen.at_node(f"n{node}")
        screen.idle()
        screen.card("downstream").locator(".scroller").focus()
        screen.page.keyboard.press("Control+Home")
        screen.page.keyboard.press("Enter")
        expect(screen.page.locator(".sum")).to_have_attribute("data-agrees", "true")
        line = screen.sum
        screen.page.close()
    with ran(Encoder, lambda own: torch.randint(100, (1, 16), generator=own), torch.mean) as run:
        record = run.capture.nodes[node]
        gradient = next(part for part in record.downstream if part is not None and part.ndim > 1)
    assert record.name == "AddmmBackward0"
    assert boxes < len(run.capture.nodes) / 10
    assert (line["terms"], line["cell"]) == ("256", ",".join("0" * gradient.ndim))
    assert np.float32(line["autograd"]) == gradient.flat[0]
    assert np.float32(line["total"]) == pytest.approx(gradient.flat[0], rel=1e-4)
