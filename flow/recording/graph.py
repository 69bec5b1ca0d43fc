"""The autograd graph as torchviz draws it, with ids that are the same in every run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import torch
from torch import Tensor
from torch.autograd.function import BackwardCFunction
from torchviz.dot import get_fn_name

from flow.errors import ExplainError
from flow.record import Edge, EdgeKind, GraphNode, GraphPicture
from flow.recording.walk import LiveGraph

SAVED_PREFIX = "_saved_"
"""How the attributes begin in which a built-in node keeps what it saved."""
LABEL_WIDTH = 50
"""Characters of an attribute's value that torchviz writes into a label."""

NodeKind = Literal["function", "leaf", "output", "base", "saved"]


class Ends:
    """The outputs at which a picture ends, and the tensors of which they are views.

    ``o0`` is an output, ``b0`` the base of an output; a leaf keeps its own id ``v3``.
    """

    def __init__(self, graph: LiveGraph, drawn: Sequence[Tensor]) -> None:
        self.drawn = tuple({id(output): output for output in drawn}.values())
        self.bases: list[Tensor] = []
        self.ids = {id(output): f"o{index}" for index, output in enumerate(self.drawn)}
        for output in self.drawn:
            base = base_of(output)
            if base is not None and id(base) not in self.ids:
                self.ids[id(base)] = f"b{len(self.bases)}"
                self.bases.append(base)
        leaves = {id(leaf): index for index, leaf in enumerate(graph.variables) if leaf is not None}
        for key in self.ids.keys() & leaves.keys():
            self.ids[key] = f"v{leaves[key]}"

    def edges(self, graph: LiveGraph) -> tuple[Edge, ...]:
        """Return the arrows to outputs and from bases to their views."""
        edges = []
        for tensor in (*self.drawn, *self.bases):
            if tensor.grad_fn is not None:
                node = f"n{graph.position[tensor.grad_fn]}"
                edges.append(Edge(node, self.ids[id(tensor)], "output"))
            base = base_of(tensor)
            if base is not None:
                edges.append(Edge(self.ids[id(base)], self.ids[id(tensor)], "view"))
        return tuple(edges)


def base_of(output: Tensor) -> Tensor | None:
    """Return the tensor that a view looks at, None for what is no view."""
    return output._base if output._is_view() else None


def ids_of_all(graph: LiveGraph, ends: Ends) -> dict[int, str]:
    """Return the ids of nodes ``n3``, leaves ``v3``, outputs and bases, by ``id()``.

    The graph keeps all of them alive, so no address is used twice.
    """
    ids = {id(node): f"n{index}" for index, node in enumerate(graph.nodes)}
    for index, leaf in enumerate(graph.variables):
        if leaf is not None:
            ids[id(leaf)] = f"v{index}"
    return {**ids, **ends.ids}


def name_saved(graph: LiveGraph, ends: Ends) -> dict[int, list[str]]:
    """Name what each custom Function saved, by index of its node: ``s0``, ``s1``, ...

    What a node saved is a new object whenever one asks, so it is named by its place there.
    Built-in nodes show theirs only on request.
    """
    found = {
        index: _saved_by(node)
        for index, node in enumerate(graph.nodes)
        if isinstance(node, BackwardCFunction)
    }
    if not found:
        return {}
    ids = ids_of_all(graph, ends)
    leaves = {
        _memory(leaf): f"v{at}" for at, leaf in enumerate(graph.variables) if leaf is not None
    }
    count = 0
    for tensor in [tensor for tensors in found.values() for tensor in tensors]:
        if id(tensor) not in ids and tensor.is_leaf and _memory(tensor) in leaves:
            ids[id(tensor)] = leaves[_memory(tensor)]  # under hooks a saved leaf is a new object
        if id(tensor) not in ids:
            ids[id(tensor)] = f"s{count}"
            count += 1
    return {index: [ids[id(tensor)] for tensor in found[index]] for index in found}


def _memory(tensor: Tensor) -> tuple[Any, ...]:
    """Return what two tensors have in common that are one leaf."""
    if tensor.layout is not torch.strided:
        return (id(tensor),)
    storage = tensor.untyped_storage()._cdata
    return tensor.requires_grad, storage, tensor.storage_offset(), tensor.shape


@dataclass(frozen=True)
class Style:
    """What a picture shows besides nodes and leaves."""

    saved: bool
    """The tensors that built-in nodes saved."""
    attributes: bool
    """The nodes' other saved attributes, in their labels."""


def draw(graph: LiveGraph, ends: Ends, leaf_names: Mapping[int, str], style: Style) -> GraphPicture:
    """Draw what ``torchviz.make_dot`` draws: the same boxes and arrows in the same order.

    make_dot itself is recursive, so it fails on a thousand layers, and its inner functions
    refer to each other, so every graph that it drew stays in memory until a full collection.
    """
    drawing = _Drawing(graph, ends, leaf_names, style)
    for output in ends.drawn:
        drawing.add_output(output, "darkolivegreen1", "output")
    return GraphPicture(tuple(drawing.boxes.values()), tuple(drawing.edges))


class _Drawing:
    """A picture in the making; the methods follow those inside ``make_dot``."""

    def __init__(
        self, graph: LiveGraph, ends: Ends, leaf_names: Mapping[int, str], style: Style
    ) -> None:
        self.boxes: dict[str, GraphNode] = {}
        self.edges: list[Edge] = []
        self._style = style
        self._ids = ids_of_all(graph, ends)
        self._titles = {id(graph.variables[index]): name for index, name in leaf_names.items()}
        self._custom = {f"n{index}": names for index, names in name_saved(graph, ends).items()}
        self._count = len({one for own in self._custom.values() for one in own if one[0] == "s"})
        self._alive: list[Tensor] = []
        self._seen: set[int] = set()

    def add_output(self, output: Tensor, fill: str, kind: NodeKind) -> None:
        """Add an output and everything behind it, and the base it is a view of."""
        if id(output) in self._seen:
            return
        self._seen.add(id(output))
        own = self._ids[id(output)]
        self._add_tensor(output, own, "", fill, kind)
        if output.grad_fn is not None:
            self._add_nodes(output.grad_fn)
            self._add_edge(self._ids[id(output.grad_fn)], own, "output")
        base = base_of(output)
        if base is not None:
            self.add_output(base, "darkolivegreen3", "base")
            self._add_edge(self._ids[id(base)], own, "view")

    def _add_nodes(self, root: Any) -> None:
        """Add a node and all nodes before it, depth first, without recursion."""
        waiting = [self._visit(root)]
        while waiting:
            node = next(waiting[-1], None)
            if node is None:
                waiting.pop()
            else:
                waiting.append(self._visit(node))

    def _visit(self, node: Any) -> Iterator[Any]:
        """Add one node, and yield each node before it at the moment to visit that one."""
        if id(node) in self._seen:
            return
        self._seen.add(id(node))
        own = self._ids[id(node)]
        if self._style.saved:
            for label, tensor in _saved_by_builtin(node):
                self._add_saved(tensor, own, label)
        leaf = getattr(node, "variable", None)
        if leaf is not None:
            self._seen.add(id(leaf))
            self._add_tensor(leaf, self._ids[id(leaf)], "", "lightblue", "leaf")
            self._add_edge(self._ids[id(leaf)], own, "leaf")
        label = get_fn_name(node, self._style.attributes, LABEL_WIDTH)
        self.boxes[own] = GraphNode(own, label, "function", "lightgrey")
        for target, _ in node.next_functions:
            if target is not None:
                self._add_edge(self._ids[id(target)], own, "gradient")
                yield target
        for name, tensor in zip(self._custom.get(own, ()), _saved_by(node), strict=True):
            self._add_edge(name, own, "saved")
            self._add_tensor(tensor, name, "", "orange", "saved")

    def _add_saved(self, tensor: Tensor, node: str, label: str) -> None:
        """Add a tensor that a built-in node saved."""
        if id(tensor) not in self._ids:
            self._ids[id(tensor)] = f"s{self._count}"
            self._count += 1
            self._alive.append(tensor)  # else the next one could get its address
        self._add_edge(node, self._ids[id(tensor)], "saved")
        self._add_tensor(tensor, self._ids[id(tensor)], label, "orange", "saved")

    def _add_tensor(self, tensor: Tensor, own: str, label: str, fill: str, kind: NodeKind) -> None:
        title = label or self._titles.get(id(tensor), "")
        shape = ", ".join(map(str, tensor.shape))
        self.boxes[own] = GraphNode(own, f"{title}\n ({shape})", kind, fill)

    def _add_edge(self, source: str, target: str, kind: EdgeKind) -> None:
        self.edges.append(Edge(source, target, kind))


def _saved_by(node: Any) -> list[Tensor]:
    """Return what a custom Function saved, nothing for a built-in node or once it is let go."""
    if not isinstance(node, BackwardCFunction):
        return []
    try:
        return [tensor for tensor in node.saved_tensors if tensor is not None]
    except ExplainError:
        return []


def _saved_by_builtin(node: Any) -> Iterator[tuple[str, Tensor]]:
    """Yield the tensors that a built-in node saved, with the labels torchviz gives them."""
    for attribute in dir(node):
        if attribute.startswith(SAVED_PREFIX):
            value = getattr(node, attribute)
            label = attribute.removeprefix(SAVED_PREFIX)
            if isinstance(value, Tensor):
                yield label, value
            elif isinstance(value, tuple):
                for place, member in enumerate(value):
                    if isinstance(member, Tensor):
                        yield f"{label}[{place}]", member
