"""torchviz's own drawing of a run's live graph, in the ids of the capture."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import torchviz

from flow import Run

STATEMENT = re.compile(r"^\t(\d+)(?: -> (\d+))?(?: \[(.*)\])?\n$", re.DOTALL)
LABEL = re.compile(r'label=(?:"((?:[^"\\]|\\.)*)"|(\w+))', re.DOTALL)


@dataclass(frozen=True)
class Drawing:
    """Boxes as id -> (label, fill), and arrows, both in torchviz's order."""

    boxes: Mapping[str, tuple[str, str]]
    arrows: list[tuple[str, str, str]]


def drawn_by_torchviz(run: Run, *, saved: bool = False, attributes: bool = False) -> Drawing:
    """Call make_dot on the run's own root tensors and translate its addresses."""
    assert run._live is not None
    graph, roots = run._live.graph, run._live.ends.drawn
    known = {id(node): f"n{index}" for index, node in enumerate(graph.nodes)}
    for index, leaf in enumerate(graph.variables):
        if leaf is not None:
            known[id(leaf)] = f"v{index}"
    for index, root in enumerate(roots):
        known.setdefault(id(root), f"o{index}")
    bases = [root._base for root in roots if root._base is not None]
    for base in bases:
        known.setdefault(id(base), f"b{sum(name[0] == 'b' for name in known.values())}")
    labels = {
        node.parameter: leaf
        for node, leaf in zip(run.capture.nodes, graph.variables, strict=True)
        if leaf is not None and node.parameter
    }
    dot = torchviz.make_dot(
        roots if len(roots) > 1 else roots[0],
        params=labels,
        show_saved=saved,
        show_attrs=attributes,
    )
    return _translated(dot.body, known)


def _translated(body: list[str], known: dict[int, str]) -> Drawing:
    """Name saved tensors after the first node that saved them, in torchviz's order."""
    boxes: dict[str, tuple[str, str]] = {}
    arrows: list[tuple[str, str, str]] = []
    slots: Counter[str] = Counter()
    for statement in body:
        found = STATEMENT.match(statement)
        assert found, statement
        source, target, style = int(found[1]), found[2], found[3] or ""
        if target is None:
            boxes[known[source]] = _look(style)
            continue
        ends = (source, int(target))
        for end, other in (ends, ends[::-1]):
            if end not in known:
                owner = known[other]
                known[end] = f"saved {slots[owner]} of {owner}"
                slots[owner] += 1
        kind = "saved" if "dir=none" in style else "view" if "dotted" in style else ""
        arrows.append((known[ends[0]], known[ends[1]], kind))
    return Drawing(boxes, arrows)


def _look(style: str) -> tuple[str, str]:
    label = LABEL.search(style)
    assert label, style
    text = (label[1] if label[1] is not None else label[2]).replace('\\"', '"')
    fill = re.search(r"fillcolor=(\w+)", style)
    return text.replace("\\\\", "\\"), fill[1] if fill else "lightgrey"


def owners_of_saved(edges: Any) -> dict[str, str]:
    """Give our saved tensors the same names: after the first node an arrow joins them to."""
    slots: Counter[str] = Counter()
    renamed: dict[str, str] = {}
    for edge in edges:
        for end, other in ((edge.source, edge.target), (edge.target, edge.source)):
            if end.startswith("s") and end not in renamed:
                renamed[end] = f"saved {slots[other]} of {other}"
                slots[other] += 1
    return renamed
