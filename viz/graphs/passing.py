"""What passes through a part of the graph: gradients on their way, not those of parameters."""

from __future__ import annotations

from collections.abc import Collection

from flow.record import INPUT, Array, Capture, NodeRecord
from viz.peak import shown_peak


def passed(capture: Capture, nodes: Collection[str]) -> float | None:
    """Return max |gradient| of what ``arriving`` returns; None where some of it is hidden."""
    return shown_peak(arriving(capture, nodes))


def arriving(capture: Capture, nodes: Collection[str]) -> list[Array | None]:
    """Return the gradients that arrive at these nodes from outside, parameters left out.

    Of the nodes of one layer that is what arrives at its output: the number of the strip. Of
    leaves alone, such as the model's input, it is what they store.
    """
    records = [capture.node(node) for node in nodes]
    functions = [node for node in records if not node.is_leaf]
    inside = set(nodes)
    doors = [node for node in functions if _is_door(capture, node, inside)] or records
    return [gradient for node in doors for gradient in node.upstream]


def aside(capture: Capture) -> frozenset[str]:
    """Return ids of the nodes from which every gradient ends in parameters.

    AccumulateGrad of a parameter, and what only prepares parameters, such as the transposed
    weight of a linear layer. The node of a first layer is none of them: its forward also read
    the model's input, which asks for no gradient.
    """
    found: set[str] = set()
    for node in reversed(capture.nodes):
        if node.is_leaf:
            beside = node.layer != INPUT
        else:
            beside = bool(node.targets) and all(target in found for target in node.targets)
        if beside:
            found.add(node.id)
    return frozenset(found)


def _is_door(capture: Capture, node: NodeRecord, inside: Collection[str]) -> bool:
    """Whether a gradient arrives here from a node outside, or the backward begins here."""
    givers = givers_of(capture, node)
    return not givers or any(giver.id not in inside for giver in givers)


def givers_of(capture: Capture, node: NodeRecord) -> list[NodeRecord]:
    """Return the nodes that handed on what arrived at a node, each once, in the engine's order."""
    found = {
        giver.id: giver
        for output in range(len(node.upstream))
        for giver, _which in capture.parts(node.id, output)
    }
    return list(found.values())
