"""What a node's coefficients look like, learned from a few runs on chosen upstream vectors.

A backward is linear in its upstream. A guess about its structure that also predicts what comes
out for vectors without any pattern is right, except for cases of probability zero; and a cell
that a number does not feed is exactly 0 when that number alone is given.
"""

from __future__ import annotations

import numpy as np
import torch

from flow.arrays import to_array
from flow.asking.local import AloneError, arrived_vectors, coarsest, run_node
from flow.asking.reals import Index, reals, shaped, width
from flow.asking.trial import PATTERNLESS, patternless
from flow.ops import OPS
from flow.record import Array, NodeRecord
from flow.recording.walk import LiveGraph

MAX_PLACES = 1 << 20
"""Upstream cells up to which positions are looked for."""
SPARE_BITS = 3
"""Bits of a number that rounding may spoil before a position multiplied by it is misread."""
ROUNDINGS = 8
"""Units in the last place that one multiplication by a coefficient may cost inside a node."""


def slopes(graph: LiveGraph, record: NodeRecord, which: int) -> Array | None:
    """Return the coefficient of every cell of a function of single cells, such as a sigmoid.

    None for every other node, and where its coefficients do not predict another answer.
    """
    known = OPS.get(record.name)
    gradient = record.downstream[which]
    if known is None or known.reads != "function" or gradient is None:
        return None
    if record.shapes != (gradient.shape,) or gradient.dtype.kind != "f":
        return None
    key, index = ("slopes", int(record.id[1:]), which), int(record.id[1:])
    if key not in graph.known:
        graph.known[key] = _slopes(graph, index, which)
    found: Array | None = graph.known[key]
    return found


def _slopes(graph: LiveGraph, index: int, which: int) -> Array | None:
    size = width(arrived_vectors(graph, index))
    coefficients = _handed_on(graph, index, which, np.ones(size))
    places = np.arange(size)
    if coefficients is None or not _predicts(graph, index, which, places, coefficients):
        return None
    return coefficients


def single_source(graph: LiveGraph, index: int, which: int) -> tuple[Index, Array] | None:
    """Return the one upstream cell that each downstream cell reads, and its coefficient.

    Positions are row-major with the outputs laid end to end. None when some cell reads more
    than one, or when that cannot be told (complex or non-finite coefficients).
    """
    key = ("single source", index, which)
    if key not in graph.known:
        graph.known[key] = _single_source(graph, index, which)
    found: tuple[Index, Array] | None = graph.known[key]
    return found


def _single_source(graph: LiveGraph, index: int, which: int) -> tuple[Index, Array] | None:
    vectors = arrived_vectors(graph, index)
    size = width(vectors)
    if size > MAX_PLACES or any(vector.is_complex() for vector in vectors):
        return None
    coefficients = _handed_on(graph, index, which, np.ones(size))
    if coefficients is None or not np.isfinite(coefficients).all():
        return None
    places = _places(graph, index, which, coefficients)
    if places is None or not _predicts(graph, index, which, places, coefficients):
        return None
    known = OPS.get(type(graph.nodes[index]).__name__)
    copies = known is not None and known.moves and bool((coefficients == 1).all())
    if not copies and not _nothing_else(graph, index, which, places, coefficients):
        return None
    return places, coefficients


def _places(graph: LiveGraph, index: int, which: int, coefficients: Array) -> Index | None:
    """Read off where each cell looks, digit by digit: as large ones as the types can carry."""
    size = width(arrived_vectors(graph, index))
    base = 1 << max(1, int(-np.log2(coarsest(graph, index, which))) - SPARE_BITS)
    read, places, scale = coefficients != 0, np.zeros(coefficients.shape, np.int64), 1
    while scale < size:
        digits = np.arange(size) // scale % base
        came = _handed_on(graph, index, which, digits)
        if came is None:
            return None
        with np.errstate(all="ignore"):
            exact = came[read].astype(np.float64) / coefficients[read]
        if not ((exact > -0.5) & (exact < base - 0.5)).all():
            return None
        places[read] += scale * np.rint(exact).astype(np.int64)
        scale *= base
    return places if (places < max(size, 1)).all() else None


def _predicts(graph: LiveGraph, index: int, which: int, places: Index, coefficients: Array) -> bool:
    """Whether the node answers vectors without pattern as these coefficients say."""
    rounding = ROUNDINGS * coarsest(graph, index, which)
    vectors = arrived_vectors(graph, index)
    for step in PATTERNLESS:
        flat = _rounded(patternless(width(vectors), step), graph, index)
        came = _handed_on(graph, index, which, flat)
        if came is None:
            return False
        with np.errstate(all="ignore"):
            expected = coefficients.astype(np.float64) * np.append(flat, 0.0)[places]
            apart = np.abs(came - expected)
        finite = np.isfinite(expected)
        smallest = np.finfo(coefficients.dtype).smallest_normal
        if (apart[finite] > rounding * np.abs(expected[finite]) + smallest).any():
            return False
        if np.isfinite(came[~finite]).any():
            return False
    return True


def _nothing_else(
    graph: LiveGraph, index: int, which: int, places: Index, coefficients: Array
) -> bool:
    """Whether each cell is exactly 0 where only other numbers are given.

    Two positions differ in some bit: so every other number is given without this one once.
    """
    size = width(arrived_vectors(graph, index))
    read = coefficients != 0
    for bit in range(max(size - 1, 0).bit_length()):
        ones = np.arange(size) >> bit & 1
        for given in (ones, 1 - ones):
            came = _handed_on(graph, index, which, given)
            silent = ~read | (given[places] == 0)
            if came is None or came[silent].any():
                return False
    return True


def keeps_samples_apart(graph: LiveGraph, index: int, which: int, sample: int) -> bool:
    """Whether one sample's downstream and upstream cells have nothing to do with the others'.

    Axis 0 of every output and of the downstream gradient must be the samples.
    """
    vectors = arrived_vectors(graph, index)
    for step in PATTERNLESS:
        flat = torch.from_numpy(patternless(width(vectors), step) + 0.5)
        filled = [one[0] for one in shaped(flat[None], vectors)]
        for inside in (True, False):
            given = [_shown(one, sample, inside) for one in filled]
            try:
                part = run_node(graph, index, given)[which]
            except AloneError:
                return False
            if part is None:
                continue
            leaked = torch.cat([part[:sample], part[sample + 1 :]]) if inside else part[sample]
            if leaked.count_nonzero():
                return False
    return True


def _shown(vector: torch.Tensor, sample: int, inside: bool) -> torch.Tensor:
    """Return a vector that is 0 outside the sample, or inside it."""
    shown = torch.zeros_like(vector) if inside else vector.clone()
    shown[sample] = vector[sample] if inside else 0
    return shown


def _rounded(flat: Array, graph: LiveGraph, index: int) -> Array:
    """Return a vector as the types of the node's outputs round it."""
    vectors = shaped(torch.from_numpy(flat)[None], arrived_vectors(graph, index))
    return np.concatenate([to_array(reals(one[0])).astype(np.float64) for one in vectors])


def _handed_on(graph: LiveGraph, index: int, which: int, flat: Array) -> Array | None:
    """Return the flat downstream part for one flat vector over all outputs; None if it has none."""
    rows = torch.from_numpy(flat.astype(np.float64))[None]
    vectors = [one[0] for one in shaped(rows, arrived_vectors(graph, index))]
    try:
        part = run_node(graph, index, vectors)[which]
    except AloneError:
        return None
    if part is None or part.is_complex():
        return None
    return to_array(reals(part.detach()))
