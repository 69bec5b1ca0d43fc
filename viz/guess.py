"""A matrix whose cells a learner fills in before they are shown: data of the ``guess`` component.

Before it is revealed, nothing in it says which number belongs into which cell.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from viz.maps.heatmap import Array
from viz.theme import ACCENT, format_number

GUESS_TEXT: Mapping[str, str] = {
    "cell": "row {row}, column {column}",
    "check": "Check",
    "hint": "Enter goes on to the next empty cell and then checks.",
    "brush": "Type, or choose a number and drag over cells (Space paints).",
    "palette": "Numbers to paint with",
    "erase": "Erase",
    "right": "right",
    "wrong": "not right",
    "unreadable": "no number",
    "empty": "empty",
    "true": "autograd: {value}",
}
"""Every word of the component, in English; pass a translated copy."""
SIGNS = {"right": "✓", "wrong": "✗", "unreadable": "?", "empty": ""}
LONGEST = 12
"""Characters of one cell."""
DECIMALS = 4
EXACT = 9
"""Digits that write every float32: a true number can be typed as it is shown."""


def guess_data(
    identity: str,
    shape: tuple[int, int],
    typed: Sequence[str],
    marks: Sequence[str] = (),
    revealed: Array | None = None,
    palette: Sequence[str] = (),
    text: Mapping[str, str] = GUESS_TEXT,
) -> dict[str, Any]:
    """Return the data of the ``guess`` component, ready for JSON.

    ``identity`` names the exercise: another one empties the cells. ``typed`` and ``marks`` (keys of
    SIGNS) go row by row, and ``revealed``, the true cells of this ``shape``, stand under what was
    typed. ``palette`` offers numbers to paint with.
    """
    count = shape[0] * shape[1]
    true = [] if revealed is None else [_true(value) for value in np.ravel(revealed).tolist()]
    return {
        "identity": identity,
        "rows": shape[0],
        "columns": shape[1],
        "typed": [*typed, *[""] * count][:count],
        "marks": [*marks, *[""] * count][:count] if marks else [],
        "true": true,
        "palette": list(palette),
        "longest": LONGEST,
        "signs": SIGNS,
        "text": dict(text),
        "accent": ACCENT,
    }


def _true(value: float) -> str:
    """Write a true number: all digits before the point, DECIMALS after it."""
    small = abs(value) < 1
    return format_number(value, DECIMALS) if small else format_number(round(value, DECIMALS), EXACT)
