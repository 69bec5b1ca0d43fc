"""Hooks of the user's that change a gradient between the node that made it and the next."""

from __future__ import annotations

from flow.problems import HOOKED_MODULE
from flow.record import Capture, LayerRecord, NodeRecord
from flow.said import said


def hook_of(record: NodeRecord) -> str:
    """Return which hook changes what a node hands on; empty for none."""
    if record.name != HOOKED_MODULE:
        return ""
    return said("A full backward hook of {name}", name=record.layer or said("the model"))


def hook_at(target: NodeRecord, output: int) -> str:
    """Return which hook changes what arrives at an output of a node; empty for none."""
    if output not in target.hooked:
        return ""
    there = said("the output of {id} {name}", id=target.id, name=target.name)
    return said("A hook on {what}", what=target.parameter or there)


def runs_a_hook(record: NodeRecord) -> str:
    """Return why a node cannot run again by itself; empty where it can.

    A module's hook acts at this node only after another node ran, so it acts sometimes.
    """
    hook = hook_of(record)
    return hook and said(
        "{hook} runs whenever this node does, so it cannot be asked alone.", hook=hook
    )


def hook_on(capture: Capture, layer: LayerRecord, name: str) -> str:
    """Return which hook changes a gradient of a layer: on its parameter ``name``, or of its module.

    Empty where none is registered.
    """
    for parameter in layer.parameters:
        if parameter.name.rpartition(".")[2] == name and parameter.node is not None:
            found = hook_at(capture.node(parameter.node), 0)
            if found:
                return found
    return said("A full backward hook of {name}", name=layer.name) if layer.hooked else ""
