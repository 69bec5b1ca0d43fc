"""The workbench in JupyterLab, on runs that are alive in its kernel."""

from __future__ import annotations

import ast
import time
from collections.abc import Iterator

import numpy as np
import pytest
import torch
from playwright.sync_api import Browser, Locator, Page, expect
from torch import nn

from tests.browser.alone import read_array
from tests.browser.conftest import PATIENCE
from tests.browser.jupyter_lab import jupyter, opened

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


def gradients() -> list[np.ndarray]:
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
    assert np.allclose(read_array(bench, "downstream").reshape(2, 32), to_flat, rtol=1e-6)

    bench.locator(".backlight-strip button[data-layer='0']").click()
    rested(bench)
    handed = read_array(bench, "upstream").reshape(2, 4, 4)
    assert np.allclose(handed, to_convolution[0], rtol=1e-6)
    node = bench.locator("g.node[aria-pressed=true]").get_attribute("id") or ""
    painted = page.evaluate("() => window.painted")
    assert f"node-{painted[-1]}" == node
    expect(bench.locator("[data-map='gradient:0.weight']")).to_be_visible()

    # A sum, its proof, and what Python knows of it.
    scroller = bench.locator("[data-map='gradient:0.weight'] .scroller")
    scroller.focus()
    page.keyboard.press("Control+Home")
    page.keyboard.press("Enter")
    expect(bench.locator(".sum")).to_contain_text("✓")
    chip = bench.locator(".proof .passed").first
    chip.locator("summary").click()
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
    bench.locator("[data-map='upstream'] .scroller").focus()
    for key in ("Control+Home", "a", "b", "d", "d", "ArrowRight"):
        page.keyboard.press(key)
    expect(bench.locator("[data-map='upstream'] .readout")).to_have_attribute("data-index", "0,1")
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
        behind = page.locator(".jp-NotebookPanel-notebook").evaluate(
            "part => getComputedStyle(part).backgroundColor"
        )
        expect(page.locator(".workbench").first).to_have_css("background-color", behind)
