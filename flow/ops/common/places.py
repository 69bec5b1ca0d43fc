"""The closed form of every operation that only reads cells: numpy reads their positions instead.

Where output cell j is a copy of input cell i, the backward adds the upstream of j to i. The
forward, done in numpy on an array of positions, says which i that is.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from flow.ops.common.closed import Backward, ClosedForm, Gradients
from flow.ops.common.terms import size
from flow.record import Array, Shape

Positions = NDArray[np.int64]
Move = Callable[[Backward, Positions], Any]
"""An operation's forward, applied to the row-major position of every input cell."""


def reader(move: Move) -> ClosedForm:
    """Return the closed form of an operation whose output cells are copies of input cells."""

    def closed_form(backward: Backward) -> Gradients:
        below = backward.wants(0)
        if below is None:
            return (None,)
        places = np.arange(size(below)).reshape(below)
        return (added_up(backward.g, move(backward, places), below),)

    return closed_form


def added_up(g: Array, places: Any, below: Shape) -> Array:
    """Add every upstream cell to the cell at its place; row-major positions in ``below``."""
    flat = np.asarray(places, np.int64).reshape(-1)
    return np.bincount(flat, g.reshape(-1), minlength=size(below)).reshape(below)


def along(array: Array, matrix: Array, axis: int) -> Array:
    """Multiply one axis of an array by the transpose of a matrix (that axis x new size)."""
    return np.moveaxis(np.tensordot(array, matrix, (axis, 0)), -1, axis)
