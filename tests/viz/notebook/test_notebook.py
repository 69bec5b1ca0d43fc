"""Pictures of a run in a notebook: the numbers of the run, cell by cell."""

from __future__ import annotations

import re

import numpy as np
import plotly.graph_objects as go
import pytest
import torch
from torch import nn

import flow
from scripts.served import ROOT
from viz.notebook import show
from viz.notebook.widget import Workbench


@pytest.fixture(scope="module")
def run() -> flow.Run:
    with flow.Seeded(0):
        module = nn.Sequential(nn.Conv2d(2, 3, 3), nn.Flatten(), nn.Linear(48, 2))
        x = torch.randn(2, 2, 6, 6)
    return flow.run(module, x, loss=lambda out: out.square().mean())


def cells(trace: go.Heatmap) -> dict[tuple[int, ...], float]:
    """Return what a heatmap shows: index of the cell -> value."""
    found = {}
    for values, indices in zip(np.asarray(trace.z), np.asarray(trace.customdata), strict=True):
        for value, index in zip(values, indices, strict=True):
            if not np.isnan(value):
                found[tuple(map(int, index))] = value
    return found


def test_a_layer_is_drawn_with_its_own_numbers_on_one_scale(run: flow.Run) -> None:
    layer = run.capture.layer("2")
    picture = show(run, "2")
    for trace, array in zip(picture.data, (layer.downstream[0], layer.upstream), strict=True):
        assert array is not None
        assert cells(trace) == {index: array[index] for index in np.ndindex(array.shape)}
    assert layer.upstream is not None
    assert layer.downstream[0] is not None
    largest = max(np.abs(layer.upstream).max(), np.abs(layer.downstream[0]).max())
    assert {trace.zmax for trace in picture.data} == {largest}
    assert {-trace.zmin for trace in picture.data} == {largest}
    assert [trace.showscale for trace in picture.data] == [True, False]


def test_sample_and_channel_choose_what_is_drawn(run: flow.Run) -> None:
    upstream = run.capture.layer("0").upstream
    assert upstream is not None
    (trace,) = show(run, "0", sample=1, channel=2).data
    wanted = {(1, 2, row, column): upstream[1, 2, row, column] for row, column in np.ndindex(4, 4)}
    assert cells(trace) == wanted


def test_what_has_no_gradient_says_so(run: flow.Run) -> None:
    picture = show(run, "0")
    assert len(picture.data) == 1
    titles = [each.text for each in picture.layout.annotations]
    shape = "\N{MULTIPLICATION SIGN}".join("2344")
    assert titles == ["Downstream ∂L/∂input · no gradient", f"Upstream ∂L/∂output · {shape}"]
    assert picture.layout.title.text.startswith("0 · Conv2d(2, 3, kernel_size=(3, 3)")


def test_a_wrong_name_lists_the_right_ones(run: flow.Run) -> None:
    with pytest.raises(KeyError, match=r"no layer 'conv'\. This run has 0, 1, 2\."):
        show(run, "conv")


def test_a_sample_that_does_not_exist_is_refused(run: flow.Run) -> None:
    with pytest.raises(IndexError, match="sample 5 does not exist"):
        show(run, "0", sample=5)


def test_the_example_of_the_readme_runs_as_it_stands() -> None:
    examples = re.findall("```python\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    (example,) = [text for text in examples if "viz.notebook" in text]
    model = nn.Sequential()
    model.add_module("conv1", nn.Conv2d(1, 2, 3))
    space: dict[str, object] = {"model": model, "x": torch.ones(1, 1, 5, 5)}
    *lines, last = example.strip().splitlines()
    exec("\n".join(lines), space)  # noqa: S102 - the text above
    picture = eval(last, space)  # noqa: S307 - its last line
    assert isinstance(space["widget"], Workbench)
    assert space["widget"].view["node"] == "n2"  # the convolution's, after mean and square
    upstream = space["run"].capture.layer("conv1").upstream  # type: ignore[attr-defined]
    assert cells(picture.data[0]) == {
        index: upstream[index] for index in np.ndindex(upstream.shape)
    }
