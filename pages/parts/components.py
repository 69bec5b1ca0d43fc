"""Our own browser components, mounted. Their code and data come from ``viz``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from viz.assets import assets
from viz.front_code import mount_code


def _component(name: str) -> Any:
    """Register a component from its folder."""
    code = assets(name)
    return st.components.v2.component(
        f"backlight_{name}", html=code["html"], css=code["css"], js=code["js"]
    )


def _module(name: str) -> Any:
    """Register a component whose modules the browser fetches by their address."""
    return st.components.v2.component(
        f"backlight_{name}", js=mount_code(f"{name}/mount.js", f"{name}/{name}.css")
    )


_GRAPH = _component("graph")
_DAG = _module("dag")
_STRIP = _component("strip")
_STEP = _component("step")
_MAPS = _component("maps")
_PAINT = _module("paint")
_PICTURES = _component("pictures")
_GUESS = _module("guess")
_UNDO = _module("undo")

OnSelect = Callable[[str], None]


def graph(data: dict[str, Any], key: str, on_select: OnSelect) -> None:
    """Show the autograd graph; ``on_select`` gets the id of a chosen node."""
    _GRAPH(key=key, data=data, on_select_change=_chosen(key, "id", on_select))


def dag(data: dict[str, Any], key: str, on_select: OnSelect) -> None:
    """Show a network as a picture; ``on_select`` gets the id of a chosen box."""
    _DAG(key=key, data=data, on_select_change=_chosen(key, "id", on_select))


def strip(data: dict[str, Any], key: str, on_select: OnSelect) -> None:
    """Show the strip of layers; ``on_select`` gets the id of a chosen node."""
    _STRIP(key=key, data=data, on_select_change=_chosen(key, "node", on_select))


def step(data: dict[str, Any], key: str, on_step: Callable[[int | None], None]) -> None:
    """Show the step control; ``on_step`` gets a place in the backward pass, or None.

    The control numbers its turns. It is told the last one that arrived, so that it can tell an
    answer to an earlier turn from the answer to its own.
    """
    last = f"{key}_turn"

    def changed() -> None:
        sent = message_of(key, "step")
        sent = sent if isinstance(sent, dict) else {}
        place, turn = sent.get("step", False), sent.get("turn")
        if isinstance(turn, int):
            st.session_state[last] = turn
        if place is None or (isinstance(place, int) and not isinstance(place, bool)):
            on_step(place)

    data = {**data, "turn": st.session_state.get(last)}
    _STEP(key=key, data=data, on_step_change=changed)


def undo(data: dict[str, Any], key: str, on_presses: Callable[[object], None]) -> None:
    """Show Undo and Redo; ``on_presses`` gets the presses that were not answered yet."""
    _UNDO(
        key=key,
        data=data,
        width="content",
        on_presses_change=lambda: on_presses(message_of(key, "presses")),
    )


def guess(data: dict[str, Any], key: str, on_answer: Callable[[list[str]], None]) -> None:
    """Show cells to fill in; ``on_answer`` gets what was typed into each when it is checked."""

    def changed() -> None:
        sent = message_of(key, "answer")
        if not isinstance(sent, dict) or sent.get("identity") != data["identity"]:
            return
        cells = sent.get("cells")
        if isinstance(cells, list) and all(isinstance(cell, str) for cell in cells):
            on_answer(cells)

    _GUESS(key=key, data=data, on_answer_change=changed)


def heatmaps(data: bytes, key: str, on_cell: Callable[[object], None]) -> None:
    """Show rows of heatmaps packed by ``viz.maps.pack``; ``on_cell`` gets a pinned cell."""
    _MAPS(key=key, data=data, on_cell_change=lambda: on_cell(message_of(key, "cell")))


def pictures(buttons: list[dict[str, str]], key: str) -> None:
    """Show buttons that let the browser save what it shows: ``what``, ``file`` and ``label``."""
    _PICTURES(key=key, data={"buttons": buttons})


def paint(data: bytes, key: str, on_stroke: Callable[[object], None]) -> None:
    """Show a map to be set by hand, packed by ``viz.paint.pack``; ``on_stroke`` gets a change."""
    _PAINT(
        key=key,
        data=data,
        on_stroke_change=lambda: on_stroke(message_of(key, "stroke")),
    )


def message_of(key: str, trigger: str) -> object:
    """Return what a component sent; None where it left the page while that was under way."""
    state = st.session_state.get(key)
    return None if state is None else state.get(trigger)


def _chosen(key: str, field: str, on_select: OnSelect) -> Callable[[], None]:
    """Return a callback that reads what a component sent; anything unexpected is left alone."""

    def changed() -> None:
        sent = message_of(key, "select")
        if isinstance(sent, dict) and isinstance(sent.get(field), str):
            on_select(sent[field])

    return changed
