"""The sums of terms of many cells of a gradient at once, added in float64.

They are sums of real numbers: a complex cell is two of them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from flow.arrays import to_array
from flow.asking.local import arrived_vectors
from flow.asking.matrix.blocks import UNBATCHED, Asked
from flow.asking.matrix.reals import of_array
from flow.asking.matrix.search import of_single_cells, of_single_sources, search
from flow.asking.matrix.trial import Found
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
    """For some numbers of one gradient: the sum of the terms, of their sizes, and how many."""

    places: NDArray[np.int64]
    """Row-major positions of these numbers."""
    totals: Array
    sizes: Array
    """sum|t|."""
    terms: NDArray[np.int64]


def sums(graph: LiveGraph, record: NodeRecord, which: int) -> Sums | None:
    """Add up the terms of all cells, or of some where that is too much work; None for not one."""
    gradient = record.downstream[which]
    vectors = arrived_vectors(graph, record.index)
    arrived = np.concatenate([of_array(to_array(one)) for one in vectors])
    height = 0 if gradient is None else of_array(gradient).size
    if not height or not arrived.size:
        return None
    every = Asked(graph, record, which, np.arange(height), np.arange(arrived.size))
    try:
        single = of_single_cells(every) or of_single_sources(every)
        if single is not None:
            return _added(every, single, arrived)
        rows = spread(height if height * arrived.size <= SEARCHED else SUM_CELLS, height)
        slow = record.name in UNBATCHED and arrived.size > RUNS
        if slow or len(rows) * arrived.size > SEARCHED:
            return None
        some = Asked(graph, record, which, np.array(rows), np.arange(arrived.size))
        return _added(some, search(some).found, arrived)
    except ExplainError:
        return None  # no way leads to the coefficients: what is explained alone remains


def spread(count: int, size: int) -> list[int]:
    """Return at most ``count`` positions, evenly spread, the same ones every time."""
    if size <= count:
        return list(range(size))
    return sorted({(SEED + step * size // count) % size for step in range(count)})


def added(coefficients: Array, upstreams: Array) -> tuple[complex, float]:
    """Return one sum of terms in float64, and the sum of their sizes."""
    wide = np.result_type(coefficients, upstreams, np.float64)
    with np.errstate(all="ignore"):
        products = coefficients.astype(wide) * upstreams.astype(wide)
        return products.sum().item(), float(np.abs(products).sum())


def _added(asked: Asked, found: Found, arrived: Array) -> Sums:
    """Add up row by row."""
    count = len(asked.rows)
    with np.errstate(all="ignore"):
        products = found.values.astype(np.float64) * arrived[asked.columns[found.columns]]
    return Sums(
        asked.rows,
        np.bincount(found.rows, products, count),
        np.bincount(found.rows, np.abs(products), count),
        np.bincount(found.rows, minlength=count),
    )
