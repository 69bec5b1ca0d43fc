"""What passes through a layer is the gradient of its output, never that of its parameters."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import torch
from torch import Tensor, nn

import flow
from flow.record import LOSS, Capture
from models.build import build
from models.losses import LOSSES
from models.presets import PRESETS
from tests.viz.captures import small_capture
from tests.viz.graphs.read_drawing import Drawn
from viz.graphs.autograd import GRAPH_TEXT, DrawOptions, draw
from viz.graphs.boxes import describe_groups
from viz.graphs.collapse import collapse
from viz.graphs.passing import aside, passed
from viz.graphs.tint import BESIDE, make_tint
from viz.strip.stops import stops
from viz.strip.strip import STRIP_TEXT
from viz.theme import luminance, rgb

PRESET_KEYS = ("test", "vanishing", "unet", "attention", "lstm", "twins", "residual", "unpool_max")
pytestmark = pytest.mark.filterwarnings(
    "ignore:distutils Version classes:DeprecationWarning"  # torchviz's own import
)


@contextmanager
def preset_run(key: str) -> Iterator[tuple[flow.Run, dict[str, float]]]:
    """Run a preset; beside it max |gradient| of every layer's output, by hooks of torch alone."""
    preset = PRESETS[key]
    x = preset.values()
    shape = tuple(build(preset.spec, 0)(x).shape)
    with flow.run(build(preset.spec, 0), x, LOSSES[preset.loss].make(shape, preset.target)) as run:
        yield (
            run,
            by_hooks(build(preset.spec, 0), x, LOSSES[preset.loss].make(shape, preset.target)),
        )


def by_hooks(module: nn.Module, x: Tensor, loss: Any) -> dict[str, float]:
    outputs: dict[str, Tensor] = {}

    def keep(name: str) -> Any:
        def hook(_module: nn.Module, _inputs: object, output: Any) -> None:
            first = output[0] if isinstance(output, tuple) else output
            if first.requires_grad:
                first.retain_grad()
                outputs[name] = first

        return hook

    for name, layer in module.named_modules():
        if name and not list(layer.children()):
            layer.register_forward_hook(keep(name))
    loss(module(x)).backward()
    grads = {name: output.grad for name, output in outputs.items()}
    return {name: float(grad.abs().max()) for name, grad in grads.items() if grad is not None}


def collapsed_peaks(capture: Capture) -> dict[str, float | None]:
    """What passes through every layer, by its title, as a collapsed graph has it."""
    groups = collapse(capture).groups
    _boxes, peaks = describe_groups(groups, capture, GRAPH_TEXT)
    return {group.title: peaks[group.id] for group in groups}


@pytest.mark.parametrize("key", PRESET_KEYS)
def test_a_collapsed_box_is_as_large_as_torch_and_the_strip_say(key: str) -> None:
    with preset_run(key) as (run, expected):
        found = collapsed_peaks(run.capture)
        strip = {
            stop.layer: stop.peak
            for stop in stops(run.capture, STRIP_TEXT)
            if stop.kind == "layer" and stop.peak is not None
        }
    assert set(strip) <= set(found)
    assert {name: found[name] for name in strip} == strip
    compared = set(expected) & set(strip)
    assert len(compared) >= 2
    assert {name: found[name] for name in compared} == pytest.approx(
        {name: expected[name] for name in compared}
    )


def test_the_fills_of_a_collapsed_graph_are_in_the_order_of_what_passes_through() -> None:
    with preset_run("vanishing") as (run, expected):
        drawing = draw(run.picture(), run.capture, DrawOptions(tint=True, collapsed=True))
        peaks = collapsed_peaks(run.capture)
    fills = Drawn(drawing.svg).fills
    shown = {box.name: darkness(str(fills[box.id])) for box in drawing.boxes}
    in_order = sorted(expected, key=lambda name: expected[name])
    assert [shown[name] for name in in_order] == sorted(shown[name] for name in in_order)
    assert shown[in_order[0]] < shown[in_order[-1]]
    assert str(fills["g-loss"]) == make_tint(peaks.values()).fill(1.0)


def test_what_leads_to_parameters_alone_is_beside_the_way() -> None:
    with preset_run("test") as (run, _expected):
        capture = run.capture
        beside = {capture.node(node).name for node in aside(capture)}
        on_the_way = {node.name for node in capture.nodes if node.id not in aside(capture)}
    assert beside == {"AccumulateGrad", "TBackward0"}
    assert "ConvolutionBackward0" in on_the_way  # of conv1, whose input asks for no gradient
    # The input of a hand-made run is a leaf, too, but the gradient passes all layers to it.
    assert aside(small_capture()) == {"n2"}


def test_parameters_keep_their_colour_in_a_tinted_graph() -> None:
    with preset_run("test") as (run, _expected):
        plain = draw(run.picture(), run.capture, DrawOptions(tint=False))
        drawing = draw(run.picture(), run.capture, DrawOptions(tint=True))
        beside = aside(run.capture)
    fills = Drawn(drawing.svg).fills
    assert {fills[node] for node in beside} == {BESIDE}
    assert BESIDE not in {
        fill for box, fill in fills.items() if box.startswith("n") and box not in beside
    }
    assert {box.id: box.peak for box in drawing.boxes} == {box.id: box.peak for box in plain.boxes}


def test_of_several_layers_in_one_box_what_enters_the_box_counts() -> None:
    network = nn.Sequential(nn.Linear(3, 3), nn.Tanh(), nn.Linear(3, 2), nn.Tanh())
    x = torch.ones(2, 3, requires_grad=True)
    with flow.run(network, x, loss=lambda output: (5 * output).sum()) as run:
        capture = run.capture
        inside = [node.id for node in capture.nodes if node.layer not in (LOSS, "(input)")]
        assert passed(capture, inside) == 5
        leaf = [node.id for node in capture.nodes if node.layer == "(input)"]
        weights = network[0].weight, network[2].weight
    expected = 5 * (1 - network[:3](x).tanh() ** 2) @ weights[1]
    expected = (expected * (1 - network[:1](x).tanh() ** 2)) @ weights[0]
    assert passed(capture, leaf) == pytest.approx(expected.abs().max().item())


def darkness(fill: str) -> float:
    """Return how far a fill is from white."""
    return 1 - luminance(rgb(fill))
