"""The workbench in JupyterLab and in marimo, on runs that are alive in their kernels."""

from __future__ import annotations

import ast
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from playwright.sync_api import Browser, Locator, Page, expect
from torch import nn

from tests.browser.conftest import PATIENCE
from tests.browser.driving.alone import read_cells
from tests.browser.driving.cut_off import cut_off
from tests.browser.driving.jupyter_lab import jupyter, opened
from tests.browser.driving.marimo_page import marimo

Floats = NDArray[np.float32]

MODEL = """
import torch
from torch import nn
torch.manual_seed(0)
model = nn.Sequential(nn.Conv2d(1, 2, 3), nn.ReLU(), nn.Flatten(), nn.Linear(32, 3))
x = torch.randn(2, 1, 6, 6)
"""
SHOWN = """
import flow
from viz.notebook import show
run = flow.run(model, x, loss=lambda out: out.square().mean())
widget = show(run)
widget
"""
CLOSED = """
with flow.run(model, 2 * x, loss=lambda out: out.square().mean()) as over:
    pass
show(over, sample=1)
"""
ON_ITS_GROUND = """() => {
  const parts = [...document.querySelectorAll(".jp-OutputArea-output *")];
  const host = parts.find((part) => part.shadowRoot);
  const own = host.shadowRoot.querySelector(".workbench");
  const notebook = document.querySelector(".jp-NotebookPanel-notebook");
  return getComputedStyle(own).backgroundColor === getComputedStyle(notebook).backgroundColor;
}"""
READ = "print({**widget.view, 'cell': widget.cell})"
SET = "widget.view = {'node': 'n0'}"
# Append a cell at the end and run it; the notebook's own commands know which one is meant.
RUN_MORE = """async (text) => {
  const { commands, shell } = window.jupyterapp;
  const { content } = shell.currentWidget;
  content.activeCellIndex = content.widgets.length - 1;
  await commands.execute("notebook:insert-cell-below");
  content.activeCell.model.sharedModel.setSource(text);
  await commands.execute("notebook:run-cell");
}"""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A notebook in which one run is open and another one closed."""
    with jupyter(tmp_path_factory.mktemp("jupyter"), [MODEL, SHOWN, CLOSED]) as url:
        yield url


@pytest.fixture
def page(address: str, browser: Browser) -> Iterator[Page]:
    with opened(browser, address, PATIENCE) as page:
        yield page


def gradients() -> list[Floats]:
    """What plain autograd hands to the convolution's output, and on from the linear layer."""
    space: dict[str, object] = {}
    with torch.random.fork_rng():
        exec(MODEL, space)  # noqa: S102 - the text above
    model, x = space["model"], space["x"]
    assert isinstance(model, nn.Sequential)
    assert isinstance(x, torch.Tensor)
    convolved = model[0](x)
    flat = model[2](model[1](convolved))
    loss = model[3](flat).square().mean()
    return [each.numpy() for each in torch.autograd.grad(loss, (convolved, flat))]


def shows(bench: Locator, key: str, array: Floats) -> None:
    """Check that a map shows an array, or of its first sample the channel with the largest cell."""
    cells = read_cells(bench, key)
    found = {tuple(map(int, index.split(","))): float(value) for index, value in cells.items()}
    seen = (0, int(np.abs(array[0]).max(axis=(1, 2)).argmax())) if array.ndim > 2 else ()
    there = [at for at in np.ndindex(array.shape) if at[: len(seen)] == seen]
    assert sorted(found) == there
    assert found == pytest.approx({at: float(array[at]) for at in there}, rel=1e-5)


def rested(bench: Locator) -> None:
    expect(bench).to_have_attribute("data-state", "explained")


def said(page: Page, text: str) -> dict[str, object]:
    """Run one more cell and return what it prints."""
    page.evaluate(RUN_MORE, text)
    output = page.locator(".jp-Cell").last.locator(".jp-OutputArea-output")
    found = ast.literal_eval(output.inner_text())
    assert isinstance(found, dict)
    return found


def test_the_whole_workbench_is_answered_by_the_run_in_the_kernel(page: Page) -> None:
    to_convolution, to_flat = gradients()
    bench, other = page.locator(".bench").first, page.locator(".bench").last
    rested(bench)
    rested(other)
    shows(bench, "downstream", to_flat)

    bench.locator(".backlight-strip button[data-layer='0']").click()
    rested(bench)
    shows(bench, "upstream", to_convolution)
    node = bench.locator("g.node[aria-pressed=true]").get_attribute("id") or ""
    painted = page.evaluate("() => window.painted")
    assert f"node-{painted[-1]}" == node
    expect(bench.locator(".card[data-map='gradient:0.weight']")).to_be_visible()

    # A sum, its proof, and what Python knows of it.
    scroller = bench.locator(".card[data-map='gradient:0.weight'] .scroller")
    scroller.focus()
    page.keyboard.press("Control+Home")
    page.keyboard.press("Enter")
    expect(bench.locator(".sum")).to_contain_text(" too")
    chip = bench.locator(".proof .passed").first
    bench.locator(".proof > summary").click()
    expect(chip.locator("p")).to_be_visible()
    pinned = {"map": "gradient:0.weight", "index": [0, 0, 0, 0]}
    deadline = time.monotonic() + PATIENCE / 1000
    while (looked := said(page, READ))["cell"] != pinned:  # it may still be on its way
        assert time.monotonic() < deadline, looked
    assert looked["node"] == painted[-1]

    # Nothing of that has happened to the other run, which is closed.
    expect(other.locator("h3.head").last).to_have_text("3")
    expect(other.locator(".absent")).to_have_text(
        "This run was closed and its graph freed. Run the module again."
    )

    said(page, f"{SET}\nprint({{}})")
    expect(bench.locator("h3.head").last).to_have_text("loss")
    expect(other.locator("h3.head").last).to_have_text("3")


def test_keys_in_the_workbench_are_not_the_notebooks(page: Page) -> None:
    bench = page.locator(".bench").first
    rested(bench)
    count = page.locator(".jp-Cell").count()
    bench.locator(".card[data-map='upstream'] .scroller").focus()
    for key in ("Control+Home", "a", "b", "d", "d", "ArrowRight"):
        page.keyboard.press(key)
    expect(bench.locator(".card[data-map='upstream'] .readout")).to_have_attribute(
        "data-index", "0,1"
    )
    expect(page.locator(".jp-Cell")).to_have_count(count)


def test_it_follows_the_notebooks_theme(page: Page) -> None:
    bench = page.locator(".bench").first
    rested(bench)
    light = bench.evaluate("bench => getComputedStyle(bench).color")
    for theme, ink in (("JupyterLab Dark", "rgb(230, 230, 240)"), ("JupyterLab Light", light)):
        page.evaluate(
            "(theme) => window.jupyterapp.commands.execute('apputils:change-theme', { theme })",
            theme,
        )
        expect(bench).to_have_css("color", ink)
        page.wait_for_function(ON_ITS_GROUND)


def test_marimo_shows_it_too_and_a_cell_reads_what_is_looked_at(
    tmp_path: Path, browser: Browser
) -> None:
    to_convolution, to_flat = gradients()
    shown = f"{MODEL}{SHOWN}".replace("\nwidget\n", "\nshared = mo.ui.anywidget(widget)\nshared\n")
    cells = [
        f"import marimo as mo\n{shown}return (shared,)",
        "f\"looked at {shared.value['view']['node']}\"\nreturn",
    ]
    with marimo(tmp_path, cells) as url, cut_off(browser, url, PATIENCE) as page:
        bench = page.locator(".bench")
        rested(bench)
        shows(bench, "downstream", to_flat)
        bench.locator(".backlight-strip button[data-layer='0']").click()
        rested(bench)
        shows(bench, "upstream", to_convolution)
        expect(bench.locator(".proof > summary")).to_contain_text("Checked in ")
        node = page.evaluate("() => window.painted.at(-1)")
        expect(page.get_by_text(f"looked at {node}")).to_be_visible()
