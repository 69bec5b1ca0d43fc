"""A matrix whose cells a learner fills in before they are shown: data of the ``guess`` component.

The browser holds the attempt. Before it is revealed, nothing in the data says which number belongs
into which cell.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from viz.maps.heatmap import Array, Shape
from viz.theme import ACCENT, format_number
from viz.typed import LONGEST

GUESS_WORDS: Mapping[str, str] = {
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
    "next": "Hint {next} of {count}",
    "show": "Show the answer",
    "hide": "Hide the answer",
    "anew": "Begin anew",
}
"""What the browser says, in English."""
SIGNS = {"right": "✓", "wrong": "✗", "unreadable": "?", "empty": ""}
DECIMALS = 4
EXACT = 9
"""Digits that write every float32: a true number can be typed as it is shown."""


def guess_data(
    attempt: Mapping[str, Any],
    heard: float | None,
    shape: Shape,
    *,
    marks: Sequence[str] = (),
    revealed: Array | None = None,
    palette: Sequence[str] = (),
    hints: int = 0,
    solved: bool = False,
    verdict: str = "",
) -> dict[str, Any]:
    """Return the data of the ``guess`` component, ready for JSON.

    ``attempt`` is what the browser holds: ``typed`` when it was checked last, how many ``hints``
    were asked for, whether the truth is ``revealed``, and which ``numbers`` it is about: others
    empty the cells. ``heard`` is since when it was what the browser said last. ``typed`` and
    ``marks`` (keys of SIGNS) go row by row, and ``revealed``, the true cells of this ``shape``,
    stand under what was typed. ``palette`` offers numbers to paint with, ``hints`` counts those
    there are. ``verdict`` is the key of the container that says how it went.
    """
    rows, columns = shape
    true = [] if revealed is None else [_true(value) for value in np.ravel(revealed).tolist()]
    return {
        "value": {**attempt, "typed": list(attempt["typed"])[: rows * columns]},
        "heard": heard,
        "rows": rows,
        "columns": columns,
        "marks": [*marks, *[""] * rows * columns][: rows * columns] if marks else [],
        "true": true,
        "palette": list(palette),
        "hints": hints,
        "solved": solved,
        "verdict": verdict,
        "longest": LONGEST,
        "signs": SIGNS,
        "accent": ACCENT,
    }


def _true(value: float) -> str:
    """Write a true number: all digits before the point, DECIMALS after it."""
    small = abs(value) < 1
    return format_number(value, DECIMALS) if small else format_number(round(value, DECIMALS), EXACT)
