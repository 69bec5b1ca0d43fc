"""The slope of a function at one cell, by moving the cell up and down.

Where the first step is too long for a function that is curved, shorter ones are tried, and what
ever shorter ones lead to. Where a function bends or jumps there is no slope to compare with.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from torch import Tensor

from flow.asking.replay import Replay
from flow.record import Array, cell_at

STEP = 1e-5
"""Central differences are off by STEP^2 times a third derivative and by rounding / STEP."""
LONG = 16.0
"""A step so many times as long is tried where a function rounds."""
SHORTER = 16.0
"""Each shorter step is so many times shorter than the one before."""
CLOSER = 3
"""Steps shorter than the second, where that one showed that the function is curved."""
BEND = 4.0
"""A slope that jumps does so however small the step; of a curve's change a 16th is left."""
UNEVEN = 4 * float(np.finfo(np.float64).eps) / STEP
"""What it leaves of a slope's change that a step up is not quite as long as a step down."""


@dataclass(frozen=True)
class Probe:
    """What one step tells."""

    slope: float
    jump: float
    """By how much the slope differs on the two sides of the cell."""
    closer: float = 1.0
    """How many times shorter the step was than those whose rounding is known."""


@dataclass(frozen=True)
class Known:
    """What is known of a function before a cell is moved."""

    value: float
    resolution: float
    """What a difference quotient cannot resolve."""
    relative: float
    """What the third derivative leaves."""

    def allowed(self, probe: Probe) -> float:
        """Return by how much a slope may be off."""
        return self.resolution * probe.closer + self.relative + UNEVEN * probe.jump


@dataclass(frozen=True, eq=False)
class Cells:
    """One cell, or several of the same value that are moved together."""

    replay: Replay
    values: Tensor
    exact: Array
    """The gradient of every cell."""
    places: tuple[int, ...]
    """Row-major."""

    @property
    def expected(self) -> float:
        """The slope by the gradient."""
        return float(self.exact.reshape(-1)[list(self.places)].sum())

    @property
    def value(self) -> float:
        """What stands in the cells."""
        return float(self.values[cell_at(self.places[0], tuple(self.values.shape))])

    def tied(self) -> Cells:
        """Return all cells of the same value."""
        same = self.values.reshape(-1) == self.value
        places = tuple(same.nonzero().reshape(-1).tolist())
        return Cells(self.replay, self.values, self.exact, places)

    def probe(self, factor: float, middle: float) -> Probe:
        """Move the cells up and down by a step and put them back."""
        before = self.value
        step = STEP * factor * max(1.0, abs(before))
        above, below = self._at(before + step), self._at(before - step)
        self._put(before)
        return Probe((above - below) / (2 * step), abs(above - 2 * middle + below) / step)

    def _at(self, value: float) -> float:
        self._put(value)
        return self.replay.products()[0]

    def _put(self, value: float) -> None:
        for place in self.places:
            self.values[cell_at(place, tuple(self.values.shape))] = value


def slope(cells: Cells, known: Known) -> Probe | None:
    """Return the slope that comes nearest to the gradient; None where the function bends or jumps.

    It jumps where the slope grows as the step shrinks. It bends where the slopes of both sides
    differ however small the step, or where cells of one value hide each other, as in a median:
    moved together they have the slope that the gradient says.
    """
    found = []
    for probe in _probes(cells, known):
        found.append(probe)
        if abs(probe.slope - cells.expected) <= known.allowed(probe):
            return probe
    usual, short = found[:2]
    limit = known.resolution + known.relative
    if short.jump > max(usual.jump / BEND, BEND * limit):
        return None
    if abs(short.slope) > BEND * max(abs(usual.slope), limit):
        return None
    tied = cells.tied()
    if len(tied.places) > 1 and _agrees(tied, known):
        return None
    return min(found, key=lambda probe: abs(probe.slope - cells.expected))


def _agrees(cells: Cells, known: Known) -> bool:
    probe = cells.probe(1.0, known.value)
    return abs(probe.slope - cells.expected) <= known.allowed(probe) * len(cells.places)


def _probes(cells: Cells, known: Known) -> Iterator[Probe]:
    """Yield the slope for a step, for a shorter one, for what both lead to, for a longer one.

    Where the first two differ, for ever shorter ones, too.
    """
    yield (usual := cells.probe(1.0, known.value))
    yield (short := cells.probe(1 / SHORTER, known.value))
    yield from _led_to(usual, short)
    yield cells.probe(LONG, known.value)
    if abs(usual.slope - short.slope) <= known.allowed(usual):
        return
    before = short
    for times in range(1, CLOSER + 1):
        closer = SHORTER**times
        tried = cells.probe(1 / (SHORTER * closer), known.value)
        here = Probe(tried.slope, tried.jump, closer)
        yield here
        yield from _led_to(before, here)
        before = here


def _led_to(long: Probe, short: Probe) -> Iterator[Probe]:
    """Yield the slopes that two steps lead to whose errors are as their squares, or as themselves.

    Richardson, 1911; as themselves where the function is curved on one side only.
    """
    for ratio in (SHORTER**2, SHORTER):
        led = (ratio * short.slope - long.slope) / (ratio - 1)
        yield Probe(led, short.jump, short.closer)
