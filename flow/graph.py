"""The autograd graph as torchviz draws it, with ids that are the same in every run."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Literal, get_args

import torchviz
from torch import Tensor
from torch.autograd.function import BackwardCFunction

from flow.record import Edge, EdgeKind, GraphNode, GraphPicture
from flow.walk import LiveGraph

NODE_STATEMENT = re.compile(
    r'^\t(\d+) \[label="?(?P<label>.*?)"?(?: fillcolor=(?P<fill>\w+))?\]\n$', re.S
)
EDGE_STATEMENT = re.compile(r"^\t(\d+) -> (\d+)(?: \[(?P<style>.*)\])?\n$")

NodeKind = Literal["function", "leaf", "output", "base", "saved"]
KIND_OF_PREFIX: Mapping[str, NodeKind] = {
    "n": "function",
    "v": "leaf",
    "o": "output",
    "b": "base",
    "s": "saved",
}


class Names:
    """Stable ids for the objects that torchviz draws, keyed by ``id()`` as torchviz does.

    ``n3`` is a node, ``v3`` the leaf tensor of AccumulateGrad node n3, ``o0`` an output,
    ``b0`` the base of an output that is a view, ``s0`` a saved tensor. The objects are kept
    alive, so no address is used twice.
    """

    def __init__(self, graph: LiveGraph, drawn: Sequence[Tensor]) -> None:
        self.drawn = tuple(drawn)
        self.bases: list[Tensor] = []
        self._names: dict[int, str] = {}
        self._alive: list[object] = [graph]
        self._saved = 0
        for index, (node, leaf) in enumerate(zip(graph.nodes, graph.variables, strict=True)):
            self._names[id(node)] = f"n{index}"
            if leaf is not None:
                self._names[id(leaf)] = f"v{index}"
        for index, output in enumerate(drawn):
            self._names[id(output)] = f"o{index}"
            base = output._base if output._is_view() else None
            if base is not None and id(base) not in self._names:
                self._names[id(base)] = f"b{len(self.bases)}"
                self.bases.append(base)

    def of(self, thing: object) -> str:
        """Return the id of a node or tensor; one that has none yet is a saved tensor."""
        return self.at(id(thing), thing)

    def at(self, address: int, keep: object = None) -> str:
        """Return the id of what lives at an address."""
        if address not in self._names:
            self._names[address] = f"s{self._saved}"
            self._saved += 1
            self._alive.append(keep)
        return self._names[address]


def drawn_edges(graph: LiveGraph, names: Names) -> tuple[Edge, ...]:
    """Return the arrows that torchviz draws for this graph, found without recursion."""
    edges: list[Edge] = []
    for index, targets in enumerate(graph.edges):
        own = f"n{index}"
        if graph.variables[index] is not None:
            edges.append(Edge(f"v{index}", own, "leaf"))
        edges.extend([Edge(f"n{target}", own) for target, _ in targets if target >= 0])
        edges.extend(
            [Edge(names.of(saved), own, "saved") for saved in _saved_by_custom(graph.nodes[index])]
        )
    for output in (*names.drawn, *names.bases):
        edges.extend(_edges_of_output(output, names))
    return tuple(edges)


def _edges_of_output(output: Tensor, names: Names) -> list[Edge]:
    edges = []
    if output.grad_fn is not None:
        edges.append(Edge(names.of(output.grad_fn), names.of(output), "output"))
    if output._is_view() and output._base is not None:
        edges.append(Edge(names.of(output._base), names.of(output), "view"))
    return edges


def _saved_by_custom(node: Any) -> tuple[Tensor, ...]:
    """Return what a custom Function saved; built-in nodes show theirs only on request."""
    return node.saved_tensors if isinstance(node, BackwardCFunction) else ()


def draw(
    names: Names, leaf_names: Mapping[str, Tensor], *, saved: bool, attributes: bool
) -> GraphPicture:
    """Let torchviz draw the graph and give its boxes stable ids.

    Raises RecursionError on graphs deeper than Python's stack, as torchviz itself does.
    """
    digraph = torchviz.make_dot(
        names.drawn if len(names.drawn) > 1 else names.drawn[0],
        params=dict(leaf_names),
        show_attrs=attributes,
        show_saved=saved,
    )
    nodes: dict[str, GraphNode] = {}
    edges: list[Edge] = []
    for statement in digraph.body:
        if edge := EDGE_STATEMENT.match(statement):
            edges.append(_edge(names, int(edge[1]), int(edge[2]), edge["style"] or ""))
        elif node := NODE_STATEMENT.match(statement):
            box = _box(names.at(int(node[1])), node["label"], node["fill"] or "lightgrey")
            nodes[box.id] = box
        else:
            raise ValueError(
                f"torchviz wrote a statement that is neither node nor edge: {statement!r}"
            )
    return GraphPicture(tuple(nodes.values()), tuple(edges))


def _box(name: str, label: str, fill: str) -> GraphNode:
    text = label.replace('\\"', '"').replace("\\\\", "\\")
    kind = "saved" if fill == "orange" else KIND_OF_PREFIX[name[0]]
    return GraphNode(name, text, kind, fill)


def _edge(names: Names, source: int, target: int, style: str) -> Edge:
    """Return one arrow; torchviz draws saved tensors in both directions without a head."""
    ends = names.at(source), names.at(target)
    prefixes = ends[0][0], ends[1][0]
    kind: EdgeKind = "gradient"
    if "dir=none" in style:
        kind = "saved"
    elif "style=dotted" in style:
        kind = "view"
    elif prefixes[0] == "v":
        kind = "leaf"
    elif prefixes[1] in "ob":
        kind = "output"
    assert kind in get_args(EdgeKind)
    return Edge(*ends, kind)
