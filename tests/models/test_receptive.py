"""Receptive fields and strides, against gradients: the input cells that move an output cell."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from models.budget import estimate
from models.build import build
from models.fields import Fields
from models.kinds.pooling import Pool
from models.kinds.rules.window import Window
from models.presets import PRESETS
from models.receptive import Receptive, receptive
from models.spec import ModelSpec

Entry = tuple[str, str, tuple[str, ...], dict[str, Any]]
Shape = tuple[int, ...]

INPUTS = 24
"""Random inputs whose gradients are put together: a max pool shows one winner at a time."""


def network(*entries: Entry) -> ModelSpec:
    return ModelSpec.model_validate(
        {
            "layers": [
                {"name": name, "kind": kind, "inputs": reads, "fields": fields}
                for name, kind, reads, fields in entries
            ]
        }
    )


def chain(*kinds: tuple[str, dict[str, Any]]) -> ModelSpec:
    names = ["input", *(f"l{step}" for step in range(1, len(kinds) + 1))]
    return network(
        *((names[step + 1], kind, (names[step],), own) for step, (kind, own) in enumerate(kinds))
    )


def told(spec: ModelSpec, shape: Shape, layer: str = "") -> Receptive:
    shapes = estimate(spec, shape).shapes
    return receptive(spec, shape, shapes)[layer or spec.layers[-1].name]


def moved(spec: ModelSpec, shape: Shape) -> NDArray[np.bool_]:
    """Return which input places have a gradient at all: output places x input places."""
    pooled = any("Max" in layer.kind for layer in spec.layers)
    network = build(spec, 0).double()
    found: NDArray[np.bool_] | None = None
    for seed in range(INPUTS if pooled else 1):
        generator = torch.Generator().manual_seed(seed)
        x = torch.randn(shape, generator=generator, dtype=torch.float64).requires_grad_()
        output = network(x)
        places = math.prod(output.shape[2:])
        each = torch.eye(places, dtype=torch.float64).view(places, 1, 1, *output.shape[2:])
        vectors = each.expand(places, *output.shape)
        (rows,) = torch.autograd.grad(output, x, vectors, is_grads_batched=True)
        nonzero = (rows.numpy() != 0).any((1, 2)).reshape(*output.shape[2:], *shape[2:])
        found = nonzero if found is None else found | nonzero
    assert found is not None
    return found


def extents(seen: NDArray[np.bool_]) -> Shape:
    """Return the largest extent along each input axis, over all output places."""
    axes = seen.ndim // 2
    largest = []
    for axis in range(axes):
        others = tuple(axes + other for other in range(axes) if other != axis)
        line = seen.any(others).reshape(-1, seen.shape[axes + axis])
        largest.append(max(int(np.ptp(np.flatnonzero(row))) + 1 for row in line if row.any()))
    return tuple(largest)


LINE, MAP = (1, 1, 9), (1, 1, 7, 8)
CONV: dict[str, Any] = {"kernel_size": 3}


@pytest.mark.parametrize(
    ("spec", "shape"),
    [
        (chain(("Conv1d", CONV)), LINE),
        (chain(("Conv1d", CONV), ("Conv1d", CONV)), LINE),
        (chain(("Conv1d", {**CONV, "stride": 2}), ("Conv1d", CONV)), LINE),
        (chain(("Conv1d", {**CONV, "dilation": 3}), ("Conv1d", {"kernel_size": 2})), LINE),
        (chain(("Conv1d", {**CONV, "padding": 1}), ("Tanh", {}), ("Conv1d", CONV)), LINE),
        (chain(("Conv1d", {**CONV, "padding": 2, "padding_mode": "reflect"})), (1, 1, 5)),
        (chain(("Conv1d", {**CONV, "padding": 1, "padding_mode": "replicate"})), LINE),
        (chain(("Conv1d", {**CONV, "padding": 1, "padding_mode": "circular"})), LINE),
        (chain(("Conv1d", {"kernel_size": 5, "padding": "same"})), LINE),
        (chain(("ConvTranspose1d", {**CONV, "stride": 2, "padding": 1})), LINE),
        (chain(("ConvTranspose1d", {"kernel_size": 2, "dilation": 3, "output_padding": 2})), LINE),
        (chain(("MaxPool1d", {"kernel_size": 3, "stride": 2, "ceil_mode": True})), LINE),
        (chain(("MaxPool1d", {"kernel_size": 2, "stride": 1, "dilation": 2})), LINE),
        (chain(("Upsample", {"mode": "nearest"}), ("Conv1d", {"kernel_size": 2})), LINE),
        (chain(("Upsample", {"mode": "nearest-exact", "size": 5})), LINE),
        (chain(("Upsample", {"mode": "linear", "size": 7})), LINE),
        (chain(("Upsample", {"mode": "linear", "size": 5, "align_corners": True})), LINE),
        (chain(("Upsample", {"mode": "linear"}), ("Conv1d", CONV)), LINE),
        (chain(("Upsample", {"mode": "area", "size": 4})), LINE),
        (chain(("Conv1d", CONV), ("Slice", {"dim": 2, "start": 1, "end": 6, "step": 2})), LINE),
        (chain(("Conv2d", {"kernel_size": (1, 3)}), ("Conv2d", {"kernel_size": (2, 1)})), MAP),
        (chain(("Conv2d", {**CONV, "stride": (2, 1), "padding": (0, 1)})), MAP),
        (chain(("MaxPool2d", {}), ("Conv2d", {"kernel_size": 2})), MAP),
        (chain(("AvgPool2d", {**CONV, "stride": 2, "padding": 1})), MAP),
        (chain(("AdaptiveAvgPool2d", {"output_size": (3, 5)})), MAP),
        (chain(("AdaptiveMaxPool2d", {"output_size": (3, 2)})), MAP),
        (chain(("UpsamplingNearest2d", {}), ("Conv2d", CONV)), MAP),
        (chain(("Upsample", {"mode": "bicubic", "size": (9, 5)})), MAP),
        (chain(("BedOfNails", {}), ("Conv2d", CONV)), (1, 1, 4, 4)),
        (chain(("Conv2d", {**CONV, "out_channels": 4}), ("PixelShuffle", {})), MAP),
        (
            network(
                ("pool", "MaxPool2d", ("input",), {"return_indices": True}),
                ("conv", "Conv2d", ("pool",), {**CONV, "padding": 1}),
                ("unpool", "MaxUnpool2d", ("conv", "pool"), {}),
                ("both", "Concat", ("unpool", "input"), {}),
            ),
            (1, 1, 6, 6),
        ),
        (
            network(
                ("near", "Conv1d", ("input",), {**CONV, "padding": 1}),
                ("far", "Conv1d", ("input",), {"kernel_size": 2, "dilation": 4, "padding": 2}),
                ("sum", "Add", ("near", "far", "input"), {}),
                ("product", "Multiply", ("sum", "near"), {}),
            ),
            LINE,
        ),
    ],
)
def test_the_field_is_what_gradients_of_random_inputs_show(spec: ModelSpec, shape: Shape) -> None:
    assert told(spec, shape).field == extents(moved(spec, shape))


def test_the_gradient_of_one_cell_fills_its_field_and_nothing_else() -> None:
    preset = PRESETS["dilation"]
    assert told(preset.spec, preset.input_shape) == Receptive((15, 15), (Fraction(1),) * 2)
    x = torch.randn(preset.input_shape).requires_grad_()
    build(preset.spec, 0)(x)[0, 0, 8, 8].backward()
    assert x.grad is not None
    assert x.grad[0, 0].nonzero().min(0).values.tolist() == [1, 1]
    assert x.grad[0, 0].nonzero().max(0).values.tolist() == [15, 15]


def backbone(*dilated: bool) -> ModelSpec:
    """Return the strides of a ResNet's stem and four stages, one convolution each."""
    layers: list[tuple[str, dict[str, Any]]] = [
        ("Conv2d", {"kernel_size": 7, "stride": 2, "padding": 3}),
        ("MaxPool2d", {"kernel_size": 3, "stride": 2, "padding": 1}),
        ("Conv2d", {"kernel_size": 3, "padding": 1}),
    ]
    reach = 1
    for replaced in dilated:
        step = {"stride": 1, "dilation": reach * 2} if replaced else {"stride": 2}
        reach *= 2 if replaced else 1
        padding = step.get("dilation", 1)
        layers.append(("Conv2d", {"kernel_size": 3, "padding": padding, **step}))
    return chain(*layers)


def test_dilation_keeps_the_output_stride_of_a_segmentation_backbone() -> None:
    """Sizes and strides as published for a 473x473 input."""
    shape = (1, 1, 473, 473)
    kept = backbone(False, True, True)
    shapes = estimate(kept, shape).shapes
    assert [shapes[f"l{step}"][2] for step in (2, 3, 4, 5, 6)] == [119, 119, 60, 60, 60]
    strides = [told(kept, shape, f"l{step}").stride for step in range(1, 7)]
    assert strides == [(Fraction(step),) * 2 for step in (2, 4, 4, 8, 8, 8)]
    assert told(backbone(False, False, False), shape).stride == (Fraction(32), Fraction(32))
    assert told(kept, shape, "l2").field == (11, 11), "7, then 4 more by the pool at stride 2"


def test_upsampling_takes_the_stride_back() -> None:
    spec = chain(("Conv1d", {**CONV, "stride": 2}), ("Upsample", {"mode": "nearest"}))
    assert told(spec, LINE) == Receptive((3,), (Fraction(1),))
    spec = chain(("Upsample", {"mode": "linear", "scale_factor": 1.5}))
    assert told(spec, LINE).stride == (Fraction(2, 3),)


def test_paths_that_disagree_have_a_field_but_no_stride() -> None:
    spec = network(
        ("wide", "Conv1d", ("input",), {"kernel_size": 1, "stride": 2}),
        ("pick", "Slice", ("input",), {"dim": 2, "end": 5}),
        ("sum", "Add", ("wide", "pick"), {}),
    )
    assert told(spec, LINE) == Receptive((5,), None)


@pytest.mark.parametrize(
    ("spec", "shape"),
    [
        (chain(("Flatten", {}), ("Tanh", {})), MAP),
        (chain(("Linear", {"in_features": 9})), LINE),
        (chain(("Softmax", {})), MAP),
        (network(("both", "Concat", ("input", "input"), {"dim": 2})), LINE),
        (chain(("Tanh", {})), (2, 3)),
        (chain(("Tanh", {})), (1, 1, 4097)),
        (chain(("UpsamplingNearest2d", {"scale_factor": 32})), (1, 1, 129, 1)),
    ],
)
def test_what_has_no_extent_is_none(spec: ModelSpec, shape: Shape) -> None:
    assert told(spec, shape) == Receptive(None, None)


@pytest.mark.parametrize("key", PRESETS)
def test_every_preset_is_told(key: str) -> None:
    preset = PRESETS[key]
    shapes = estimate(preset.spec, preset.input_shape).shapes
    found = receptive(preset.spec, preset.input_shape, shapes)
    assert list(found) == [layer.name for layer in preset.spec.layers]
    for one in found.values():
        if one.field is not None:
            sizes = zip(one.field, preset.input_shape[2:], strict=True)
            assert all(1 <= size <= whole for size, whole in sizes)


def test_a_frame_that_makes_an_axis_too_long_to_follow_has_no_extent() -> None:
    assert told(chain(("ZeroPad2d", {})), (1, 1, 4096, 2)) == Receptive()


def test_a_pool_without_padding_and_dilation_is_one_whose_are_0_and_1() -> None:
    """A kind of pool may lack either, as LPPool2d does."""
    bare = Pool(lambda fields: Window.of(2, fields["kernel_size"], fields["stride"]))
    full = Pool(
        lambda fields: Window.of(2, fields["kernel_size"], fields["stride"], padding=0, dilation=1)
    )
    fields = Fields({"kernel_size": 3, "stride": 2})
    assert bare.agrees(fields) == full.agrees(fields) == ""
    assert bare.fits(fields, ((1, 1, 7, 5),)) == full.fits(fields, ((1, 1, 7, 5),)) == ""
    for pool in (bare, full):
        reading = pool.reads(fields, ((1, 1, 7, 5),), (1, 1, 3, 2))
        assert reading is not None
        assert [axis.tolist() for axis in reading.cells] == [
            [[0, 1, 2], [2, 3, 4], [4, 5, 6]],
            [[0, 1, 2], [2, 3, 4]],
        ]
    sentence = "a 3x3 kernel does not fit its 2x2 input. Use padding=1 or a smaller kernel."
    assert full.fits(fields, ((1, 1, 2, 2),)) == sentence
    assert bare.fits(fields, ((1, 1, 2, 2),)) == sentence.replace("padding=1 or ", "")
