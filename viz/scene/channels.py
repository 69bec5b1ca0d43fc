"""Which channel is seen first: where all are too many to be read, the one with the largest."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from flow.record import Array
from viz.hidden import is_hidden
from viz.maps.rows import Map
from viz.scene import inspector
from viz.scene.inspector import Chosen, Show

MOST_ACROSS = 5
"""Cells side by side, over all channels, up to which each has room for its number."""


def first_channels(chosen: Chosen) -> list[int | None]:
    """Return for every sample the channel that is seen first; None is all of them."""
    arrays = [*_offered(chosen, "gradient"), *_offered(chosen, chosen.show)]
    if not arrays or _is_legible(arrays[0]):
        return [None]
    array = _measured(arrays)
    return [0] * len(arrays[0]) if array is None else [_largest(sample) for sample in array]


def is_largest_first(chosen: Chosen) -> bool:
    """Whether the channel that is seen first is the one with the largest gradient."""
    return _measured(_offered(chosen, "gradient")) is not None


def first_channel(chosen: Chosen) -> int | None:
    """Return the channel of the chosen sample that is seen first; None: all are seen."""
    found = first_channels(chosen)
    return found[chosen.sample if chosen.sample < len(found) else 0]


def _offered(chosen: Chosen, show: Show) -> list[Array]:
    """Return what is shown first of something, where its channels are those that are offered."""
    whole = replace(chosen, sample=0, channel=None)
    offered = inspector.pickers(inspector.rows(whole)).channels
    arrays = [
        array
        for row in inspector.rows(replace(whole, show=show))[:1]
        for array in _arrays(row)
        if array.shape[1] == offered
    ]
    return arrays if offered > 1 else []


def _measured(arrays: Sequence[Array]) -> Array | None:
    """Return the array that decides: a visible one, as the choice would tell of a hidden one."""
    return next((each for each in arrays if not is_hidden(each)), None)


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
