"""Which layer of an unknown network is worth seeing first.

Where a layer hands on a quarter or less of what arrived, all cells together, it is the one that
hands on the smallest share: there a gradient vanishes. (A mean or a pool does not count: it only
spreads it.) Elsewhere it is the middle one of the layers that hand on more or fewer cells than
arrived, for there cells meet; without any of those, the middle layer.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from flow.record import Array, Capture, LayerRecord

LARGE_FALL = 4.0
"""The slope of a sigmoid, 1/4 at most, is one."""


def worth_seeing(capture: Capture) -> str:
    """Return the id of the node to see first; empty where no layer hands a gradient on."""
    passing = [layer for layer in capture.layers if layer.leaf and layer.nodes and _hands_on(layer)]
    if not passing:
        return ""
    falls = [_fall(layer) for layer in passing]
    if max(falls) >= LARGE_FALL:
        return passing[falls.index(max(falls))].nodes[0]
    resizing = [layer for layer in passing if _arrived(layer).size != _handed(layer).size]
    return _middle(resizing or passing).nodes[0]


def _hands_on(layer: LayerRecord) -> bool:
    """Whether something other than zero arrives at the layer, and something is handed on."""
    arrays = _present(layer.upstreams), _present(layer.downstream)
    return all(arrays) and bool(arrays[0][0].any()) and _is_finite(arrays)


def _is_finite(arrays: tuple[Sequence[Array], ...]) -> bool:
    return all(bool(np.isfinite(array).all()) for each in arrays for array in each)


def _fall(layer: LayerRecord) -> float:
    """Return how many times less is handed on than arrived; infinity where that is nothing."""
    handed = sum(float(np.abs(array).sum()) for array in _present(layer.downstream))
    arrived = sum(float(np.abs(array).sum()) for array in _present(layer.upstreams))
    return arrived / handed if handed else float("inf")


def _arrived(layer: LayerRecord) -> Array:
    return _present(layer.upstreams)[0]


def _handed(layer: LayerRecord) -> Array:
    return _present(layer.downstream)[0]


def _present(arrays: Sequence[Array | None]) -> list[Array]:
    return [array for array in arrays if array is not None and array.size]


def _middle(layers: Sequence[LayerRecord]) -> LayerRecord:
    return layers[len(layers) // 2]
