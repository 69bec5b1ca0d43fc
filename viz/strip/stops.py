"""What the strip shows, in forward order: the input, leaf layers, operations, the loss."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from flow.record import INPUT, LOSS, Capture, LayerRecord, NodeRecord
from viz.detail import short_detail
from viz.graphs.collapse import node_ranges
from viz.peak import peak, shown_shape
from viz.theme import format_number

NAMED_CALLS = 2
"""Operations between two layers that are all named; of more, the first and the last."""

Kind = Literal["input", "layer", "operation", "loss"]
State = Literal["number", "zero", "none", "not finite"]


@dataclass(frozen=True)
class StripBox:
    """One box of the strip, JSON-ready."""

    kind: Kind
    name: str
    detail: str
    shape: str
    """Shape of its (first) output; the loss has its value here."""
    peak: str
    """max |upstream gradient|, written out."""
    share: float
    """Length of the bar, 0 to 1."""
    state: State
    layer: str
    """Name of the layer as in the Capture; empty when there is none."""
    node: str
    """Id of the node that choosing the box selects; empty when it is inert."""
    ranges: tuple[tuple[int, int], ...]
    """Numbers of the nodes it holds, as inclusive ranges."""
    title: str
    """The whole in words, for a screen reader."""


@dataclass(frozen=True)
class Stop:
    """One place on the way forward, before the bars are compared."""

    box: StripBox
    peak: float | None


def stops(capture: Capture, text: Mapping[str, str]) -> Iterator[Stop]:
    """Yield the way forward through a model, from its input to its loss."""
    yield _input_stop(capture, text)
    yield from _between(capture, text)
    yield _loss_stop(capture, text)


def _between(capture: Capture, text: Mapping[str, str]) -> Iterator[Stop]:
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
    yield from (_operation_stop(run, text) for run in after.get("", ()))
    for leaf in leaves:
        yield _layer_stop(leaf, capture)
        yield from (_operation_stop(run, text) for run in after.get(leaf.name, ()))


def _stop(
    kind: Kind,
    gradient: float | None,
    words: tuple[str, str, str],
    layer: str = "",
    nodes: Sequence[NodeRecord] = (),
) -> Stop:
    """Make a stop of its name, detail and shape; its first node that is no leaf gets chosen."""
    name, detail, shape = words
    functions = [node for node in nodes if not node.is_leaf] or list(nodes)
    box = StripBox(
        kind=kind,
        name=name,
        detail=detail,
        shape=shape,
        peak="",
        share=0.0,
        state="none",
        layer=layer,
        node=functions[0].id if functions else "",
        ranges=tuple((low, high) for low, high in node_ranges([node.id for node in nodes])),
        title="",
    )
    return Stop(box, gradient)


def _input_stop(capture: Capture, text: Mapping[str, str]) -> Stop:
    nodes = [node for node in capture.nodes if node.is_leaf and node.layer == INPUT]
    shape = shown_shape(capture.inputs[0].shape) if capture.inputs else ""
    gradient = peak(part for node in nodes for part in node.upstream)
    return _stop("input", gradient, (text["input"], "", shape), INPUT, nodes)


def _layer_stop(layer: LayerRecord, capture: Capture) -> Stop:
    shape = shown_shape(layer.output_shapes[0]) if layer.output_shapes else ""
    words = (layer.name, short_detail(layer.kind, layer.detail), shape)
    nodes = [capture.node(node) for node in layer.nodes]
    return _stop("layer", peak(layer.upstreams), words, layer.name, nodes)


def _operation_stop(run: Sequence[NodeRecord], text: Mapping[str, str]) -> Stop:
    """Describe nodes, in forward order, that the model made between two leaf layers."""
    calls = list(dict.fromkeys(node.call or node.name for node in run))
    name = ", ".join(calls) if len(calls) <= NAMED_CALLS else f"{calls[0]} … {calls[-1]}"
    detail = text["operations"].format(count=len(run)) if len(calls) > 1 else ""
    last = run[-1]
    shape = shown_shape(last.shapes[0]) if last.shapes else ""
    return _stop("operation", peak(last.upstream), (name, detail, shape), last.layer, run[::-1])


def _loss_stop(capture: Capture, text: Mapping[str, str]) -> Stop:
    nodes = [node for node in capture.nodes if node.layer == LOSS]
    start = capture.nodes[0].upstream if capture.nodes else ()
    if capture.loss is None:
        shape = shown_shape(capture.outputs[0].shape) if capture.outputs else ""
        return _stop("loss", peak(start), (text["upstream"], text["given"], shape), LOSS, nodes)
    kind = capture.loss_kind.removesuffix("Loss")
    detail = kind if kind.isidentifier() else ""
    return _stop(
        "loss", peak(start), (text["loss"], detail, format_number(capture.loss)), LOSS, nodes
    )
