"""The strip shows the layers of a run in forward order, with exact gradients and honest bars."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

import flow
from flow.record import LOSS, Edge
from tests.viz.captures import capture, chain_capture, layer, node, small_capture
from viz.detail import short_detail
from viz.peak import peak
from viz.strip.strip import STRIP_TEXT, make_strip, strip_data

X = "\N{MULTIPLICATION SIGN}"
TO = "\N{RIGHTWARDS ARROW}"


def box(**changes: Any) -> dict[str, Any]:
    plain = {
        "kind": "layer",
        "detail": "",
        "state": "number",
        "share": 0.0,
        "layer": "",
        "node": "",
    }
    return {**plain, **changes}


def test_the_data_of_a_small_network_are_exactly_these() -> None:
    data = json.loads(json.dumps(strip_data(small_capture()), allow_nan=False))
    # Smallest gradient above zero 1e-3: the bars begin one decade below, at 1e-4, and span 4.
    assert data["boxes"] == [
        box(
            kind="input",
            name="input",
            shape=f"2{X}1{X}2{X}2",
            peak="0.001",
            share=0.25,
            layer="(input)",
            node="n5",
            ranges=[[5, 5]],
            title=f"input, 2{X}1{X}2{X}2, max |upstream gradient| 0.001",
        ),
        box(
            name="fc1",
            detail=f"Linear 4{TO}3",
            shape=f"2{X}3",
            peak="0",
            state="zero",
            layer="fc1",
            node="n4",
            ranges=[[4, 4]],
            title=f"fc1, Linear 4{TO}3, 2{X}3, max |upstream gradient| 0",
        ),
        box(
            kind="operation",
            name="relu",
            shape=f"2{X}3",
            peak="0.01",
            share=0.5,
            node="n3",
            ranges=[[3, 3]],
            title=f"relu, 2{X}3, max |upstream gradient| 0.01",
        ),
        box(
            name="drop",
            detail="Dropout 0.5",
            shape=f"2{X}3",
            peak="no gradient",
            state="none",
            layer="drop",
            ranges=[],
            title=f"drop, Dropout 0.5, 2{X}3, max |upstream gradient| no gradient,"
            " owns no node of the graph",
        ),
        box(
            name="fc2",
            detail=f"Linear 3{TO}1",
            shape=f"2{X}1",
            peak="0.1",
            share=0.75,
            layer="fc2",
            node="n1",
            ranges=[[1, 2]],
            title=f"fc2, Linear 3{TO}1, 2{X}1, max |upstream gradient| 0.1",
        ),
        box(
            kind="loss",
            name="loss",
            detail="MSE",
            shape="0.25",
            peak="1",
            share=1.0,
            layer="(loss)",
            node="n0",
            ranges=[[0, 0]],
            title="loss, MSE, 0.25, max |upstream gradient| 1",
        ),
    ]
    assert "logarithmic from 0.0001 (empty) to 1 (full)" in data["legend"]


def shares(peaks: list[float]) -> list[float]:
    """Bars of a chain whose layers have these upstream gradients, loss first."""
    nodes = [
        node("AddBackward0", LOSS if place == 0 else f"l{place}", [value], f"n{place}")
        for place, value in enumerate(peaks)
    ]
    layers = [
        layer(each.layer, "Tanh", (each.id,), [value])
        for each, value in zip(nodes, peaks, strict=True)
    ]
    edges = [Edge(f"n{place + 1}", f"n{place}") for place in range(len(peaks) - 1)]
    strip = make_strip(capture(nodes, edges, layers[:0:-1]))
    return [each.share for each in reversed(strip.boxes[1:])]


def test_every_factor_of_ten_shortens_a_bar_by_the_same_length() -> None:
    assert shares([1.0, 1e-1, 1e-2, 1e-3, 1e-4]) == pytest.approx([1, 0.8, 0.6, 0.4, 0.2], abs=1e-4)


def test_a_vanishing_gradient_keeps_a_bar_and_its_number() -> None:
    assert shares([1.0, 1e-30]) == pytest.approx([1, 1 / 31], abs=1e-4)
    assert 0 < shares([1.0, 1e-44])[1] < 0.05


def test_nearly_equal_gradients_have_nearly_equal_bars() -> None:
    assert shares([1.0, 0.9]) == pytest.approx([1, 1 - math.log10(1 / 0.9) / 3], abs=1e-4)


def test_the_smallest_double_does_not_break_the_scale() -> None:
    nodes = [
        node("AddBackward0", LOSS, [1.0], "n0"),
        node("AddBackward0", "", None, "n1", call="add"),
    ]
    tiny = nodes[1].__class__(**{**nodes[1].__dict__, "upstream": (np.array([5e-324]),)})
    strip = make_strip(capture([nodes[0], tiny], [Edge("n1", "n0")]))
    assert [each.share for each in strip.boxes[1:]] == [0.0, 1.0]
    assert strip.boxes[1].peak == "4.94e-324"


def test_what_is_not_finite_is_marked_and_leaves_the_scale_alone() -> None:
    layers = [
        layer("bad", "Log", ("n1",), [math.nan, 1.0]),
        layer("worse", "Log", ("n2",), [-math.inf]),
    ]
    nodes = [node("A", LOSS, [1.0], "n0"), node("A", "bad", id="n1"), node("A", "worse", id="n2")]
    strip = make_strip(capture(nodes, [Edge("n1", "n0"), Edge("n2", "n1")], layers))
    states = {each.name: (each.state, each.peak) for each in strip.boxes}
    assert states["bad"] == ("not finite", "NaN")
    assert states["worse"] == ("not finite", "inf")
    assert states["loss"] == ("number", "1")


def test_without_any_gradient_the_legend_names_no_range() -> None:
    run = capture([node("A", LOSS, [0.0], "n0")], [])
    assert make_strip(run).legend == STRIP_TEXT["legend_nothing"]


def test_an_input_that_asks_for_no_gradient_is_inert() -> None:
    first = make_strip(chain_capture(["a"])).boxes[0]
    assert (first.node, first.state, first.peak) == ("", "none", "no gradient")


def test_a_given_upstream_vector_stands_where_the_loss_would() -> None:
    run = capture(
        [node("A", "a", [2.0], "n0")], [], [layer("a", "Tanh", ("n0",), [2.0])], loss=None
    )
    last = make_strip(run).boxes[-1]
    assert (last.name, last.detail, last.shape, last.peak) == (
        "upstream",
        "given vector",
        f"2{X}1",
        "2",
    )
    assert last.node == ""


class Branchy(nn.Module):
    """Layers, and operations of the model's own before, between and after them."""

    def __init__(self) -> None:
        super().__init__()
        self.one = nn.Linear(3, 3)
        self.two = nn.Linear(3, 2)

    def forward(self, x: Tensor) -> Tensor:
        h = self.one(x * 2)
        h = torch.tanh(h) + torch.relu(h)
        return torch.flatten(self.two(h))


def test_operations_of_the_model_itself_stand_between_its_layers() -> None:
    inputs = torch.ones(2, 3, requires_grad=True)
    with flow.run(Branchy(), inputs, loss=lambda output: output.sum()) as run:
        strip = make_strip(run.capture)
    names = [(each.kind, each.name, each.shape) for each in strip.boxes[:-1]]
    assert names == [
        ("input", "input", f"2{X}3"),
        ("operation", "mul", f"2{X}3"),
        ("layer", "one", f"2{X}3"),
        ("operation", "tanh … add", f"2{X}3"),
        ("layer", "two", f"2{X}2"),
        ("operation", "flatten", "4"),
    ]
    assert strip.boxes[3].detail == "3 operations"
    held = [
        number
        for each in strip.boxes
        for low, high in each.ranges
        for number in range(low, high + 1)
    ]
    assert sorted(held) == list(range(len(run.capture.nodes)))
    for each in strip.boxes[1:-1]:
        chosen = run.capture.node(each.node)
        assert not chosen.is_leaf
        assert each.peak == strip_peak(chosen.upstream[0])


def strip_peak(gradient: Any) -> str:
    return f"{float(np.abs(gradient).max()):.3g}"


def test_of_many_layers_the_browser_gets_every_one() -> None:
    boxes = strip_data(chain_capture([str(index) for index in range(2_000)]))["boxes"]
    assert [each["kind"] for each in boxes] == ["input", *["layer"] * 2_000, "loss"]
    assert [each["layer"] for each in boxes[1:-1]] == [str(index) for index in range(2_000)]
    assert [each["ranges"] for each in boxes[1:-1]] == [((n, n),) for n in range(2_000, 0, -1)]


@pytest.mark.parametrize(
    ("module", "expected"),
    [
        (nn.Conv2d(1, 1, 1), f"Conv2d 1{X}1"),
        (nn.Conv2d(3, 8, 3, padding=1, stride=2), f"Conv2d 3{X}3 /2"),
        (nn.Conv2d(3, 8, (3, 5), stride=(2, 1)), f"Conv2d 3{X}5 /2{X}1"),
        (nn.Conv1d(2, 2, 7), "Conv1d 7"),
        (nn.ConvTranspose2d(2, 2, 2, stride=2), f"ConvTranspose2d 2{X}2 /2"),
        (nn.Linear(4, 1), f"Linear 4{TO}1"),
        (nn.Upsample(scale_factor=2), f"Nearest {X}2"),
        (nn.Upsample(scale_factor=1.5, mode="bilinear"), f"Bilinear {X}1.5"),
        (nn.Upsample(size=(4, 6)), f"Nearest {TO}4{X}6"),
        (nn.Upsample(size=4), f"Nearest {TO}4"),
        (nn.UpsamplingNearest2d(scale_factor=2), f"Nearest {X}2"),
        (nn.MaxPool2d(2), f"MaxPool2d 2{X}2"),
        (nn.MaxPool2d(3, stride=1), f"MaxPool2d 3{X}3 /1"),
        (nn.AvgPool2d(2), f"AvgPool2d 2{X}2"),
        (nn.AdaptiveAvgPool2d(1), f"AdaptiveAvgPool2d {TO}1{X}1"),
        (nn.BatchNorm2d(16), "BatchNorm2d 16"),
        (nn.LayerNorm((3, 4)), f"LayerNorm 3{X}4"),
        (nn.GroupNorm(2, 8), "GroupNorm 2"),
        (nn.Dropout(0.25), "Dropout 0.25"),
        (nn.LeakyReLU(0.1), "LeakyReLU negative slope 0.1"),
        (nn.Softmax(dim=1), "Softmax dim 1"),
        (nn.Embedding(10, 3), f"Embedding 10{TO}3"),
        (nn.LSTM(4, 8, num_layers=2), f"LSTM 4{TO}8"),
        (nn.ReLU(), "ReLU"),
        (nn.Flatten(), "Flatten"),
        (nn.Identity(), "Identity"),
    ],
)
def test_a_modules_settings_are_shortened_to_what_tells_it_apart(
    module: nn.Module, expected: str
) -> None:
    assert short_detail(type(module).__name__, module.extra_repr()) == expected


@pytest.mark.parametrize(
    "detail", ["", ",", "=", "mode=", "kernel_size=", "(((", "size=, mode='x'", "a, b=(1, 2"]
)
def test_any_text_at_all_is_shortened_without_an_error(detail: str) -> None:
    for kind in ("Mine", "Conv2d", "Upsample", "AdaptiveAvgPool2d", "LayerNorm", "Embedding"):
        assert len(short_detail(kind, detail)) <= 40


def test_the_peak_is_numpys_largest_magnitude_and_hides_nothing() -> None:
    random = np.random.default_rng(0)
    arrays = [
        random.normal(size=(3, 4)),
        -np.abs(random.normal(size=5)),
        random.normal(size=2) * 1j,
    ]
    assert peak(arrays) == max(float(np.abs(array).max()) for array in arrays)
    assert peak([]) is None
    assert peak([None, None]) is None
    assert peak([None, np.zeros(3)]) == 0
    assert peak([np.zeros((0, 3))]) == 0
    assert math.isnan(peak([np.array([math.inf]), np.array([1.0, math.nan])]) or 0)
    assert peak([np.array([-math.inf]), np.ones(2)]) == math.inf
