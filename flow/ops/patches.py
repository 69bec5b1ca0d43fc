"""Patches of maps as columns of a matrix, and columns put back into a map."""

from __future__ import annotations

import numpy as np

from flow.ops.common.closed import Backward, Gradients, per_axis
from flow.ops.common.operation import copying
from flow.ops.common.places import Positions
from flow.ops.common.terms import size
from flow.record import Shape
from flow.said import said

OUTSIDE = -1
"""In place of a cell's position: padding."""


def _patches(backward: Backward, maps: Shape) -> Positions:
    """Return the position of the cell that each entry of the columns holds, or OUTSIDE."""
    names = ("kernel_size", "stride", "padding", "dilation")
    kernel, stride, pad, apart = (per_axis(backward.setting(name), 2) for name in names)
    places = np.arange(size(maps)).reshape(-1, *maps[-3:])
    padded = np.pad(places, [(0, 0), (0, 0), *((p, p) for p in pad)], constant_values=OUTSIDE)
    rows, columns = (
        np.arange(0, length - apart[at] * (kernel[at] - 1), stride[at])[None, :]
        + apart[at] * np.arange(kernel[at])[:, None]
        for at, length in enumerate(padded.shape[2:])
    )
    # Axes: sample, channel, tap down, tap across, window down, window across.
    found = padded[:, :, rows[:, None, :, None], columns[None, :, None, :]]
    return found.reshape(len(places), size(found.shape[1:4]), size(found.shape[4:]))


def to_columns(backward: Backward) -> Gradients:
    """Add up the gradients of all columns that hold a cell."""
    below = backward.wants(0) or ()
    places, g = _patches(backward, below).reshape(-1), backward.g.reshape(-1)
    inside = places != OUTSIDE
    found = np.bincount(places[inside], g[inside], minlength=size(below))
    return (found.reshape(below),)


def from_columns(backward: Backward) -> Gradients:
    """Fetch for each entry the gradient of the cell that it was added to."""
    places = _patches(backward, backward.g.shape)
    found = np.where(places == OUTSIDE, 0.0, backward.g.reshape(-1)[places])
    return (found.reshape(backward.wants(0) or ()),)


OPS = {
    "Im2ColBackward0": copying(
        r"\bar{x} = \operatorname{fold}(\bar{y}) \quad \text{for } "
        r"y = \operatorname{unfold}(x)",
        "Overlapping patches were laid out as columns: a cell adds up its gradients in all of "
        "them.",
        to_columns,
        zero=said("No patch holds this cell, so its gradient is 0."),
    ),
    "Col2ImBackward0": copying(
        r"\bar{x} = \operatorname{unfold}(\bar{y}) \quad \text{for } "
        r"y = \operatorname{fold}(x)",
        "Columns were added into a map as patches: each entry gets the gradient of the cell it "
        "was added to.",
        from_columns,
        zero=said("This entry was added to the padding, which is cut off, so its gradient is 0."),
    ),
}
