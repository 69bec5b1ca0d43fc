"""The rule of a lesson: with the numbers of one cell, as the playground has it, and its proof."""

from __future__ import annotations

import numpy as np
import streamlit as st

from flow.record import CoefficientTable
from flow.rules import RULES
from lessons.exercise import Array
from lessons.trial import Trial, terms
from pages.parts.lesson import Desk
from pages.parts.proof import verdicts
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
        **_sum(table, trial.upstream, place),
        total=format_number(gradient.flat[place], 6),
    )
    proof(trial)


def _sum(table: CoefficientTable, upstream: Array, place: int) -> dict[str, str]:
    found = terms(table, upstream, place)
    shown = [_term(coefficient, cell) for coefficient, cell in found[:MOST_TERMS]]
    if len(found) > MOST_TERMS:
        shown.append("…")
    return {"terms": " + ".join(shown) or "0", "count": str(len(found))}


def _term(coefficient: float, cell: float) -> str:
    """Write coefficient x upstream cell; a coefficient of 1, as a copy has it, is left out."""
    first, second = (format_number(each, 6) for each in (coefficient, cell))
    second = f"({second})" if cell < 0 else second
    return second if coefficient == 1 else f"{first} · {second}"


def proof(trial: Trial) -> None:
    """Write the node's rule in the playground's words, and what three other ways compute."""
    sentence = _("`{node}`, as the playground writes it (a bar means gradient):")
    formula = RULES[trial.node].formula
    st.markdown(f"{sentence.format(node=trial.node)}  ${formula}$")
    verdicts(trial.checks)
