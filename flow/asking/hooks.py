"""Hooks of the user's that change a gradient between the node that made it and the next."""

from __future__ import annotations

from flow.record import Capture, NodeRecord
from flow.recording.walk import LiveGraph

MODULE_HOOK = "BackwardHookFunctionBackward"
"""The node that torch puts where a module has a full backward hook."""


def hook_after(graph: LiveGraph, capture: Capture, record: NodeRecord, which: int) -> str:
    """Return which hook a gradient meets after its node; empty where none is registered."""
    if record.name == MODULE_HOOK:
        return f"A full backward hook of {record.layer or 'the model'}"
    target = record.targets[which]
    if target is None or not has_hook(graph, int(target[1:])):
        return ""
    return f"A hook registered on {capture.node(target).parameter}"


def has_hook(graph: LiveGraph, index: int) -> bool:
    """Whether a node is that of a leaf on which a hook is registered."""
    leaf = graph.variables[index]
    return leaf is not None and bool(leaf._backward_hooks)


def hook_on(graph: LiveGraph, capture: Capture, layer: str, name: str) -> str:
    """Return which hook a gradient of a layer meets: of its parameter ``name``, or of the module.

    Empty where none is registered.
    """
    for node in capture.nodes:
        mine = node.is_leaf and node.layer == layer
        if mine and node.parameter.rpartition(".")[2] == name and has_hook(graph, int(node.id[1:])):
            return f"A hook registered on {node.parameter}"
    names = {node.name for node in capture.nodes if node.layer == layer}
    return f"A full backward hook of {layer}" if MODULE_HOOK in names else ""
