"""A node's coefficients as a sparse matrix of real numbers, found by the quickest right way.

A function of single cells answers a vector of ones with all its coefficients. Everything else is
searched block by block; what torch's shortcuts say is believed where the node itself agrees.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from flow.asking.local import AloneError
from flow.asking.matrix.blocks import ONE_HOT_LIMIT, Asked, Way, one_by_one, shortcuts
from flow.asking.matrix.probe import single_source, slopes
from flow.asking.matrix.reals import of_array
from flow.asking.matrix.trial import Found, agrees
from flow.record import Array

FEW = 64
"""Runs on one-hot vectors that are made for nothing but less rounding: a few milliseconds."""
Method = Literal["double backward", "one-hot"]


class TooManyError(Exception):
    """More coefficients than were asked for at most."""


@dataclass(frozen=True, eq=False)
class Searched:
    """Coefficients, and how they were found."""

    found: Found
    method: Method
    agreed: bool = True
    """Whether the node answers other upstreams as these coefficients say, to the last bits."""


def of_single_cells(asked: Asked) -> Found | None:
    """Return the coefficients of a function of single cells; None for every other node."""
    found = slopes(asked.graph, asked.record, asked.which)
    return None if found is None else _sparse(asked, np.arange(len(found)), found)


def of_single_sources(asked: Asked) -> Found | None:
    """Return the coefficients where every cell reads at most one; None for every other node."""
    found = single_source(asked.graph, asked.record, asked.which)
    return None if found is None else _sparse(asked, *found)


def _sparse(asked: Asked, places: Array, coefficients: Array) -> Found:
    values = coefficients[asked.rows]
    kept = np.flatnonzero(values != 0)
    return Found(kept, places[asked.rows][kept], values[kept])


def search(asked: Asked, most: int | None = None) -> Searched:
    """Return the coefficients of the wanted cells.

    Where a shortcut found terms that do not give the node's answers to the last bits, the node
    itself is asked about those columns.

    Raises TooManyError when there are more than ``most``, ExplainError when no way leads to them.
    """
    for way in shortcuts(asked):
        try:
            found = _collect(asked, way, most)
        except (RuntimeError, AloneError):
            continue  # no second derivative, or no batching rule: go another way
        method: Method = "one-hot" if way.__name__ == "_by_columns" else "double backward"
        whole = _without_foreign(asked, found)
        if whole is not None:
            return Searched(whole, "one-hot")
        if agrees(asked, found):
            return Searched(found, method)
        near = agrees(asked, found, noisy=True)
        again = _from_columns(asked, found, FEW if near else ONE_HOT_LIMIT)
        if again is not None:
            return Searched(again, "one-hot", agreed=not near)
        if near:
            return Searched(found, method, agreed=False)
    found = _collect(asked, one_by_one, most)
    return Searched(found, "one-hot", agrees(asked, found))


def _without_foreign(asked: Asked, found: Found) -> Found | None:
    """Return what the node itself says of finite cells whose coefficients are lost.

    That is, in 0 times another cell's infinity. None where none is lost, or it does not help.
    """
    recorded = asked.record.downstream[asked.which]
    lost = np.isnan(found.values)
    if recorded is None or not lost.any():
        return None
    finite = np.isfinite(of_array(recorded)[asked.rows])
    if not finite[found.rows[lost]].any():
        return None
    again = _from_columns(asked, found, ONE_HOT_LIMIT)
    if again is None:
        return None
    parts = [(again, finite[again.rows]), (found, ~finite[found.rows])]
    rows, columns, values = (
        np.concatenate([getattr(one, name)[kept] for one, kept in parts])
        for name in ("rows", "columns", "values")
    )
    order = np.lexsort((columns, rows))
    return Found(rows[order], columns[order], values[order])


def _from_columns(asked: Asked, found: Found, limit: int) -> Found | None:
    """Ask the node itself about the columns of some terms; None where that does not agree."""
    columns = np.unique(found.columns)
    if len(columns) > limit:
        return None
    try:
        again = _collect(replace(asked, columns=columns), one_by_one, None)
    except AloneError:
        return None
    return again if agrees(asked, again, noisy=True) else None


def _collect(asked: Asked, way: Way, most: int | None) -> Found:
    """Go one way and keep what is not 0, while it is not too much."""
    rows, columns, values = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)], []
    count = 0
    for block in way(asked):
        down, up = np.nonzero(block.values != 0)
        rows.append(down + block.row)
        columns.append(asked.columns[up + block.column])
        values.append(block.values[down, up])
        count += len(down)
        if most is not None and count > most:
            raise TooManyError
    row, column = np.concatenate(rows), np.concatenate(columns)
    found = np.concatenate(values) if values else np.zeros(0, np.float32)
    if len(values) <= 1:
        return Found(row, column, found)  # in order as it came
    order = np.lexsort((column, row))
    return Found(row[order], column[order], found[order])
