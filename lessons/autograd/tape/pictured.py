"""The graph that variables hold, as torchviz draws it, with every variable's name in its box."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from torch import Tensor

from flow.record import Edge, GraphNode, GraphPicture
from lessons.autograd.tape.observed import class_of

FILLS = {"function": "lightgrey", "leaf": "lightblue", "output": "darkolivegreen1"}
"""As in torchviz, whose fill of the output all variables have that an operation made."""


def pictured(variables: Mapping[str, Tensor]) -> GraphPicture:
    """Draw every node that a variable holds through its ``grad_fn``.

    Ids are the same in every run: ``n0``, ``n1``, ... for nodes, ``v`` and a name for variables.
    """
    nodes = {node: f"n{place}" for place, node in enumerate(_reached(variables))}
    boxes = {own: _box(own, class_of(node), "function") for node, own in nodes.items()}
    edges = []
    for name, tensor in variables.items():
        own = f"v{name}"
        shape = ", ".join(map(str, tensor.shape))
        boxes[own] = _box(own, f"{name} ({shape})", "leaf" if tensor.is_leaf else "output")
        if tensor.grad_fn is not None:
            edges.append(Edge(nodes[tensor.grad_fn], own, "output"))
    for node, own in nodes.items():
        edges += [
            Edge(f"v{name}", own, "leaf")
            for name, tensor in variables.items()
            if getattr(node, "variable", None) is tensor
        ]
        targets = (target for target, _output in node.next_functions)
        edges += [Edge(nodes[each], own, "gradient") for each in targets if each is not None]
    return GraphPicture(tuple(boxes.values()), tuple(edges))


def _box(own: str, label: str, kind: Any) -> GraphNode:
    return GraphNode(own, label, kind, FILLS[kind])


def _reached(variables: Mapping[str, Tensor]) -> Iterator[Any]:
    """Yield every node behind a variable once, the last variable's first."""
    seen: set[Any] = set()
    waiting = [each.grad_fn for each in variables.values() if each.grad_fn is not None]
    while waiting:
        node: Any = waiting.pop()
        if node not in seen:
            seen.add(node)
            yield node
            waiting += [target for target, _output in node.next_functions if target is not None]
