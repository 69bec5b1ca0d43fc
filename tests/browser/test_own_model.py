"""A module that the command line names, on the page: as exact as a preset, and nobody else's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import numpy as np
import pytest
import torch
from playwright.sync_api import expect
from torch import nn

import flow
from scripts.served import ROOT, Server, served
from tests.browser.conftest import Visit

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


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("own")
    (folder / "net.py").write_text(OWN)
    return folder


@pytest.fixture(scope="module")
def own(folder: Path) -> Iterator[Server]:
    with serving(folder, "Pair") as server:
        yield server


def serving(folder: Path, name: str) -> AbstractContextManager[Server]:
    """Serve the app as its author would start it."""
    arguments = ("--", "--model", f"{folder / 'net.py'}:{name}", "--input", "2,2,4,4")
    return served(ROOT / "app.py", *arguments)


def expected() -> flow.Run:
    """Run the same class here, the way its author would; one thread, as the server runs it."""
    space: dict[str, type[nn.Module]] = {}
    exec(compile(OWN, "net.py", "exec"), space)  # noqa: S102 - the text above
    with torch.random.fork_rng():
        torch.manual_seed(0)
        module = space["Pair"]()
        x = torch.randn(2, 2, 4, 4, generator=torch.Generator().manual_seed(0))
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        return flow.run(module, x, loss=lambda output: output["score"].mean())
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
    with serving(folder, "Wrong") as server:
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
