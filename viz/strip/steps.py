"""The backward pass as a sequence of steps: what arrives at each node and what it hands on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flow.record import LOSS, Array, Capture, NodeRecord
from viz.hidden import is_hidden
from viz.peak import shown_shape
from viz.theme import format_number

SENTENCE_LIMIT = 600
"""Steps whose sentences travel to the browser at once; of a longer pass only those near it do."""

STEPS_WORDS: Mapping[str, str] = {
    "bar": "Steps of the backward pass",
    "first": "First step",
    "previous": "Back one step",
    "play": "Play the backward pass",
    "pause": "Pause",
    "next": "Next step",
    "last": "Last step",
    "stop": "Leave the steps",
    "back": "Back",
    "onward": "Next",
    "position": "Step {place} of {count}",
}
"""What the browser shows around the sentences, in English."""
STEP_TEXT: Mapping[str, str] = {
    "start": "{name} begins with {gradient}",
    "start_loss": "{name} begins with ∂L/∂L = 1",
    "received": "{name} received {gradient}",
    "within": "{layer} ({name})",
    "number": "the number {value}",
    "hidden": "a number that is hidden",
    "vector": "a vector of {size}",
    "array": "a {shape} gradient",
    "several": "{count} gradients, each {gradient},",
    "added": ", the sum of {count} parts (from {givers})",
    "handed": " and hands {parts}",
    "to": "{gradient} to {name}",
    "nothing": " and hands nothing on",
    "stored": "{name}.grad stores {gradient}",
    "never": "{name} never ran: no gradient reached it",
    "and": " and ",
    "input": "the input",
    "loss": "loss",
}
"""What the sentences are made of, in English; pass a translated copy."""
STATE_TEXT: Mapping[str, str] = {
    "step_done": "done",
    "step_begun": "begun",
    "step_current": "current step",
    "step_ahead": "not reached yet",
}
"""What graph and strip say of a box while the visitor steps; in English, likewise."""


def step_data(
    capture: Capture, step: int = 0, text: Mapping[str, str] = STEP_TEXT
) -> dict[str, Any]:
    """Return the sentences of the backward pass, of a long one those around a step, ready for JSON.

    ``step`` is the place of a node in the engine's order, counted from 0.
    """
    count = len(capture.nodes)
    first = max(0, min(step - SENTENCE_LIMIT // 2, count - SENTENCE_LIMIT))
    nodes = capture.nodes[first : first + SENTENCE_LIMIT]
    return {
        "count": count,
        "first": first,
        "sentences": [_sentence(capture, node, text) for node in nodes],
    }


def _sentence(capture: Capture, node: NodeRecord, text: Mapping[str, str]) -> str:
    arrived = _arrived(capture, node, text)
    if not arrived:
        return text["never"].format(name=node.parameter or node.name)
    if node.is_leaf:
        return text["stored"].format(name=_name(node, text), gradient=arrived)
    return _beginning(capture, node, arrived, text) + _handed(capture, node, text)


def _arrived(capture: Capture, node: NodeRecord, text: Mapping[str, str]) -> str:
    """Say what arrived at each output, and whose parts were added up to it."""
    found: dict[str, int] = {}
    for output, array in enumerate(node.upstream):
        if array is not None:
            givers = [giver for giver, _which in capture.parts(node.id, output)]
            said = _gradient(array, text) + _added(givers, text)
            found[said] = found.get(said, 0) + 1
    return text["and"].join(
        said if count == 1 else text["several"].format(count=count, gradient=said)
        for said, count in found.items()
    )


def _added(givers: Sequence[NodeRecord], text: Mapping[str, str]) -> str:
    """Say whose parts were added up; nothing where there is one part."""
    if len(givers) < 2:
        return ""
    names = text["and"].join(_name(giver, text) for giver in givers)
    return text["added"].format(count=len(givers), givers=names)


def _beginning(capture: Capture, node: NodeRecord, arrived: str, text: Mapping[str, str]) -> str:
    name = _full_name(node, text)
    if any(capture.parts(node.id, output) for output in range(len(node.upstream))):
        return text["received"].format(name=name, gradient=arrived)
    key = "start" if capture.loss is None else "start_loss"
    return text[key].format(name=name, gradient=arrived)


def _full_name(node: NodeRecord, text: Mapping[str, str]) -> str:
    """Name a node by its layer and, in brackets, its own class."""
    layer = _name(node, text)
    return node.name if layer == node.name else text["within"].format(layer=layer, name=node.name)


def _handed(capture: Capture, node: NodeRecord, text: Mapping[str, str]) -> str:
    parts = [
        text["to"].format(gradient=_gradient(part, text), name=_name(capture.node(target), text))
        for target, part in zip(node.targets, node.downstream, strict=False)
        if target is not None and part is not None
    ]
    return text["handed"].format(parts=text["and"].join(parts)) if parts else text["nothing"]


def _name(node: NodeRecord, text: Mapping[str, str]) -> str:
    """Name a node as a visitor knows it: its parameter, its layer, or its own class."""
    if node.is_leaf:
        return text["input"] if node.parameter.startswith("(") else node.parameter
    if node.layer == LOSS:
        return text["loss"]
    return node.layer or node.name


def _gradient(array: Array, text: Mapping[str, str]) -> str:
    """Describe a gradient by its shape; one number by its value, so that no shape looks like it."""
    if array.size == 1 and is_hidden(array):
        return text["hidden"]
    if array.size == 1 and array.dtype.kind != "c":
        return text["number"].format(value=format_number(array.item()))
    if array.ndim == 1:
        return text["vector"].format(size=array.size)
    return text["array"].format(shape=shown_shape(array.shape))
