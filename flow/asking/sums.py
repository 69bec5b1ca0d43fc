"""The sums of terms of every cell of a gradient at once, added in float64."""

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
RUNS = 1024
"""Upstream cells of a node that has to run once for each of them."""


@dataclass(frozen=True, eq=False)
class Sums:
    """For each cell of one gradient: the sum of its terms, of their sizes, and how many."""

    totals: Array
    sizes: Array
    """sum|t|."""
    terms: NDArray[np.int64]


def sums(graph: LiveGraph, record: NodeRecord, which: int) -> Sums | None:
    """Add up the terms of all cells; None where that would be too much work."""
    gradient = record.downstream[which]
    if gradient is None or gradient.dtype.kind != "f":
        return None
    index = int(record.id[1:])
    arrived = _flat(record)
    found = single_source(graph, index, which)
    if found is not None:
        return _added(found[1], np.where(found[1] == 0, 0, arrived[found[0]]))
    slow = record.name in UNBATCHED and len(arrived) > RUNS
    if slow or gradient.size * len(arrived) > SEARCHED:
        return None
    made = sum(part.size for part in record.downstream if part is not None)
    rows, columns = np.arange(gradient.size), np.arange(len(arrived))
    return _searched(Asked(graph, index, which, made, rows, columns), arrived)


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
    return Sums(products, np.abs(products), (coefficients != 0).astype(np.int64))


def _searched(asked: Asked, arrived: Array) -> Sums | None:
    """Differentiate block by block and add up; None when no way leads there."""
    count = len(asked.rows)
    found = Sums(np.zeros(count), np.zeros(count), np.zeros(count, np.int64))
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
