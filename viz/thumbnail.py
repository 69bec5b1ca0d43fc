"""Two gradients as a small picture without words: an SVG of coloured cells with an arrow."""

from __future__ import annotations

import numpy as np

from viz.heatmap import Array, largest_magnitude
from viz.theme import ACCENT, LUT_HALF, colour_table, format_number

SIDE = 100
"""Height and width of one map in the picture's own units."""
DIGITS = 2
"""Significant digits of a cell's number."""
GAP = 44
"""Between the maps, where the arrow is."""
MAX_SIDE = 16
"""Most rows and columns of a map."""


def thumbnail(above: Array, below: Array, *, dark: bool) -> str:
    """Return the SVG of two matrices on one scale; ValueError when one is none or too large."""
    for matrix in (above, below):
        if matrix.ndim != 2 or not 1 <= matrix.size <= MAX_SIDE**2:
            raise ValueError(
                f"a thumbnail shows matrices of 1 to {MAX_SIDE**2} cells, not {matrix.shape}."
            )
    scale = max(largest_magnitude(above), largest_magnitude(below)) or 1.0
    width = 2 * SIDE + GAP
    arrow = f"M{SIDE + 9} {SIDE / 2}h{GAP - 22}m-8 -8l8 8l-8 8"
    return (
        f'<svg viewBox="0 0 {width} {SIDE}" xmlns="http://www.w3.org/2000/svg" aria-hidden="true">'
        f"{_cells(above, 0, scale, dark)}{_cells(below, SIDE + GAP, scale, dark)}"
        f'<path d="{arrow}" fill="none" stroke="{ACCENT}" stroke-width="3"/></svg>'
    )


def _cells(matrix: Array, left: int, scale: float, dark: bool) -> str:
    """Write one map: a square of colour a cell, with its number where it fits."""
    colours = colour_table(dark)
    rows, columns = matrix.shape
    side = SIDE / max(rows, columns)
    written = []
    for row, column in np.ndindex(rows, columns):
        value = float(matrix[row, column])
        at = LUT_HALF + round(LUT_HALF * value / scale)
        red, green, blue, ink = (int(part) for part in colours[at])
        x, y = left + column * side, row * side
        text = format_number(value, DIGITS)
        size = side * min(0.34, 1.5 / len(text))
        written.append(
            f'<rect x="{x:g}" y="{y:g}" width="{side - 1:g}" height="{side - 1:g}" '
            f'fill="rgb({red},{green},{blue})"/>'
            f'<text x="{x + side / 2:g}" y="{y + side / 2:g}" font-size="{size:g}" '
            f'font-family="monospace" text-anchor="middle" dominant-baseline="central" '
            f'fill="{("#000", "#fff")[ink]}">{text}</text>'
        )
    return "".join(written)
