"""Which channel is seen first: where all are too many to be read, the one with the largest."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from flow.record import Array
from viz.maps.rows import Map
from viz.scene import inspector
from viz.scene.inspector import Chosen

MOST_ACROSS = 5
"""Cells side by side, over all channels, up to which each has room for its number."""


def first_channels(chosen: Chosen) -> list[int | None]:
    """Return for every sample the channel that is seen first; None is all of them."""
    array = _measured(chosen)
    if array is None:
        return [None]
    return [_largest(sample) for sample in array]


def first_channel(chosen: Chosen) -> int | None:
    """Return the channel of the chosen sample with the largest gradient; None: all are seen."""
    found = first_channels(chosen)
    return found[chosen.sample if chosen.sample < len(found) else 0]


def _measured(chosen: Chosen) -> Array | None:
    """Return what decides: a gradient, of values too; None where all channels can be read."""
    whole = replace(chosen, sample=0, channel=None)
    shown = inspector.rows(whole)
    offered = inspector.pickers(shown).channels
    first = inspector.rows(replace(whole, show="gradient")) if chosen.show == "values" else []
    for each in (*first[:1], *shown[:1]):
        for array in _arrays(each):
            if offered > 1 and array.shape[1] == offered:
                return None if _is_legible(array) else array
    return None


def _arrays(row: Sequence[Map]) -> list[Array]:
    """Return the arrays that have channels, and not only rows of a matrix."""
    return [
        each.array
        for each in row
        if each.array is not None and each.role == "activation" and each.array.ndim > 3
    ]


def _is_legible(array: Array) -> bool:
    """Whether the cells of all channels, in a square of tiles, have room for their numbers."""
    _samples, channels, *_rows, columns = array.shape
    return bool(math.ceil(math.sqrt(channels)) * columns <= MOST_ACROSS)


def _largest(sample: Array) -> int:
    """Return the channel of a sample with the largest |cell|; what is not finite is the largest."""
    sizes = np.abs(sample)
    peaks = np.where(np.isfinite(sizes), sizes, np.inf).reshape(len(sizes), -1).max(axis=1)
    return int(peaks.argmax())
