"""A network as a picture of boxes and arrows, left to right, with the shape on every arrow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import graphviz

from viz.graphs.autograd import FONT, dot_label
from viz.graphs.layout import Layout, check_budget, lay_out
from viz.graphs.tint import ink_on
from viz.theme import ACCENT

ID_PREFIX = "layer-"
"""The SVG element of layer 3 has the id ``layer-3``."""

State = Literal["works", "broken", "unknown", "input", "output"]
"""``unknown``: behind a layer that cannot work. An ``output`` cannot be chosen."""

DAG_TEXT: Mapping[str, str] = {
    "dag": "The network, {count} boxes",
    "broken": "cannot work",
    "unknown": "not reached",
    "reads": "reads {names}",
}
"""Every word of the picture, in English; pass a translated copy."""


@dataclass(frozen=True)
class DagNode:
    """One box."""

    id: str
    """Letters and digits."""
    name: str
    lines: tuple[str, ...] = ()
    """Written below the name."""
    reads: tuple[str, ...] = ()
    """Ids of the boxes it reads."""
    shape: str = ""
    """Of what it hands on; empty where it is not known."""
    state: State = "works"


def dag_source(nodes: Sequence[DagNode]) -> str:
    """Write the boxes as DOT; labels are data, never markup."""
    small = {"fontname": FONT, "fontsize": "10"}
    dot = graphviz.Digraph(
        graph_attr={
            "rankdir": "LR",
            "bgcolor": "transparent",
            "nodesep": "0.15",
            "ranksep": "0.25",
        },
        node_attr={"shape": "box", "margin": "0.08,0.05", "height": "0.3", **small},
        edge_attr={"arrowsize": "0.6", **small},
    )
    for node in nodes:
        label = dot_label("\n".join((node.name, *node.lines)))
        dot.node(node.id, label=label, id=ID_PREFIX + node.id)
    shapes = {node.id: node.shape for node in nodes}
    for node in nodes:
        for source in node.reads:
            dot.edge(source, node.id, label=dot_label(shapes[source]))
    return str(dot.source)


def draw_dag(nodes: Sequence[DagNode]) -> Layout:
    """Lay the boxes out; LayoutError says why they cannot be."""
    check_budget(len(nodes), [(source, node.id) for node in nodes for source in node.reads])
    return lay_out(dag_source(nodes))


def dag_data(
    layout: Layout,
    nodes: Sequence[DagNode],
    chosen: str,
    text: Mapping[str, str] = DAG_TEXT,
) -> dict[str, Any]:
    """Return the data of the ``dag`` component, ready for JSON.

    Args:
        layout: what ``draw_dag`` made of the nodes.
        nodes: the boxes.
        chosen: id of the box that is lit, ``""`` for none.
        text: DAG_TEXT or a translation.

    """
    names = {node.id: node.name for node in nodes}
    return {
        "svg": layout.svg,
        "nodes": [
            {"id": node.id, "title": _title(node, names, text), "state": node.state}
            for node in nodes
        ],
        "chosen": chosen,
        "label": text["dag"].format(count=len(nodes)),
        "colours": {"accent": ACCENT, "ink": ink_on(ACCENT)},
    }


def _title(node: DagNode, names: Mapping[str, str], text: Mapping[str, str]) -> str:
    """Say the box in words, for a screen reader."""
    reads = ", ".join(names[source] for source in node.reads)
    words = (
        node.name,
        *node.lines,
        text["reads"].format(names=reads) if reads else "",
        node.shape,
        text.get(node.state, ""),
    )
    return ", ".join(word for word in words if word)
