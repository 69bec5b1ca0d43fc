"""The way back from a reduction: to which cells along which axes it was reduced."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from flow.ops.common.closed import Backward, signed
from flow.ops.common.terms import Terms
from flow.record import Array, Shape

SPREAD_ROUNDINGS = 64
"""What is added up over many cells is that many units in the last place off."""


@dataclass(frozen=True)
class Reduction:
    """Which axes of a shape were reduced, and whether they were kept with size 1."""

    shape: Shape
    axes: tuple[int, ...]
    kept: bool

    @property
    def count(self) -> int:
        """How many cells became one."""
        return int(np.prod([self.shape[axis] for axis in self.axes]))

    def restored(self, reduced: Array) -> Array:
        """Repeat a reduced array along the axes that were reduced."""
        if self.axes and not self.kept:
            reduced = np.expand_dims(reduced, self.axes)
        return np.broadcast_to(reduced, self.shape)

    def over(self, array: Array) -> Array:
        """Add up an array of the full shape along the axes, which stay with size 1."""
        return np.asarray(array.sum(self.axes, keepdims=True))


def reduction_of(node: Any, shape: Shape) -> Reduction:
    """Read off a node which axes of its input it reduced; all of them where it does not say."""
    dims = getattr(node, "_saved_dim", None)
    dims = (dims,) if isinstance(dims, int) else dims
    axes = tuple(range(len(shape)))
    if dims and shape:
        axes = tuple(sorted({signed(dim) % len(shape) for dim in dims}))
    return Reduction(shape, axes, bool(getattr(node, "_saved_keepdim", False)))


def reduction(backward: Backward) -> Reduction:
    """Return the axes that a backward node's forward reduced."""
    return reduction_of(backward.node, backward.below[0] or ())


def here(terms: Terms, array: Array) -> Array:
    """Return the entries of an array of the downstream's shape, at each term's cell."""
    return np.asarray(np.broadcast_to(array, terms.shape_below).reshape(-1)[terms.cells])
