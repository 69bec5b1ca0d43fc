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


def hook_of_layer(capture: Capture, layer: str) -> str:
    """Return the full backward hook that stands in a layer's way; empty for none."""
    names = {capture.node(node).name for node in capture.layer(layer).nodes}
    return f"A full backward hook of {layer}" if MODULE_HOOK in names else ""
