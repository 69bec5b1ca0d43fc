"""The strip shows the layers of a run in forward order, with the gradient at each."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

import flow
from flow.record import Capture
from tests.viz.captures import capture, chain_capture, layer, node, small_capture
from tests.viz.reading import read
from viz.detail import short_detail
from viz.maps.packet import Blobs, assemble
from viz.peak import peak
from viz.strip.stops import Stop
from viz.strip.strip import STRIP_TEXT, Strip

X = "\N{MULTIPLICATION SIGN}"
TO = "\N{RIGHTWARDS ARROW}"


def way(run: Capture) -> list[Stop]:
    return Strip(run, STRIP_TEXT).way


def sent(run: Capture) -> Any:
    """Return what a browser reads of a strip."""
    strip, blobs = Strip(run, STRIP_TEXT), Blobs()
    return read(assemble({**strip.words(), **strip.numbers(blobs)}, blobs))


def box(**changes: Any) -> dict[str, Any]:
    plain: dict[str, Any] = {"kind": "layer", "detail": "", "state": "number", "layer": ""}
    plain |= {"node": "", "hides_value": False, "why": ""}
    return {**plain, **changes}


def test_the_data_of_a_small_network_are_exactly_these() -> None:
    data = sent(small_capture())
    assert data["boxes"] == [
        box(
            kind="input",
            name="input",
            shape=f"2{X}1{X}2{X}2",
            layer="(input)",
            node="n5",
            ranges=[[5, 5]],
        ),
        box(
            name="fc1",
            detail=f"Linear 4{TO}3",
            shape=f"2{X}3",
            state="zero",
            layer="fc1",
            node="n4",
            ranges=[[4, 4]],
        ),
        box(kind="operation", name="relu", shape=f"2{X}3", node="n3", ranges=[[3, 3]]),
        box(
            name="drop",
            detail="Dropout 0.5",
            shape=f"2{X}3",
            state="not asked",
            layer="drop",
            ranges=[],
        ),
        box(
            name="fc2",
            detail=f"Linear 3{TO}1",
            shape=f"2{X}1",
            layer="fc2",
            node="n1",
            ranges=[[1, 2]],
        ),
        box(
            kind="loss",
            name="loss",
            detail="MSE",
            shape="0.25",
            layer="(loss)",
            node="n0",
            ranges=[[0, 0]],
        ),
    ]
    assert data["peaks"][[0, 1, 2, 4, 5]] == pytest.approx([0.001, 0, 0.01, 0.1, 1])
    assert math.isnan(data["peaks"][3])


def test_an_input_that_asks_for_no_gradient_is_inert() -> None:
    first = way(chain_capture(["a"]))[0]
    assert (first.node, first.state, first.peak) == ("", "not asked", None)


def test_a_given_upstream_vector_stands_where_the_loss_would() -> None:
    run = capture(
        [node("A", "a", [2.0], "n0")], [], [layer("a", "Tanh", ("n0",), [2.0])], loss=None
    )
    last = way(run)[-1]
    assert (last.name, last.detail, last.shape, last.peak) == (
        "upstream",
        "given vector",
        f"2{X}1",
        2.0,
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
        boxes = way(run.capture)
    names = [(each.kind, each.name, each.shape) for each in boxes[:-1]]
    assert names == [
        ("input", "input", f"2{X}3"),
        ("operation", "mul", f"2{X}3"),
        ("layer", "one", f"2{X}3"),
        ("operation", "tanh … add", f"2{X}3"),
        ("layer", "two", f"2{X}2"),
        ("operation", "flatten", "4"),
    ]
    assert boxes[3].detail == "3 operations"
    held = [
        number for each in boxes for low, high in each.ranges for number in range(low, high + 1)
    ]
    assert sorted(held) == list(range(len(run.capture.nodes)))
    for each in boxes[1:-1]:
        chosen = run.capture.node(each.node)
        assert not chosen.is_leaf
        assert each.peak == float(np.abs(chosen.upstream[0]).max())  # type: ignore[arg-type]
    # What a layer reads is what the operations before it computed.
    values = {each.name: each.value for each in boxes}
    assert np.array_equal(values["mul"], np.full((2, 3), 2.0))  # type: ignore[arg-type]
    assert values["tanh … add"] is run.capture.layer("two").inputs[0]


def test_of_many_layers_the_browser_gets_every_one() -> None:
    boxes = sent(chain_capture([str(index) for index in range(2_000)]))["boxes"]
    assert [each["kind"] for each in boxes] == ["input", *["layer"] * 2_000, "loss"]
    assert [each["layer"] for each in boxes[1:-1]] == [str(index) for index in range(2_000)]
    assert [each["ranges"] for each in boxes[1:-1]] == [[[n, n]] for n in range(2_000, 0, -1)]


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
