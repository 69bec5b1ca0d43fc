"""Hooks of the user's that change a gradient between the node that made it and the next."""

from __future__ import annotations

from flow.record import Capture, NodeRecord
from flow.recording.walk import LiveGraph

MODULE_HOOK = "BackwardHookFunctionBackward"
"""The node that torch puts where a module has a full backward hook."""


def hook_after(graph: LiveGraph, capture: Capture, record: NodeRecord, which: int) -> str:
    """Return which hook a gradient meets after its node; empty where none is registered."""
    target = record.targets[which]
    leaf = None if target is None else graph.variables[int(target[1:])]
    if target is None or leaf is None or not leaf._backward_hooks:
        return ""
    return f"A hook registered on {capture.node(target).parameter}"


def hook_on(graph: LiveGraph, capture: Capture, layer: str, name: str) -> str:
    """Return which hook a gradient of a layer meets: of its parameter ``name``, or of the module.

    Empty where none is registered.
    """
    for node in capture.nodes:
        if node.is_leaf and node.layer == layer and node.parameter.rpartition(".")[2] == name:
            leaf = graph.variables[int(node.id[1:])]
            if leaf is not None and leaf._backward_hooks:
                return f"A hook registered on {node.parameter}"
    names = {node.name for node in capture.nodes if node.layer == layer}
    return f"A full backward hook of {layer}" if MODULE_HOOK in names else ""
