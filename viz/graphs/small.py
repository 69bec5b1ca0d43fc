"""The graph of a few variables: drawn like that of a run, though no run stands behind it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from flow.record import GraphNode, GraphPicture
from viz.graphs.autograd import dot_source
from viz.graphs.layout import Layout
from viz.graphs.legend import IN_A_BROWSER, Key
from viz.language import Say, english
from viz.theme import ACCENT

KEYS: Mapping[str, str] = {
    "function": english("node (grad_fn)"),
    "leaf": english("leaf"),
    "output": english("made by an operation"),
}
"""What the colours mean, in English, by kind of box."""
RANKS_APART = 0.16
"""Inches between rows of boxes: half of torchviz's, so that letters are larger."""
ARROWS = english("Gradients go up.")

LayOut = Callable[[str], Layout]


def small_graph_data(
    picture: GraphPicture, help_of: Mapping[str, str], lay_out: LayOut, say: Say
) -> dict[str, Any]:
    """Return the data of the ``graph`` component, ready for JSON.

    ``help_of`` says what a box is, by its id. Raises LayoutError where no picture can be made.
    """
    fills = {node.kind: node.fill for node in picture.nodes}
    keys = [
        Key(IN_A_BROWSER.get(fills[kind], fills[kind]), say(KEYS[kind]))
        for kind in KEYS
        if kind in fills
    ]
    return {
        "svg": lay_out(dot_source(picture, {}, None, RANKS_APART)).svg,
        "boxes": [_box(each, help_of.get(each.id, "")) for each in picture.nodes],
        "keys": [asdict(key) for key in keys],
        "arrows": say(ARROWS) if picture.edges else "",
        "accent": ACCENT,
    }


def _box(node: GraphNode, told: str) -> dict[str, str]:
    """Return what is said of a box: its name, and the same with what it is for who hears it."""
    name = " ".join(node.label.split())
    return {"id": node.id, "kind": node.kind, "name": name, "help": told}
