"""The shape of a tensor, and how a sentence writes it."""

from __future__ import annotations

from flow.said import said

Shape = tuple[int, ...]
Shapes = tuple[Shape, ...]


def shape_text(shape: Shape) -> str:
    """Return (2, 1, 4, 4) as "2x1x4x4", and () as "a single number"."""
    return "x".join(map(str, shape)) or said("a single number")
