"""Which presets there are, and the numbers that they promise, counted by hand."""

from __future__ import annotations

import numpy as np
import pytest
import torch

import flow
from experiment.setting import of_preset
from flow.record import Array, Capture
from models.build import build
from models.losses import LOSSES
from models.presets import PRESETS, TOPICS
from models.presets.preset import layer, linear
from models.spec import INPUT, ModelSpec
from tests.experiment.runs import execute

KEYS = {
    "first": ["triple", "xor", "mlp", "moons", "spirals", "lenet"],
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


LONGEST_TITLE = 26
"""Letters of a title that the sidebar's select box shows whole."""


def test_every_title_fits_the_sidebar() -> None:
    assert [p.title for p in PRESETS.values() if len(p.title) > LONGEST_TITLE] == []


def recorded(key: str) -> Capture:
    """Run a preset as the playground does."""
    return execute(of_preset(key)).capture


def upstream(capture: Capture, name: str) -> Array:
    found = capture.layer(name).upstream
    assert found is not None
    return found


def at_input(capture: Capture) -> list[float]:
    """Return the gradient that arrived at the input."""
    (leaf,) = (node for node in capture.nodes if node.parameter == "(input)")
    (found,) = leaf.upstream
    assert found is not None
    cells: list[float] = found.ravel().tolist()
    return cells


def at(cells: dict[int, float]) -> list[float]:
    """A map of 16 cells that are 0 but for these."""
    return [cells.get(place, 0.0) for place in range(16)]


def test_three_times_the_vector_arrives_at_the_leaf() -> None:
    """``y = 3 * x; y.backward(v)`` has one node, a leaf, and no loss."""
    capture = recorded("triple")
    x = torch.tensor([[1.0, 2.0]], requires_grad=True)
    y = 3 * x
    torch.autograd.backward(y, torch.tensor([[100, 0.1]]))
    assert x.grad is not None
    assert upstream(capture, "triple").ravel().tolist() == pytest.approx([100, 0.1])
    assert at_input(capture) == x.grad.ravel().tolist() == pytest.approx([300, 0.3])
    assert [node.name for node in capture.nodes] == ["MulBackward0", "AccumulateGrad"]
    assert (capture.loss, capture.parameters) == (None, ())
    assert [array.ravel().tolist() for array in capture.outputs] == [[3, 6]]


WINNERS = (5, 7, 13, 15)
"""1 to 16 in a map of 4x4: the last cell of each 2x2 window is the largest."""


def test_a_pool_routes_each_gradient_to_its_winner() -> None:
    capture = recorded("routing")
    assert capture.outputs[0].ravel().tolist() == [6, 8, 14, 16]
    assert upstream(capture, "pool").ravel().tolist() == [1, 2, 3, 4]
    assert at_input(capture) == at(dict(zip(WINNERS, (1, 2, 3, 4), strict=True)))


@pytest.mark.parametrize(
    ("key", "stands", "arrives"),
    [
        ("unpool_nearest", None, (14, 22, 46, 54)),
        ("unpool_nails", (0, 2, 8, 10), (1, 3, 9, 11)),
        ("unpool_max", WINNERS, (6, 8, 14, 16)),
    ],
)
def test_an_unpool_gathers_from_the_cells_that_it_filled(
    key: str, stands: tuple[int, ...] | None, arrives: tuple[float, ...]
) -> None:
    """Nearest sums blocks such as 1 + 2 + 5 + 6, nails take corners, max the winners' places."""
    capture = recorded(key)
    pooled, places = capture.layer("pool").outputs
    assert pooled is not None
    assert places is not None
    assert pooled.ravel().tolist() == [6, 8, 14, 16]
    assert tuple(places.ravel().tolist()) == WINNERS
    if stands is not None:
        restored = at(dict(zip(stands, (6, 8, 14, 16), strict=True)))
        assert capture.outputs[0].ravel().tolist() == restored
    assert upstream(capture, "unpool").ravel().tolist() == list(range(1, 17))
    assert upstream(capture, "pool").ravel().tolist() == list(arrives)
    assert at_input(capture) == at(dict(zip(WINNERS, arrives, strict=True)))


def test_linear_upsampling_shares_a_line_of_three() -> None:
    """1, 2, 3: quarters between the cells, or fifths where the corners are aligned."""
    plain, aligned = recorded("linear").outputs[0][0]
    assert plain.tolist() == [1, 1.25, 1.75, 2.25, 2.75, 3]
    assert aligned.tolist() == pytest.approx([1 + 2 * step / 5 for step in range(6)])
    quarters, fifths = (2, 2, 2), (1 + 3 / 5 + 1 / 5, 2 * (2 / 5 + 4 / 5), 1 + 3 / 5 + 1 / 5)
    expected = [one + other for one, other in zip(quarters, fifths, strict=True)]
    assert at_input(recorded("linear")) == pytest.approx(expected)


def test_bilinear_upsampling_shares_a_map_of_four() -> None:
    capture = recorded("bilinear")
    plain, aligned = capture.outputs[0][0]
    lines = [[1, 1.25, 1.75, 2], [1.5, 1.75, 2.25, 2.5], [2.5, 2.75, 3.25, 3.5], [3, 3.25, 3.75, 4]]
    assert plain.tolist() == lines
    thirds = [[1 + column / 3 + 2 * row / 3 for column in range(4)] for row in range(4)]
    np.testing.assert_allclose(aligned, thirds, rtol=1e-6)
    share = np.array([[1, 0.75, 0.25, 0], [0, 0.25, 0.75, 1]])
    below = share @ np.arange(1, 17).reshape(4, 4) @ share.T
    assert below.ravel().tolist() == [16.5, 23.5, 44.5, 51.5]
    (handed,) = capture.layer("plain").downstream
    assert handed is not None
    assert np.array_equal(handed[0, 0], below)


def test_the_convolutions_read_the_numbers_themselves() -> None:
    for key, name, side in (("kernel", "conv", 3), ("transposed", "up", 2)):
        layer = recorded(key).layer(name)
        assert layer.inputs[0] is not None
        expected = np.arange(1, side**2 + 1).reshape(1, 1, side, side)
        assert np.array_equal(layer.inputs[0], expected)


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
