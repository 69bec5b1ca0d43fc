"""Which shapes an input may have; checked before anything is allocated."""

from __future__ import annotations

import math

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
            f"an input has 1 to {MAX_DIMENSIONS} dimensions of at least 1 cell. "
            f"It is {shape_text(tuple(shape)) if len(shape) <= MAX_DIMENSIONS else len(shape)}"
            f"{'' if len(shape) <= MAX_DIMENSIONS else ' dimensions'}."
        )
    if math.prod(shape) > MAX_CELLS:
        raise InputError(
            f"an input has at most {MAX_CELLS:,} cells. {shape_text(tuple(shape))} has more; "
            "use a smaller batch or a smaller map."
        )
