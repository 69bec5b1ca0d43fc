"""The rule of a lesson: with the numbers of one cell, as the playground has it, and its proof."""

from __future__ import annotations

import numpy as np
import streamlit as st

from flow.sparse import CoefficientTable
from lessons.exercise import Array
from lessons.trial import Trial, terms
from pages.lesson.frame import Desk
from pages.lesson.proof import verdicts
from pages.parts.text import _
from viz.theme import format_number

MOST_TERMS = 9
"""Of a sum that is written out; the sum below the maps has them all."""


def derive(desk: Desk, section: str, trial: Trial, place: int, parameter: str = "") -> None:
    """Write a section with the sum behind one cell, and check it as the playground does.

    The cell is that of the downstream gradient, or of a ``parameter``'s. The section has places
    for ``index``, ``terms``, ``count`` and ``total``, and for the ``value`` of the cell.
    """
    if parameter:
        of = trial.parameters[parameter]
        value, gradient, table = of.value, of.gradient, of.table
    else:
        value, gradient, table = trial.value, trial.downstream, trial.table
    place = min(place, gradient.size - 1)
    desk.say(
        section,
        index=",".join(str(axis) for axis in np.unravel_index(place, gradient.shape)),
        value=format_number(value.flat[place]),
        **_sum(table, trial.upstream, place, copied=not trial.parameters),
        total=_exact(gradient.flat[place]),
    )
    proof(trial)


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


def proof(trial: Trial) -> None:
    """Write the node's rule in the playground's words, and what three other ways compute."""
    sentence = _("`{node}`, as the playground writes it (a bar means gradient):")
    st.markdown(f"{sentence.format(node=trial.node)}\n\n${trial.rule.formula}$")
    verdicts(trial.checks)
