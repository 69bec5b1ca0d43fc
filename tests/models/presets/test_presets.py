"""Which presets there are, and the numbers that they promise, counted by hand."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

import pytest
import torch

import flow
from flow.record import Array, Capture
from models.build import build
from models.losses import LOSSES
from models.presets import PRESETS, TOPICS
from models.presets.preset import layer, linear
from models.spec import INPUT, ModelSpec

KEYS = {
    "first": ["triple", "xor", "mlp", "lenet"],
    "upsampling": ["test", "linear", "bilinear", "transposed"],
    "pooling": ["routing", "unpool_nearest", "unpool_nails", "unpool_max"],
    "convolution": ["kernel", "dilation"],
    "depth": ["vanishing", "twins", "residual"],
    "sequences": ["lstm", "words", "attention"],
    "networks": ["unet", "fpn", "psp", "dilated_blocks"],
}
"""Links name presets by these keys: one that is renamed breaks them."""


def test_every_topic_has_its_presets() -> None:
    assert list(KEYS) == list(TOPICS)
    found = {topic: [key for key, p in PRESETS.items() if p.topic == topic] for topic in TOPICS}
    assert found == KEYS
    assert all(preset.key == key for key, preset in PRESETS.items())


def test_every_preset_looks_at_a_layer_of_its_own() -> None:
    for preset in PRESETS.values():
        assert preset.look_at in [each.name for each in preset.spec.layers], preset.key


def recorded(key: str, positive: bool = True) -> Capture:
    """Run a preset with the first seed whose stem keeps, or turns, the order of its input."""
    preset = PRESETS[key]
    for seed in count():
        module = build(preset.spec, seed)
        weight = next(module.parameters())
        if bool(weight.flatten()[0] > 0) == positive:
            break
    x = preset.values()
    loss = LOSSES[preset.loss].make(tuple(build(preset.spec, seed)(x).shape), preset.target)
    with flow.run(module, x, loss) as run:
        return run.capture


def upstream(capture: Capture, name: str) -> Array:
    found = capture.layer(name).upstream
    assert found is not None
    return found


def at(cells: dict[int, float]) -> Iterator[float]:
    """A map of 16 cells that are 0 but for these."""
    return (cells.get(place, 0.0) for place in range(16))


def test_three_times_the_vector_is_handed_on() -> None:
    capture = recorded("triple")
    assert upstream(capture, "y").ravel().tolist() == pytest.approx([100, 0.1])
    assert upstream(capture, "x").ravel().tolist() == pytest.approx([300, 0.3])


WINNERS = {True: (5, 7, 13, 15), False: (0, 2, 8, 10)}
"""1 to 16 in a map of 4x4: the last cell of each 2x2 window is the largest, or the first one."""


@pytest.mark.parametrize("positive", [True, False])
def test_a_pool_routes_each_gradient_to_its_winner(positive: bool) -> None:
    capture = recorded("routing", positive)
    assert upstream(capture, "pool").ravel().tolist() == [1, 2, 3, 4]
    routed = dict(zip(WINNERS[positive], (1.0, 2.0, 3.0, 4.0), strict=True))
    assert upstream(capture, "stem").ravel().tolist() == list(at(routed))


@pytest.mark.parametrize("positive", [True, False])
@pytest.mark.parametrize(
    ("key", "arrives"),
    [
        ("unpool_nearest", {True: (14, 22, 46, 54), False: (14, 22, 46, 54)}),
        ("unpool_nails", {True: (1, 3, 9, 11), False: (1, 3, 9, 11)}),
        ("unpool_max", {True: (6, 8, 14, 16), False: (1, 3, 9, 11)}),
    ],
)
def test_an_unpool_gathers_from_the_cells_that_it_filled(
    key: str, arrives: dict[bool, tuple[float, ...]], positive: bool
) -> None:
    """Nearest sums blocks such as 1 + 2 + 5 + 6, nails take corners, max the winners' places."""
    capture = recorded(key, positive)
    assert upstream(capture, "unpool").ravel().tolist() == list(range(1, 17))
    assert upstream(capture, "pool").ravel().tolist() == list(arrives[positive])
    routed = dict(zip(WINNERS[positive], arrives[positive], strict=True))
    assert upstream(capture, "stem").ravel().tolist() == list(at(routed))


@pytest.mark.parametrize(("read", "gradient"), [("still", 1.0), ("x", 2.0)])
def test_what_is_detached_counts_once(read: str, gradient: float) -> None:
    """The gradient of x + detach(x) is 1; that of x + x is 2."""
    layers = (
        linear("x", INPUT, (3, 2)),
        layer("still", "Detach", "x"),
        layer("sum", "Add", "x", read),
    )
    module, x = build(ModelSpec(layers=layers), 0), torch.ones(2, 3)
    with flow.run(module, x, LOSSES["sum"].make((2, 2))) as run:
        assert upstream(run.capture, "x").ravel().tolist() == [gradient] * 4
