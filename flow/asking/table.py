"""All coefficients of one node at once: a sparse table to point at without asking again.

Row by row it says what ``explain`` says cell by cell. A node whose cells depend on at most one
upstream cell each (an activation, a view, a mean) is recognised by a few probes; every other
node is differentiated for many cells at a time.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from flow.asking.arrivals import Origin, origin_of
from flow.asking.linearity import conduct
from flow.asking.local import arrived_vectors, find_gradient, find_node
from flow.asking.matrix.blocks import Asked
from flow.asking.matrix.probe import keeps_samples_apart
from flow.asking.matrix.reals import Index
from flow.asking.matrix.search import TooManyError, of_single_cells, of_single_sources, search
from flow.asking.matrix.trial import Found
from flow.asking.naming import Named, name_terms
from flow.asking.notes import Summed, not_linear
from flow.errors import ExplainError
from flow.ops.common.terms import Terms
from flow.record import Array, Capture, NodeRecord, Shape
from flow.recording.walk import LiveGraph
from flow.said import said
from flow.sparse import CoefficientTable, Entries

MAX_CELLS = 4096
"""Downstream cells of one table: what a picture can be pointed at without a server."""
MAX_COEFFICIENTS = 200_000
"""Coefficients of one table: about 2 MB when sent."""
MAX_WORK = 1 << 26
"""Numbers of the dense matrix that is searched for them: about a second."""


COMPLEX = said("Complex gradients are explained one cell at a time.")


@dataclass(frozen=True, eq=False)
class _Wanted:
    """Which coefficients are asked for."""

    record: NodeRecord
    which: int
    shape: Shape
    sample: int | None
    cells: Index
    """Row-major position in the downstream of ``record`` for each row."""
    labels: Index
    """Row-major position in the gradient that was asked about."""
    columns: Index
    """Row-major positions of the upstream cells to look at, outputs laid end to end."""


class _TooMuchError(Exception):
    """The table is too large; the message says why. Never leaves this module."""


def table(
    graph: LiveGraph, capture: Capture, node: str, which: int, sample: int | None
) -> CoefficientTable:
    """Return all coefficients of a gradient; ``note`` says why where there are none."""
    record = find_node(capture, node)
    if record.is_leaf:
        origin = origin_of(graph, capture, record)
        if origin is None:
            return _empty(record, which, record.shapes[0], _several(capture, record))
        wanted = _of_origin(origin)
    else:
        wanted = _of_node(graph, record, which, sample)
    if _is_complex(graph, wanted):
        return _empty(wanted.record, wanted.which, wanted.shape, COMPLEX)
    try:
        found = _coefficients(graph, wanted)
    except (_TooMuchError, ExplainError) as reason:
        return _empty(wanted.record, wanted.which, wanted.shape, str(reason), wanted.sample)
    return _assemble(graph, capture, wanted, found)


def _several(capture: Capture, leaf: NodeRecord) -> str:
    parts = ", ".join(f"{node.id} {node.name}" for node, _ in capture.parts(leaf.id, 0))
    return said("Several nodes add to this gradient: {parts}. Ask about each of them.", parts=parts)


def _of_origin(origin: Origin) -> _Wanted:
    size = math.prod(origin.shape)
    cells = np.arange(size) if origin.cells is None else origin.cells
    columns = np.arange(_width(origin.record))
    return _Wanted(origin.record, origin.which, origin.shape, None, cells, np.arange(size), columns)


def _of_node(graph: LiveGraph, record: NodeRecord, which: int, sample: int | None) -> _Wanted:
    gradient = find_gradient(record.downstream, which, said("{id} downstream", id=record.id))
    if sample is not None and not _apart(graph, record, which, gradient, sample):
        sample = None
    if sample is None:
        cells, columns = np.arange(gradient.size), np.arange(_width(record))
    else:
        cells = _of_sample(gradient.shape, sample, 0)
        begins = np.cumsum([0, *(math.prod(shape) for shape in record.shapes)])
        columns = np.concatenate(
            [
                _of_sample(shape, sample, int(begin))
                for shape, begin in zip(record.shapes, begins, strict=False)
            ]
        )
    return _Wanted(record, which, gradient.shape, sample, cells, cells, columns)


def _of_sample(shape: Shape, sample: int, begin: int) -> Index:
    each = math.prod(shape[1:])
    return np.arange(begin + sample * each, begin + (sample + 1) * each)


def _width(record: NodeRecord) -> int:
    return sum(math.prod(shape) for shape in record.shapes)


def _apart(graph: LiveGraph, record: NodeRecord, which: int, gradient: Array, sample: int) -> bool:
    """Whether axis 0 holds samples that this node keeps apart."""
    if gradient.ndim and not 0 <= sample < gradient.shape[0]:
        raise ExplainError(
            said(
                "{id} downstream {which}: sample {sample} is outside its {shape} "
                "samples, counted from 0.",
                id=record.id,
                which=which,
                sample=sample,
                shape=gradient.shape[0],
            )
        )
    if gradient.ndim < 2 or gradient.dtype.kind != "f":
        return False
    if any(len(shape) < 2 or shape[0] != gradient.shape[0] for shape in record.shapes):
        return False
    return keeps_samples_apart(graph, record, which, sample)


def _coefficients(graph: LiveGraph, wanted: _Wanted) -> Found:
    """Return the coefficients of the wanted cells; _TooMuchError says why they are too many."""
    if len(wanted.cells) > MAX_CELLS:
        raise _TooMuchError(
            said(
                "This gradient has {count:,} cells, and a table covers at most "
                "{max_cells:,}. Ask about one cell, or use a smaller input.",
                count=len(wanted.cells),
                max_cells=MAX_CELLS,
            )
        )
    asked = Asked(graph, wanted.record, wanted.which, wanted.cells, wanted.columns)
    found = of_single_cells(asked) or of_single_sources(asked)
    if found is not None:
        return found
    if len(wanted.cells) * len(wanted.columns) > MAX_WORK:
        raise _TooMuchError(
            said(
                "{count:,} cells that may each depend on {upstream:,} upstream "
                "cells are too many for one table. Ask about one cell, or use a smaller input.",
                count=len(wanted.cells),
                upstream=len(wanted.columns),
            )
        )
    try:
        searched = search(asked, MAX_COEFFICIENTS)
    except TooManyError:
        raise _TooMuchError(
            said(
                "This node has more than {max_coefficients:,} coefficients here, too many for one "
                "table. Ask about one cell, or use a smaller input.",
                max_coefficients=MAX_COEFFICIENTS,
            )
        ) from None
    if not searched.agreed and not conduct(graph, wanted.record).linear:
        raise _TooMuchError(not_linear(wanted.record.name))
    return searched.found


def _is_complex(graph: LiveGraph, wanted: _Wanted) -> bool:
    gradient = find_gradient(wanted.record.downstream, wanted.which, wanted.record.id)
    vectors = arrived_vectors(graph, wanted.record.index)
    return gradient.dtype.kind == "c" or any(vector.is_complex() for vector in vectors)


def _without_foreign_infinity(found: Found, upstreams: Array, values: Array) -> Found:
    """Drop what another cell's infinite derivative leaves in a row, as ``explain`` does."""
    stray = np.isnan(found.values) & (upstreams != 0) & np.isfinite(values)[found.rows]
    return Found(found.rows[~stray], found.columns[~stray], found.values[~stray])


def _assemble(
    graph: LiveGraph, capture: Capture, wanted: _Wanted, found: Found
) -> CoefficientTable:
    record = wanted.record
    found = _without_foreign_infinity(found, *_summed(wanted, found))
    begins = np.cumsum([0, *(math.prod(shape) for shape in record.shapes)])
    outputs = np.searchsorted(begins, found.columns, side="right") - 1
    places = found.columns - begins[outputs]
    named = name_terms(
        Terms(
            node=graph.nodes[record.index],
            record=record,
            capture=capture,
            which=wanted.which,
            cells=wanted.cells[found.rows],
            outputs=outputs,
            places=places,
            coefficients=found.values,
        )
    )
    named = named or Named((), np.zeros(0, np.int64))
    rows = Entries(found.rows, outputs, places, found.values, named.names, named.index).by_rows(
        np.arange(len(wanted.cells))
    )
    summed = Summed(graph, record, wanted.which)
    arrived = _summed(wanted, found)[0]
    notes = summed.notes(rows.offsets, found.values, arrived, wanted.cells)
    judged = {"cells": wanted.labels.astype(np.int32), "unit": notes.unit, "slack": notes.slack}
    return CoefficientTable(
        **{**rows.fields(), **judged},
        node=record.id,
        input=wanted.which,
        sample=wanted.sample,
        shape=wanted.shape,
        shapes=record.shapes,
        notes=notes.texts,
        note_of=notes.of,
    )


def _summed(wanted: _Wanted, found: Found) -> tuple[Array, Array]:
    """Return the upstream cell of each coefficient, 0 where none arrived, and the cells' values."""
    record = wanted.record
    gradient = find_gradient(record.downstream, wanted.which, record.id)
    arrived = [
        np.zeros(math.prod(shape), gradient.dtype) if array is None else array.reshape(-1)
        for shape, array in zip(record.shapes, record.upstream, strict=True)
    ]
    return np.concatenate(arrived)[found.columns], gradient.reshape(-1)[wanted.cells]


def _empty(
    record: NodeRecord, which: int, shape: Shape, note: str, sample: int | None = None
) -> CoefficientTable:
    return CoefficientTable(
        node=record.id, input=which, sample=sample, shape=shape, shapes=record.shapes, note=note
    )
