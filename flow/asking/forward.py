"""How a layer's output cells are made of its input cells: the same Jacobian, read forward.

A backward node multiplies by the transposed Jacobian of its forward, so the coefficients that
``table`` finds are those of the forward too. They add up to the output only where the forward is
such a sum: the rule declares it, and every recorded output cell is compared before it is said.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from typing import Literal

import numpy as np
import torch
from numpy.typing import NDArray

from flow.arrays import to_array
from flow.asking.explain import explain, reach
from flow.asking.naming import COPY, name_terms
from flow.asking.replay import REFUSALS, Stage
from flow.asking.table import table
from flow.asking.through import NoWayError, Through, cell_of, place_of, way_through
from flow.errors import ExplainError
from flow.ops import OPS
from flow.ops.operation import Reads
from flow.ops.terms import Terms
from flow.record import CONSTANT, Array, Capture, ForwardTable, NodeRecord, Shape
from flow.recording.walk import LiveGraph

ROUNDINGS = {"float32": 1e-5, "float64": 1e-13}
"""What rounding explains of |sum - recorded output|, as a part of the sum of |terms|."""
COARSE = 1e-2
"""The same in half precision."""

Index = NDArray[np.int64]
Kind = Literal["sum", "function", "other"]


@dataclass(frozen=True, eq=False)
class Ground:
    """What a finished run left to ask questions of."""

    graph: LiveGraph
    capture: Capture
    stage: Stage


@dataclass(frozen=True, eq=False)
class _Entries:
    """Coefficients in no order, each with the output cell and the input cell that it joins."""

    above: Index
    inputs: Index
    """Which input of the layer."""
    places: Index
    """Row-major position there, or CONSTANT."""
    coefficients: Array
    names: tuple[str, ...] = ("",)
    name_of: Index | None = None

    def __add__(self, other: _Entries) -> _Entries:
        return _Entries(
            np.concatenate([self.above, other.above]),
            np.concatenate([self.inputs, other.inputs]),
            np.concatenate([self.places, other.places]),
            np.concatenate([self.coefficients, other.coefficients]),
            self.names + other.names,
            np.concatenate([self.named, other.named + len(self.names)]),
        )

    @property
    def named(self) -> Index:
        """Which name each coefficient has."""
        return np.zeros(len(self.above), np.int64) if self.name_of is None else self.name_of


def forward(ground: Ground, layer: str, sample: int | None) -> ForwardTable:
    """Return how the output cells of a layer are made; ``note`` says why where it is unknown."""
    try:
        way = way_through(ground.graph, ground.capture, layer)
        shape = way.recorded.shape
        if _reads(way.node) == "function":
            return _of_function(ground, way, _of_sample(shape, sample))
    except NoWayError as reason:
        return _untouched(ground.capture, layer, None) or _nothing_known(layer, str(reason))
    try:
        parts = [_whole(ground, way, k, sample) for k in range(len(way.sides))]
    except NoWayError as reason:
        return _nothing_known(layer, str(reason), shape)
    samples = {covered for _, covered in parts}
    cells = _of_sample(shape, None if None in samples else sample)
    found = reduce(_Entries.__add__, [entries for entries, _ in parts])
    return _judged(way, found, cells)


def forward_cell(ground: Ground, layer: str, cell: Shape) -> ForwardTable:
    """Return how one output cell of a layer is made."""
    try:
        way = way_through(ground.graph, ground.capture, layer)
        place = place_of(cell, way.recorded.shape, f"{layer} output")
        cells = np.array([place])
        if _reads(way.node) == "function":
            return _of_function(ground, way, cells)
        inside = cell_of(way.inside(place), way.node.shapes[0])
        fed = reach(ground.graph, ground.capture, way.node.id, inside, 0).inputs
    except NoWayError as reason:
        return _untouched(ground.capture, layer, cell) or _nothing_known(layer, str(reason))
    parts = [_row(ground, way, k, fed[side.which], place) for k, side in enumerate(way.sides)]
    return _judged(way, reduce(_Entries.__add__, parts), cells)


def forward_reach(ground: Ground, layer: str, which: int, cell: Shape) -> ForwardTable:
    """Return the output cells that one input cell feeds, each with that cell's term alone."""
    try:
        way = way_through(ground.graph, ground.capture, layer)
        if not 0 <= which < len(way.sides):
            raise ExplainError(f"{layer} input {which}: it has {len(way.sides)}, counted from 0.")
        side = way.sides[which]
        place = place_of(cell, side.value.shape, f"{layer} input {which}")
        if _reads(way.node) == "function":
            return _of_function(ground, way, np.array([place]))
        gradient = way.node.downstream[side.which]
        inside = cell_of(side.inside(place), () if gradient is None else gradient.shape)
        found = explain(ground.graph, ground.capture, way.node.id, inside, "downstream", side.which)
    except NoWayError as reason:
        return _untouched(ground.capture, layer, cell) or _nothing_known(layer, str(reason))
    ours = np.flatnonzero(found.outputs == 0)
    names, name_of = np.unique(np.array(found.names or [""], str), return_inverse=True)
    entries = _Entries(
        above=way.outside(found.places[ours]),
        inputs=np.full(len(ours), which),
        places=np.full(len(ours), place),
        coefficients=found.coefficients[ours],
        names=tuple(names.tolist()),
        name_of=name_of[ours] if found.names else None,
    )
    kind: Kind = "sum" if _declared(way.node) else "other"
    return _table(layer, way.recorded.shape, kind, np.unique(entries.above), entries)


def _whole(
    ground: Ground, way: Through, which: int, sample: int | None
) -> tuple[_Entries, int | None]:
    """Return all coefficients of one input, and the sample they are restricted to."""
    side = way.sides[which]
    try:
        found = table(ground.graph, ground.capture, way.node.id, side.which, sample)
    except ExplainError as reason:
        raise NoWayError(str(reason)) from reason
    if not found.complete:
        raise NoWayError(found.note)
    ours = np.flatnonzero(found.outputs == 0)
    entries = _Entries(
        above=way.outside(found.places[ours].astype(np.int64)),
        inputs=np.full(len(ours), which),
        places=side.outside(found.rows[ours].astype(np.int64)),
        coefficients=found.coefficients[ours],
        names=found.names or ("",),
        name_of=found.name_of[ours].astype(np.int64) if found.names else None,
    )
    return entries, found.sample


def _row(ground: Ground, way: Through, which: int, fed: Array | None, place: int) -> _Entries:
    """Return the coefficients of one output cell by one input."""
    side = way.sides[which]
    flat = np.zeros(0, np.float32) if fed is None else fed.reshape(-1)
    below = np.flatnonzero(flat)
    terms = Terms(
        node=ground.graph.nodes[int(way.node.id[1:])],
        record=way.node,
        capture=ground.capture,
        which=side.which,
        cells=below,
        outputs=np.zeros(len(below), np.int64),
        places=np.full(len(below), way.inside(place)),
        coefficients=flat[below],
    )
    named = name_terms(terms)
    return _Entries(
        above=np.full(len(below), place),
        inputs=np.full(len(below), which),
        places=side.outside(below),
        coefficients=flat[below],
        names=("",) if named is None else named.names,
        name_of=None if named is None else named.index,
    )


def _of_sample(shape: Shape, sample: int | None) -> Index:
    """Return the output cells of one sample, or all."""
    size = int(np.prod(shape))
    if sample is None or not shape or sample >= shape[0]:
        return np.arange(size)
    each = size // shape[0]
    return np.arange(sample * each, (sample + 1) * each)


def _judged(way: Through, found: _Entries, cells: Index) -> ForwardTable:
    """Say that the coefficients are terms of a sum where that is declared and holds."""
    if _declared(way.node):
        whole = found + _bias(way, cells)
        if _adds_up(way, whole, cells):
            return _table(way.layer.name, way.recorded.shape, "sum", cells, whole)
    return _table(way.layer.name, way.recorded.shape, "other", cells, found)


def _reads(node: NodeRecord) -> Reads:
    known = OPS.get(node.name)
    return "other" if known is None else known.reads


def _declared(node: NodeRecord) -> bool:
    return _reads(node) in ("sum", "choice")


def _bias(way: Through, cells: Index) -> _Entries:
    """Return the constant term of every output cell; none where the layer has no bias."""
    own = [record for record in way.layer.parameters if record.name.endswith(".bias")]
    known = OPS.get(way.node.name)
    axis = None if known is None else known.bias_axis
    if axis is None or not own:
        nothing = cells[:0]
        return _Entries(nothing, nothing, nothing, way.recorded.reshape(-1)[nothing], ())
    bias, shape = own[0], way.recorded.shape
    entries = np.asarray(np.unravel_index(cells, shape)[axis], np.int64)
    name = bias.name.partition(" = ")[0]
    return _Entries(
        above=cells,
        inputs=np.full(len(cells), len(way.sides) - 1),
        places=np.full(len(cells), CONSTANT),
        coefficients=bias.value[entries],
        names=tuple(f"{name}[{entry}]" for entry in range(len(bias.value))),
        name_of=entries,
    )


def _adds_up(way: Through, found: _Entries, cells: Index) -> bool:
    """Whether the terms of every covered output cell add up to what was recorded."""
    values = np.ones(len(found.above))
    for which, side in enumerate(way.sides):
        mine = (found.inputs == which) & (found.places != CONSTANT)
        values[mine] = side.value.reshape(-1)[found.places[mine]]
    products = found.coefficients.astype(np.float64) * values
    size = way.recorded.size
    with np.errstate(all="ignore"):
        total = np.bincount(found.above, products, minlength=size)[cells]
        scale = np.bincount(found.above, np.abs(products), minlength=size)[cells]
        recorded = way.recorded.reshape(-1)[cells]
        close: bool = (np.abs(total - recorded) <= _rounding(recorded) * scale).all().item()
    return close


def _rounding(recorded: Array) -> float:
    return ROUNDINGS.get(recorded.dtype.name, COARSE)


def _of_function(ground: Ground, way: Through, cells: Index) -> ForwardTable:
    """Say what the layer makes of every input cell alone, where that is what was recorded."""
    values, recorded = way.sides[0].value.reshape(-1)[cells], way.recorded.reshape(-1)[cells]
    name, shape = way.layer.name, way.recorded.shape
    try:
        module = ground.stage.twin(name)
        with torch.no_grad():
            alone = module(torch.from_numpy(values.astype(np.float64)))
    except REFUSALS:
        return _nothing_known(name, f"{name} cannot be run again on single cells.")
    results = to_array(alone).reshape(-1).astype(recorded.dtype)
    if not (np.abs(results - recorded) <= _rounding(recorded) * np.abs(recorded)).all():
        return _nothing_known(name, f"{name} is not a function of single cells.")
    entries = _Entries(cells, np.zeros_like(cells), cells, results)
    called = way.node.call.rpartition(".")[2] or way.layer.kind.lower()
    return _table(name, shape, "function", cells, entries, function=called)


def _untouched(capture: Capture, name: str, cell: Shape | None) -> ForwardTable | None:
    """Describe a layer that hands its only input on as it is; None for every other one."""
    layer = capture.layer(name)
    if len(layer.inputs) != 1 or layer.output is None or layer.inputs[0] is None:
        return None
    if layer.inputs[0].shape != layer.output.shape or (layer.inputs[0] != layer.output).any():
        return None
    if any(not capture.node(node).is_leaf for node in layer.nodes):
        return None
    cells = np.arange(layer.output.size)
    if cell is not None:
        cells = np.array([place_of(cell, layer.output.shape, name)])
    ones = np.ones(len(cells), layer.output.dtype)
    entries = _Entries(cells, np.zeros_like(cells), cells, ones, (COPY,))
    return _table(name, layer.output.shape, "sum", cells, entries)


def _nothing_known(layer: str, note: str, shape: Shape = ()) -> ForwardTable:
    """Return a table without rows; with a shape where single cells may still be asked for."""
    nothing = np.zeros(0, np.int64)
    entries = _Entries(nothing, nothing, nothing, np.zeros(0, np.float32))
    return _table(layer, shape, "other", nothing, entries, note=note)


def _table(
    layer: str,
    shape: Shape,
    kind: Kind,
    cells: Index,
    found: _Entries,
    *,
    note: str = "",
    function: str = "",
) -> ForwardTable:
    """Sort the coefficients by output cell, input and input cell; constants come last."""
    last = np.where(found.places == CONSTANT, np.iinfo(np.int64).max, found.places)
    order = np.lexsort((last, found.inputs, found.above))
    named = any(found.names)
    return ForwardTable(
        layer=layer,
        shape=shape,
        kind=kind,
        function=function,
        cells=cells.astype(np.int32),
        offsets=np.append(np.searchsorted(found.above[order], cells), len(order)).astype(np.int32),
        outputs=found.inputs[order].astype(np.uint8),
        places=found.places[order].astype(np.int32),
        coefficients=found.coefficients[order],
        names=found.names if named else (),
        name_of=found.named[order].astype(np.int32) if named else np.zeros(0, np.int32),
        note=note,
    )
