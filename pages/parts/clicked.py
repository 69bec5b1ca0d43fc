"""The cell that a visitor clicked, which the browser could not explain by itself."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

import flow
from experiment.address import Experiment
from flow.record import Shape
from viz.links import Answer
from viz.maps import Map
from viz.scene import sums
from viz.scene.inspector import Chosen

CLICKED = "clicked_cell"

Asked = tuple[Experiment, str, Shape]
"""What was on screen when a cell was clicked, the key of its map, and its index."""


def clicked(experiment: Experiment, sent: object) -> None:
    """Remember a cell that the browser asks about."""
    st.session_state[CLICKED] = asked_about(experiment, sent)


def asked_about(experiment: Experiment, sent: object) -> Asked | None:
    """Read what the browser sent; None where it does not name a cell."""
    if not isinstance(sent, dict):
        return None
    key, index = sent.get("map"), sent.get("index")
    if not isinstance(key, str) or not isinstance(index, list):
        return None
    if not all(type(place) is int for place in index):
        return None
    return experiment, key, tuple(index)


def answer(experiment: Experiment, chosen: Chosen, shown: Sequence[Sequence[Map]]) -> Answer | None:
    """Return what stands behind the cell that the browser asked about, if it asked."""
    asked: Asked | None = st.session_state.get(CLICKED)
    if asked is None or asked[0] != experiment:
        return None
    _experiment, key, cell = asked
    try:
        return sums.answer(chosen, shown, key, cell)
    except flow.ExplainError as reason:
        return Answer(key, cell, (), str(reason))
