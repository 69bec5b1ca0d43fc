"""Our own browser components, mounted. Their code and data come from ``viz``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import streamlit as st

from viz import maps

FOLDER = Path(maps.__file__).parent / "components"


def _component(name: str) -> Any:
    """Register a component from its folder."""
    folder = FOLDER / name
    return st.components.v2.component(
        f"backlight_{name}",
        html=f'<div class="{name}"></div>',
        css=(folder / f"{name}.css").read_text(encoding="utf-8"),
        js=(folder / f"{name}.js").read_text(encoding="utf-8"),
    )


_GRAPH = _component("graph")
_STRIP = _component("strip")
_STEP = _component("step")
_GUESS = _component("guess")
_MAPS_PARTS = maps.component()
_MAPS = st.components.v2.component(
    "backlight_maps", html=_MAPS_PARTS["html"], css=_MAPS_PARTS["css"], js=_MAPS_PARTS["js"]
)

OnSelect = Callable[[str], None]


def graph(data: dict[str, Any], key: str, on_select: OnSelect) -> None:
    """Show the autograd graph; ``on_select`` gets the id of a chosen node."""
    _GRAPH(key=key, data=data, on_select_change=_chosen(key, "id", on_select))


def strip(data: dict[str, Any], key: str, on_select: OnSelect) -> None:
    """Show the strip of layers; ``on_select`` gets the id of a chosen node."""
    _STRIP(key=key, data=data, on_select_change=_chosen(key, "node", on_select))


def step(data: dict[str, Any], key: str, on_step: Callable[[int | None], None]) -> None:
    """Show the step control; ``on_step`` gets a place in the backward pass, or None."""

    def changed() -> None:
        sent = st.session_state[key].get("step")
        place = sent.get("step") if isinstance(sent, dict) else False
        if place is None or (isinstance(place, int) and not isinstance(place, bool)):
            on_step(place)

    _STEP(key=key, data=data, on_step_change=changed)


def guess(data: dict[str, Any], key: str, on_answer: Callable[[list[str]], None]) -> None:
    """Show cells to fill in; ``on_answer`` gets what was typed into each when it is checked."""

    def changed() -> None:
        sent = st.session_state[key].get("answer")
        if not isinstance(sent, dict) or sent.get("identity") != data["identity"]:
            return
        cells = sent.get("cells")
        if isinstance(cells, list) and all(isinstance(cell, str) for cell in cells):
            on_answer(cells)

    _GUESS(key=key, data=data, on_answer_change=changed)


def heatmaps(data: bytes, key: str, on_cell: Callable[[object], None]) -> None:
    """Show rows of heatmaps packed by ``viz.maps.pack``; ``on_cell`` gets a pinned cell."""
    _MAPS(key=key, data=data, on_cell_change=lambda: on_cell(st.session_state[key].get("cell")))


def _chosen(key: str, field: str, on_select: OnSelect) -> Callable[[], None]:
    """Return a callback that reads what a component sent; anything unexpected is left alone."""

    def changed() -> None:
        sent = st.session_state[key].get("select")
        if isinstance(sent, dict) and isinstance(sent.get(field), str):
            on_select(sent[field])

    return changed
