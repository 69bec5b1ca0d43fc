"""What a box of the graph is, in plain words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flow.record import INPUT, LOSS, ROOT, Capture, GraphNode, NodeRecord
from viz.graphs.collapse import Group, layer_title
from viz.graphs.passing import givers_of

OUTSIDE = {INPUT, LOSS, ROOT}
"""What a node may belong to that is no layer."""

HELP_TEXT: Mapping[str, str] = {
    "help_backward": "The backward of {call}, called in layer {layer}.",
    "help_backward_model": "The backward of {call}, called by the model itself.",
    "help_backward_loss": "The backward of {call}, part of the loss.",
    "help_unnamed": "A backward function of layer {layer}.",
    "help_unnamed_model": "A backward function of the model itself.",
    "help_unnamed_loss": "A backward function of the loss.",
    "help_begins_loss": "The backward pass begins here, with ∂L/∂L = 1.",
    "help_begins": "The backward pass begins here, with the given vector.",
    "help_output": "The gradient of the output of {layer} arrives here, from {givers}.",
    "help_arrives": "A gradient arrives here from {givers}.",
    "help_never": "No gradient arrived here.",
    "help_hands": "It hands gradients on to {targets}.",
    "help_hands_nothing": "It hands nothing on.",
    "help_stores": "Stores what arrives here in {name}.grad. The way of this gradient ends here.",
    "help_stores_input": "Stores what arrives here in the .grad of the model's input."
    " The way of this gradient ends here.",
    "help_parameter": "The parameter {name}, {shape}. No operation made it: it is a leaf.",
    "help_input": "The model's input, {shape}. No operation made it: it is a leaf.",
    "help_loss": "The loss, a single number: () is its shape. The backward pass begins here.",
    "help_result": "The output of the model. The backward pass begins here.",
    "help_base": "The tensor of which the output is a view.",
    "help_saved": "A tensor kept in the forward pass, because this backward needs it.",
    "help_group": "Everything that {name} ran, in one box: {count} nodes of the full graph.",
    "help_group_one": "Everything that {name} ran: one node of the full graph.",
    "help_the_input": "the input",
    "help_the_loss": "the loss",
    "help_and": " and ",
}
"""The sentences, in English; pass a translated copy."""


def help_of(
    drawn: GraphNode, record: NodeRecord | None, capture: Capture, text: Mapping[str, str]
) -> str:
    """Say what a box of torchviz's picture is; ``record`` is the node that it belongs to."""
    if drawn.kind == "output":
        return text["help_result" if capture.loss is None else "help_loss"]
    if drawn.kind in ("base", "saved"):
        return text[f"help_{drawn.kind}"]
    if record is None:
        return ""
    if drawn.kind == "leaf":
        return _leaf(drawn, record, text)
    return _stores(record, text) if record.is_leaf else _function(capture, record, text)


def help_of_group(group: Group, text: Mapping[str, str]) -> str:
    """Say what a box of a collapsed picture is."""
    count = len(group.nodes)
    key = "help_group_one" if count == 1 else "help_group"
    return text[key].format(name=group.title, count=f"{count:,}")


def _leaf(drawn: GraphNode, record: NodeRecord, text: Mapping[str, str]) -> str:
    shape = " ".join(drawn.label.split("\n")[-1].split())
    key = "help_input" if record.layer == INPUT else "help_parameter"
    return text[key].format(name=record.parameter, shape=shape)


def _stores(record: NodeRecord, text: Mapping[str, str]) -> str:
    key = "help_stores_input" if record.layer == INPUT else "help_stores"
    return text[key].format(name=record.parameter)


def _function(capture: Capture, node: NodeRecord, text: Mapping[str, str]) -> str:
    sentences = (_what(node, text), _arrives(capture, node, text), _hands(capture, node, text))
    return " ".join(sentences)


def _what(node: NodeRecord, text: Mapping[str, str]) -> str:
    where = {ROOT: "_model", LOSS: "_loss"}.get(node.layer, "")
    key = "help_backward" if node.call else "help_unnamed"
    return text[key + where].format(call=node.call, layer=node.layer)


def _arrives(capture: Capture, node: NodeRecord, text: Mapping[str, str]) -> str:
    if all(gradient is None for gradient in node.upstream) and node.kept:
        return text["help_never"]
    givers = givers_of(capture, node)
    if not givers:
        return text["help_begins" if capture.loss is None else "help_begins_loss"]
    names = _listed([_name(giver, node, text) for giver in givers], text)
    outside = all(giver.layer != node.layer for giver in givers)
    is_output = outside and node.layer not in OUTSIDE and capture.layer(node.layer).leaf
    key = "help_output" if is_output else "help_arrives"
    return text[key].format(layer=node.layer, givers=names)


def _hands(capture: Capture, node: NodeRecord, text: Mapping[str, str]) -> str:
    targets = [capture.node(target) for target in node.targets if target is not None]
    if not targets:
        return text["help_hands_nothing"]
    names = _listed([_name(target, node, text) for target in targets], text)
    return text["help_hands"].format(targets=names)


def _name(other: NodeRecord, node: NodeRecord, text: Mapping[str, str]) -> str:
    """Name a neighbour of a node: its parameter, its layer, or its own class."""
    if other.layer == INPUT:
        return text["help_the_input"]
    if other.is_leaf:
        return other.parameter
    if other.layer == LOSS and node.layer != LOSS:
        return text["help_the_loss"]
    return other.name if other.layer in (ROOT, node.layer) else layer_title(other.layer, text)


def _listed(names: Sequence[str], text: Mapping[str, str]) -> str:
    *most, last = dict.fromkeys(names)
    return text["help_and"].join([", ".join(most), last] if most else [last])
