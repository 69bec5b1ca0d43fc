"""One map for the browser, which chooses the sample and the channel itself."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import numpy as np

from flow.record import Array
from viz.hidden import is_hidden
from viz.maps.heatmap import Choices, Tiles, choices, drawable, tile, window
from viz.maps.packet import Blobs
from viz.maps.rows import Labels, Map, left_out, share

MOST_CELLS = 2**19
"""Cells of one picture: 2 MB of float32."""

Place = dict[str, Any]
"""How the browser finds the numbers of an array."""


class Cells:
    """The arrays of an answer; one that several maps show is written once."""

    def __init__(self, blobs: Blobs) -> None:
        self._blobs = blobs
        self._written: dict[int, tuple[Array, Place]] = {}
        """By the identity of the array, which is therefore held."""

    def needed(self, maps: Iterable[Map]) -> int:
        """Return how many bytes the arrays of these maps take that are not written yet."""
        return sum(_bytes(array) for array in self._fresh(maps).values())

    def write(self, maps: Iterable[Map], limit: int) -> None:
        """Write the arrays of these maps into ``limit`` bytes; of the largest the first cells."""
        fresh = self._fresh(maps)
        shares = share({key: _bytes(array) for key, array in fresh.items()}, limit)
        for key, array in fresh.items():
            kept = array.reshape(-1)[: shares[key] // _itemsize(array)]
            self._written[key] = (array, self._blobs.add(drawable(kept)))

    def place(self, array: Array) -> Place:
        """Return where an array was written."""
        return self._written[id(array)][1]

    def _fresh(self, maps: Iterable[Map]) -> dict[int, Array]:
        arrays = (each.array for each in maps if each.array is not None and each.array.size)
        fresh = (array for array in arrays if not is_hidden(array))
        return {id(array): array for array in fresh if id(array) not in self._written}


def _itemsize(array: Array) -> int:
    """Return the bytes of one cell as it is written."""
    return int(drawable(np.empty(0, array.dtype)).itemsize)


def _bytes(array: Array) -> int:
    return array.size * _itemsize(array)


def map_page(each: Map, labels: Labels, cells: Cells, hides: str = "") -> dict[str, Any]:
    """Return a ``MapPage``; its cells have been written. ``hides`` is the name that hides it."""
    array = each.array
    head = {
        "key": each.key,
        "title": each.title,
        "subtitle": each.subtitle,
        "term": each.term,
        "missing": each.missing if array is None else "",
        "group": each.group,
        "symbol": each.symbol,
        "reach": each.reach,
        "shape": None if array is None else list(array.shape),
        "samples": 0,
        "channels": 0,
        "strides": [0, 0],
        "all": None,
        "one": None,
        "values": None,
        "hides": hides,
        "hidden": array.name if is_hidden(array) else "",
    }
    if array is None:
        return head
    if not array.size:
        shape = "\u00d7".join(map(str, array.shape))
        return {**head, "missing": labels.empty.format(shape=shape)}
    offered = followed(each)
    one = 0 if offered.channels else None
    return {
        **head,
        "samples": offered.samples,
        "channels": offered.channels,
        "strides": _strides(array.shape, offered),
        **_cells(array, [tile(array.shape, each.role, channel=at) for at in (None, one)], labels),
        "values": None if is_hidden(array) else cells.place(array),
    }


def _cells(array: Array, tilings: list[Tiles], labels: Labels) -> dict[str, Any]:
    """Return how the cells stand; of a hidden array also which of them can be filled in."""
    every, one = (_tiling(tiles, labels) for tiles in tilings)
    if not is_hidden(array):
        return {"all": every, "one": one}
    asked = [{"window": list(window(tiles))} for tiles in tilings]
    return {
        "all": {**every, **asked[0]},
        "one": {**one, **asked[1]},
        "missing": labels.hidden,
    }


def followed(each: Map) -> Choices:
    """Return how many samples and channels can be picked of a map: of a parameter none."""
    if each.array is None or each.role == "parameter":
        return Choices(0, 0)
    offered = choices(each.array.shape, each.role)
    return replace(offered, channels=0) if each.together else offered


def _strides(shape: tuple[int, ...], offered: Choices) -> list[int]:
    """Return the cells from one sample to the next, and from one channel to the next."""
    return [
        math.prod(shape[1:]) if offered.samples else 0,
        math.prod(shape[2:]) if offered.channels else 0,
    ]


def _tiling(tiles: Tiles, labels: Labels) -> dict[str, Any]:
    kept = tiles.first(MOST_CELLS)
    return {
        **{name: getattr(kept, name) for name in ("count", "tiles", "rows", "columns", "across")},
        "label_axes": list(kept.label_axes),
        "named_channels": kept.unit == "channels",
        "rectangle": kept.is_rectangle,
        "note": left_out(tiles, kept, labels),
    }
