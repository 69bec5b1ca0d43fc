"""Arithmetic, views, joins and reductions backward, in numpy."""

from __future__ import annotations

from typing import Any

import numpy as np

from flow.arrays import to_array
from flow.ops.closed import Backward, Gradients, NoClosedFormError, signed, summed_to
from flow.ops.pointwise import POINTWISE
from flow.record import Array, Shape


def pointwise(backward: Backward) -> Gradients:
    """Scale each cell by the slope of the function there."""
    return (backward.g * POINTWISE[backward.name].derivative(backward.node),)


def summed(backward: Backward) -> Gradients:
    """Hand the upstream to both summands, summed where they were broadcast."""
    alpha = float(getattr(backward.node, "_saved_alpha", 1))
    factors = (1.0, -alpha if backward.name.startswith("Sub") else alpha)
    if backward.name.startswith("Rsub"):
        factors = (-alpha, 1.0)
    return tuple(
        None if shape is None else factor * summed_to(backward.g, shape)
        for shape, factor in zip(backward.below, factors, strict=False)
    )


def multiplied(backward: Backward) -> Gradients:
    """Scale by the other factor."""
    return tuple(
        None if shape is None else summed_to(backward.g * backward.tensor(name), shape)
        for shape, name in zip(backward.below, ("other", "self"), strict=False)
    )


def multiplied_by_number(backward: Backward) -> Gradients:
    """Scale by the number."""
    return (backward.g * float(backward.setting("other")), None)[: len(backward.below)]


def divided(backward: Backward) -> Gradients:
    """Divide by the divisor; the divisor gets -g x / y^2."""
    first, second = backward.wants(0), backward.wants(1)
    y = backward.tensor("other")
    return (
        None if first is None else summed_to(backward.g / y, first),
        None if second is None else summed_to(-backward.g * backward.tensor("self") / y**2, second),
    )


def chosen(backward: Backward) -> Gradients:
    """Hand each cell to the side that it came from."""
    condition = backward.tensor("condition") != 0
    return tuple(
        None if shape is None else summed_to(np.where(side, backward.g, 0.0), shape)
        for shape, side in zip(backward.below, (condition, ~condition), strict=False)
    )


def reshaped(backward: Backward) -> Gradients:
    """Give the same cells, in the same order, the input's shape."""
    return (backward.g.reshape(backward.below[0] or ()),)


def transposed(backward: Backward) -> Gradients:
    """Swap the same two axes again."""
    if backward.name == "TBackward0":
        return (backward.g.T,)
    rank = backward.g.ndim
    return (np.swapaxes(backward.g, backward.axis("dim0", rank), backward.axis("dim1", rank)),)


def permuted(backward: Backward) -> Gradients:
    """Put the axes back."""
    dims = [signed(dim) % backward.g.ndim for dim in backward.setting("dims")]
    return (backward.g.transpose(np.argsort(dims)),)


def expanded(backward: Backward) -> Gradients:
    """Sum over the copies."""
    return (summed_to(backward.g, backward.below[0] or ()),)


def joined(backward: Backward) -> Gradients:
    """Cut the upstream into the inputs' parts."""
    axis = backward.axis("dim", backward.g.ndim)
    if any(shape is None for shape in backward.below):
        raise NoClosedFormError("One of the joined inputs takes no gradient, so its size is lost.")
    widths = [shape[axis] for shape in backward.below if shape is not None]
    return tuple(np.split(backward.g, np.cumsum(widths)[:-1], axis))


def stacked(backward: Backward) -> Gradients:
    """Take the slices apart."""
    axis = backward.axis("dim", backward.g.ndim)
    return tuple(np.take(backward.g, which, axis) for which in range(backward.g.shape[axis]))


def split(backward: Backward) -> Gradients:
    """Put the parts side by side again."""
    axis = backward.axis("dim", backward.g.ndim)
    return (np.concatenate(backward.upstream, axis),)


def unbound(backward: Backward) -> Gradients:
    """Stack the slices again."""
    return (np.stack(backward.upstream, backward.axis("dim", len(backward.below[0] or ()))),)


def sliced(backward: Backward) -> Gradients:
    """Put the cells back where they were taken from; all others get 0."""
    found = np.zeros(backward.below[0] or ())
    axis = backward.axis("dim", found.ndim)
    begin, end = signed(backward.setting("start")), signed(backward.setting("end"))
    taken = slice(begin, end, backward.setting("step"))
    found[(slice(None),) * axis + (taken,)] = backward.g
    return (found,)


def selected(backward: Backward) -> Gradients:
    """Put the slice back where it was taken from; all others get 0."""
    found = np.zeros(backward.below[0] or ())
    axis = backward.axis("dim", found.ndim)
    found[(slice(None),) * axis + (signed(backward.setting("index")),)] = backward.g
    return (found,)


def looked_up(backward: Backward) -> Gradients:
    """Add each row's gradient to the row of the table that was looked up."""
    if backward.setting("scale_grad_by_freq"):
        raise NoClosedFormError("An embedding that scales by frequency has no closed form here.")
    rows = backward.places("indices").reshape(-1)
    found = np.zeros(backward.below[0] or ())
    kept = rows != signed(backward.setting("padding_idx"))
    np.add.at(found, rows[kept], backward.g.reshape(len(rows), -1)[kept])
    return (found,)


def total(backward: Backward) -> Gradients:
    """Copy the upstream to every summand."""
    return (_restored(backward, backward.g),)


def mean(backward: Backward) -> Gradients:
    """Share the upstream equally among the averaged cells."""
    below = backward.below[0] or ()
    count = int(np.prod(below)) / max(1, backward.g.size)
    return (_restored(backward, backward.g / count),)


def largest(backward: Backward) -> Gradients:
    """Hand each upstream cell to the largest of its row."""
    below = backward.below[0] or ()
    axis = backward.axis("dim", len(below))
    places, g = backward.places("indices"), backward.g
    if not backward.setting("keepdim"):
        places, g = np.expand_dims(places, axis), np.expand_dims(g, axis)
    found = np.zeros(below)
    np.put_along_axis(found, places, g, axis)
    return (found,)


def _restored(backward: Backward, g: Array) -> Array:
    """Repeat a reduced array along the axes that were reduced."""
    below: Shape = backward.below[0] or ()
    dims = getattr(backward.node, "_saved_dim", None)
    if dims and not getattr(backward.node, "_saved_keepdim", False):
        g = np.expand_dims(g, tuple(signed(dim) % len(below) for dim in dims))
    return np.broadcast_to(g, below)


def handed_on(backward: Backward) -> Gradients:
    """Hand the upstream on as it is."""
    return (backward.g,)


def repeated(backward: Backward) -> Gradients:
    """Sum over the copies along every axis."""
    below = backward.below[0] or ()
    padded = (1,) * (backward.g.ndim - len(below)) + below
    pairs = [
        part
        for whole, size in zip(backward.g.shape, padded, strict=True)
        for part in (whole // size, size)
    ]
    copies = backward.g.reshape(pairs).sum(tuple(range(0, len(pairs), 2)))
    return (copies.reshape(below),)


def gathered(backward: Backward) -> Gradients:
    """Add each upstream cell to the cell along one axis from which it was read."""
    found = np.zeros(backward.below[0] or ())
    axis, places = backward.axis("dim", found.ndim), backward.places("index")
    index = list(np.indices(places.shape))
    index[axis] = places
    np.add.at(found, tuple(index), backward.g)
    return (found,)


def index_selected(backward: Backward) -> Gradients:
    """Add each upstream slice to the slice that was read."""
    found = np.zeros(backward.below[0] or ())
    axis = backward.axis("dim", found.ndim)
    np.add.at(found, (slice(None),) * axis + (backward.places("index"),), backward.g)
    return (found,)


def indexed(backward: Backward) -> Gradients:
    """Add each upstream cell at the place that its indices name."""
    found = np.zeros(backward.below[0] or ())
    given = backward.setting("indices")
    index: list[Any] = [slice(None) if one is None else to_array(one.detach()) for one in given]
    np.add.at(found, tuple(index), backward.g)
    return (found,)
