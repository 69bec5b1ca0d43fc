"""Copies of whole tensors, values that are read in many places, and the end of the way."""

from __future__ import annotations

import numpy as np

from flow.ops.common.closed import Backward, Gradients, signed
from flow.ops.common.operation import copying, ruled
from flow.ops.common.places import Positions, added_up, reader
from flow.ops.common.terms import size
from flow.record import Array
from flow.said import said


def handed_on(backward: Backward) -> Gradients:
    """Hand the upstream on as it is."""
    return (backward.g,)


def _overwritten(backward: Backward) -> Gradients:
    """Hand the upstream to what was copied in; what stood there before gets 0."""
    below = backward.wants(0)
    return (None if below is None else np.zeros(below), backward.g)[: len(backward.below)]


def _expanded(backward: Backward, places: Positions) -> Array:
    return np.broadcast_to(places, backward.g.shape)


def _repeated(backward: Backward, places: Positions) -> Array:
    return np.tile(places, tuple(signed(count) for count in backward.setting("repeats")))


def unfolded(backward: Backward) -> Gradients:
    """Add up the gradients of all windows that hold a cell, along one axis."""
    below = backward.wants(0) or ()
    axis = backward.axis("dimension", len(below))
    length, step = backward.setting("size"), backward.setting("step")
    if not below:
        return (backward.g.reshape(()),)
    places = np.moveaxis(np.arange(size(below)).reshape(below), axis, -1)
    begins = np.arange(0, below[axis] - length + 1, step)
    windows = places[..., begins[:, None] + np.arange(length)]
    return (added_up(backward.g, np.moveaxis(windows, -2, axis), below),)


_COPY = copying(
    r"\bar{x} = \bar{y}", "A copy: the gradient is handed on as it is.", handed_on, moves=True
)

OPS = {
    "CloneBackward0": _COPY,
    "AliasBackward0": _COPY,
    "ToCopyBackward0": ruled(
        r"\bar{x} = \operatorname{cast}(\bar{y})",
        "A copy of another type or on another device: the gradient is cast and moved back.",
        handed_on,
        reads="sum",
    ),
    "CopyBackwards": ruled(
        r"\bar{s} = \textstyle\sum_{\text{copies}} \bar{y}, \quad \bar{x} = 0 \quad "
        r"\text{for } x \leftarrow s",
        "The whole tensor was overwritten: the new values get the gradient, the old ones nothing.",
        zero=said("This value was overwritten, so its gradient is 0."),
    ),
    "ExpandBackward0": copying(
        r"\bar{x}_i = \sum_{\text{places } j \text{ that show } i} \bar{y}_j",
        "One value was read in many places: the gradients of those places add up.",
        reader(_expanded),
    ),
    "RepeatBackward0": copying(
        r"\bar{x}_i = \sum_{\text{tiles } k} \bar{y}_{k,i}",
        "The tensor was repeated like a tile: the gradients of all tiles add up.",
        reader(_repeated),
    ),
    "UnfoldBackward0": copying(
        r"\bar{x}_i = \sum_{\text{windows } j \ni i} \bar{y}_{j,\,i - s j} \quad "
        r"\text{for windows every } s \text{ cells}",
        "Windows along one axis were laid side by side: a cell adds up its gradients in all of "
        "them.",
        unfolded,
        zero=said("No window holds this cell, so its gradient is 0."),
    ),
    "AsStridedBackward0": copying(
        r"\bar{x}_i = \sum_{j:\, \mathrm{memory}(j) = i} \bar{y}_j",
        "The memory was read with other steps: a cell adds up the gradients of all places that "
        "show it.",
        zero=said("This cell was not read, so its gradient is 0."),
    ),
    "AccumulateGrad": ruled(
        r"\theta_{\mathrm{grad}} \leftarrow \theta_{\mathrm{grad}} + \bar{\theta}",
        "The end of the way: what arrives is added to the parameter's .grad.",
    ),
}
