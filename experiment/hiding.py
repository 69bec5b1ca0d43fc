"""What of a run would tell a hidden array: every other one that holds the same numbers.

Hiding covers them all. It hides from a page, not from somebody who edits its link.
"""

from __future__ import annotations

import numpy as np

from flow.record import Array, Capture
from viz.arrays import placed


def covered(capture: Capture, hidden: str) -> tuple[str, ...]:
    """Return the names of all arrays of a run from which a hidden one could be read, it first.

    Names are those of ``viz.arrays.placed``, such as ``conv2.downstream``. The same numbers in
    another order or shape count too: a transposed map tells as much as the map. Empty where the
    run has no array of that name.
    """
    arrays = list(placed(capture))
    meant = next((each for name, each in arrays if name == hidden), None)
    if meant is None:
        return ()
    wanted = _numbers(meant)
    return tuple(dict.fromkeys([hidden, *(n for n, each in arrays if _same(each, wanted))]))


def _numbers(array: Array) -> Array:
    return np.sort(array, axis=None)


def _same(array: Array, wanted: Array) -> bool:
    if array.size != wanted.size:
        return False
    both = array.dtype.kind in "fc" and wanted.dtype.kind in "fc"
    return np.array_equal(_numbers(array), wanted, equal_nan=both)
