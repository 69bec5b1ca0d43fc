"""The graph of a few variables: what the browser is sent of it."""

from __future__ import annotations

import re

from flow.record import Edge, GraphNode, GraphPicture
from viz.graphs.autograd import dot_source
from viz.graphs.layout import Layout, lay_out
from viz.graphs.small import ARROWS, KEYS, small_graph_data
from viz.language import english

BOXES = (
    GraphNode("vx", "x (2)", "leaf", "lightblue"),
    GraphNode("n0", "MulBackward0", "function", "lightgrey"),
    GraphNode("vy", "y (2)", "output", "darkolivegreen1"),
)
PICTURE = GraphPicture(BOXES, (Edge("vx", "n0", "leaf"), Edge("n0", "vy", "output")))


def test_every_box_is_drawn_under_its_id_and_says_what_it_is() -> None:
    data = small_graph_data(PICTURE, {"vx": "a leaf"}, lay_out, english)
    assert set(re.findall(r'id="node-(\w+)"', data["svg"])) == {"vx", "n0", "vy"}
    assert [(box["name"], box["help"]) for box in data["boxes"]] == [
        ("x (2)", "a leaf"),
        ("MulBackward0", ""),
        ("y (2)", ""),
    ]


def test_rows_stand_nearer_than_in_torchviz_so_that_letters_are_larger() -> None:
    drawn: list[str] = []

    def kept(source: str) -> Layout:
        drawn.append(source)
        return lay_out(source)

    small_graph_data(PICTURE, {}, kept, english)
    assert "ranksep=0.16" in drawn[0]
    assert "ranksep=0.3" in dot_source(PICTURE, {}, None)


def test_the_legend_has_the_colours_that_are_drawn_and_no_other() -> None:
    data = small_graph_data(PICTURE, {}, lay_out, english)
    assert {key["says"] for key in data["keys"]} == set(KEYS.values())
    assert "#caff70" in {key["fill"] for key in data["keys"]}, "a name that browsers do not know"
    assert data["arrows"] == ARROWS
    alone = small_graph_data(GraphPicture(BOXES[:1], ()), {}, lay_out, english)
    assert [key["says"] for key in alone["keys"]] == [KEYS["leaf"]]
    assert alone["arrows"] == ""


def test_a_label_is_never_markup() -> None:
    hostile = GraphNode("n0", "<b onclick=alert(1)>", "function", "lightgrey")
    data = small_graph_data(GraphPicture((hostile,), ()), {}, lay_out, english)
    assert "<b" not in data["svg"]
    assert "&lt;b onclick=alert(1)&gt;" in data["svg"]
