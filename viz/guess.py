"""What a learner answers before it is shown: data of the ``guess`` component.

The answer is a matrix whose cells are filled in, one of several options, or an order. The browser
holds the attempt. Before it is revealed, nothing in the data says which number belongs into which
cell, which option is true or what the order is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

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
    "options": "Options",
    "pick": "Pick one. Arrow keys go from option to option, and Enter checks.",
    "answer": "this is the answer",
    "order": "Order",
    "sort": "Move rows with their buttons, or with Alt and an arrow key.",
    "up": "Move up: {item}",
    "down": "Move down: {item}",
    "moved": "{item}: place {place} of {count}",
    "belongs": "Belongs here: {item}",
}
"""What the browser says, in English."""
SIGNS = {"right": "✓", "wrong": "✗", "unreadable": "?", "empty": ""}
DECIMALS = 4
EXACT = 9
"""Digits that write every float32: a true number can be typed as it is shown."""

Kind = Literal["cells", "choice", "order"]
"""What is answered: numbers in cells, which of the items it is, or in which order they stand."""


@dataclass(frozen=True)
class Question:
    """What is to be filled in, picked or put in order; its words are in the visitor's language."""

    shape: Shape
    """Rows and columns of the cells; of a choice one cell, of an order one a place."""
    kind: Kind = "cells"
    items: Sequence[str] = ()
    """The options of a choice: its cell is the place of one, counted from 0. Of an order, what is
    put in order: ``typed`` is ("2", "0", "1") where the last of three was put first."""
    heads: Sequence[str] = ()
    """Above the columns."""
    name: str = ""
    """Under it the browser keeps what is not checked yet while another step is looked at."""


def guess_data(
    attempt: Mapping[str, Any],
    heard: float | None,
    asked: Question,
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
    ``marks`` (keys of SIGNS) go row by row, and ``revealed``, the true cells, stand under what was
    typed. ``palette`` offers numbers to paint with, ``hints`` counts those there are. ``verdict``
    is the key of the container that says how it went.
    """
    rows, columns = asked.shape
    write = _true if asked.kind == "cells" else _place
    true = [] if revealed is None else [write(value) for value in np.ravel(revealed).tolist()]
    return {
        "value": {**attempt, "typed": list(attempt["typed"])[: rows * columns]},
        "heard": heard,
        "kind": asked.kind,
        "items": list(asked.items),
        "heads": list(asked.heads)[:columns],
        "rows": rows,
        "columns": columns,
        "marks": [*marks, *[""] * rows * columns][: rows * columns] if marks else [],
        "true": true,
        "palette": list(palette),
        "hints": hints,
        "solved": solved,
        "verdict": verdict,
        "name": asked.name,
        "longest": LONGEST,
        "signs": SIGNS,
        "accent": ACCENT,
    }


def _true(value: float) -> str:
    """Write a true number: all digits before the point, DECIMALS after it."""
    small = abs(value) < 1
    return format_number(value, DECIMALS) if small else format_number(round(value, DECIMALS), EXACT)


def _place(value: float) -> str:
    """Write the place of an item as the browser types it."""
    return str(round(value))
