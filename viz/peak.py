"""The largest magnitude in gradients: what bars, tints and lists compare."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from viz.hidden import any_hidden
from viz.theme import format_number

Array = NDArray[Any]
Shape = tuple[int, ...]
TIMES = "\N{MULTIPLICATION SIGN}"


def peak(gradients: Iterable[Array | None]) -> float | None:
    """Return max |gradient| over all cells; None where no gradient flows, 0 over no cells.

    NaN wins over infinity and infinity over every number, so nothing odd is hidden.
    """
    present = [gradient for gradient in gradients if gradient is not None]
    if not present:
        return None
    peaks = [_largest(gradient) for gradient in present]
    return math.nan if any(math.isnan(value) for value in peaks) else max(peaks)


def shown_peak(gradients: Iterable[Array | None]) -> float | None:
    """Return the peak of gradients that are shown; None where one of them is hidden."""
    arrays = list(gradients)
    return None if any_hidden(arrays) else peak(arrays)


def peak_text(value: float | None, nothing: str) -> str:
    """Write a peak; ``nothing`` says in the visitor's words that no gradient flows."""
    return nothing if value is None else format_number(value)


def log_share(value: float, low: float, high: float) -> float:
    """Place ``value`` between ``low`` (0) and ``high`` (1) on a logarithmic scale."""
    if not low < high:
        return 1.0
    share = (math.log10(value) - math.log10(low)) / (math.log10(high) - math.log10(low))
    return min(max(share, 0.0), 1.0)


def shown_shape(shape: Shape) -> str:
    """Write a shape with multiplication signs; a scalar's is ``scalar``."""
    return TIMES.join(str(size) for size in shape) or "scalar"


def _largest(gradient: Array) -> float:
    if gradient.size == 0:
        return 0.0
    if np.iscomplexobj(gradient):
        return float(np.abs(gradient).max())
    # Two passes without the copy that np.abs makes; NaN comes through both.
    return abs(float(np.maximum(gradient.max(), -gradient.min())))
