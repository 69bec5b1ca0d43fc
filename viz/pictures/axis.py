"""Where an axis begins and ends, and its tidy ticks."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from viz.theme import LARGEST_PLAIN, SMALLEST_PLAIN, format_number

MOST_TICKS = 6
POWERS = (-323.0, 308.25)
"""Of ten, that a float still holds."""
STEPS = (1, 2, 5, 10)
"""Tidy distances between ticks, each times a power of ten."""
SLACK = 1e-9
"""Of a distance between ticks: by how much a tick may miss an end of the axis by rounding."""


@dataclass(frozen=True)
class Axis:
    """One axis of a picture."""

    title: str
    low: float
    high: float
    ticks: tuple[float, ...]

    def data(self) -> dict[str, Any]:
        """Return the axis for JSON, its ticks with their texts."""
        texts = tick_texts(self.ticks)
        return {
            "title": self.title,
            "low": self.low,
            "high": self.high,
            "ticks": [{"at": at, "text": text} for at, text in zip(self.ticks, texts, strict=True)],
        }


def axis(
    title: str,
    values: Iterable[float],
    *,
    margin: float = 0.0,
    ticks: Sequence[float] = (),
    begin: float | None = None,
    end: float | None = None,
) -> Axis:
    """Return an axis on which these values have their place; those that are not finite have none.

    ``margin`` is free room at either end, as a part of the distance between the outermost values.
    Where the axis is to ``begin`` or ``end`` at a number, there is none beyond it; no value may be.
    """
    bounds = (each for each in (begin, end) if each is not None)
    given = (*values, *ticks, *bounds)
    finite = [float(value) for value in given if math.isfinite(value)] or [0.0, 1.0]
    low, high = min(finite), max(finite)
    around = margin * (high - low) if high > low else max(abs(low), 1.0) / 2
    low = low - around if begin is None else low
    high = high + around if end is None else high
    return Axis(title, low, high, tuple(map(float, ticks)) or tidy_ticks(low, high))


def decades(values: Iterable[float]) -> float:
    """Return how many powers of ten the finite ones span; 0 where one of them is not positive."""
    finite = [float(value) for value in values if math.isfinite(value)]
    if not finite or min(finite) <= 0:
        return 0.0
    return math.log10(max(finite)) - math.log10(min(finite))


def log_axis(title: str, values: Iterable[float], *, margin: float = 0.0) -> Axis:
    """Return an axis whose ticks are powers of ten, to be drawn by the logarithm of its numbers.

    It needs values that span a decade or more; ``margin`` is a part of their distance on it.
    """
    powers = [math.log10(value) for value in values if math.isfinite(value)]
    around = margin * (max(powers) - min(powers))
    low, high = min(powers) - around, max(powers) + around
    low, high = max(low, POWERS[0]), min(high, POWERS[1])
    step = max(1, math.ceil((high - low) / MOST_TICKS))
    first = math.ceil(low / step - SLACK) * step
    ticks = tuple(float(f"1e{power}") for power in range(first, math.floor(high) + 1, step))
    return Axis(title, 10.0**low, 10.0**high, ticks)


def tidy_ticks(low: float, high: float) -> tuple[float, ...]:
    """Return at most MOST_TICKS multiples of 1, 2 or 5 times a power of ten between two numbers."""
    power = 10.0 ** math.floor(math.log10((high - low) / (MOST_TICKS - 1)))
    for step in (factor * power for factor in STEPS):
        first, last = math.ceil(low / step - SLACK), math.floor(high / step + SLACK)
        if last - first < MOST_TICKS:
            break
    return tuple(_multiple(each, step) for each in range(first, last + 1))


def _multiple(count: int, step: float) -> float:
    """Return count x step without the rounding of a product: 0.3 and not 3 x 0.1."""
    return float(f"{count * step:.12g}")


def tick_texts(ticks: Sequence[float]) -> list[str]:
    """Write ticks with all digits that tell them apart, and as many decimals each."""
    largest = max((abs(tick) for tick in ticks), default=0)
    if largest and not SMALLEST_PLAIN < largest < LARGEST_PLAIN:
        return [format_number(tick) for tick in ticks]
    decimals = max((_decimals(tick) for tick in ticks), default=0)
    return [f"{tick + 0.0:.{decimals}f}".replace("-", "−") for tick in ticks]


def _decimals(tick: float) -> int:
    """Return how many decimals a number has, of six digits at most."""
    text = f"{tick:.6g}"
    return len(text.partition(".")[2]) if "e" not in text else 6
