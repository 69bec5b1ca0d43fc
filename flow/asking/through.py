"""From a layer's inputs through the one node that computes, to the layer's output.

A linear layer on a sequence reshapes, multiplies and reshapes back: nodes that only move cells
are followed, so that the layer's own cells can be named instead of the node's. Which input of the
node is which input of the layer is told by where its gradient stands, never by order or size.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from flow.asking.matrix.probe import single_source
from flow.errors import ExplainError
from flow.ops import moves
from flow.record import (
    Array,
    Capture,
    GradientPlace,
    LayerRecord,
    NodeRecord,
    Shape,
    is_cell,
    place_of,
)
from flow.recording.walk import LiveGraph
from flow.said import said

Index = NDArray[np.int64]


class NoWayError(Exception):
    """A layer whose output cannot be read off one node; the message says why."""


@dataclass(frozen=True, eq=False)
class Moved:
    """Where each cell of a node's tensor stands in the layer's; None: in the same place."""

    cells: Index | None

    def outside(self, cells: Index) -> Index:
        """Return the layer's cells of some of the node's."""
        return cells if self.cells is None else self.cells[cells]

    def inside(self, cells: Index) -> Index:
        """Return the node's cells of some of the layer's."""
        return cells if self._inverse is None else self._inverse[cells]

    @cached_property
    def _inverse(self) -> Index | None:
        return None if self.cells is None else inverse(self.cells)


@dataclass(frozen=True, eq=False)
class Side:
    """One input of the node that is an input of the layer."""

    input: int
    """Which input of the layer, among those that hold real numbers."""
    which: int
    """Which input of the node."""
    moved: Moved


@dataclass(frozen=True, eq=False)
class Through:
    """The node that computes a layer's output, and how cells got there and away."""

    layer: LayerRecord
    node: NodeRecord
    output: int
    """Which output of the node the layer returns first."""
    values: tuple[Array, ...]
    """The layer's inputs that hold real numbers."""
    sides: tuple[Side, ...]
    moved: Moved
    recorded: Array
    """The layer's output."""

    def sides_of(self, which: int) -> tuple[Side, ...]:
        """Return the inputs of the node that are input ``which`` of the layer: none, or several."""
        return tuple(side for side in self.sides if side.input == which)


def way_through(graph: LiveGraph, capture: Capture, name: str) -> Through:
    """Find the way through a layer.

    Raises NoWayError where there is none, ExplainError where there is no such layer.
    """
    layer = _find(capture, name)
    values, places, recorded = _values(layer)
    owned = {node for node in layer.nodes if not capture.node(node).is_leaf}
    end = layer.output_places[0] if layer.output_places else None
    if not layer.leaf or end is None or end[0] not in owned or not values:
        raise NoWayError(
            said("{name} has no operation of its own whose coefficients could be shown.", name=name)
        )
    node, output, moved = _to_the_one_that_computes(graph, capture, end, owned)
    if node.upstream[output] is None:
        raise NoWayError(
            said(
                "No gradient arrives at the output of {name}, so there is none to follow.",
                name=name,
            )
        )
    sides = tuple(
        Side(which=which, input=places.index(place), moved=Moved(cells))
        for which, place, cells in _borders(graph, capture, layer, node, owned)
        if place in places
    )
    if not sides or int(np.prod(node.shapes[output])) != recorded.size:
        raise NoWayError(several_steps(name))
    return Through(layer, node, output, values, sides, Moved(moved), recorded)


def several_steps(name: str) -> str:
    """Return the sentence for a layer that is more than one operation."""
    return said(
        "{name} is more than one operation on each of its inputs: choose one of its nodes.",
        name=name,
    )


def _find(capture: Capture, name: str) -> LayerRecord:
    try:
        return capture.layer(name)
    except KeyError:
        raise ExplainError(said("There is no layer {name!r} in this run.", name=name)) from None


def _values(layer: LayerRecord) -> tuple[tuple[Array, ...], list[GradientPlace | None], Array]:
    """Return the inputs that hold real numbers, where their gradients stand, and the output."""
    recorded = layer.output
    if recorded is None or any(value is None for value in layer.inputs):
        raise NoWayError(
            said("A value of {name} was overwritten in place, so it is gone.", name=layer.name)
        )
    present = [
        (value, place)
        for value, place in zip(layer.inputs, layer.input_places, strict=True)
        if value is not None
    ]
    if any(value.dtype.kind == "c" for value in (recorded, *(value for value, _ in present))):
        raise NoWayError(
            said("{name} computes with complex numbers: choose one of its nodes.", name=layer.name)
        )
    real = [(value, place) for value, place in present if value.dtype.kind == "f"]
    return tuple(value for value, _ in real), [place for _, place in real], recorded


def _to_the_one_that_computes(
    graph: LiveGraph, capture: Capture, end: GradientPlace, owned: set[str]
) -> tuple[NodeRecord, int, Index | None]:
    """Follow nodes that only move cells, from the output back."""
    (first, output), cells = end, None
    node = capture.node(first)
    while moves(node) and node.targets[0] in owned:
        moved = _moved(graph, node)
        cells = moved if cells is None else cells[moved]
        node, output = capture.node(node.targets[0] or ""), node.target_outputs[0]
    return node, output, cells


def _borders(
    graph: LiveGraph, capture: Capture, layer: LayerRecord, node: NodeRecord, owned: set[str]
) -> list[tuple[int, GradientPlace | None, Index | None]]:
    """Return where each input of a node enters the layer, and how its cells were moved there."""
    found: list[tuple[int, GradientPlace | None, Index | None]] = []
    for which, first in enumerate(node.targets):
        target, output, cells = first, node.target_outputs[which], None
        while target is not None and target in owned:
            between = capture.node(target)
            if not moves(between):
                raise NoWayError(several_steps(layer.name))
            back = inverse(_moved(graph, between))
            cells = back if cells is None else back[cells]
            target, output = between.targets[0], between.target_outputs[0]
        if target is not None:
            found.append((which, (target, output), cells))
    return found


def _moved(graph: LiveGraph, node: NodeRecord) -> Index:
    """Return which output cell of a node each of its input cells became."""
    found = single_source(graph, node, 0)
    if found is None or (found[1] != 1).any():
        raise NoWayError(said("{name} does more than move cells.", name=node.name))
    return found[0]


def inverse(moved: Index) -> Index:
    """Return the permutation that undoes ``moved``."""
    back = np.empty_like(moved)
    back[moved] = np.arange(len(moved))
    return back


def place_in(cell: Shape, shape: Shape, what: str) -> int:
    """Return the row-major position of a cell, or raise ExplainError when it does not exist."""
    if not is_cell(cell, shape):
        raise ExplainError(
            said(
                "{what}: cell {cell} is outside its shape {shape}.",
                what=what,
                cell=cell,
                shape=shape,
            )
        )
    return place_of(cell, shape)
