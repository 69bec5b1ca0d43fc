"""A small matrix of numbers that a visitor edits: data of the ``cells`` component, its holder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from viz.maps.heatmap import Shape
from viz.typed import LONGEST

CELLS_WORDS: Mapping[str, str] = {
    "cell": "row {row}, column {column}",
    "hint": "Type, or choose a number and drag over cells (Space paints).",
    "palette": "Numbers to paint with",
    "wrong": "Write a number from {least} to {most}, with at most {decimals} decimals. "
    "Until then {cell} counts as {value}.",
    "undo": "Undo",
    "standard": "As it was",
}
"""What the browser says, in English."""
MOST_SIDE = 8
"""Rows and columns of the largest matrix: as many as can be read and hit on a phone."""
DECIMALS = 3
"""Digits after the point that a visitor may type."""


def cells_data(
    value: Sequence[float],
    heard: float | None,
    shape: tuple[int, int],
    *,
    title: str,
    standard: Sequence[float],
    palette: Sequence[float],
    least: float,
    most: float,
) -> dict[str, Any]:
    """Return the data of the ``cells`` component, ready for JSON.

    ``value`` are the cells row by row, and ``heard`` is since when they were what the browser said
    last. It says all of them, each from ``least`` to ``most`` with at most DECIMALS decimals, when
    a stroke has ended or a cell was left. ``standard`` are the numbers to go back to, ``palette``
    offers some to paint with; without any, one types. Raises ValueError where cells do not fit.
    """
    _check(shape, value, standard)
    rows, columns = shape
    return {
        "value": list(value),
        "heard": heard,
        "rows": rows,
        "columns": columns,
        "title": title,
        "standard": list(standard),
        "palette": list(palette),
        "least": least,
        "most": most,
        "decimals": DECIMALS,
        "longest": LONGEST,
    }


def _check(shape: Shape, *matrices: Sequence[float]) -> None:
    rows, columns = shape
    if not 1 <= rows <= MOST_SIDE or not 1 <= columns <= MOST_SIDE:
        raise ValueError(f"Cells to edit have 1 to {MOST_SIDE} rows and columns, not {shape}.")
    for cells in matrices:
        if len(cells) != rows * columns:
            raise ValueError(f"A matrix of shape {shape} has no {len(cells)} cells.")
