"""Every preset of the app is recorded exactly."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from numpy.testing import assert_array_equal

import flow
from models.build import build
from models.losses import LOSSES
from models.presets import PRESETS, Preset
from tests.flow.networks import plain_backward
from tests.flow.recording.hooked import fired_in_order
from tests.flow.words.drawn import drawn_by_torchviz, owners_of_saved

pytestmark = pytest.mark.filterwarnings(
    "ignore:distutils Version classes are deprecated:DeprecationWarning"  # torchviz asks them
)


def prepared(
    preset: Preset,
) -> tuple[torch.nn.Module, torch.Tensor, Callable[[torch.Tensor], torch.Tensor]]:
    """The preset's network, its input and its loss."""
    module = build(preset.spec, seed=0)
    x = preset.values()
    with torch.no_grad():
        shape = tuple(build(preset.spec, seed=0)(x).shape)
    return module, x, LOSSES[preset.loss].make(shape, preset.target)


@pytest.mark.parametrize("key", PRESETS)
def test_a_preset_gives_the_numbers_of_a_plain_backward(key: str) -> None:
    module, x, loss = prepared(PRESETS[key])
    plain = plain_backward(module, x, loss)
    capture = flow.run(module, x, loss=loss).capture
    assert capture.loss == plain.loss.item()
    assert capture.problems == ()
    for record in capture.parameters:
        assert_array_equal(record.gradient, plain.gradients[record.name])


@pytest.mark.parametrize("key", PRESETS)
def test_a_preset_has_its_nodes_in_the_order_that_hooks_see(key: str) -> None:
    module, x, loss = prepared(PRESETS[key])
    records = flow.run(module, x, loss=loss).capture.nodes
    fired = fired_in_order([loss(module(x))])
    assert [node.name for node in records] == [node.name for node in fired]
    for record, hooked in zip(records, fired, strict=True):
        for ours, theirs in zip(record.upstream, hooked.arrived, strict=True):
            assert_array_equal(ours, theirs)


@pytest.mark.parametrize("saved", [False, True])
@pytest.mark.parametrize("key", PRESETS)
def test_a_preset_is_drawn_as_make_dot_draws_it(key: str, saved: bool) -> None:
    module, x, loss = prepared(PRESETS[key])
    with flow.run(module, x, loss=loss) as run:
        picture = run.picture(saved=saved, attributes=saved)
        expected = drawn_by_torchviz(run, saved=saved, attributes=saved)
    renamed = owners_of_saved(picture.edges)
    assert [
        (renamed.get(node.id, node.id), (node.label, node.fill)) for node in picture.nodes
    ] == list(expected.boxes.items())
    assert [tuple(renamed.get(end, end) for end in edge[:2]) for edge in picture.edges] == [
        arrow[:2] for arrow in expected.arrows
    ]


@pytest.mark.parametrize("key", PRESETS)
def test_every_node_of_a_preset_knows_its_layer(key: str) -> None:
    module, x, loss = prepared(PRESETS[key])
    capture = flow.run(module, x, loss=loss).capture
    layers = {name for name, _ in module.named_children()}
    assert {node.layer for node in capture.nodes} <= layers | {"(loss)", "(input)"}
    assert [layer.name for layer in capture.layers] == [name for name, _ in module.named_children()]
