"""Whether changed cells came from strokes alone: only then can the browser undo and redo them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import streamlit as st

from models.cell_edits import Edits
from models.shapes import Shape
from viz.peak import shape_text

ORIGINS = "hand_origins"
Known = Mapping[str, tuple[Mapping[int, float], int]]
"""Tensor -> its changed cells as they were drawn last, and how often others changed them."""


def origin(name: str, shape: Shape, edits: Edits) -> str:
    """Return a word that stays as long as a tensor's cells are changed by strokes alone."""
    known: Known = st.session_state.get(ORIGINS, {})
    cells, count = known.get(name, (edits.of(name), 0))
    if cells != edits.of(name):
        count += 1
    st.session_state[ORIGINS] = {**known, name: (edits.of(name), count)}
    return f"{shape_text(shape)} {count}"


def stroked(names: Iterable[str], edits: Edits) -> None:
    """Note that strokes made what these tensors' changed cells are now."""
    known: Known = st.session_state.get(ORIGINS, {})
    made = {name: (edits.of(name), known[name][1]) for name in names if name in known}
    st.session_state[ORIGINS] = {**known, **made}
