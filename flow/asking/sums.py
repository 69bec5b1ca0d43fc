"""The sums of terms of many cells of a gradient at once, added in float64."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from flow.asking.blocks import UNBATCHED, Asked, blocks
from flow.asking.probe import single_source
from flow.errors import ExplainError
from flow.record import Array, NodeRecord
from flow.recording.walk import LiveGraph

SEARCHED = 1 << 21
"""Numbers of the dense matrix that is added up: a few hundredths of a second."""
SUM_CELLS = 12
"""Cells whose terms are added up where all of them are too many."""
SEED = 20
"""Where the even spread of these cells begins."""
RUNS = 1024
"""Upstream cells of a node that has to run once for each of them."""


@dataclass(frozen=True, eq=False)
class Sums:
    """For some cells of one gradient: the sum of the terms, of their sizes, and how many."""

    places: NDArray[np.int64]
    """Row-major positions of these cells."""
    totals: Array
    sizes: Array
    """sum|t|."""
    terms: NDArray[np.int64]


def sums(graph: LiveGraph, record: NodeRecord, which: int, *, twice: bool) -> Sums | None:
    """Add up the terms of all cells, or of some where that is too much work; None for not one.

    ``twice``: the node has a second derivative, so that a few cells can be asked for alone.
    """
    gradient = record.downstream[which]
    if gradient is None or gradient.dtype.kind != "f":
        return None
    index, arrived = int(record.id[1:]), _flat(record)
    if not gradient.size or not arrived.size:
        return None
    try:
        found = single_source(graph, index, which)
    except (ExplainError, RuntimeError):  # it fails on any but what arrived
        return None
    if found is not None:
        return _added(found[1], np.where(found[1] == 0, 0, arrived[found[0]]))
    rows = spread(gradient.size, gradient.size)
    if gradient.size * len(arrived) > SEARCHED:
        rows = spread(min(SUM_CELLS, SEARCHED // len(arrived)) if twice else 0, gradient.size)
    slow = record.name in UNBATCHED and len(arrived) > RUNS
    if slow or not rows:
        return None
    made = sum(part.size for part in record.downstream if part is not None)
    columns = np.arange(len(arrived))
    return _searched(Asked(graph, index, which, made, np.array(rows), columns), arrived)


def spread(count: int, size: int) -> list[int]:
    """Return at most ``count`` positions, evenly spread, the same ones every time."""
    if size <= count:
        return list(range(size))
    return sorted({(SEED + step * size // count) % size for step in range(count)})


def added(coefficients: Array, upstreams: Array) -> tuple[float, float]:
    """Return one sum of terms in float64, and the sum of their sizes."""
    with np.errstate(all="ignore"):
        products = coefficients.astype(np.float64) * upstreams.astype(np.float64)
        return float(products.sum()), float(np.abs(products).sum())


def _flat(record: NodeRecord) -> Array:
    """Return what arrived at all outputs, laid end to end; 0 where nothing did."""
    return np.concatenate(
        [
            np.zeros(int(np.prod(shape))) if part is None else part.reshape(-1).astype(np.float64)
            for part, shape in zip(record.upstream, record.shapes, strict=True)
        ]
    )


def _added(coefficients: Array, upstreams: Array) -> Sums:
    """Return the sums of one term each."""
    with np.errstate(all="ignore"):
        products = coefficients.astype(np.float64) * upstreams
    return Sums(
        np.arange(len(products)), products, np.abs(products), (coefficients != 0).astype(np.int64)
    )


def _searched(asked: Asked, arrived: Array) -> Sums | None:
    """Differentiate block by block and add up; None when no way leads there."""
    count = len(asked.rows)
    found = Sums(asked.rows, np.zeros(count), np.zeros(count), np.zeros(count, np.int64))
    try:
        for block in blocks(asked):
            rows = slice(block.row, block.row + len(block.values))
            columns = slice(block.column, block.column + block.values.shape[1])
            with np.errstate(all="ignore"):
                products = block.values.astype(np.float64) * arrived[columns]
            products[block.values == 0] = 0
            found.totals[rows] += products.sum(1)
            found.sizes[rows] += np.abs(products).sum(1)
            found.terms[rows] += (block.values != 0).sum(1)
    except (ExplainError, RuntimeError):
        return None
    return found
