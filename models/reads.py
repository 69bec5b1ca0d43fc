"""Which input cells an output cell reads: one rule per kind, axis by axis.

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
from models.fitting import covered_by, padding_of, unpool_size
from models.shapes import Shape, Shapes

Cells = NDArray[np.int64]
"""Output cells x taps along one axis: the input cell that each tap reads, -1 for none."""

MAX_AXIS = 4096
"""Longer axes are not followed: their tables would cost more than the run."""


@dataclass(frozen=True, eq=False)
class Reading:
    """What the output cells of a layer read, along each axis behind batch and channels."""

    cells: tuple[Cells, ...]
    steps: tuple[Fraction, ...]
    """How many input cells lie between what neighbouring output cells read."""


Reads = Callable[[Fields, Shapes, Shape], Reading | None]


def unknown(_fields: Fields, _inputs: Shapes, _output: Shape) -> Reading | None:
    """Any cell may be read."""
    return None


def same_cells(_fields: Fields, inputs: Shapes, output: Shape) -> Reading | None:
    """The cell at the same place. Statistics of a normalisation are not counted."""
    if any(shape[2:] != output[2:] or len(shape) < 3 for shape in inputs):
        return None
    return _reading([np.arange(size)[:, None] for size in output[2:]], [1] * (len(output) - 2))


def side_by_side(fields: Fields, inputs: Shapes, output: Shape) -> Reading | None:
    """The cell at the same place, where batch or channels are joined."""
    return same_cells(fields, inputs, output) if fields.whole("dim") < 2 else None


def _reading(cells: Sequence[Cells], steps: Sequence[int | Fraction]) -> Reading | None:
    if not cells or any(len(axis) > MAX_AXIS for axis in cells):
        return None
    return Reading(tuple(cells), tuple(map(Fraction, steps)))


def _axes(inputs: Shapes, output: Shape) -> list[tuple[int, int]]:
    """Return input and output size of each axis; none where one is too long."""
    sizes = list(zip(inputs[0][2:], output[2:], strict=True))
    return [] if any(max(pair) > MAX_AXIS for pair in sizes) else sizes


def _inside(cells: Cells, size: int) -> Cells:
    return np.where((cells >= 0) & (cells < size), cells, -1)


def kernel(fields: Fields, inputs: Shapes, output: Shape) -> Reading | None:
    """The taps of a kernel; cells of a frame stand for those that they repeat."""
    count = len(output) - 2
    stride, padding = fields.each("stride", count), padding_of(fields, count)
    taps, dilation = fields.each("kernel_size", count), fields.each("dilation", count)
    found = []
    for axis, (size, wide) in enumerate(_axes(inputs, output)):
        begin = np.arange(wide)[:, None] * stride[axis] - padding[axis]
        cells = begin + dilation[axis] * np.arange(taps[axis])
        found.append(_framed(cells, size, str(fields["padding_mode"])))
    return _reading(found, stride)


def _framed(cells: Cells, size: int, mode: str) -> Cells:
    if mode == "replicate":
        return np.clip(cells, 0, size - 1)
    if mode == "circular":
        return cells % size
    if mode == "reflect":
        return np.asarray(size - 1 - np.abs(size - 1 - np.abs(cells)))
    return _inside(cells, size)


def spread(fields: Fields, inputs: Shapes, output: Shape) -> Reading | None:
    """The cells whose kernels reach an output cell of a transposed convolution."""
    count = len(output) - 2
    dilation = fields.each("dilation", count, 1)
    step = fields.each("stride" if fields["stride"] else "kernel_size", count)
    padding, taps = fields.each("padding", count), fields.each("kernel_size", count)
    found = []
    for axis, (size, wide) in enumerate(_axes(inputs, output)):
        far = np.arange(wide)[:, None] + padding[axis] - dilation[axis] * np.arange(taps[axis])
        found.append(np.where(far % step[axis], -1, _inside(far // step[axis], size)))
    return _reading(found, [Fraction(1, one) for one in step])


def put_back(fields: Fields, inputs: Shapes, output: Shape) -> Reading | None:
    """The windows that an unpooled cell may have won, where the pool's size is restored."""
    restored = unpool_size(fields, inputs) == inputs[2][2:]
    return spread(fields, inputs[:1], output) if restored else None


def window(fields: Fields, inputs: Shapes, output: Shape) -> Reading | None:
    """The cells of a pooling window."""
    count = len(output) - 2
    stride = fields.each("stride" if fields["stride"] else "kernel_size", count)
    covered, padding = covered_by(fields, count), fields.each("padding", count, 0)
    dilation = fields.each("dilation", count, 1)
    found = []
    for axis, (size, wide) in enumerate(_axes(inputs, output)):
        begin = np.arange(wide)[:, None] * stride[axis] - padding[axis]
        found.append(_inside(begin + np.arange(0, covered[axis], dilation[axis]), size))
    return _reading(found, stride)


def adaptive_window(_fields: Fields, inputs: Shapes, output: Shape) -> Reading | None:
    """The cells from floor(o n / m) to ceil((o + 1) n / m) - 1."""
    found, steps = [], []
    for size, wide in _axes(inputs, output):
        out = np.arange(wide)
        first, last = out * size // wide, -(-(out + 1) * size // wide)
        cells = first[:, None] + np.arange(int((last - first).max()))
        found.append(np.where(cells < last[:, None], cells, -1))
        steps.append(Fraction(size, wide))
    return _reading(found, steps)


def blocks(name: str, *, corner_only: bool = False) -> Reads:
    """Return the rule of layers that make a block of each cell, of which maybe only a corner."""

    def read(fields: Fields, inputs: Shapes, output: Shape) -> Reading | None:
        factor, found = fields.whole(name), []
        for _, wide in _axes(inputs, output):
            out = np.arange(wide)[:, None]
            found.append(
                np.where(out % factor, -1, out // factor) if corner_only else out // factor
            )
        return _reading(found, [Fraction(1, factor)] * len(found))

    return read


def sliced(fields: Fields, inputs: Shapes, output: Shape) -> Reading | None:
    """The cells that were taken."""
    found, steps = [], []
    for axis, (_, wide) in enumerate(_axes(inputs, output)):
        taken = fields.whole("dim") == axis + 2
        step, start = (fields.whole("step"), fields.whole("start")) if taken else (1, 0)
        found.append(np.arange(wide)[:, None] * step + start)
        steps.append(step)
    return _reading(found, steps)


def framed(fields: Fields, inputs: Shapes, output: Shape) -> Reading | None:
    """The cell inside of the frame of zeros; none in the frame itself."""
    sides = fields.sizes("padding")
    left, _, top, _ = sides * 4 if len(sides) == 1 else sides
    axes = _axes(inputs, output)
    before = [0] * (len(axes) - 2) + [top, left][-len(axes) :]
    found = [
        _inside(np.arange(wide)[:, None] - first, size)
        for (size, wide), first in zip(axes, before, strict=True)
    ]
    return _reading(found, [1] * len(found))


def resampled(fields: Fields, inputs: Shapes, output: Shape) -> Reading | None:
    """The neighbours that an interpolation mixes, those with weight 0 left out."""
    mode, aligned = str(fields["mode"]), bool(fields["align_corners"])
    if mode == "area":
        return adaptive_window(fields, inputs, output)
    found, steps = [], []
    for size, wide in _axes(inputs, output):
        ratio = Fraction(size, wide)
        if not fields["size"]:
            ratio = 1 / Fraction(fields.number("scale_factor")).limit_denominator(10_000)
        found.append(_neighbours(mode, size, wide, ratio, aligned=aligned))
        steps.append(Fraction(size - 1, wide - 1) if aligned and min(size, wide) > 1 else ratio)
    return _reading(found, steps)


def _neighbours(mode: str, size: int, wide: int, ratio: Fraction, *, aligned: bool) -> Cells:
    out = np.arange(wide)[:, None]
    if mode == "nearest":
        return np.minimum(out * ratio.numerator // ratio.denominator, size - 1)
    above, below = (2 * out + 1) * ratio.numerator, 2 * ratio.denominator
    if mode == "nearest-exact":
        return np.minimum(above // below, size - 1)
    above = above - ratio.denominator
    if aligned:
        above, below = out * (size - 1), max(wide - 1, 1)
    if mode != "bicubic":
        above = np.maximum(above, 0)
    low, between = above // below, above % below != 0
    reach = np.arange(-1, 3) if mode == "bicubic" else np.arange(2)
    cells = np.where(between | (reach == 0), low + reach, low)
    return np.clip(cells, 0, size - 1)
