"""Links between maps as plain numbers for the browser, bounded in bytes.

What is not on screen is cut off first: a link keeps the explained cells that are shown. Cells
they sum that are not shown (other channels) keep their values, so that every sum is whole.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from flow.record import is_cell
from viz.language import Say, english, retold
from viz.maps.heatmap import Array, drawable
from viz.maps.sums import CONSTANT, UNTAPPED, Answer, Link, Taps

MAX_LINK_BYTES = 2**20
"""Most bytes of all links of a block: some 70,000 terms, or 4,096 cells of 16 terms each."""
MAX_ANSWER_BYTES = 4 * 2**20
"""Most bytes of an answer, which is one cell only."""
NOWHERE = 2**32 - 1
"""In the browser's arrays: no cell (a constant term), no tap."""
ROUNDING = 16
"""What rounding explains of |total - autograd|, in u sqrt(n + 4) sum|terms|: u, the coarsest type.

Twice what ``flow.asking.rounding`` gives one sum of n terms that are added one after the other,
with the source: the sum on screen and autograd's own each round to their own side. A sum that it
does not explain has a note, so what is red here is red there.
"""
_LEAST_TERM = 8
"""Bytes of a term without name and tap."""

Add = Callable[[Array], dict[str, Any]]
"""Stores an array in the block and returns how the browser finds it."""


@dataclass(frozen=True, eq=False)
class Shown:
    """Which unbroken run of an array is on screen."""

    array: Array
    start: int
    count: int


@dataclass(frozen=True, eq=False)
class _Cut:
    """A link that explains only cells on screen, counted from the first of them."""

    link: Link
    cells: Array
    """Rising, uint32."""
    slots: Array
    """Each summed cell: its number on screen, then those of ``hidden``, or NOWHERE."""
    hidden: Array
    """Row-major positions of summed cells that are not on screen."""
    taps: Array | None
    """Each tapped entry: its number on screen, or NOWHERE."""

    def arrays(self) -> dict[str, Array]:
        """Return what is sent, by name."""
        link = self.link
        sent = {
            "cells": self.cells,
            "offsets": link.offsets.astype(np.uint32),
            "places": self.slots,
            "coefficients": drawable(link.coefficients),
            "hidden": self.hidden.astype(np.uint32),
        }
        if link.names:
            few = len(link.names) <= np.iinfo(np.uint16).max
            sent["name_of"] = link.name_of.astype(np.uint16 if few else np.uint32)
        if link.notes:
            sent["note_of"] = link.note_of.astype(np.int64).astype(np.uint32)  # PLAIN: NOWHERE
        if self.taps is not None:
            sent["taps"] = self.taps
        return sent

    def bytes(self) -> int:
        """Return how much the browser is sent."""
        words = (*self.link.names, *self.link.notes)
        names = sum(len(name.encode()) + 3 for name in words)
        return names + sum(array.nbytes for array in self.arrays().values())


def specify(
    links: Sequence[Link], shown: Mapping[str, Shown], add: Add, limit: int, say: Say = english
) -> list[dict[str, Any]]:
    """Specify links for the browser; one sum is sent whole or, past ``limit`` bytes, not at all.

    Raises ValueError when a link names a map without cells or a cell that does not exist.
    """
    shown = {**shown, **_undrawn(links)}
    for link in links:
        _check(link, shown)
    sums: dict[str, list[Link]] = {}
    for link in links:
        sums.setdefault(link.from_map, []).append(link)
    specified: list[dict[str, Any]] = []
    for parts in sums.values():
        cuts = _within(parts, shown, limit)
        if cuts is None:
            specified += [_head(link, large=True) for link in parts]
            continue
        limit -= sum(cut.bytes() for cut in cuts)
        specified += [_body(cut, shown, add, say) for cut in cuts]
    return specified


def _undrawn(links: Sequence[Link]) -> dict[str, Shown]:
    """Return the arrays that no map shows, by key: not one of their cells is on screen."""
    return {
        link.to_map: Shown(link.undrawn.array, 0, 0) for link in links if link.undrawn is not None
    }


def specify_answer(
    answer: Answer, shown: Mapping[str, Shown], add: Add, say: Say = english
) -> dict[str, Any]:
    """Specify what the server found out about one cell.

    Raises ValueError when there is no such cell, or a link does not fit its maps.
    """
    if answer.map not in shown or not is_cell(answer.index, shown[answer.map].array.shape):
        raise ValueError(f"answer: {answer.map} {list(answer.index)} is no cell of this block.")
    return {
        "map": answer.map,
        "index": list(answer.index),
        "note": retold(answer.note, say),
        "links": specify(answer.links, shown, add, MAX_ANSWER_BYTES, say),
    }


def _check(link: Link, shown: Mapping[str, Shown]) -> None:
    """Raise ValueError unless every position of the link is a cell of its map."""
    _check_places(link, link.from_map, link.cells, shown, least=0)
    _check_places(link, link.to_map, link.places, shown, least=CONSTANT)
    if link.taps is not None:
        _check_places(link, link.taps.map, link.taps.places, shown, least=UNTAPPED)


def _check_places(
    link: Link, key: str, places: Array, shown: Mapping[str, Shown], least: int
) -> None:
    name = f"link {link.from_map} -> {link.to_map}"
    if key not in shown:
        raise ValueError(f"{name}: no map of this block with cells has the key {key!r}.")
    size = shown[key].array.size
    outside = places[(places < least) | (places >= size)]
    if len(outside):
        raise ValueError(f"{name}: {key} has cells 0 to {size - 1}, there is no {outside[0]}.")


def _within(parts: Sequence[Link], shown: Mapping[str, Shown], limit: int) -> list[_Cut] | None:
    """Cut the parts of one sum to what is on screen; None when they take too many bytes."""
    if any(link.large for link in parts):
        return None
    cut = [_cut_rows(link, shown[link.from_map]) for link in parts]
    if sum(len(link.coefficients) for link in cut) * _LEAST_TERM > limit:
        return None
    placed = [_place(link, shown) for link in cut]
    return placed if sum(each.bytes() for each in placed) <= limit else None


def _cut_rows(link: Link, shown: Shown) -> Link:
    """Keep the cells on screen, in their order there; cells count from the first on screen."""
    numbers = link.cells.astype(np.int64) - shown.start
    order = np.argsort(numbers, kind="stable")
    rows = order[(numbers[order] >= 0) & (numbers[order] < shown.count)]
    lengths = np.diff(link.offsets)[rows]
    offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    begins = np.asarray(link.offsets)[rows] - offsets[:-1]
    terms = np.repeat(begins, lengths) + np.arange(offsets[-1])
    taps = link.taps and Taps(link.taps.map, link.taps.places[terms])
    names, name_of = link.names, link.name_of
    if names:
        used, name_of = np.unique(name_of[terms], return_inverse=True)
        names = tuple(names[at] for at in used)
    return replace(
        link,
        cells=numbers[rows],
        offsets=offsets,
        places=link.places[terms],
        coefficients=link.coefficients[terms],
        names=names,
        name_of=name_of,
        taps=taps,
        note_of=link.note_of[rows] if link.notes else link.note_of,
    )


def _place(link: Link, shown: Mapping[str, Shown]) -> _Cut:
    """Turn positions in whole arrays into numbers on screen."""
    to = shown[link.to_map]
    places = link.places.astype(np.int64)
    numbers = places - to.start
    off_screen = (places != CONSTANT) & ((numbers < 0) | (numbers >= to.count))
    hidden, which = np.unique(places[off_screen], return_inverse=True)
    numbers[off_screen] = to.count + which
    numbers[places == CONSTANT] = NOWHERE
    taps = None
    if link.taps is not None:
        tapped = shown[link.taps.map]
        taps = link.taps.places.astype(np.int64) - tapped.start
        taps[(taps < 0) | (taps >= tapped.count)] = NOWHERE
        taps = taps.astype(np.uint32)
    cells, slots = link.cells.astype(np.uint32), numbers.astype(np.uint32)
    return _Cut(link, cells, slots, hidden, taps)


def _head(link: Link, *, large: bool) -> dict[str, Any]:
    return {
        "from": link.from_map,
        "to": link.to_map,
        "large": large,
        "adds": link.adds,
        "function": link.function,
        "fractions": link.fractions,
        "words": dict(link.words),
    }


def _body(cut: _Cut, shown: Mapping[str, Shown], add: Add, say: Say) -> dict[str, Any]:
    link, to = cut.link, shown[cut.link.to_map]
    undrawn = link.undrawn and {"title": link.undrawn.title, "shape": list(to.array.shape)}
    hidden = drawable(to.array.reshape(-1)[cut.hidden])
    return {
        **_head(link, large=False),
        "tap": link.taps.map if link.taps is not None else None,
        "rounding": ROUNDING * _unit(link, shown[link.from_map].array, to.array),
        "slack": link.slack,
        "names": [retold(name, say) for name in link.names],
        "notes": [retold(note, say) for note in link.notes],
        "undrawn": undrawn,
        **{name: add(array) for name, array in cut.arrays().items()},
        "hidden_values": add(hidden),
    }


def _unit(link: Link, explained: Array, summed: Array) -> float:
    """Return the unit roundoff of the coarsest type behind a sum."""
    arrays = (link.coefficients, explained, summed)
    units = [float(np.finfo(each.dtype).eps) / 2 for each in arrays if each.dtype.kind == "f"]
    return max([link.unit, *units])
