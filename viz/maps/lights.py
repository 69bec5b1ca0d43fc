"""Which cells of two maps light up together though none of them is a sum of the others.

A matrix drawn as a map is such a case: its entry (i, j) belongs to output i and to input j.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from viz.maps.heatmap import Array
from viz.maps.packed_sums import Add, Shown


@dataclass(frozen=True, eq=False)
class Lights:
    """Pairs of cells of two maps; pointing at one of a pair lights up the other.

    The relation goes both ways. Several of them add up. Raises ValueError when the arrays do not
    fit together.
    """

    from_map: str
    """Key of the one map."""
    to_map: str
    """Key of the other."""
    cells: Array
    """Row-major position of each pair's cell of ``from_map`` in its whole array."""
    places: Array
    """Row-major position of each pair's cell of ``to_map`` in its whole array."""

    def __post_init__(self) -> None:
        if len(self.cells) != len(self.places):
            raise ValueError(
                f"lights {self.from_map} -> {self.to_map}: {len(self.cells)} cells need as many "
                f"places, {len(self.places)} came."
            )


def specify_lights(
    lights: Sequence[Lights], shown: Mapping[str, Shown], add: Add
) -> list[dict[str, Any]]:
    """Specify for the browser the pairs that are on screen, by their numbers there.

    Raises ValueError when a map without cells is named, or a cell that does not exist.
    """
    return [_specify(each, shown, add) for each in lights]


def _specify(lights: Lights, shown: Mapping[str, Shown], add: Add) -> dict[str, Any]:
    name = f"lights {lights.from_map} -> {lights.to_map}"
    cells, own = numbers_on_screen(name, lights.from_map, lights.cells, shown)
    places, other = numbers_on_screen(name, lights.to_map, lights.places, shown)
    both = own & other
    return {
        "from": lights.from_map,
        "to": lights.to_map,
        "cells": add(cells[both].astype(np.uint32)),
        "places": add(places[both].astype(np.uint32)),
    }


def numbers_on_screen(
    name: str, key: str, places: Sequence[int] | Array, shown: Mapping[str, Shown]
) -> tuple[Array, Array]:
    """Count positions of a whole array from the first that is shown, and say which are shown.

    Raises ValueError, which begins with ``name``, when the map has no cells or not all of these.
    """
    if key not in shown:
        raise ValueError(f"{name}: no map of this block with cells has the key {key!r}.")
    drawn, positions = shown[key], np.asarray(places, np.int64)
    size = drawn.array.size
    outside = positions[(positions < 0) | (positions >= size)]
    if len(outside):
        raise ValueError(f"{name}: {key} has cells 0 to {size - 1}, there is no {outside[0]}.")
    numbers = positions - drawn.start
    return numbers, (numbers >= 0) & (numbers < drawn.count)
