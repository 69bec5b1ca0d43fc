"""What a node's coefficients look like, learned from a few runs on chosen upstream vectors.

A backward is linear in its upstream. A guess about its structure that also predicts what comes
out for vectors without any pattern is right, except for cases of probability zero.
"""

from __future__ import annotations

import math

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from flow.arrays import to_array
from flow.asking.local import arrived_vectors, run_node
from flow.record import Array
from flow.recording.walk import LiveGraph

MAX_PLACES = 1 << 20
"""Upstream cells whose positions a float32 can still carry through a multiplication."""
TOLERANCE = 1e-4
"""How far a prediction may be off, relative: float32 rounding is a thousand times smaller."""
PATTERNLESS = (0.7548776662466927, 0.5698402909980532)
"""Steps of two low-discrepancy sequences: their multiples modulo 1 have no pattern."""


def single_source(
    graph: LiveGraph, index: int, which: int
) -> tuple[NDArray[np.int64], Array] | None:
    """Return the one upstream cell that each downstream cell reads, and its coefficient.

    Positions are row-major with the outputs laid end to end. None when some cell reads more
    than one, or when that cannot be told (complex or non-finite coefficients).
    """
    shapes = graph.shapes(index)
    width = sum(math.prod(shape) for shape in shapes)
    if width > MAX_PLACES:
        return None
    coefficients = _handed_on(graph, index, which, np.ones(width))
    positions = _handed_on(graph, index, which, np.arange(1.0, width + 1))
    if coefficients is None or positions is None or not np.isfinite(coefficients).all():
        return None
    read = coefficients != 0
    places = np.zeros(coefficients.shape, dtype=np.int64)
    with np.errstate(all="ignore"):
        exact = positions[read].astype(np.float64) / coefficients[read] - 1
    if not np.isfinite(exact).all() or (exact <= -0.5).any() or (exact >= width - 0.5).any():
        return None
    places[read] = np.rint(exact)
    for step in PATTERNLESS:
        vector = _patternless(width, step)
        came = _handed_on(graph, index, which, vector)
        expected = coefficients * vector[places]
        if came is None or (np.abs(came - expected) > TOLERANCE * np.abs(coefficients)).any():
            return None
    return places, coefficients


def keeps_samples_apart(graph: LiveGraph, index: int, which: int, sample: int) -> bool:
    """Whether one sample's downstream and upstream cells have nothing to do with the others'.

    Axis 0 of every output and of the downstream gradient must be the samples.
    """
    for inside in (True, False):
        vectors = []
        for vector in arrived_vectors(graph, index):
            filled = torch.from_numpy(_patternless(vector.numel(), PATTERNLESS[0]) + 0.5)
            filled = filled.to(vector).reshape(vector.shape)
            chosen = torch.zeros(len(vector), dtype=torch.bool, device=vector.device)
            chosen[sample] = True
            shown = chosen if inside else ~chosen
            vectors.append(filled * shown.view(-1, *[1] * (vector.dim() - 1)))
        part = run_node(graph, index, vectors)[which]
        if part is None:
            continue
        leaked = torch.cat([part[:sample], part[sample + 1 :]]) if inside else part[sample]
        if leaked.count_nonzero():
            return False
    return True


def _patternless(size: int, step: float) -> Array:
    return (np.arange(1, size + 1) * step) % 1.0


def _handed_on(graph: LiveGraph, index: int, which: int, flat: Array) -> Array | None:
    """Run the node on one flat vector over all outputs; return the flat downstream part."""
    vectors: list[Tensor] = []
    begin = 0
    for vector in arrived_vectors(graph, index):
        own = torch.from_numpy(flat[begin : begin + vector.numel()].copy())
        vectors.append(own.to(vector).reshape(vector.shape))
        begin += vector.numel()
    part = run_node(graph, index, vectors)[which]
    if part is None or part.is_complex():
        return None
    return to_array(part.detach()).reshape(-1)
