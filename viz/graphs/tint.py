"""How large the gradient is at every node, as a fill in the accent hue."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from viz.peak import log_share
from viz.theme import ACCENT, INKS, NON_FINITE, format_number, ink, rgb

PALE = "#ece8fe"
"""The accent hue, pale: the smallest gradient that is not zero."""
GREY = "#d9d9d9"
"""No gradient, exactly zero, or hidden."""
BESIDE = "lightblue"
"""A parameter's, as torchviz fills its leaf: no gradient passes through on its way."""
LEGEND_STOPS = 5

TINT_TEXT: Mapping[str, str] = {
    "tint": "Fill: max |upstream gradient| of what passes through, logarithmic from {low} (pale)"
    " to {high} (full). Grey: zero, none or hidden. Yellow: not finite.",
    "tint_nothing": "Fill: max |upstream gradient| of what passes through. Grey: zero, none or"
    " hidden. Yellow: not finite.",
}


@dataclass(frozen=True)
class Tint:
    """A sequential scale over the gradients of one picture."""

    low: float
    """Smallest max |gradient| above zero; NaN when there is none."""
    high: float

    def fill(self, peak: float | None) -> str:
        """Return the fill ``#rrggbb`` of a node with this max |upstream gradient|."""
        if peak is None or peak == 0:
            return GREY
        if not math.isfinite(peak):
            return NON_FINITE
        return _mix(log_share(peak, self.low, self.high))

    def legend(self, text: Mapping[str, str] = TINT_TEXT) -> str:
        """Say what the fill means."""
        if math.isnan(self.low):
            return text["tint_nothing"]
        return text["tint"].format(low=format_number(self.low), high=format_number(self.high))

    @property
    def stops(self) -> tuple[str, ...]:
        """Colours from the smallest to the largest gradient."""
        return tuple(_mix(share) for share in np.linspace(0, 1, LEGEND_STOPS).tolist())


def make_tint(peaks: Iterable[float | None]) -> Tint:
    """Return the scale that covers these peaks; zeros and what is not finite stand outside."""
    positive = [peak for peak in peaks if peak is not None and math.isfinite(peak) and peak > 0]
    return Tint(min(positive, default=math.nan), max(positive, default=math.nan))


def ink_on(fill: str) -> str:
    """Return the text colour that is readable on a fill."""
    return INKS[ink(rgb(fill))]


def _mix(share: float) -> str:
    pairs = zip(rgb(PALE), rgb(ACCENT), strict=True)
    return "#" + "".join(f"{round(pale + share * (full - pale)):02x}" for pale, full in pairs)
