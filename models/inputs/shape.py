"""Which shapes an input may have; checked before anything is allocated."""

from __future__ import annotations

import math

from flow.said import said
from models.shapes import Shape, shape_text

MAX_CELLS = 4_000_000
"""Cells of an input: 16 MB, a batch of 26 images of 224x224."""
MAX_DIMENSIONS = 5


class InputError(ValueError):
    """An input that cannot be: its shape, its picture or its edited cells."""


def check_shape(shape: Shape) -> None:
    """Raise InputError when an input cannot have this shape."""
    if not 1 <= len(shape) <= MAX_DIMENSIONS or any(size < 1 for size in shape):
        raise InputError(
            said(
                "an input has 1 to {most} dimensions of at least 1 cell. It is {came}.",
                most=MAX_DIMENSIONS,
                came=shape_text(tuple(shape))
                if len(shape) <= MAX_DIMENSIONS
                else said("{count} dimensions", count=len(shape)),
            )
        )
    if math.prod(shape) > MAX_CELLS:
        raise InputError(
            said(
                "an input has at most {max_cells:,} cells. {shape} has more; "
                "use a smaller batch or a smaller map.",
                max_cells=MAX_CELLS,
                shape=shape_text(tuple(shape)),
            )
        )
