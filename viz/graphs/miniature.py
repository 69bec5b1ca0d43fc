"""A network as a small picture without pointing: boxes in the colour of their gradient, arrows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import graphviz

from viz.graphs.autograd import FONT, dot_label
from viz.graphs.layout import lay_out
from viz.graphs.tint import ink_on, make_tint
from viz.theme import LINKED

NAMED = 6
"""Up to so many boxes are wide enough for their names."""
LINE = {False: "#6b6b78", True: "#a5a5b4"}
"""Of arrows, on a light and on a dark page."""
OUTLINE = {False: "#14141c", True: LINKED}
"""Around the box that is meant; on a dark page it must differ from pale boxes, too."""


@dataclass(frozen=True)
class Box:
    """One layer of a miniature, or the network's input."""

    name: str
    reads: tuple[str, ...] = ()
    peak: float | None = None
    """Its max |upstream gradient|; None where there is none."""
    chosen: bool = False


def miniature(boxes: Sequence[Box], *, dark: bool) -> str:
    """Return the SVG of a network from left to right: the larger a gradient, the fuller its box.

    The picture is for the eye alone; say in words beside it what it shows.
    """
    tint = make_tint(box.peak for box in boxes)
    is_named = len(boxes) <= NAMED
    small = {"fontname": FONT, "fontsize": "11"}
    size = {} if is_named else {"width": "0.3", "height": "0.22", "fixedsize": "true"}
    dot = graphviz.Digraph(
        graph_attr={"rankdir": "LR", "bgcolor": "transparent", "nodesep": "0.1", "ranksep": "0.16"},
        node_attr={"shape": "box", "style": "filled", "margin": "0.06,0.03", **small, **size},
        edge_attr={"arrowsize": "0.5", "color": LINE[dark]},
    )
    for place, box in enumerate(boxes):
        fill = tint.fill(box.peak)
        dot.node(
            f"n{place}",
            label=dot_label(box.name) if is_named else "",
            fillcolor=fill,
            fontcolor=ink_on(fill),
            color=OUTLINE[dark] if box.chosen else LINE[dark],
            penwidth="2.5" if box.chosen else "0.6",
        )
    places = {box.name: f"n{place}" for place, box in enumerate(boxes)}
    for box in boxes:
        for source in box.reads:
            dot.edge(places[source], places[box.name])
    return lay_out(str(dot.source)).svg
