"""What a node's coefficients look like, learned from a few runs on chosen upstream vectors.

A backward is linear in its upstream. A guess about its structure that also predicts what comes
out for vectors without any pattern is right, except for cases of probability zero; and a cell
that a number does not feed is exactly 0 when that number alone is given.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import torch
from torch import Tensor

from flow.arrays import to_array
from flow.asking.local import AloneError, arrived_vectors, dense, resolution, run_node
from flow.asking.matrix.reals import Index, of_array, reals, shaped, width
from flow.asking.matrix.trial import PATTERNLESS, patternless
from flow.ops import OPS, moves
from flow.record import Array, NodeRecord
from flow.recording.walk import LiveGraph

MAX_PLACES = 1 << 20
"""Upstream cells up to which positions are looked for."""
SPARE_BITS = 3
"""Bits of a number that rounding may spoil before a position multiplied by it is misread."""
ROUNDINGS = 8
"""Units in the last place that one multiplication by a coefficient may cost inside a node."""


@dataclass(frozen=True, eq=False)
class _Probe:
    """One input of a node, to be run on flat vectors over all outputs."""

    graph: LiveGraph
    index: int
    which: int

    @cached_property
    def vectors(self) -> list[Tensor]:
        return arrived_vectors(self.graph, self.index)

    @property
    def size(self) -> int:
        return width(self.vectors)

    @cached_property
    def resolution(self) -> tuple[float, float]:
        return resolution(self.graph, self.index, self.which)

    def given(self, flat: Array) -> list[Tensor]:
        """Return a flat vector as the vectors of all outputs, in their types."""
        rows = torch.from_numpy(flat.astype(np.float64))[None]
        return [one[0] for one in shaped(rows, self.vectors)]

    def answer(self, flat: Array) -> Array | None:
        """Return what the node hands on, flat; None where it refuses or is complex."""
        try:
            part = run_node(self.graph, self.index, self.given(flat))[self.which]
        except AloneError:
            return None
        if part is None or part.is_complex():
            return None
        return to_array(reals(part.detach()))

    def predicted(self, places: Index, coefficients: Array, *steps: float) -> bool:
        """Whether the node answers vectors without pattern as these coefficients say."""
        return all(self._predicted(places, coefficients, step) for step in steps)

    def _predicted(self, places: Index, coefficients: Array, step: float) -> bool:
        flat = patternless(self.size, step)
        came = self.answer(flat)
        if came is None:
            return False
        rounded = [of_array(to_array(one)).astype(np.float64) for one in self.given(flat)]
        with np.errstate(all="ignore"):
            expected = coefficients.astype(np.float64) * np.concatenate([*rounded, [0.0]])[places]
            apart = np.abs(came - expected)
            unit, least = self.resolution
            allowed = ROUNDINGS * (unit * np.abs(expected) + least)
        finite = np.isfinite(expected)
        near: bool = (apart[finite] <= allowed[finite]).all().item()
        return near and not np.isfinite(came[~finite]).any()


def slopes(graph: LiveGraph, record: NodeRecord, which: int) -> Array | None:
    """Return the coefficient of every cell of a function of single cells, such as a sigmoid.

    None for every other node, and where its coefficients do not predict another answer.
    """
    known, gradient = OPS.get(record.name), record.downstream[which]
    if known is None or known.reads != "function" or gradient is None:
        return None
    if record.shapes != (gradient.shape,) or gradient.dtype.kind != "f":
        return None
    probe = _Probe(graph, record.index, which)
    key = ("slopes", probe.index, which)
    if key not in graph.known:
        graph.known[key] = _slopes(probe)
    found: Array | None = graph.known[key]
    return found


def _slopes(probe: _Probe) -> Array | None:
    same, coefficients = np.arange(probe.size), probe.answer(np.ones(probe.size))
    if coefficients is None or not probe.predicted(same, coefficients, PATTERNLESS[0]):
        return None
    return coefficients


def single_source(graph: LiveGraph, record: NodeRecord, which: int) -> tuple[Index, Array] | None:
    """Return the one upstream cell that each downstream cell reads, and its coefficient.

    Positions are row-major with the outputs laid end to end. None when some cell reads more
    than one, or when that cannot be told (complex or non-finite coefficients).
    """
    probe = _Probe(graph, record.index, which)
    key = ("single source", probe.index, which)
    if key not in graph.known:
        graph.known[key] = _single_source(probe, moves(record))
    found: tuple[Index, Array] | None = graph.known[key]
    return found


def _single_source(probe: _Probe, copying: bool) -> tuple[Index, Array] | None:
    if probe.size > MAX_PLACES or any(vector.is_complex() for vector in probe.vectors):
        return None
    coefficients = probe.answer(np.ones(probe.size))
    if coefficients is None or not np.isfinite(coefficients).all():
        return None
    places = _places(probe, coefficients)
    if places is None or not probe.predicted(places, coefficients, *PATTERNLESS):
        return None
    copies = copying and bool((coefficients == 1).all())
    return (places, coefficients) if copies or _alone(probe, places, coefficients) else None


def _places(probe: _Probe, coefficients: Array) -> Index | None:
    """Read off where each cell looks, digit by digit: as large ones as the types can carry."""
    base = 1 << max(1, int(-np.log2(probe.resolution[0])) - SPARE_BITS)
    read, places, scale = coefficients != 0, np.zeros(coefficients.shape, np.int64), 1
    while scale < probe.size:
        came = probe.answer(np.arange(probe.size) // scale % base)
        if came is None:
            return None
        with np.errstate(all="ignore"):
            exact = came[read].astype(np.float64) / coefficients[read]
        if not ((exact > -0.5) & (exact < base - 0.5)).all():
            return None
        places[read] += scale * np.rint(exact).astype(np.int64)
        scale *= base
    return places if (places < max(probe.size, 1)).all() else None


def _alone(probe: _Probe, places: Index, coefficients: Array) -> bool:
    """Whether each cell is exactly 0 where only other numbers are given.

    Two positions differ in some bit, so every other number is given without this one once.
    """
    read = coefficients != 0
    for bit in range(max(probe.size - 1, 0).bit_length()):
        ones = np.arange(probe.size) >> bit & 1
        for given in (ones, 1 - ones):
            came = probe.answer(given)
            if came is None or came[~read | (given[places] == 0)].any():
                return False
    return True


def keeps_samples_apart(graph: LiveGraph, record: NodeRecord, which: int, sample: int) -> bool:
    """Whether one sample's downstream and upstream cells have nothing to do with the others'.

    Axis 0 of every output and of the downstream gradient must be the samples.
    """
    probe = _Probe(graph, record.index, which)
    several = [probe.given(patternless(probe.size, step) + 0.5) for step in PATTERNLESS]
    return not any(_leaks(probe, filled, sample) for filled in several)


def _leaks(probe: _Probe, filled: list[Tensor], sample: int) -> bool:
    """Whether the sample alone feeds another one, or the others alone feed it."""
    for inside in (True, False):
        given = [_shown(one, sample, inside) for one in filled]
        try:
            part = run_node(probe.graph, probe.index, given)[probe.which]
        except AloneError:
            return True
        if part is None:
            continue
        part = dense(part)
        others = torch.cat([part[:sample], part[sample + 1 :]]) if inside else part[sample]
        if others.count_nonzero():
            return True
    return False


def _shown(vector: Tensor, sample: int, inside: bool) -> Tensor:
    """Return a vector that is 0 outside the sample, or inside it."""
    shown = torch.zeros_like(vector) if inside else vector.clone()
    shown[sample] = vector[sample] if inside else 0
    return shown
