"""What a change did to an array: now minus before, cell by cell."""

from __future__ import annotations

import numpy as np

from flow.record import Array
from viz.hidden import is_hidden


def difference(now: Array | None, before: Array | None) -> Array | None:
    """Return now - before; None where either is missing, hidden, or they cannot be compared.

    A cell is 0 where it holds the same number as before, NaN and infinity too, and nowhere else:
    floats that differ have a difference. Whole numbers stay whole.
    """
    if now is None or before is None or now.shape != before.shape or now.dtype != before.dtype:
        return None
    if now.dtype.kind not in "fciu" or is_hidden(now) or is_hidden(before):
        return None
    now, before = (
        array.astype(np.int64, copy=False) if _counts(array) else array for array in (now, before)
    )
    with np.errstate(invalid="ignore", over="ignore"):  # inf - inf is NaN, unless it stayed
        found = np.asarray(now - before)
    return np.where(_same(now, before), found.dtype.type(0), found)


def _counts(array: Array) -> bool:
    return array.dtype.kind in "iu"


def _same(now: Array, before: Array) -> Array:
    return np.asarray((now == before) | (np.isnan(now) & np.isnan(before)))
