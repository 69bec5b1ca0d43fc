"""Whether a node's backward is linear in its upstream, and how much it rounds: both are tried.

Twice the upstream must give twice the result almost to the last bit, for a power of two rounds
nothing. The sum of two upstreams must give the sum of both results up to rounding. How much that
is shows in upstreams multiplied by numbers that do round: whatever the node takes away on the way
(a mean, a weighted sum) leaves its rounding there too, so nothing need be known about the node.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from flow.arrays import to_array
from flow.asking.conditioning import conditioning
from flow.asking.local import run_node
from flow.asking.rounding import Precision, coarsest, largest, saved_by
from flow.errors import ExplainError
from flow.record import Array, NodeRecord
from flow.recording.walk import LiveGraph

FACTORS = (1.3247, 0.7549, 1.7693)
"""Multiples of the upstream whose rounding differs from that of the upstream itself."""
SIGNS = 3
"""Runs with random signs, which tell how large the terms of every cell are."""
ADDITIVE = 16
"""How many times the rounding that was seen two upstreams together may be off."""
HOMOGENEOUS = 8
"""Roundings of the largest cell that twice the upstream may be off: of tiny numbers only."""
PRECISION = "precision"
"""Where a node's precision is kept among what is known of a graph."""

Vectors = Sequence[Tensor | None]
Parts = tuple[Array | None, ...]
Run = Callable[[Vectors], Parts]
"""Runs a node on upstream vectors."""


@dataclass(frozen=True, eq=False)
class Conduct:
    """How a node behaves when it runs again, alone, on chosen upstream vectors."""

    alone: Parts
    """What it hands on for what arrived: one part for each input."""
    linear: bool
    constant: bool
    """Whether it hands something on even where only zeros arrive."""
    noise: tuple[float, ...]
    """For each input the largest change that rounding alone made; 0 where it is not linear."""
    spread: Parts
    """For each input and cell about the root of the sum of the squared terms."""


def unit_at(graph: LiveGraph, index: int) -> float:
    """Return the unit roundoff of the coarsest type in which a node computed."""
    return precision_at(graph, index).unit


def precision_at(graph: LiveGraph, index: int) -> Precision:
    """Return the precision of the coarsest type in which a node computed; it is found out once."""
    found: Precision | None = graph.known.get((PRECISION, index))
    if found is None:
        found = graph.known[PRECISION, index] = _precision_at(graph, index)
    return found


def _precision_at(graph: LiveGraph, index: int) -> Precision:
    handed_on = [graph.upstream[at][output] for at, output in graph.edges[index] if at >= 0]
    node = graph.nodes[index]
    return coarsest([*graph.upstream[index], *handed_on, *saved_by(node)])


def conduct(graph: LiveGraph, record: NodeRecord) -> Conduct:
    """Run a node on its upstream, on multiples of it, on another one and on both together.

    A node that fails on any but what arrived is taken to be linear, and none of its rounding is
    known.
    """
    index = record.index

    def run(vectors: Vectors) -> Parts:
        handed_on = run_node(graph, index, vectors)
        return tuple(None if part is None else to_array(part.detach()) for part in handed_on)

    arrived = [None if one is None else one.detach() for one in graph.upstream[index]]
    alone = run(arrived)
    try:
        with np.errstate(all="ignore"):  # infinite coefficients
            unit = unit_at(graph, index)
            moved = [
                0.0 if part is None else largest(part) for part in conditioning(graph, record, unit)
            ]
            return _tried(run, arrived, alone, unit, moved)
    except (ExplainError, RuntimeError):
        nothing = len(alone)
        return Conduct(alone, True, False, (0.0,) * nothing, (None,) * nothing)


def _tried(
    run: Run, arrived: Vectors, alone: Parts, unit: float, moved: Sequence[float]
) -> Conduct:
    first = [_finite(one) for one in arrived]
    second = _other(first)
    together = [
        None if a is None or b is None else a + b for a, b in zip(first, second, strict=True)
    ]
    ones, others = run(first), run(second)
    noise = [
        max(pair)
        for pair in zip(_noise(run, first, ones), _noise(run, second, others), strict=True)
    ]
    peak = max([largest(to_array(one)) for one in first if one is not None], default=0.0)
    factor = 0.5 if peak > 1 else 2.0
    rounded = [max(pair) for pair in zip(noise, moved, strict=True)]
    limits = [
        HOMOGENEOUS * (unit * largest(one) + lost) + _least(arrived) if one is not None else 0.0
        for one, lost in zip(ones, moved, strict=True)
    ]
    linear = _homogeneous(ones, run(_times(first, factor)), factor, limits)
    linear = linear and _additive((ones, others, run(together)), rounded, unit)
    return Conduct(
        alone=alone,
        linear=linear,
        constant=any(part is not None and largest(part) > 0 for part in run(_times(first, 0.0))),
        noise=tuple(noise) if linear else (0.0,) * len(noise),
        spread=_spread(run, first),
    )


def _finite(vector: Tensor | None) -> Tensor | None:
    return None if vector is None else torch.where(vector.isfinite(), vector, 0)


def _times(vectors: Vectors, factor: float) -> list[Tensor | None]:
    return [None if one is None else one * factor for one in vectors]


def _least(vectors: Vectors) -> float:
    """Return below which size numbers of this type lose digits."""
    return max(torch.finfo(one.dtype).tiny for one in vectors if one is not None)


def _other(vectors: Vectors) -> list[Tensor | None]:
    """Return other upstream vectors, without any pattern; each cell at most as large as it was.

    One huge cell among small ones must not drown what the others hand on. A cell that was 0 is of
    the middle size.
    """
    generator = np.random.default_rng(1)
    found: list[Tensor | None] = []
    for one in vectors:
        if one is None:
            found.append(None)
            continue
        size = one.detach().abs().double().cpu().numpy()
        middle = np.median(size[size > 0]) if size.any() else 1.0
        cells = generator.uniform(-1, 1, size.shape) * np.where(size > 0, size, middle)
        found.append(torch.from_numpy(np.asarray(cells)).to(one))
    return found


def _noise(run: Run, vectors: Vectors, once: Parts) -> list[float]:
    """Return for each input how far multiples of the upstream are from multiples of the result."""
    found = [0.0] * len(once)
    for factor in FACTORS:
        for place, (part, expected) in enumerate(
            zip(run(_times(vectors, factor)), once, strict=True)
        ):
            if part is not None and expected is not None:
                found[place] = max(found[place], _apart(_wide(part) / factor, expected))
    return found


def _homogeneous(once: Parts, scaled: Parts, factor: float, limits: Sequence[float]) -> bool:
    return all(
        _apart(part, factor * _wide(expected)) <= limit
        for part, expected, limit in zip(scaled, once, limits, strict=True)
        if part is not None and expected is not None
    )


def _additive(parts: tuple[Parts, Parts, Parts], noise: Sequence[float], unit: float) -> bool:
    return all(
        _apart(both, _wide(one) + _wide(two))
        <= ADDITIVE * (2 * quiet + unit * (largest(one) + largest(two)))
        for one, two, both, quiet in zip(*parts, noise, strict=True)
        if one is not None and two is not None and both is not None
    )


def _spread(run: Run, vectors: Vectors) -> Parts:
    """Return the root mean square of runs with random signs: that of sum t^2, cell by cell."""
    squares: list[Array | None] = []
    generator = np.random.default_rng(2)
    for _ in range(SIGNS):
        signed = [
            None
            if one is None
            else one * torch.from_numpy(generator.choice((-1.0, 1.0), tuple(one.shape))).to(one)
            for one in vectors
        ]
        parts = [None if part is None else np.abs(_wide(part)) ** 2 for part in run(signed)]
        squares = _added(squares, parts) if squares else parts
    return tuple(None if one is None else np.sqrt(one / SIGNS) for one in squares)


def _added(some: Sequence[Array | None], more: Sequence[Array | None]) -> list[Array | None]:
    return [b if a is None else a if b is None else a + b for a, b in zip(some, more, strict=True)]


def _wide(array: Array) -> Array:
    return array.astype(np.complex128 if array.dtype.kind == "c" else np.float64)


def _apart(array: Array, other: Array) -> float:
    with np.errstate(all="ignore"):
        return largest(np.asarray(_wide(array) - other))
