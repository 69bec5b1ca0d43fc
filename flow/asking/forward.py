"""How a layer's output cells are made of its input cells: the same Jacobian, read forward.

A backward node multiplies by the transposed Jacobian of its forward, so the coefficients that
``table`` finds are those of the forward too. They add up to the output only where the forward is
such a sum: the rule declares it, and every recorded output cell is compared before it is said.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce

import numpy as np
import torch

from flow.arrays import to_array
from flow.asking.explain import explain, reach
from flow.asking.linearity import precision_at
from flow.asking.naming import name_terms
from flow.asking.replay import REFUSALS, Stage
from flow.asking.rounding import Precision, of_shown, of_tiny
from flow.asking.table import table
from flow.asking.through import NoWayError, Side, Through, place_in, way_through
from flow.errors import ExplainError
from flow.ops import OPS
from flow.ops.common.operation import Reads
from flow.ops.common.terms import COPY, Terms
from flow.record import Array, Capture, NodeRecord, Shape, cell_at
from flow.recording.structure import tensors_in
from flow.recording.walk import LiveGraph
from flow.said import said
from flow.sparse import CONSTANT, Entries, ForwardTable, Index, Kind

ROUNDINGS = 128
"""Units of itself and of its cell by which a function of one cell may be off."""


@dataclass(frozen=True, eq=False)
class Ground:
    """What a finished run left to ask questions of."""

    graph: LiveGraph
    capture: Capture
    stage: Stage


def forward(ground: Ground, layer: str, sample: int | None) -> ForwardTable:
    """Return how the output cells of a layer are made; ``note`` says why where it is unknown."""
    try:
        way = way_through(ground.graph, ground.capture, layer)
        shape = way.recorded.shape
        if _reads(way.node) == "function":
            return _of_function(ground, way, _of_sample(shape, sample))
    except NoWayError as reason:
        return _untouched(ground.capture, layer, None) or _unknown(layer, str(reason))
    try:
        parts = [_whole(ground, way, side, sample) for side in way.sides]
    except NoWayError as reason:
        return _unknown(layer, str(reason), shape)
    samples = {covered for _, covered in parts}
    cells = _of_sample(shape, None if None in samples else sample)
    found = reduce(Entries.__add__, [entries for entries, _ in parts])
    return _judged(ground, way, found, cells)


def forward_cell(ground: Ground, layer: str, cell: Shape) -> ForwardTable:
    """Return how one output cell of a layer is made."""
    try:
        way = way_through(ground.graph, ground.capture, layer)
        cells = np.array([place_in(cell, way.recorded.shape, said("{layer} output", layer=layer))])
        if _reads(way.node) == "function":
            return _of_function(ground, way, cells)
    except NoWayError as reason:
        return _untouched(ground.capture, layer, cell) or _unknown(layer, str(reason))
    place = int(way.moved.inside(cells)[0])
    inside = cell_at(place, way.node.shapes[way.output])
    fed = reach(ground.graph, ground.capture, way.node.id, inside, way.output).inputs
    parts = [_row(ground, way, side, fed[side.which], place) for side in way.sides]
    return _judged(ground, way, reduce(Entries.__add__, parts), cells)


def forward_reach(ground: Ground, layer: str, which: int, cell: Shape) -> ForwardTable:
    """Return the output cells that one input cell feeds, each with that cell's term alone."""
    try:
        way = way_through(ground.graph, ground.capture, layer)
        if not 0 <= which < len(way.values):
            raise ExplainError(
                said(
                    "{layer} input {which}: it has {count}, counted from 0.",
                    layer=layer,
                    which=which,
                    count=len(way.values),
                )
            )
        place = place_in(
            cell, way.values[which].shape, said("{layer} input {which}", layer=layer, which=which)
        )
        if _reads(way.node) == "function":
            return _of_function(ground, way, np.array([place]))
        if not way.sides_of(which):
            raise NoWayError(
                said("No gradient flows to input {which} of {layer}.", which=which, layer=layer)
            )
    except NoWayError as reason:
        return _untouched(ground.capture, layer, cell) or _unknown(layer, str(reason))
    parts = [_column(ground, way, side, place) for side in way.sides_of(which)]
    entries, shape = reduce(Entries.__add__, parts), way.recorded.shape
    fed = np.unique(entries.rows)
    kind = forward_cell(ground, layer, cell_at(int(fed[0]), shape)).kind if len(fed) else "other"
    found = entries if kind == "sum" else entries.merged()
    return _table(way, kind, fed, found, _precision(ground, way))


def _whole(
    ground: Ground, way: Through, side: Side, sample: int | None
) -> tuple[Entries, int | None]:
    """Return all coefficients of one input, and the sample they are restricted to."""
    if side.moved.cells is not None or way.moved.cells is not None:
        sample = None  # axis 0 of the node need not be the samples
    try:
        found = table(ground.graph, ground.capture, way.node.id, side.which, sample)
    except ExplainError as reason:
        raise NoWayError(str(reason)) from reason
    if not found.complete:
        raise NoWayError(found.note)
    ours = np.flatnonzero(found.sides == way.output)
    entries = Entries(
        rows=way.moved.outside(found.places[ours].astype(np.int64)),
        sides=np.full(len(ours), side.input),
        places=side.moved.outside(found.rows[ours].astype(np.int64)),
        coefficients=found.coefficients[ours],
        names=found.names,
        name_of=found.name_of[ours].astype(np.int64) if found.names else _unnamed(),
    )
    return entries, found.sample


def _row(ground: Ground, way: Through, side: Side, fed: Array | None, place: int) -> Entries:
    """Return the coefficients of one output cell by one input; ``place`` is the node's cell."""
    flat = np.zeros(0, np.float32) if fed is None else fed.reshape(-1)
    below = np.flatnonzero(flat)
    terms = Terms(
        node=ground.graph.nodes[way.node.index],
        record=way.node,
        capture=ground.capture,
        which=side.which,
        cells=below,
        outputs=np.full(len(below), way.output),
        places=np.full(len(below), place),
        coefficients=flat[below],
    )
    named = name_terms(terms)
    return Entries(
        rows=way.moved.outside(np.full(len(below), place)),
        sides=np.full(len(below), side.input),
        places=side.moved.outside(below),
        coefficients=flat[below],
        names=() if named is None else named.names,
        name_of=_unnamed() if named is None else named.index,
    )


def _column(ground: Ground, way: Through, side: Side, place: int) -> Entries:
    """Return the coefficients of one input cell in all output cells."""
    gradient = way.node.downstream[side.which]
    shape = () if gradient is None else gradient.shape
    inside = cell_at(int(side.moved.inside(np.array([place]))[0]), shape)
    found = explain(ground.graph, ground.capture, way.node.id, inside, "downstream", side.which)
    ours = np.flatnonzero(found.outputs == way.output)
    names, name_of = np.unique(np.array(found.names, str), return_inverse=True)
    return Entries(
        rows=way.moved.outside(found.places[ours]),
        sides=np.full(len(ours), side.input),
        places=np.full(len(ours), place),
        coefficients=found.coefficients[ours],
        names=tuple(names.tolist()),
        name_of=name_of[ours] if found.names else _unnamed(),
    )


def _unnamed() -> Index:
    return np.zeros(0, np.int64)


def _of_sample(shape: Shape, sample: int | None) -> Index:
    """Return the output cells of one sample, or all."""
    size = int(np.prod(shape))
    if sample is None or not shape or sample >= shape[0]:
        return np.arange(size)
    each = size // shape[0]
    return np.arange(sample * each, (sample + 1) * each)


def _judged(ground: Ground, way: Through, found: Entries, cells: Index) -> ForwardTable:
    """Say that the coefficients are terms of a sum where that is declared and holds."""
    precision = _precision(ground, way)
    if _reads(way.node) in ("sum", "choice"):
        whole = found + _bias(way, cells)
        if _adds_up(way, whole, cells, precision):
            return _table(way, "sum", cells, whole, precision)
    return _table(way, "other", cells, found.merged(), precision)


def _reads(node: NodeRecord) -> Reads:
    known = OPS.get(node.name)
    return "other" if known is None else known.reads


def _bias(way: Through, cells: Index) -> Entries:
    """Return the constant term of every output cell; none where the layer has no bias."""
    own = [record for record in way.layer.parameters if record.name.endswith(".bias")]
    known = OPS.get(way.node.name)
    axis = None if known is None else known.bias_axis
    if axis is None or not own:
        return Entries(cells[:0], cells[:0], cells[:0], way.recorded.reshape(-1)[:0])
    bias, shape = own[0], way.node.shapes[way.output]
    entries = np.asarray(np.unravel_index(way.moved.inside(cells), shape)[axis], np.int64)
    name = bias.name.partition(" = ")[0]
    return Entries(
        rows=cells,
        sides=np.full(len(cells), len(way.values) - 1),
        places=np.full(len(cells), CONSTANT),
        coefficients=bias.value[entries],
        names=tuple(f"{name}[{entry}]" for entry in range(len(bias.value))),
        name_of=entries,
    )


def _adds_up(way: Through, found: Entries, cells: Index, precision: Precision) -> bool:
    """Whether the terms of every covered output cell add up to what was recorded."""
    values = np.ones(len(found.rows))
    for which, value in enumerate(way.values):
        mine = (found.sides == which) & (found.places != CONSTANT)
        values[mine] = value.reshape(-1)[found.places[mine]]
    products = found.coefficients.astype(np.float64) * values
    size = way.recorded.size
    with np.errstate(all="ignore"):
        total = np.bincount(found.rows, products, minlength=size)[cells]
        scale = np.bincount(found.rows, np.abs(products), minlength=size)[cells]
        terms = np.bincount(found.rows, minlength=size)[cells]
        recorded = way.recorded.reshape(-1)[cells]
        allowed = of_shown(terms, scale, precision)
        close: bool = (np.abs(total - recorded) <= allowed).all().item()
    return close


def _precision(ground: Ground, way: Through) -> Precision:
    return precision_at(ground.graph, way.node.index)


def _of_function(ground: Ground, way: Through, cells: Index) -> ForwardTable:
    """Say what the layer makes of every input cell alone, where that is what was recorded."""
    name, value = way.layer.name, way.values[way.sides[0].input]
    if value.shape != way.recorded.shape:
        return _unknown(name, said("{name} is not a function of single cells.", name=name))
    values, recorded = value.reshape(-1)[cells], way.recorded.reshape(-1)[cells]
    try:
        module = ground.stage.twin(name)
        with torch.no_grad():
            alone = next(tensors_in(module(torch.from_numpy(values.astype(np.float64)))))
    except REFUSALS:
        return _unknown(name, said("{name} cannot be run again on single cells.", name=name))
    results = to_array(alone).reshape(-1).astype(recorded.dtype)
    precision = _precision(ground, way)
    allowed = ROUNDINGS * precision.unit * (np.abs(recorded) + np.abs(values))
    if not (np.abs(results - recorded) <= allowed).all():
        return _unknown(name, said("{name} is not a function of single cells.", name=name))
    entries = Entries(cells, np.full_like(cells, way.sides[0].input), cells, recorded)
    called = way.node.call.rpartition(".")[2] or way.layer.kind.lower()
    return _table(way, "function", cells, entries, precision, function=called)


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
        cells = np.array([place_in(cell, layer.output.shape, name)])
    ones = np.ones(len(cells), layer.output.dtype)
    first = np.zeros_like(cells)
    entries = Entries(cells, first, cells, ones, (COPY,), first)
    rows = entries.by_rows(cells)
    return ForwardTable(**rows.fields(), layer=name, shape=layer.output.shape, kind="sum")


def _unknown(layer: str, note: str, shape: Shape = ()) -> ForwardTable:
    """Return a table without rows; with a shape where single cells may still be asked for."""
    return ForwardTable(layer=layer, shape=shape, kind="other", note=note)


def _table(
    way: Through,
    kind: Kind,
    cells: Index,
    found: Entries,
    precision: Precision,
    *,
    function: str = "",
) -> ForwardTable:
    rows = found.by_rows(cells)
    slack = float(of_tiny(np.diff(rows.offsets).max(initial=0), precision))
    return ForwardTable(
        **{**rows.fields(), "unit": precision.unit, "slack": slack},
        layer=way.layer.name,
        shape=way.recorded.shape,
        kind=kind,
        function=function,
    )
