"""Which part of the input a cell of each layer sees, and how densely: receptive field and stride.

Counted for the maps of one run, borders included: the receptive field of a layer is the largest
extent of input cells that any one of its cells depends on (cells skipped by a dilation lie inside
it). A pool and its unpool count the whole window that a value was chosen from. Statistics of
normalisations, through which every cell depends on all others, are left out, as is usual.
Source: Araujo, Norris and Sim, "Computing receptive fields of convolutional neural networks",
Distill, 2019.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from models.kinds.rules.reading import MAX_AXIS, Cells, Reading
from models.shapes import Shape
from models.spec import INPUT, LayerSpec, ModelSpec

Bounds = tuple[NDArray[np.int64], NDArray[np.int64]]
"""First and last input cell that each cell along an axis depends on; first > last for none."""

NOWHERE = np.iinfo(np.int64).max


@dataclass(frozen=True)
class Receptive:
    """What one layer's cells see of the input.

    None where that has no extent: after Flatten, Linear, attention and the like, or for maps
    with an axis that is too long to follow.
    """

    field: Shape | None = None
    """Input cells along each axis, (height, width) for a map."""
    stride: tuple[Fraction, ...] | None = None
    """Input cells from one output cell to the next; None too where joined paths disagree."""


@dataclass(frozen=True, eq=False)
class _Seen:
    """What the cells of one value see, along each axis."""

    bounds: tuple[Bounds, ...]
    stride: tuple[Fraction, ...] | None


def receptive(
    spec: ModelSpec, input_shape: Shape, shapes: Mapping[str, Shape]
) -> dict[str, Receptive]:
    """Return for each layer what it sees; ``shapes`` are those that a budget holds."""
    seen: dict[str, _Seen | None] = {INPUT: _itself(input_shape)}
    for layer in spec.layers:
        seen[layer.name] = _through(spec, layer, seen, {INPUT: input_shape, **shapes})
    return {layer.name: _told(seen[layer.name]) for layer in spec.layers}


def _itself(shape: Shape) -> _Seen | None:
    sizes = shape[2:]
    if not sizes or max(sizes) > MAX_AXIS:
        return None
    return _Seen(
        tuple((np.arange(size), np.arange(size)) for size in sizes), (Fraction(1),) * len(sizes)
    )


def _through(
    spec: ModelSpec, layer: LayerSpec, seen: Mapping[str, _Seen | None], shapes: Mapping[str, Shape]
) -> _Seen | None:
    names = layer.inputs[:1] if layer.layer_kind.takes_indices else layer.inputs
    parts = [part for name in names if (part := seen[name]) is not None]
    if len(parts) < len(names) or not shapes.get(layer.name):
        return None
    read = list(layer.inputs)
    if layer.layer_kind.takes_indices:
        read.append(spec.layer(layer.inputs[1]).inputs[0])
    inputs = tuple(shapes[name] for name in read)
    reading = layer.layer_kind.reads(layer.fields, inputs, shapes[layer.name])
    return None if reading is None else _joined([_read(part, reading) for part in parts])


def _read(part: _Seen, reading: Reading) -> _Seen:
    bounds = tuple(
        _reach(own, cells) for own, cells in zip(part.bounds, reading.cells, strict=True)
    )
    if part.stride is None:
        return _Seen(bounds, None)
    pairs = zip(part.stride, reading.steps, strict=True)
    return _Seen(bounds, tuple(own * step for own, step in pairs))


def _reach(bounds: Bounds, cells: Cells) -> Bounds:
    first = np.where(cells < 0, NOWHERE, bounds[0][cells]).min(axis=1)
    last = np.where(cells < 0, -1, bounds[1][cells]).max(axis=1)
    return first, last


def _joined(parts: list[_Seen]) -> _Seen:
    bounds = tuple(
        (np.minimum.reduce([one[0] for one in axis]), np.maximum.reduce([one[1] for one in axis]))
        for axis in zip(*(part.bounds for part in parts), strict=True)
    )
    strides = {part.stride for part in parts}
    return _Seen(bounds, strides.pop() if len(strides) == 1 else None)


def _told(seen: _Seen | None) -> Receptive:
    if seen is None:
        return Receptive()
    extents = [np.where(last < 0, 0, last - first + 1) for first, last in seen.bounds]
    return Receptive(tuple(int(extent.max()) for extent in extents), seen.stride)
