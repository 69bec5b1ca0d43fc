"""A large autograd graph as few boxes: one a layer, or one a block where layers are too many.

The nodes are read in forward order and cut into runs that belong to the same layer. Runs of
one order never point backward, so the picture keeps its direction whatever is grouped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from flow.record import (
    INPUT,
    LOSS,
    ROOT,
    Capture,
    Edge,
    GraphNode,
    GraphPicture,
    LayerRecord,
    NodeRecord,
)

BOX_LIMIT = 120
"""Boxes of a collapsed picture: what a visitor can still look over, laid out in 0.2 s."""
FEW_BOXES = 6
"""A block picture with fewer boxes says too little; its blocks are divided."""
LABEL_WIDTH = 32
"""Characters of a line in a box; longer names lose their middle."""

COLLAPSE_TEXT: Mapping[str, str] = {
    "model": "model",
    "loss": "loss",
    "input": "input",
    "one_node": "1 node",
    "nodes": "{count:,} nodes",
    "layers": "{count:,} layers",
}


@dataclass(frozen=True)
class Group:
    """One box of a collapsed picture."""

    id: str
    title: str
    """Name of the layer or block, or the first and last of several: ``"0 … 49"``."""
    kind: str
    """Class of the layer, or how many layers it holds; empty for operations between layers."""
    layer: str
    """Layer of the node that choosing the box selects."""
    node: str
    """Id of that node: the first in backward order that is no leaf, if there is one."""
    nodes: tuple[str, ...]
    """Ids of all autograd nodes it holds, in backward order."""


@dataclass(frozen=True)
class Collapse:
    """A picture of groups, the groups in forward order, and whether each is one layer."""

    picture: GraphPicture
    groups: tuple[Group, ...]
    by_layer: bool


@dataclass(frozen=True)
class _Run:
    """Nodes that follow one another in the forward and share a key (a layer or block)."""

    first: str
    last: str
    nodes: tuple[NodeRecord, ...]


def collapse(
    capture: Capture, limit: int = BOX_LIMIT, text: Mapping[str, str] = COLLAPSE_TEXT
) -> Collapse:
    """Group the graph into at most ``limit`` boxes, and one more for the model's inputs.

    By layer where that is few enough, else by shorter and shorter module paths; where that
    leaves next to nothing, neighbours are joined evenly instead.
    """
    functions = [node for node in reversed(capture.nodes) if not node.is_leaf]
    runs, by_layer = _bounded_runs(functions, limit)
    groups = _groups(capture, _with_leaves(capture, runs), text)
    edges = _edges(capture, groups)
    boxes = tuple(_box(group, text) for group in groups)
    return Collapse(GraphPicture(boxes, edges), groups, by_layer)


def layer_title(layer: str, text: Mapping[str, str] = COLLAPSE_TEXT) -> str:
    """Name a layer to a visitor; nodes outside every module belong to the model, loss or input."""
    names = {ROOT: text["model"], LOSS: text["loss"], INPUT: text["input"]}
    return names.get(layer, layer)


def _runs(functions: Sequence[NodeRecord], depth: int | None) -> list[_Run]:
    """Cut forward-ordered nodes where the layer changes; ``depth`` shortens its path first."""

    def key(node: NodeRecord) -> str:
        return node.layer if depth is None else ".".join(node.layer.split(".")[:depth])

    return [_Run(name, name, tuple(nodes)) for name, nodes in groupby(functions, key)]


def _bounded_runs(functions: Sequence[NodeRecord], limit: int) -> tuple[list[_Run], bool]:
    """Return at most ``limit`` runs, and whether each is one layer."""
    finer = _runs(functions, None)
    if len(finer) <= limit:
        return finer, True
    for depth in range(max(node.layer.count(".") for node in functions), 0, -1):
        coarser = _runs(functions, depth)
        if len(coarser) <= limit:
            few = len(coarser) < min(FEW_BOXES, limit)
            return (_divided(coarser, finer, limit) if few else coarser), False
        finer = coarser
    # The last run is the loss: it keeps its own box where there can be two.
    whole = [_joined(finer[:-1]), finer[-1]] if limit > 1 else [_joined(finer)]
    return _divided(whole, finer, limit), False


def _divided(coarser: Sequence[_Run], finer: Sequence[_Run], limit: int) -> list[_Run]:
    """Cut each coarser run into evenly filled neighbourhoods of the finer runs it is made of."""
    divided: list[_Run] = []
    rest = iter(finer)
    spare = limit - len(coarser)
    for whole in coarser:
        parts: list[_Run] = []
        missing = len(whole.nodes)
        while missing > 0:
            parts.append(next(rest))
            missing -= len(parts[-1].nodes)
        boxes = 1 + (len(parts) - 1) * spare // (len(finer) - len(coarser))
        size = -(-len(parts) // boxes)
        divided += [_joined(parts[start : start + size]) for start in range(0, len(parts), size)]
    return divided


def _joined(runs: Sequence[_Run]) -> _Run:
    nodes = tuple(node for run in runs for node in run.nodes)
    return _Run(runs[0].first, runs[-1].last, nodes)


def _with_leaves(capture: Capture, runs: Sequence[_Run]) -> Iterator[_Run]:
    """Put every leaf with its earliest consumer; the model's inputs come first, on their own."""
    place = {node.id: index for index, run in enumerate(runs) for node in run.nodes}
    consumer: dict[str, int] = {}
    for source, target, _ in capture.edges:
        if target in place:
            consumer[source] = min(place[target], consumer.get(source, place[target]))
    inputs = tuple(node for node in capture.nodes if node.is_leaf and node.layer == INPUT)
    if inputs:
        yield _Run(INPUT, INPUT, inputs)
    if not runs:
        yield _Run(ROOT, ROOT, tuple(node for node in capture.nodes if node.layer != INPUT))
    leaves: dict[int, list[NodeRecord]] = {}
    for node in capture.nodes:
        if node.is_leaf and node.layer != INPUT:
            leaves.setdefault(consumer.get(node.id, 0), []).append(node)
    for index, run in enumerate(runs):
        backward = (*reversed(run.nodes), *leaves.get(index, ()))
        yield _Run(run.first, run.last, backward)


def _groups(capture: Capture, runs: Iterator[_Run], text: Mapping[str, str]) -> tuple[Group, ...]:
    used: set[str] = set()
    layers = {layer.name: layer for layer in capture.layers}
    groups = []
    for run in runs:
        ends = [layer_title(run.first, text), layer_title(run.last, text)]
        groups.append(
            Group(
                id=_safe_id(ends[0], used),
                title=" … ".join(dict.fromkeys(ends)),
                kind=_kind(run, layers, text),
                layer=run.nodes[0].layer,
                node=run.nodes[0].id,
                nodes=tuple(node.id for node in run.nodes),
            )
        )
    return tuple(groups)


def _kind(run: _Run, layers: Mapping[str, LayerRecord], text: Mapping[str, str]) -> str:
    """Say what a run is: a layer's class, how many layers, or the functions between layers."""
    functions = [node for node in reversed(run.nodes) if not node.is_leaf]
    inside = dict.fromkeys(node.layer for node in functions)
    layer = layers.get(run.first)
    if run.first != run.last:
        return text["layers"].format(count=len(inside))
    if layer is not None and (layer.leaf or list(inside) != [layer.name]):
        return layer.kind
    return ", ".join(dict.fromkeys(node.call for node in functions if node.call))


def _safe_id(title: str, used: set[str]) -> str:
    """Make an id of letters, digits, ``_`` and ``.`` that was not used before."""
    stem = "g-" + re.sub(r"[^A-Za-z0-9_.]", "_", title)[:LABEL_WIDTH]
    name, count = stem, 1
    while name in used:
        count += 1
        name = f"{stem}-{count}"
    used.add(name)
    return name


def _edges(capture: Capture, groups: Sequence[Group]) -> tuple[Edge, ...]:
    home = {node: group.id for group in groups for node in group.nodes}
    pairs = (
        (home[source], home[target])
        for source, target, kind in capture.edges
        if kind == "gradient" and source in home and target in home
    )
    return tuple(Edge(*pair) for pair in dict.fromkeys(pairs) if pair[0] != pair[1])


def _box(group: Group, text: Mapping[str, str]) -> GraphNode:
    count = len(group.nodes)
    size = text["one_node"] if count == 1 else text["nodes"].format(count=count)
    lines = [_short(line) for line in (group.title, group.kind, size) if line]
    if group.layer == INPUT:
        return GraphNode(group.id, "\n".join(lines), "leaf", "lightblue")
    if group.layer == LOSS:
        return GraphNode(group.id, "\n".join(lines), "output", "darkolivegreen1")
    return GraphNode(group.id, "\n".join(lines), "function", "lightgrey")


def _short(line: str) -> str:
    if len(line) <= LABEL_WIDTH:
        return line
    half = (LABEL_WIDTH - 1) // 2
    return f"{line[:half]}…{line[-half:]}"


def node_ranges(nodes: Sequence[str]) -> list[list[int]]:
    """Write node ids as ranges of their numbers: n3, n4, n5, n9 become ``[[3, 5], [9, 9]]``."""
    numbers = sorted(int(node.removeprefix("n")) for node in nodes)
    if not numbers:
        return []
    breaks = [index for index, (a, b) in enumerate(pairwise(numbers), 1) if b != a + 1]
    starts, ends = [0, *breaks], [*breaks, len(numbers)]
    return [[numbers[start], numbers[end - 1]] for start, end in zip(starts, ends, strict=True)]
