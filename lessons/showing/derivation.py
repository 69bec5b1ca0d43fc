"""The sum behind one cell, with its numbers, as a text writes it out."""

from __future__ import annotations

import numpy as np

from flow.sparse import CoefficientTable
from lessons.asking.exercise import Array
from lessons.running.trial import Trial, terms
from viz.theme import format_number

MOST_TERMS = 9
"""Of a sum that is written out; the sum below the maps has them all."""


def derivation(trial: Trial, place: int, parameter: str = "") -> dict[str, str]:
    """Return ``index``, ``value``, ``terms``, ``count`` and ``total`` of a cell's gradient.

    The cell is that of the downstream gradient, or of a ``parameter``'s, at a row-major place; one
    past the last is the last.
    """
    if parameter:
        of = trial.parameters[parameter]
        value, gradient, table = of.value, of.gradient, of.table
    else:
        value, gradient, table = trial.value, trial.downstream, trial.table
    place = min(place, gradient.size - 1)
    return {
        "index": ",".join(str(axis) for axis in np.unravel_index(place, gradient.shape)),
        "value": format_number(value.flat[place]),
        **_sum(table, trial.upstream, place, copied=_copies(trial)),
        "total": _exact(gradient.flat[place]),
    }


def _copies(trial: Trial) -> bool:
    """Tell whether a layer without parameters only copies."""
    return not trial.parameters and bool((trial.table.coefficients == 1).all())


def _sum(table: CoefficientTable, upstream: Array, place: int, *, copied: bool) -> dict[str, str]:
    """Write the sum behind a cell; the coefficients of copies, all 1, are left out."""
    found = terms(table, upstream, place)
    shown = [
        _negative(cell) if copied else f"{_exact(coefficient)} · {_negative(cell)}"
        for coefficient, cell in found[:MOST_TERMS]
    ]
    if len(found) > MOST_TERMS:
        shown.append("…")
    return {"terms": " + ".join(shown) or "0", "count": str(len(found))}


def _exact(value: float) -> str:
    return format_number(value, 6)


def _negative(value: float) -> str:
    """Write a factor; a negative one stands in brackets."""
    return f"({_exact(value)})" if value < 0 else _exact(value)
