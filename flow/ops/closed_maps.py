"""Pools, unpools, resampling and padding backward, in numpy: from windows, winners and weights."""

from __future__ import annotations

import numpy as np

from flow.ops.closed import Backward, Gradients, signed
from flow.ops.resample import axes_of, kind_of
from flow.ops.windows import average_windows
from flow.record import Array, Shape


def spatial_axes(name: str) -> int:
    """Return how many axes the operation slides over, by its name."""
    return 3 if "3D" in name else 2


def max_pool(backward: Backward) -> Gradients:
    """Send each upstream cell to the winner of its window."""
    return (scattered(backward.g, backward.places("result1"), backward.below[0], backward.name),)


def scattered(g: Array, winners: Array, below: Shape | None, name: str) -> Array:
    """Add every cell of ``g`` at its winner's position in the plane it belongs to."""
    shape = below or ()
    axes = spatial_axes(name)
    planes = np.zeros((int(np.prod(shape[:-axes])), int(np.prod(shape[-axes:]))))
    cells = g.reshape(len(planes), -1)
    rows = np.arange(len(planes))[:, None]
    np.add.at(planes, (rows, winners.reshape(len(planes), -1)), cells)
    return planes.reshape(shape)


def max_unpool(backward: Backward) -> Gradients:
    """Fetch each cell from where it was put."""
    places = backward.places("indices")
    axes = spatial_axes(backward.name)
    planes = backward.g.reshape(-1, int(np.prod(backward.g.shape[-axes:])))
    flat = places.reshape(len(planes), -1)
    return (np.take_along_axis(planes, flat, 1).reshape(places.shape),)


def average_pool(backward: Backward) -> Gradients:
    """Share each upstream cell equally among the cells of its window."""
    g, below = backward.g, backward.below[0] or ()
    windows = average_windows(backward.node, backward.name, below, g.shape)
    axes = len(windows)
    divisor = getattr(backward.node, "_saved_divisor_override", None)
    shared = g / divisor if divisor else g
    for step, window in enumerate(windows):
        place = g.ndim - axes + step
        if not divisor:
            column = window.counted.reshape([-1 if a == place else 1 for a in range(g.ndim)])
            shared = shared / column
        shared = along(shared, window.covers(below[place]), place)
    return (shared,)


def resample(backward: Backward) -> Gradients:
    """Apply the transposed weight matrix along each axis."""
    found = backward.g
    for step, axis in enumerate(axes_of(backward.node, kind_of(backward.name))):
        found = along(found, axis.numerators / axis.denominator, 2 + step)
    return (found,)


def along(array: Array, matrix: Array, axis: int) -> Array:
    """Multiply one axis of an array by the transpose of a matrix (that axis x new size)."""
    return np.moveaxis(np.tensordot(array, matrix, (axis, 0)), -1, axis)


def constant_padding(backward: Backward) -> Gradients:
    """Cut the frame off (a negative width had cut the input instead)."""
    pads = [signed(pad) for pad in backward.setting("pad")]
    found = backward.g
    for step in range(len(pads) // 2):
        axis = found.ndim - 1 - step
        before, after = pads[2 * step], pads[2 * step + 1]
        wide = [(0, 0)] * found.ndim
        wide[axis] = (max(-before, 0), max(-after, 0))
        found = np.pad(found, wide)
        keep = slice(max(before, 0), found.shape[axis] - max(after, 0))
        found = found[(slice(None),) * axis + (keep,)]
    return (found,)


def repeated_padding(backward: Backward) -> Gradients:
    """Add up the copies that a mirrored or repeated frame made of each cell."""
    pads = [signed(pad) for pad in backward.setting("padding")]
    below, found = backward.below[0] or (), backward.g
    mode = "reflect" if backward.name.startswith("Reflection") else "edge"
    for step in range(len(pads) // 2):
        axis = found.ndim - 1 - step
        places = np.arange(below[axis])
        source = np.pad(places, (pads[2 * step], pads[2 * step + 1]), mode=mode)  # type: ignore[call-overload]
        found = along(found, (source[:, None] == places).astype(np.float64), axis)
    return (found,)


def shuffled(backward: Backward) -> Gradients:
    """Lay each block of cells back into channels."""
    factor, below = backward.setting("upscale_factor"), backward.below[0] or ()
    lead, (channels, height, width) = below[:-3], below[-3:]
    blocks = backward.g.reshape(*lead, channels // factor**2, height, factor, width, factor)
    first = len(lead)
    order = [*range(first), first, first + 2, first + 4, first + 1, first + 3]
    return (blocks.transpose(order).reshape(below),)
