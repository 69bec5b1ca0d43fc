"""What went through each box as small pictures: colours only, the number beside them is exact.

Of a batch one sample is drawn, of its channels the one with the largest gradient. A vector is laid
out as the most nearly square rectangle in reading order.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from flow.record import Array, Capture
from viz.hidden import is_hidden
from viz.maps.packet import Blobs
from viz.strip.stops import Stop

LARGEST_SIDE, SMALLEST_SIDE = 32, 4
"""Cells of a side: more are joined in blocks, of which the largest magnitude is shown."""
FIRST_BYTES = 48 * 2**10
"""Of the pictures of one sample. Of a network with so many boxes that this is not enough, the sides
get shorter."""
FURTHER_BYTES = 16 * 2**10
"""Of the pictures that are sent with a run; of further samples they are asked for."""
FULL = 127
"""Stands for the largest magnitude of a picture."""
ODD = -128
"""Stands for NaN and infinity."""
WIDE = 4
"""A rectangle of a vector is at most so many times as wide as high, if it has more than one row."""
SHORT = 8
"""A vector of at most so many cells stands in one row if it makes no such rectangle."""


@dataclass(frozen=True, eq=False)
class Thumbnail:
    """One picture."""

    cells: NDArray[np.int8]
    """Share of the largest magnitude, from -FULL to FULL; of the last row there may be fewer."""
    columns: int
    largest: float
    """The signed cell of largest magnitude of the whole sample; NaN before infinity before all."""
    plane: int
    """Which channel is drawn; -1 where there is only one."""


def batch_of(capture: Capture, way: Sequence[Stop]) -> int:
    """Return how many samples can be told apart; 0 where no array has an axis for them.

    Of three axes and more the first counts the samples, as in the inspector. Then the first of two
    axes does as well, where it is as long.
    """
    arrays = (array for stop in way for array in (stop.value, stop.gradient))
    ranks = [array.ndim for array in arrays if array is not None and array.size]
    if max(ranks, default=0) < 3 or not capture.inputs or not capture.inputs[0].ndim:
        return 0
    return len(capture.inputs[0])


def of_sample(array: Array, sample: int, batch: int) -> Array:
    """Return what belongs to one sample; of an array that has fewer, to its first."""
    if array.ndim < 2 or (array.ndim == 2 and len(array) != batch):
        return array
    return np.asarray(array[sample if sample < len(array) else 0])


def pictures(
    way: Sequence[Stop], sample: int, batch: int, *, alike: bool = True
) -> Iterator[list[Thumbnail | None]]:
    """Yield of every box the picture of its value and that of its gradient, as far as there are.

    ``alike``: both show the same channel, where they have channels alike.
    """
    side = _side(len(way))
    for stop in way:
        value, gradient = (
            None
            if array is None or not array.size or is_hidden(array)
            else _real(of_sample(array, sample, batch))
            for array in (stop.value, stop.gradient)
        )
        planes = [None if array is None else _planes(array) for array in (value, gradient)]
        chosen = [None if stack is None else _largest_plane(stack) for stack in planes]
        counts = [None if stack is None else len(stack) for stack in planes]
        if alike and None not in counts and counts[0] == counts[1]:
            chosen[0] = chosen[1]
        yield [
            None if stack is None or plane is None else _picture(stack, plane, side)
            for stack, plane in zip(planes, chosen, strict=True)
        ]


def _side(boxes: int) -> int:
    """Return how many cells a side may have so that all pictures of a sample have room."""
    fitting = math.isqrt(FIRST_BYTES // (2 * max(1, boxes)))
    return min(LARGEST_SIDE, max(SMALLEST_SIDE, fitting))


def _real(array: Array) -> Array:
    """Return numbers with a sign; of complex ones their magnitudes."""
    return np.abs(array) if array.dtype.kind == "c" else array.astype(np.float64, copy=False)


def _planes(array: Array) -> Array:
    """Return planes x rows x columns, without the axes of one cell; a vector is one row."""
    kept = tuple(size for size in array.shape if size > 1)
    if len(kept) < 2:
        return array.reshape(1, 1, -1)
    return array.reshape(-1, *kept[-2:])


def columns_of(size: int) -> int:
    """Return how many columns the most nearly square rectangle of so many cells has."""
    rows = max(n for n in range(1, math.isqrt(size) + 1) if size % n == 0)
    columns = size // rows
    if columns <= WIDE * rows or size <= SHORT:
        return columns
    return math.ceil(math.sqrt(size))


def _largest_plane(stack: Array) -> int:
    """Return the plane with the largest magnitude; what is not finite counts as larger than all."""
    sizes = np.abs(stack).max(axis=(1, 2))
    return int(np.where(np.isnan(sizes), np.inf, sizes).argmax())


def _picture(stack: Array, plane: int, side: int) -> Thumbnail:
    matrix = stack[plane]
    columns = columns_of(matrix.size) if len(matrix) == 1 else matrix.shape[1]
    if max(columns, math.ceil(matrix.size / columns)) > side:
        padded = np.zeros(math.ceil(matrix.size / columns) * columns)
        padded[: matrix.size] = matrix.reshape(-1)
        matrix = _blocks(padded.reshape(-1, columns), side)
        columns = matrix.shape[1]
    return Thumbnail(
        cells=_shares(matrix.reshape(-1)),
        columns=columns,
        largest=signed_largest(stack),
        plane=plane if len(stack) > 1 else -1,
    )


def _blocks(matrix: Array, side: int) -> Array:
    """Join cells in equal blocks, of each keeping the cell of largest magnitude with its sign."""
    for axis in (0, 1):
        size = math.ceil(matrix.shape[axis] / side)
        padding = [(0, 0), (0, 0)]
        padding[axis] = (0, -matrix.shape[axis] % size)
        blocks = np.moveaxis(np.pad(matrix, padding), axis, 0)
        blocks = blocks.reshape(-1, size, blocks.shape[1])
        sizes = np.where(np.isnan(blocks), np.inf, np.abs(blocks))
        kept = np.take_along_axis(blocks, sizes.argmax(axis=1)[:, None], axis=1)[:, 0]
        matrix = np.moveaxis(kept, 0, axis)
    return matrix


def _shares(cells: Array) -> NDArray[np.int8]:
    """Return each cell as a share of the largest; one that is not zero never becomes zero."""
    finite = np.isfinite(cells)
    scale = np.abs(cells[finite]).max(initial=0.0) or 1.0
    parts = np.where(finite, cells, 0.0) / scale
    shares = np.rint(parts * FULL)
    shares = np.where((shares == 0) & (parts != 0), np.sign(parts), shares)
    return np.where(finite, shares, ODD).astype(np.int8)


def signed_largest(cells: Array) -> float:
    """Return the cell of largest magnitude with its sign; NaN where there is one."""
    flat = cells.reshape(-1)
    if np.isnan(flat).any():
        return math.nan
    return float(flat[np.abs(flat).argmax()])


def packed(
    found: Sequence[Sequence[Thumbnail | None]], sample: int, blobs: Blobs
) -> dict[str, Any]:
    """Write the pictures of a sample, two a box, and return how the browser finds them."""
    flat = [each for box in found for each in box]
    none = np.zeros(0, np.int8)
    cells = [none if each is None else each.cells for each in flat]
    looks = [
        (0, 0, 0) if each is None else (each.cells.size, each.columns, each.plane + 1)
        for each in flat
    ]
    return {
        "sample": sample,
        "cells": blobs.add(np.concatenate(cells) if cells else none),
        "looks": blobs.add(np.array(looks, np.uint16).reshape(-1)),
        "largest": blobs.add(np.array([math.nan if e is None else e.largest for e in flat])),
    }


def samples_sent(
    way: Sequence[Stop], batch: int, *, alike: bool = True
) -> list[list[list[Thumbnail | None]]]:
    """Return the pictures of the first sample, and of the next ones as far as they have room."""
    sent, size = [list(pictures(way, 0, batch, alike=alike))], 0
    for sample in range(1, max(1, batch)):
        size += sum(each.cells.size for box in sent[-1] for each in box if each is not None)
        if size + size // len(sent) > FURTHER_BYTES:
            break
        sent.append(list(pictures(way, sample, batch, alike=alike)))
    return sent
