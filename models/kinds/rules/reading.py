"""Which input cells an output cell reads, axis by axis.

Every rule takes the layer's fields, the shapes of its inputs and the shape of its output. It
returns None where an output cell may read any cell, or where that depends on values.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from models.fields import Fields
from models.shapes import Shape, Shapes

Cells = NDArray[np.int64]
"""Output cells x taps along one axis: the input cell that each tap reads, -1 for none."""

MAX_AXIS = 4096
"""Longer axes are not followed: their tables would cost more than the run."""


@dataclass(frozen=True, eq=False)
class Reading:
    """What the output cells of a layer read, along each axis after batch and channels."""

    cells: tuple[Cells, ...]
    steps: tuple[Fraction, ...]
    """How many input cells lie between what neighbouring output cells read."""


Reads = Callable[[Fields, Shapes, Shape], Reading | None]


def unknown(_fields: Fields, _inputs: Shapes, _output: Shape) -> Reading | None:
    """Say that any cell may be read."""
    return None


def same_cells(_fields: Fields, inputs: Shapes, output: Shape) -> Reading | None:
    """Read the cell at the same place. Statistics of a normalisation are not counted."""
    if any(shape[2:] != output[2:] or len(shape) < 3 for shape in inputs):
        return None
    return reading([np.arange(size)[:, None] for size in output[2:]], [1] * (len(output) - 2))


def reading(cells: Sequence[Cells], steps: Sequence[int | Fraction]) -> Reading | None:
    """Return what is read along each axis; None where an axis is too long, or there is none."""
    if not cells or any(len(axis) > MAX_AXIS for axis in cells):
        return None
    return Reading(tuple(cells), tuple(map(Fraction, steps)))


def axes_of(inputs: Shapes, output: Shape) -> list[tuple[int, int]]:
    """Return input and output size of each axis; none where one is too long."""
    sizes = list(zip(inputs[0][2:], output[2:], strict=True))
    return [] if any(max(pair) > MAX_AXIS for pair in sizes) else sizes


def inside(cells: Cells, size: int) -> Cells:
    """Return the cells with -1 for those outside of an axis of this size."""
    return np.where((cells >= 0) & (cells < size), cells, -1)


def blocks(name: str, *, corner_only: bool = False) -> Reads:
    """Return the rule of layers that make a block of each cell, or of its corner alone.

    ``name`` is the field that says how many cells high and wide a block is.
    """

    def read(fields: Fields, inputs: Shapes, output: Shape) -> Reading | None:
        factor, found = fields.whole(name), []
        for _, wide in axes_of(inputs, output):
            out = np.arange(wide)[:, None]
            found.append(
                np.where(out % factor, -1, out // factor) if corner_only else out // factor
            )
        return reading(found, [Fraction(1, factor)] * len(found))

    return read
