"""From a layer's inputs through the one node that computes, to the layer's output.

A linear layer on a sequence reshapes, multiplies and reshapes back: nodes that only move cells
are followed, so that the layer's own cells can be named instead of the node's.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from flow.asking.probe import single_source
from flow.errors import ExplainError
from flow.ops import moves
from flow.record import Array, Capture, LayerRecord, NodeRecord, Shape
from flow.recording.walk import LiveGraph

Index = NDArray[np.int64]


class NoWayError(Exception):
    """A layer whose output cannot be read off one node; the message says why."""


@dataclass(frozen=True, eq=False)
class Side:
    """One input of a layer: which input of the node it is, and its values."""

    which: int
    cells: Index | None
    """Cell of the layer's input for each cell of the node's input; None: the same."""
    value: Array

    def outside(self, cells: Index) -> Index:
        """Return the layer's cells of some cells of the node's input."""
        return cells if self.cells is None else self.cells[cells]

    def inside(self, cell: int) -> int:
        """Return the node's cell of one cell of the layer's input."""
        return cell if self.cells is None else int(np.flatnonzero(self.cells == cell)[0])


@dataclass(frozen=True, eq=False)
class Through:
    """The node that computes a layer's output, and how cells got there and away."""

    layer: LayerRecord
    node: NodeRecord
    sides: tuple[Side, ...]
    cells: Index | None
    """Cell of the layer's output for each cell of the node's output 0; None: the same."""
    recorded: Array
    """The layer's output."""

    def outside(self, cells: Index) -> Index:
        """Return the layer's cells of some cells of the node's output."""
        return cells if self.cells is None else self.cells[cells]

    def inside(self, cell: int) -> int:
        """Return the node's cell of one cell of the layer's output."""
        return cell if self.cells is None else int(np.flatnonzero(self.cells == cell)[0])


def way_through(graph: LiveGraph, capture: Capture, name: str) -> Through:
    """Find the way through a layer.

    Raises NoWayError where there is none, ExplainError where there is no such layer.
    """
    layer = _find(capture, name)
    values, recorded = _values(layer)
    owned = {node for node in layer.nodes if not capture.node(node).is_leaf}
    if not layer.leaf or not owned or not values or recorded.dtype.kind != "f":
        raise NoWayError(f"{name} has no operation of its own whose coefficients could be shown.")
    node, cells = _down_to_the_one_that_computes(graph, capture, layer.nodes[0], owned)
    sides = _sides(graph, capture, layer, node, owned)
    steps = NoWayError(several_steps(name))
    if len(sides) != len(values) or int(np.prod(node.shapes[0])) != recorded.size:
        raise steps
    for (which, _), value in zip(sides, values, strict=True):
        part = node.downstream[which]
        if part is None or part.size != value.size:
            raise steps
    found = tuple(
        Side(which, moved, value) for (which, moved), value in zip(sides, values, strict=True)
    )
    return Through(layer, node, found, cells, recorded)


def several_steps(name: str) -> str:
    """Return the sentence for a layer that is more than one operation."""
    return f"{name} is more than one operation on each of its inputs: choose one of its nodes."


def _find(capture: Capture, name: str) -> LayerRecord:
    try:
        return capture.layer(name)
    except KeyError:
        raise ExplainError(f"There is no layer {name!r} in this run.") from None


def _values(layer: LayerRecord) -> tuple[list[Array], Array]:
    """Return the inputs that a gradient could flow to, and the output."""
    recorded = layer.output
    if recorded is None or any(value is None for value in layer.inputs):
        raise NoWayError(f"A value of {layer.name} was overwritten in place, so it is gone.")
    values = [value for value in layer.inputs if value is not None and value.dtype.kind == "f"]
    return values, recorded


def _down_to_the_one_that_computes(
    graph: LiveGraph, capture: Capture, first: str, owned: set[str]
) -> tuple[NodeRecord, Index | None]:
    """Follow nodes that only move cells, from the output back."""
    node, cells = capture.node(first), None
    while moves(node):
        behind = node.targets[0]
        if behind is None or behind not in owned:
            break
        moved = _moved(graph, node)
        cells = moved if cells is None else cells[moved]
        node = capture.node(behind)
    return node, cells


def _sides(
    graph: LiveGraph, capture: Capture, layer: LayerRecord, node: NodeRecord, owned: set[str]
) -> list[tuple[int, Index | None]]:
    """Return which inputs of a node come from outside the layer, and how they were moved."""
    own = {record.node for record in layer.parameters}
    found: list[tuple[int, Index | None]] = []
    for which, target in enumerate(node.targets):
        between: list[NodeRecord] = []
        while target is not None and target in owned:
            between.append(capture.node(target))
            if not moves(between[-1]):
                raise NoWayError(several_steps(layer.name))
            target = between[-1].targets[0]
        if target is None or target in own:
            continue
        cells: Index | None = None
        for each in between:
            back = _inverse(_moved(graph, each))
            cells = back if cells is None else back[cells]
        found.append((which, cells))
    return found


def _moved(graph: LiveGraph, node: NodeRecord) -> Index:
    """Return which output cell of a node each of its input cells became."""
    found = single_source(graph, int(node.id[1:]), 0)
    if found is None or (found[1] != 1).any():
        raise NoWayError(f"{node.name} does more than move cells.")
    return found[0]


def _inverse(moved: Index) -> Index:
    inverse = np.empty_like(moved)
    inverse[moved] = np.arange(len(moved))
    return inverse


def place_of(cell: Shape, shape: Shape, what: str) -> int:
    """Return the row-major position of a cell, or raise ExplainError when it does not exist."""
    inside = len(cell) == len(shape) and all(
        0 <= at < size for at, size in zip(cell, shape, strict=True)
    )
    if not inside:
        raise ExplainError(f"{what}: cell {cell} is outside its shape {shape}.")
    return int(np.ravel_multi_index(cell, shape)) if cell else 0


def cell_of(place: int, shape: Shape) -> Shape:
    """Return the index of a row-major position."""
    return tuple(int(axis) for axis in np.unravel_index(place, shape)) if shape else ()
