"""A matrix drawn as a map: its entries stand between the cells of two others."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from lessons.asking.exercise import Array
from viz.maps.lights import Lights
from viz.maps.rows import Map
from viz.maps.sums import Link, Taps


def tapping(link: Link, factors: Map, *, by_column: bool = False) -> Link:
    """Let the factors of a sum light up in the matrix: in the row or in the column of its cell."""
    explained = np.repeat(link.cells, np.diff(link.offsets)).astype(np.int64)
    rows, columns = (link.places, explained) if by_column else (explained, link.places)
    return replace(link, taps=Taps(factors.key, rows * entries(factors).shape[1] + columns))


def lit(factors: Map, *, rows: str, columns: str, places: Array | None = None) -> list[Lights]:
    """Let a matrix's entry light up the cell of its row and that of its column.

    Where only some entries join such cells, ``places`` are theirs, in reading order.
    """
    if places is None:
        places = np.arange(entries(factors).size)
    row, column = np.unravel_index(places, entries(factors).shape)
    return [Lights(factors.key, rows, places, row), Lights(factors.key, columns, places, column)]


def entries(factors: Map) -> Array:
    """Return the entries of a matrix."""
    assert factors.array is not None  # noqa: S101 - a matrix always has some
    return factors.array
