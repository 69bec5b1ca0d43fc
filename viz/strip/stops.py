"""What the strip shows, in forward order: the input, leaf layers, operations, the loss."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import Literal

import numpy as np

from flow.record import INPUT, LOSS, Array, Capture, GradientPlace, LayerRecord, NodeRecord
from viz.detail import short_detail
from viz.graphs.collapse import node_ranges
from viz.hidden import any_hidden, is_hidden
from viz.peak import shown_peak, shown_shape
from viz.theme import format_number

NAMED_CALLS = 2
"""Operations between two layers that are all named; of more, the first and the last."""

Values = Mapping[GradientPlace, Array]
Kind = Literal["input", "layer", "operation", "loss"]
State = Literal["number", "zero", "not finite", "not asked", "nothing", "cut", "not kept", "hidden"]
"""Of the gradient at a box: what it is, or why there is none."""


@dataclass(frozen=True, eq=False)
class Stop:
    """One place on the way forward, with what went through it."""

    kind: Kind
    name: str
    detail: str
    shape: str
    """Shape of its (first) output; the loss has its value here."""
    layer: str
    """Name of the layer as in the Capture; empty when there is none."""
    node: str
    """Id of the node that choosing the box selects; empty when it is inert."""
    nodes: tuple[str, ...]
    """All nodes that it holds."""
    value: Array | None
    """What it computed; None where that was not recorded."""
    gradients: tuple[Array | None, ...]
    """dL/d(output), one an output."""
    place: GradientPlace | None
    """Where the gradient of its (first) output stands in the graph."""
    handed: tuple[Array | None, ...] = ()
    """What a layer without nodes of its own hands on."""
    layer_kind: str = ""
    """Class of the layer; empty when there is none."""
    kept: bool = True
    """Whether its values and gradients were kept."""
    path: str = ""
    """Of the module that was called; empty when there is none."""
    asks: bool = False
    """Whether what it computed, or a parameter in it that got none, asked for a gradient."""
    cut: str | None = None
    """The layer that detached what came of it, as in the Capture."""

    @property
    def type(self) -> str:
        """What boxes that do the same share: the class, or what the operation is called."""
        return self.layer_kind or self.name

    @property
    def ranges(self) -> tuple[tuple[int, int], ...]:
        """Numbers of its nodes, as inclusive ranges."""
        return tuple((low, high) for low, high in node_ranges(self.nodes))

    @cached_property
    def peak(self) -> float | None:
        """Max |gradient| of the whole batch; None where there is none, or one that is hidden."""
        return shown_peak(self.gradients)

    @property
    def hides_value(self) -> bool:
        """Whether what it computed is hidden."""
        return is_hidden(self.value)

    @property
    def gradient(self) -> Array | None:
        """The gradient that is drawn: that of the first output which has one."""
        return next((array for array in self.gradients if array is not None), None)

    @property
    def state(self) -> State:
        """What the gradient is, or why there is none."""
        if any_hidden(self.gradients):
            return "hidden"
        if self.peak is None:
            if not self.kept:
                return "not kept"
            if self.cut is not None:
                return "cut"
            return "nothing" if self.asks or self.place is not None else "not asked"
        if not math.isfinite(self.peak):
            return "not finite"
        return "number" if self.peak else "zero"


def stops(capture: Capture, text: Mapping[str, str]) -> Iterator[Stop]:
    """Yield the way forward through a model, from its input to its loss."""
    yield _input_stop(capture, text)
    yield from _between(capture, _values(capture), text)
    yield _loss_stop(capture, text)


def _between(capture: Capture, values: Values, text: Mapping[str, str]) -> Iterator[Stop]:
    """Yield the leaf layers as they were called, each followed by the operations after it."""
    leaves = [layer for layer in capture.layers if layer.leaf]
    names = {layer.name for layer in leaves}
    after: dict[str, list[list[NodeRecord]]] = {}
    previous = ""
    forward = [node for node in reversed(capture.nodes) if not node.is_leaf and node.layer != LOSS]
    for layer, run in groupby(forward, lambda node: node.layer if node.layer in names else None):
        if layer is None:
            after.setdefault(previous, []).append(list(run))
        else:
            previous = layer
    yield from (_operation_stop(run, values, text) for run in after.get("", ()))
    for leaf in leaves:
        yield _layer_stop(leaf, capture)
        yield from (_operation_stop(run, values, text) for run in after.get(leaf.name, ()))


def _input_stop(capture: Capture, text: Mapping[str, str]) -> Stop:
    nodes = [node for node in capture.nodes if node.is_leaf and node.layer == INPUT]
    value = capture.inputs[0] if capture.inputs else None
    return Stop(
        kind="input",
        name=text["input"],
        detail="",
        shape="" if value is None else shown_shape(value.shape),
        layer=INPUT,
        node=nodes[0].id if nodes else "",
        nodes=tuple(node.id for node in nodes),
        value=value,
        gradients=tuple(part for node in nodes for part in node.upstream),
        place=(nodes[0].id, 0) if nodes else None,
        asks=capture.asks,
        cut=capture.cut,
    )


def _layer_stop(layer: LayerRecord, capture: Capture) -> Stop:
    functions = [node for node in layer.nodes if not capture.node(node).is_leaf]
    return Stop(
        kind="layer",
        name=layer.name,
        detail=short_detail(layer.kind, layer.detail),
        shape=shown_shape(layer.output_shapes[0]) if layer.output_shapes else "",
        layer=layer.name,
        node=next(iter(functions or layer.nodes), ""),
        nodes=layer.nodes,
        value=layer.output,
        gradients=layer.upstreams,
        place=layer.output_places[0] if layer.output_places else None,
        handed=layer.downstream,
        layer_kind=layer.kind,
        kept=layer.kept,
        path=layer.path,
        asks=layer.asks or any(record.left_out for record in layer.parameters),
        cut=layer.cut,
    )


def _operation_stop(run: Sequence[NodeRecord], values: Values, text: Mapping[str, str]) -> Stop:
    """Describe nodes, in forward order, that the model made between two leaf layers."""
    calls = list(dict.fromkeys(node.call or node.name for node in run))
    last = run[-1]
    return Stop(
        kind="operation",
        name=", ".join(calls) if len(calls) <= NAMED_CALLS else f"{calls[0]} … {calls[-1]}",
        detail=text["operations"].format(count=len(run)) if len(calls) > 1 else "",
        shape=shown_shape(last.shapes[0]) if last.shapes else "",
        layer=last.layer,
        node=last.id,
        nodes=tuple(node.id for node in reversed(run)),
        value=values.get((last.id, 0)),
        gradients=last.upstream,
        place=(last.id, 0),
        kept=last.kept,
    )


def _loss_stop(capture: Capture, text: Mapping[str, str]) -> Stop:
    nodes = tuple(node.id for node in capture.nodes if node.layer == LOSS)
    given = capture.loss is None
    output = capture.outputs[0] if capture.outputs else None
    kind = capture.loss_kind.removesuffix("Loss")
    first = capture.nodes[0] if capture.nodes else None
    if capture.loss is None:
        value, shape = output, "" if output is None else shown_shape(output.shape)
    else:
        value, shape = np.array(capture.loss), format_number(capture.loss)
    return Stop(
        kind="loss",
        name=text["upstream" if given else "loss"],
        detail=text["given"] if given else kind if kind.isidentifier() else "",
        shape=shape,
        layer=LOSS,
        node=nodes[0] if nodes else "",
        nodes=nodes,
        value=value,
        gradients=() if first is None else first.upstream,
        place=None if first is None else (first.id, 0),
    )


def _values(capture: Capture) -> Values:
    """Return the known values: what layers read and return, and the output of the model."""
    found: dict[GradientPlace, Array] = {}
    for layer in capture.layers:
        places = (*layer.input_places, *layer.output_places)
        for place, value in zip(places, (*layer.inputs, *layer.outputs), strict=False):
            if place is not None and value is not None:
                found[place] = value
    if len(capture.outputs) == 1:
        (output,) = capture.outputs
        for place in _read_by_loss(capture):
            if capture.node(place[0]).shapes[place[1]] == output.shape:
                found.setdefault(place, output)
    return found


def _read_by_loss(capture: Capture) -> Iterator[GradientPlace]:
    """Yield the tensors of the model that the loss, or the backward pass itself, begins with."""
    nodes = [node for node in capture.nodes if node.layer == LOSS]
    for node in nodes:
        for target, output in zip(node.targets, node.target_outputs, strict=False):
            if target is not None:
                yield target, output
    if not nodes and capture.nodes:
        yield capture.nodes[0].id, 0
