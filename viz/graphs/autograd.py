"""The autograd graph in torchviz's own look: picture -> DOT -> SVG, and what each box means."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Protocol

import graphviz

from flow.record import Capture, Edge, GraphPicture
from viz.graphs.boxes import BOX_TEXT, Box, describe, describe_groups
from viz.graphs.collapse import BOX_LIMIT, COLLAPSE_TEXT, collapse
from viz.graphs.layout import (
    TIMEOUT_SECONDS,
    Layout,
    LayoutTimeout,
    LayoutTooLarge,
    check_budget,
    lay_out,
)
from viz.graphs.legend import LEGEND_TEXT, Legend, make_legend
from viz.graphs.tint import BESIDE, TINT_TEXT, Tint, ink_on, make_tint
from viz.strip.steps import STATE_TEXT

ID_PREFIX = "node-"
"""The SVG element of node n3 has the id ``node-n3``."""
FONT = "Courier"
"""graphviz-pure has no metrics for ``monospace``: its labels would overflow their boxes."""
RANKS_APART = 0.3
"""Inches between rows of boxes, as in torchviz."""
FALLBACK_LIMITS = (BOX_LIMIT, 40, 12)
"""Boxes of the collapsed picture; the next one is tried when even that takes too long."""
LINE_LIMIT, LINES_LIMIT = 160, 60
"""A label is cut there; torchviz's own attribute lines are shorter."""

GRAPH_WORDS: Mapping[str, str] = {
    "graph": "Autograd graph, {count} boxes",
    "zoom_in": "Zoom in",
    "zoom_out": "Zoom out",
    "fit": "Fit the graph",
    "download": "Download as SVG",
    "explain": "What the colours mean",
    "list": "List",
    "list_help": "Show the nodes as a text list",
    "search": "Find a node",
    "matches": "{index} of {count}",
    "matches_some": "{count} found",
    "matches_none": "not found",
    "column_order": "#",
    "column_node": "Node",
    "column_layer": "Layer",
    "column_shape": "Shape",
    "column_peak": "max |gradient|",
    **STATE_TEXT,
}
"""What the browser says itself, in English."""
GRAPH_TEXT: Mapping[str, str] = {
    **COLLAPSE_TEXT,
    **TINT_TEXT,
    **BOX_TEXT,
    **LEGEND_TEXT,
    "collapsed": "Collapsed {how}.",
    "too_slow": "The full graph of {count:,} nodes takes too long to lay out, so it is collapsed"
    " {how}.",
    "too_deep": "The full graph of {count:,} nodes is too deep for torchviz, so it is collapsed"
    " {how}.",
    "how_layer": "by layer",
    "how_blocks": "into {boxes} blocks of layers",
}
"""What is said of one graph, in English; pass a translated copy."""


@dataclass(frozen=True)
class DrawOptions:
    """How the graph is drawn."""

    tint: bool = False
    """Fill the nodes by the size of their upstream gradient."""
    collapsed: bool = False
    """One box a layer from the start."""
    timeout: float = TIMEOUT_SECONDS
    """Seconds for one layout."""
    text: Mapping[str, str] = field(default_factory=lambda: GRAPH_TEXT)


class Looks(Protocol):
    """What somebody wants to see of the graph."""

    @property
    def saved(self) -> bool:
        """Also the tensors that nodes saved."""

    @property
    def attributes(self) -> bool:
        """Also what else nodes saved, in their labels."""

    @property
    def tint(self) -> bool:
        """Fill the nodes by the size of their upstream gradient."""

    @property
    def collapsed(self) -> bool:
        """One box a layer from the start."""


@dataclass(frozen=True)
class Drawing:
    """A drawn graph: clean SVG, its size in points, its boxes, and what to say about it."""

    svg: str
    width: float
    height: float
    boxes: tuple[Box, ...]
    collapsed: bool
    note: str
    """Why it is collapsed, a sentence; else empty."""
    legend: Legend


LayOut = Callable[[str, float], Layout]
"""DOT text and seconds -> its drawing, as ``viz.graphs.layout.lay_out`` makes it."""


def draw(
    picture: GraphPicture | None,
    capture: Capture,
    options: DrawOptions | None = None,
    lay_out: LayOut = lay_out,
) -> Drawing:
    """Draw what torchviz drew, or one box a layer when that was asked for or takes too long.

    ``picture`` is None when torchviz could not draw the graph (too deep for its recursion).
    Raises LayoutError when no picture could be made at all.
    """
    options = options or DrawOptions()
    if picture is None:
        return _draw_collapsed(capture, options, lay_out, "too_deep", len(capture.nodes))
    if options.collapsed:
        return _draw_collapsed(capture, options, lay_out, "collapsed", len(picture.nodes))
    try:
        boxes, peaks = describe(picture, capture, options.text)
        layout, tint = _laid_out(picture, peaks, options, lay_out)
    except (LayoutTimeout, LayoutTooLarge):
        return _draw_collapsed(capture, options, lay_out, "too_slow", len(picture.nodes))
    legend = make_legend(picture, capture, tint, options.text, groups=False)
    return _drawing(layout, boxes, legend)


def _draw_collapsed(
    capture: Capture, options: DrawOptions, lay_out: LayOut, why: str, count: int
) -> Drawing:
    """Draw groups, fewer of them each time even those take too long."""
    text = options.text
    for limit in FALLBACK_LIMITS:
        groups = collapse(capture, limit, text)
        boxes, peaks = describe_groups(groups.groups, capture, text)
        try:
            layout, tint = _laid_out(groups.picture, peaks, options, lay_out)
        except (LayoutTimeout, LayoutTooLarge):
            if limit == FALLBACK_LIMITS[-1]:
                raise
            continue
        how = text["how_layer"] if groups.by_layer else text["how_blocks"]
        note = text[why].format(count=count, how=how.format(boxes=len(groups.groups)))
        legend = make_legend(groups.picture, capture, tint, text, groups=True)
        return _drawing(layout, boxes, legend, note)
    raise AssertionError("the last limit either returns or raises")


def _laid_out(
    picture: GraphPicture, peaks: Mapping[str, float | None], options: DrawOptions, lay_out: LayOut
) -> tuple[Layout, Tint | None]:
    back = _back_edges(picture)
    ranked = [(edge.source, edge.target) for edge in picture.edges if edge not in back]
    check_budget(len(picture.nodes), ranked)
    tint = make_tint(peaks.values()) if options.tint else None
    return lay_out(dot_source(picture, peaks, tint), options.timeout), tint


def _drawing(layout: Layout, boxes: tuple[Box, ...], legend: Legend, note: str = "") -> Drawing:
    return Drawing(
        svg=layout.svg,
        width=layout.width,
        height=layout.height,
        boxes=boxes,
        collapsed=bool(note),
        note=note,
        legend=legend,
    )


def graph_data(drawing: Drawing) -> dict[str, Any]:
    """Return a drawn graph and what is said of it, ready for JSON."""
    return {
        "svg": drawing.svg,
        "nodes": [asdict(box) for box in drawing.boxes],
        "note": drawing.note,
        "legend": asdict(drawing.legend),
    }


def dot_source(
    picture: GraphPicture,
    peaks: Mapping[str, float | None],
    tint: Tint | None,
    apart: float = RANKS_APART,
) -> str:
    """Write a picture as DOT with torchviz's attributes; labels are data, never markup."""
    dot = graphviz.Digraph(
        graph_attr={"bgcolor": "transparent", "nodesep": "0.1", "ranksep": f"{apart:g}"},
        node_attr={
            "margin": "0.06,0.04",
            "style": "filled",
            "shape": "box",
            "align": "left",
            "fontsize": "10",
            "height": "0.2",
            "fontname": FONT,
        },
    )
    for node in picture.nodes:
        fill, ink = node.fill or "lightgrey", "black"
        if tint is not None and node.id in peaks:
            fill = tint.fill(peaks[node.id])
            ink = ink_on(fill)
        elif tint is not None and node.kind == "function":
            fill = BESIDE
        dot.node(
            node.id,
            label=dot_label(node.label),
            id=ID_PREFIX + node.id,
            **{"class": node.kind, "fillcolor": fill, "fontcolor": ink},
        )
    back = _back_edges(picture)
    for edge in picture.edges:
        dot.edge(edge.source, edge.target, **_edge_style(edge, edge in back))
    return str(dot.source)


def _back_edges(picture: GraphPicture) -> set[Edge]:
    """Return the lines to saved tensors that are leaves too: they lead back to an earlier box."""
    leaves = {node.id for node in picture.nodes if node.kind == "leaf"}
    return {edge for edge in picture.edges if edge.kind == "saved" and edge.target in leaves}


def _edge_style(edge: Edge, back: bool) -> dict[str, str]:
    if back:
        return {"dir": "none", "class": f"{edge.kind} back", "constraint": "false"}
    if edge.kind == "saved":
        return {"dir": "none", "class": edge.kind}
    if edge.kind == "view":
        return {"style": "dotted", "class": edge.kind}
    return {"class": edge.kind}


def dot_label(label: str) -> str:
    """Write a label so that Graphviz shows exactly these characters, line by line."""
    lines = [_visible(line)[:LINE_LIMIT] for line in label.split("\n")[:LINES_LIMIT]]
    escaped = [str(graphviz.escape(line.replace("&", "&amp;"))) for line in lines]
    return graphviz.nohtml("\\n".join(escaped))  # type: ignore[no-any-return]


def _visible(line: str) -> str:
    """Replace characters that XML cannot hold."""
    return re.sub(r"[\x00-\x1f\x7f\ud800-\udfff\ufffe\uffff]", "\N{REPLACEMENT CHARACTER}", line)
