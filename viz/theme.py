"""How numbers and signs look, named once: colours, number format, thresholds.

The browser code gets these values as data, so nothing here is written twice.

The diverging scale is centred on zero and runs from blue (negative) through a neutral to red
(positive), which people with the common colour deficiencies tell apart (ColorBrewer's RdBu:
C. Brewer, https://colorbrewer2.org). On a dark page the neutral is dark and the ends are bright.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cache

import numpy as np
from numpy.typing import NDArray

ACCENT = "#5b3df5"
"""The one accent: what is chosen, and the way the gradient flows."""
NON_FINITE = "#ffd60a"
"""NaN and infinity: on neither side of the scale, in either theme."""
HATCH = "#1a1a1a"
"""Stripes over cells that are not finite."""
INKS = ("#000000", "#ffffff")
"""Text on a coloured cell. Only pure black and white reach 4.5 : 1 on every colour."""

LINKED = "#ffb000"
"""Outline of the cells that belong to the one pointed at."""
LINKED_EDGE = "#140d00"
"""On both sides of that outline: one of the two reaches 3 : 1 on every colour of a cell."""

LUT_HALF = 255
"""Colours on each side of zero; entry ``LUT_HALF`` of a table is zero itself."""
DIGITS = 3
"""Significant digits of a number in a sentence, a legend or a cell."""
SMALLEST_PLAIN = 1e-4
"""Smaller magnitudes are written with an exponent."""
LARGEST_PLAIN = 1e6
"""This magnitude and larger ones are written with an exponent."""


@dataclass(frozen=True)
class Diverging:
    """A colour scale centred on zero, as ``#rrggbb`` stops at equal steps away from zero."""

    zero: str
    negative: tuple[str, ...]
    """From just below zero to the most negative value."""
    positive: tuple[str, ...]
    """From just above zero to the most positive value."""

    @property
    def stops(self) -> tuple[str, ...]:
        """All colours, from the most negative to the most positive value."""
        return (*reversed(self.negative), self.zero, *self.positive)


LIGHT = Diverging(
    zero="#f7f7f7",
    negative=("#d1e5f0", "#92c5de", "#4393c3", "#2166ac"),
    positive=("#fddbc7", "#f4a582", "#d6604d", "#b2182b"),
)
DARK = Diverging(
    zero="#23252f",
    negative=("#1f4468", "#2b6ca3", "#5ba3da", "#a9d5fb"),
    positive=("#67302f", "#a44540", "#e27a68", "#ffc2ae"),
)


def diverging(dark: bool) -> Diverging:
    """Return the scale for a dark or a light page."""
    return DARK if dark else LIGHT


def rgb(colour: str) -> tuple[int, int, int]:
    """Read ``#rrggbb`` as three numbers from 0 to 255."""
    red, green, blue = bytes.fromhex(colour.removeprefix("#"))
    return red, green, blue


def luminance(colour: tuple[int, int, int]) -> float:
    """Relative luminance, 0 (black) to 1 (white), as WCAG 2.2 defines it."""
    linear = [
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4
        for c in (channel / 255 for channel in colour)
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def ink(background: tuple[int, int, int]) -> int:
    """Return the index into ``INKS`` of the text colour with the higher contrast."""
    light = luminance(background)
    return 0 if (light + 0.05) / 0.05 >= 1.05 / (light + 0.05) else 1


@cache
def colour_table(dark: bool) -> NDArray[np.uint8]:
    """Colours from -scale to +scale: one row (red, green, blue, index of the ink) a step.

    A value v on the scale s has row ``LUT_HALF + round(LUT_HALF * v / s)``. Read-only.
    """
    stops = np.array([rgb(stop) for stop in diverging(dark).stops], dtype=np.float64)
    steps = np.linspace(0, len(stops) - 1, 2 * LUT_HALF + 1)
    table = np.empty((len(steps), 4), dtype=np.uint8)
    for channel in range(3):
        colours = np.interp(steps, np.arange(len(stops)), stops[:, channel])
        table[:, channel] = np.round(colours)
    table[:, 3] = [ink((int(row[0]), int(row[1]), int(row[2]))) for row in table]
    table.setflags(write=False)
    return table


def format_number(value: float, digits: int = DIGITS) -> str:
    """Write a number to be read in few significant digits, without trailing zeros.

    A number that is not zero is never written as zero: small and large magnitudes get an
    exponent (``1.2e−30``). Minus is U+2212, as wide as a digit. The sign of a negative zero is
    kept, halves round away from zero.
    """
    return _plain_number(value, digits).replace("-", "−")


def _plain_number(value: float, digits: int) -> str:
    number = float(value)
    if math.isnan(number):
        return "NaN"
    if math.isinf(number):
        return "inf" if number > 0 else "-inf"
    if number == 0:
        return "-0" if math.copysign(1, number) < 0 else "0"
    exact = Decimal(number)
    last_place = Decimal(1).scaleb(exact.adjusted() - digits + 1)
    rounded = exact.quantize(last_place, rounding=ROUND_HALF_UP).normalize()
    if SMALLEST_PLAIN <= abs(number) < LARGEST_PLAIN:
        if rounded.adjusted() >= digits:
            return f"{exact.quantize(Decimal(1), rounding=ROUND_HALF_UP):f}"
        return f"{rounded:f}"
    exponent = rounded.adjusted()
    return f"{rounded.scaleb(-exponent):f}e{exponent}"
