"""Padding: a frame of one value, of mirrored cells or of repeated ones."""

from __future__ import annotations

import numpy as np

from flow.ops.common.closed import Backward, Gradients, signed
from flow.ops.common.operation import copying
from flow.ops.common.places import Positions, reader
from flow.record import Array
from flow.said import said


def constant(backward: Backward) -> Gradients:
    """Cut the frame off (a negative width had cut the input instead)."""
    found = backward.g
    for axis, before, after in _widths(backward, "pad", found.ndim):
        wide = [(0, 0)] * found.ndim
        wide[axis] = (max(-before, 0), max(-after, 0))
        found = np.pad(found, wide)
        keep = slice(max(before, 0), found.shape[axis] - max(after, 0))
        found = found[(slice(None),) * axis + (keep,)]
    return (found,)


def _framed(backward: Backward, places: Positions) -> Array:
    """Mirror or repeat the border, then cut off where a width is negative."""
    frame, kept = [(0, 0)] * places.ndim, [slice(None)] * places.ndim
    for axis, before, after in _widths(backward, "padding", places.ndim):
        frame[axis] = (max(before, 0), max(after, 0))
        kept[axis] = slice(max(-before, 0), places.shape[axis] + max(before, 0) + after)
    if backward.name.startswith("Reflection"):
        return np.pad(places, frame, mode="reflect")[tuple(kept)]
    return np.pad(places, frame, mode="edge")[tuple(kept)]


def _widths(backward: Backward, name: str, rank: int) -> list[tuple[int, int, int]]:
    """Return axis, width before and width after; torch counts from the last axis."""
    pads = [signed(pad) for pad in backward.setting(name)]
    pairs = zip(pads[::2], pads[1::2], strict=True)
    return [(rank - 1 - at, before, after) for at, (before, after) in enumerate(pairs)]


OPS = {
    "ConstantPadNdBackward0": copying(
        r"\bar{x} = \operatorname{crop}(\bar{y})",
        "The frame that was put around is cut off; its gradients go nowhere.",
        constant,
        zero=said("A negative padding cut this cell off, so its gradient is 0."),
    ),
    **{
        f"ReflectionPad{axes}DBackward0": copying(
            r"\bar{x}_i = \sum_{j:\, \mathrm{mirror}(j) = i} \bar{y}_j",
            "The frame mirrors cells near the border: a cell adds up the gradients of all "
            "places that show it.",
            reader(_framed),
        )
        for axes in (1, 2, 3)
    },
    **{
        f"ReplicationPad{axes}DBackward0": copying(
            r"\bar{x}_i = \sum_{j:\, \mathrm{nearest}(j) = i} \bar{y}_j",
            "The frame repeats the border: a border cell adds up the gradients of all places "
            "that show it.",
            reader(_framed),
        )
        for axes in (1, 2, 3)
    },
}
