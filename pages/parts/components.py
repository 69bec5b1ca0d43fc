"""Our own browser components, mounted. Their code and data come from ``viz``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from viz.front_code import mount_code
from viz.words.language import own_names


def _component(name: str, sheet: str = "") -> Any:
    """Register a component whose code the browser fetches by its address."""
    return st.components.v2.component(
        f"backlight_{name}", js=mount_code(name, f"{name}/{sheet or name}.css")
    )


_ACTIONS = _component("actions")
_CELLS = _component("cells")
_GLOSSARY = _component("glossary", "term")
_GRAPH = _component("graph", "small")
_GUESS = _component("guess")
_LANGUAGE = _component("language")
_LINE = _component("line")
_MAPS = _component("maps")
_NUMBER = _component("number")
_OVERLAY = _component("overlay")
_PROOF = _component("proof")
_ROOM = _component("room")
_SHARE = _component("share")
_START = _component("start")
_TIMELINE = _component("timeline")
_WALK = _component("walk")
_WORKBENCH = _component("workbench", "page")


def walk(data: dict[str, Any], key: str) -> None:
    """Show step control and graph of a run; it holds the step, see ``pages.parts.held``."""
    _WALK(key=key, data=data, on_said_change=_at_next_run)


def graph(data: dict[str, Any], key: str) -> None:
    """Show a drawn graph (``viz.graphs.small``)."""
    _GRAPH(key=key, data=data)


def terms() -> None:
    """Let the terms in the texts of a page explain themselves (``viz.words.glossary``)."""
    _GLOSSARY(key="terms", data={"terms": True}, height=1)


def living_example(data: dict[str, Any], key: str) -> None:
    """Show one run step by step (``viz.start``)."""
    _START(key=key, data=data)


def number(data: dict[str, Any], key: str) -> None:
    """Show buttons that change a whole number (``viz.number``), which they hold."""
    _NUMBER(key=key, data=data, width="content", on_said_change=_at_next_run)


def guess(data: dict[str, Any], key: str) -> None:
    """Show an exercise to answer (``viz.guess``), which holds an attempt."""
    _GUESS(key=key, data=data, on_said_change=_at_next_run)


def cells(data: dict[str, Any], key: str) -> None:
    """Show numbers to edit (``viz.cells``), which hold themselves."""
    _CELLS(key=key, data=data, on_said_change=_at_next_run)


def actions(data: dict[str, Any], key: str) -> None:
    """Show a list of actions to put together (``viz.actions``), which it holds."""
    _ACTIONS(key=key, data=data, on_said_change=_at_next_run)


def heatmaps(data: bytes, key: str) -> None:
    """Show rows of heatmaps packed by ``viz.maps.rows.pack``; they hold the cell that is told."""
    _MAPS(key=key, data=data, on_said_change=_at_next_run)


def line(data: dict[str, Any], key: str) -> None:
    """Show curves over two axes (``viz.pictures.line``); they hold the place of a moving point."""
    _LINE(key=key, data=data, on_said_change=_at_next_run)


def timeline(data: dict[str, Any], key: str) -> None:
    """Show a training over its steps (``viz.pictures.timeline``), which holds step and layer."""
    _TIMELINE(key=key, data=data, on_said_change=_at_next_run)


def overlay(data: bytes, key: str) -> None:
    """Show maps over pictures, packed by ``viz.pictures.overlay.overlay_data``."""
    _OVERLAY(key=key, data=data)


def proof(data: dict[str, Any], key: str, part: int = 0) -> None:
    """Show a proof (``viz.scene.proof``), of a node with that of the ``part`` it hands on."""
    _PROOF(key=key, data={**data, "part": part})


def room() -> None:
    """Offer the view for a room, which the browser alone switches."""
    _ROOM(key="room", data={"room": True})


def languages(now: str) -> None:
    """Offer the languages that there are; another one loads the page anew."""
    _LANGUAGE(key="language", data={"now": now, "names": own_names()})


def share(data: dict[str, Any], key: str) -> None:
    """Show links that are handed out (``viz.share``)."""
    _SHARE(key=key, data=data)


def workbench(data: dict[str, Any], key: str, on_said: Callable[[], object]) -> object:
    """Mount the workbench; ``on_said`` is called when it has said something new.

    Returns what it said last: its state ``said``, see ``pages.parts.link``.
    """
    mounted = _WORKBENCH(key=key, data=data, on_said_change=on_said)
    return mounted.get("said")


def _at_next_run() -> None:
    """Take nothing: what a component holds is taken when the page is drawn."""
