"""Two gradients as a small picture without words: an SVG of coloured cells with an arrow."""

from __future__ import annotations

import math

import numpy as np

from viz.maps.heatmap import Array, largest_magnitude
from viz.theme import ACCENT, LUT_HALF, colour_table, format_number

SIDE = 100
"""Height and width of one map in the picture's own units."""
DIGITS = 2
"""Significant digits of a cell's number; one more from 10 on, as 16.5 must not read 17."""
GAP = 44
"""Between the maps, where the arrow is."""
MAX_SIDE = 20
"""Most rows and columns of a map."""
LONGEST_ROW = 10
"""Cells of a row that goes on in the next line."""
SMALLEST_FONT = 4.5
"""A map whose numbers would have to be smaller has none: nobody could read them."""


def matrices(above: Array, below: Array) -> tuple[Array, Array]:
    """Return a matrix of each of two gradients of any rank, to be drawn side by side.

    Axes of one cell are left out. Of what has more than two, the map with the largest gradient
    above is taken, in both where they have maps alike. A long row goes on in the next line.
    """
    first, second = _stack(above), _stack(below)
    chosen = _largest(first)
    other = chosen if len(first) == len(second) else _largest(second)
    return _wrapped(first[chosen]), _wrapped(second[other])


def _stack(values: Array) -> Array:
    """Return maps x rows x columns."""
    kept = tuple(size for size in values.shape if size > 1)
    if len(kept) < 2 and values.ndim > 1 and values.shape[-1] == 1:
        return values.reshape(1, -1, 1)
    shape = (1, 1, *kept)[-max(2, len(kept)) :]
    return values.reshape(-1, *shape[-2:])


def _largest(maps: Array) -> int:
    return int(np.abs(maps).max(axis=(1, 2)).argmax())


def _wrapped(matrix: Array) -> Array:
    """Return a long row as the squarest matrix that holds its cells in reading order."""
    if matrix.shape[0] > 1 or matrix.size <= LONGEST_ROW:
        return matrix
    rows = max(n for n in range(1, math.isqrt(matrix.size) + 1) if matrix.size % n == 0)
    return matrix.reshape(rows, -1)


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
    gap = min(1, side / 10)
    right, down = (SIDE - columns * side) / 2, (SIDE - rows * side) / 2
    texts = [
        format_number(value, DIGITS + (abs(value) >= 10)) for value in matrix.reshape(-1).tolist()
    ]
    sizes = [side * min(0.34, 1.5 / len(text)) for text in texts]
    is_numbered = min(sizes) >= SMALLEST_FONT
    written = []
    for place, value in enumerate(matrix.reshape(-1).tolist()):
        at = LUT_HALF + round(LUT_HALF * value / scale)
        red, green, blue, ink = (int(part) for part in colours[at])
        x, y = left + right + place % columns * side, down + place // columns * side
        written.append(
            f'<rect x="{x:g}" y="{y:g}" width="{side - gap:g}" height="{side - gap:g}" '
            f'fill="rgb({red},{green},{blue})"/>'
        )
        if is_numbered:
            written.append(
                f'<text x="{x + side / 2:g}" y="{y + side / 2:g}" font-size="{sizes[place]:g}" '
                f'font-family="monospace" text-anchor="middle" dominant-baseline="central" '
                f'fill="{("#000", "#fff")[ink]}">{texts[place]}</text>'
            )
    return "".join(written)
