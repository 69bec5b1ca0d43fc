"""Our own browser components, mounted. Their code and data come from ``viz``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from viz.front_code import mount_code


def _component(name: str, sheet: str = "") -> Any:
    """Register a component whose modules the browser fetches by their address."""
    return st.components.v2.component(
        f"backlight_{name}",
        js=mount_code(f"{name}/mount.js", f"{name}/{sheet or name}.css"),
    )


_GUESS = _component("guess")
_MAPS = _component("maps")
<<<<<<< HEAD
_NUMBER = _component("number")
_PROOF = _component("proof")
_UNDO = _component("undo")
=======
>>>>>>> main
_WALK = _component("walk")
_WORKBENCH = _component("workbench", "page")


<<<<<<< HEAD
def undo(data: dict[str, Any], key: str, on_presses: Callable[[object], None]) -> None:
    """Show Undo and Redo; ``on_presses`` gets the presses that were not answered yet."""
    _UNDO(
        key=key,
        data=data,
        width="content",
        on_presses_change=lambda: on_presses(message_of(key, "presses")),
    )


def walk(data: dict[str, Any], key: str) -> None:
    """Show step control and graph of a run; it holds the step, see ``pages.parts.held``."""
    _WALK(key=key, data=data, on_said_change=_at_next_run)
=======
def walk(data: dict[str, Any], key: str, on_step: Callable[[int | None], None]) -> None:
    """Show step control and graph of a run; ``on_step`` gets a place in the backward pass, or None.

    It is told what it said last, so that it knows where the address has decided since.
    """

    def said() -> object:
        state = message_of(key, "said")
        return state.get("step") if isinstance(state, Mapping) else None

    def changed() -> None:
        step = said()
        if step is None or type(step) is int:
            on_step(step)

    _WALK(key=key, data={**data, "heard": said()}, on_said_change=changed)


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
>>>>>>> main


def number(data: dict[str, Any], key: str) -> None:
    """Show buttons that change a whole number (``viz.number``), which they hold."""
    _NUMBER(key=key, data=data, width="content", on_said_change=_at_next_run)


def guess(data: dict[str, Any], key: str) -> None:
    """Show cells to fill in (``viz.guess``), which hold an attempt."""
    _GUESS(key=key, data=data, on_said_change=_at_next_run)


def heatmaps(data: bytes, key: str) -> None:
    """Show rows of heatmaps packed by ``viz.maps.rows.pack``; they hold the cell that is told."""
    _MAPS(key=key, data=data, on_said_change=_at_next_run)


def proof(data: dict[str, Any], key: str, part: int = 0) -> None:
    """Show a proof (``viz.scene.proof``), of a node with that of the ``part`` it hands on."""
    _PROOF(key=key, data={**data, "part": part})


def workbench(data: dict[str, Any], key: str, on_said: Callable[[], object]) -> object:
    """Mount the workbench; ``on_said`` is called when it has said something new.

    Returns what it said last: its state ``said``, see ``pages.parts.link``.
    """
    mounted = _WORKBENCH(key=key, data=data, on_said_change=on_said)
    return mounted.get("said")


def message_of(key: str, trigger: str) -> object:
    """Return what a component sent; None where it left the page while that was under way."""
    state = st.session_state.get(key)
    return None if state is None else state.get(trigger)
<<<<<<< HEAD


def _at_next_run() -> None:
    """Take nothing: what a component holds is taken when the page is drawn."""


def _chosen(key: str, field: str, on_select: OnSelect) -> Callable[[], None]:
    """Return a callback that reads what a component sent; anything unexpected is left alone."""

    def changed() -> None:
        sent = message_of(key, "select")
        if isinstance(sent, dict) and isinstance(sent.get(field), str):
            on_select(sent[field])

    return changed
=======
>>>>>>> main
