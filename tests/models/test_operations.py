"""Operations of a forward pass: torch's own counter where it counts, counted by hand elsewhere."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.utils.flop_counter import FlopCounterMode

from models.budget import estimate
from models.build import build
from models.layers import LAYERS
from models.spec import ModelSpec
from tests.models.kinds.settings import LINES, TRIALS, Settings, Trial

COUNTED = {
    *("Conv1d", "Conv2d", "ConvTranspose1d", "ConvTranspose2d", "Linear"),
    *("RNN", "GRU", "LSTM", "MultiheadAttention", "TransformerEncoderLayer"),
}
"""Kinds whose products torch counts."""


def counted_by_torch(spec: ModelSpec, x: Tensor) -> int:
    """Return what torch counts of a forward pass that takes only operations its counter knows.

    In float64 no LSTM is fused; attention is asked not to be, and asks for gradients.
    """
    counter = FlopCounterMode(display=False)
    with sdpa_kernel(SDPBackend.MATH), counter:
        build(spec, 0).double()(x.double())
    return counter.get_total_flops()


@pytest.mark.parametrize(
    "trial", [trial for trial in TRIALS if trial.kind in COUNTED], ids=lambda trial: trial.name
)
def test_products_with_weights_are_those_that_torch_counts(trial: Trial) -> None:
    ours = estimate(trial.spec, trial.shape).operations
    assert ours == counted_by_torch(trial.spec, trial.values()) > 0


def layer(name: str, kind: str, inputs: tuple[str, ...], fields: Settings) -> dict[str, object]:
    return {"name": name, "kind": kind, "inputs": inputs, "fields": fields}


@pytest.mark.parametrize("batch_first", [True, False])
def test_attention_to_a_second_sequence_is_what_torch_counts(batch_first: bool) -> None:
    """Two tokens look at the three of a longer sequence."""
    turned: Settings = {"dim0": 0, "dim1": 1}
    reads = ("few", "input") if batch_first else ("few_turned", "turned")
    layers = [
        layer("few", "Slice", ("input",), {"dim": 1, "end": 2}),
        layer("few_turned", "Transpose", ("few",), turned),
        layer("turned", "Transpose", ("input",), turned),
        layer("attention", "MultiheadAttention", reads, {"batch_first": batch_first}),
    ]
    spec, x = ModelSpec.model_validate({"layers": layers}), torch.randn(4, 3, 8)
    # queries and what goes out: 2 x 4 x 2 rows; keys and values: 2 x 4 x 3 rows, of 8 x 8 products
    # each; scores and mixes: 2 x 4 x 2 x 3 pairs of 8 products
    by_hand = 2 * ((16 + 24) * 64 + 48 * 8)
    assert estimate(spec, (4, 3, 8)).operations == counted_by_torch(spec, x) == by_hand


BY_HAND: tuple[tuple[str, tuple[int, ...], Settings, int], ...] = (
    ("ReLU", (2, 3), {}, 6 * 1),  # one comparison
    ("LeakyReLU", (2, 3), {}, 6 * 2),  # a comparison and a product
    ("ELU", (2, 3), {}, 6 * 4),  # a comparison, exp, - 1, x alpha
    ("GELU", (2, 3), {}, 6 * 5),  # / sqrt 2, erf, + 1, x x, / 2
    # x x, x x, x b, + x, x a, tanh, + 1, x x, / 2
    ("GELU", (2, 3), {"approximate": "tanh"}, 6 * 9),
    ("SiLU", (2, 3), {}, 6 * 5),  # the sigmoid's four, x x
    ("Sigmoid", (2, 3), {}, 6 * 4),  # negated, exp, + 1, 1 /
    ("Tanh", (2, 3), {}, 6 * 1),
    ("Softmax", (2, 3), {"dim": 1}, 6 * 5),  # the maximum, -, exp, the sum, /
    ("LogSoftmax", (2, 3), {"dim": 1}, 6 * 5),  # the maximum, -, exp, the sum, -
    # the mean 1, the variance 3, the normalised value 2, scale and shift 2
    ("BatchNorm1d", (4, 3), {"num_features": 3}, 12 * 8),
    ("BatchNorm1d", (4, 3), {"num_features": 3, "affine": False}, 12 * 6),
    ("BatchNorm2d", (2, 2, 3, 1), {"num_features": 2}, 12 * 8),
    ("BatchNorm2d", (2, 2, 3, 1), {"num_features": 2, "affine": False}, 12 * 6),
    ("LayerNorm", (2, 8), {}, 16 * 8),
    ("LayerNorm", (2, 8), {"elementwise_affine": False}, 16 * 6),
    ("GroupNorm", (2, 4), {"num_groups": 2, "num_channels": 4}, 8 * 8),
    ("GroupNorm", (2, 4), {"num_groups": 2, "num_channels": 4, "affine": False}, 8 * 6),
    ("InstanceNorm2d", (1, 2, 2, 3), {"num_features": 2}, 12 * 6),
    ("InstanceNorm2d", (1, 2, 2, 3), {"num_features": 2, "affine": True}, 12 * 8),
    ("Dropout", (2, 3), {}, 6 * 2),  # the mask is scaled, then multiplied
    ("Dropout2d", (1, 2, 2, 3), {}, 12 * 2),
    ("MaxPool2d", (1, 1, 4, 4), {}, 4 * 4),  # four windows of four
    ("MaxPool1d", (1, 2, 6), {"kernel_size": 3}, 4 * 3),
    ("AvgPool2d", (1, 1, 4, 4), {"kernel_size": (2, 1)}, 8 * (2 + 1)),  # a sum, then / 2
    ("AdaptiveAvgPool2d", (1, 1, 4, 6), {"output_size": 2}, 24 + 4),  # each cell once, then /
    ("AdaptiveMaxPool2d", (1, 1, 4, 6), {"output_size": 2}, 24),
    # windows 0-1, 1-2, 2-3, 3-4 of a width of 5; the height is left as it is
    ("AdaptiveMaxPool2d", (1, 1, 2, 5), {"output_size": (2, 4)}, 2 * 8),
    # windows 0, 0-1, 1: a cell between two is the mean of both
    ("AdaptiveAvgPool2d", (1, 1, 1, 2), {"output_size": (1, 3)}, 4 + 3),
    ("MaxUnpool2d", (1, 1, 4, 4), {}, 16),  # its own none; the pool before it compares 16 cells
    ("BedOfNails", (1, 1, 2, 2), {}, 0),
    ("UpsamplingNearest2d", (1, 1, 2, 2), {}, 0),
    ("Upsample", (1, 1, 2, 2), {"mode": "nearest"}, 0),
    ("Upsample", (1, 1, 2, 2), {"mode": "nearest-exact"}, 0),
    ("Upsample", LINES, {"mode": "linear", "size": 3}, 4 * 3 * (2 + 2)),  # two weights, two terms
    ("Upsample", (1, 1, 2, 2), {"mode": "bilinear"}, 16 * (4 + 4)),
    ("Upsample", (1, 1, 2, 2), {"mode": "bicubic"}, 16 * (16 + 16)),
    ("Upsample", (1, 1, 4, 4), {"mode": "area", "scale_factor": 0.5}, 16 + 4),
    ("PixelShuffle", (1, 4, 2, 2), {}, 0),
    ("Embedding", (2, 3), {}, 0),
    ("Flatten", (2, 3), {}, 0),
    ("Unflatten", (2, 4), {"unflattened_size": (2, 2)}, 0),
    ("View", (2, 4), {"shape": (2, 2)}, 0),
    ("Transpose", (2, 3, 4), {}, 0),
    ("Slice", (2, 3), {"start": 1}, 0),
    ("Mean", (2, 3), {"dim": 1}, 6 + 2),  # each cell is added, each sum divided
    ("Sum", (2, 3), {"dim": 1}, 6),
    ("ZeroPad2d", (1, 1, 2, 2), {}, 0),
    ("Scale", (2, 3), {}, 6),
    ("Divide", (2, 3), {}, 6),
    ("Shift", (2, 3), {}, 6),
    ("Detach", (2, 3), {}, 0),
    ("Identity", (2, 3), {}, 0),
    ("Concat", (2, 3), {}, 0),
    ("Add", (2, 3), {}, 6),
    ("Subtract", (2, 3), {}, 6),
    ("Multiply", (2, 3), {}, 6),
    *(
        (trial.kind, trial.shape, trial.fields, trial.operations)
        for trial in TRIALS
        if trial.operations is not None
    ),
)


@pytest.mark.parametrize(
    ("kind", "shape", "fields", "by_hand"),
    BY_HAND,
    ids=[Trial(kind, shape, fields).name for kind, shape, fields, _ in BY_HAND],
)
def test_what_torch_does_not_count_is_counted_by_hand(
    kind: str, shape: tuple[int, ...], fields: Settings, by_hand: int
) -> None:
    trial = Trial(kind, shape, fields)
    cost = estimate(trial.spec, shape)
    before = next((layer.operations for layer in cost.layers if layer.name == "before"), 0)
    assert cost.operations - before == by_hand
    assert counted_by_torch(trial.spec, trial.values()) == before


def test_three_numbers_are_added_in_two_steps() -> None:
    spec = ModelSpec.model_validate({"layers": [layer("a", "Add", ("input",) * 3, {})]})
    assert estimate(spec, (2, 5)).operations == 20


def test_every_kind_is_counted_one_way_or_the_other() -> None:
    by_hand = {kind for kind, *_ in BY_HAND}
    uncounted = set(LAYERS) - COUNTED - by_hand
    assert not uncounted, "give a trial of each the number of its operations, counted by hand"
    assert not COUNTED & by_hand
