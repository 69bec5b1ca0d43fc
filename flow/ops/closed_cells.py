"""Arithmetic and reductions backward, in numpy."""

from __future__ import annotations

import numpy as np

from flow.ops.closed import Backward, Gradients, signed, summed_to
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
