"""How far a rule's own arithmetic may take a gradient, whatever the sum of its terms.

A variance subtracts a mean, attention exponentiates scores in the hundreds: such a gradient rounds
by more than its terms. So the rule's closed form is computed again in float32, and in float64 from
saved numbers that are moved by one rounding each, and how far that leads is measured.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor

from flow.asking.local import arrived_vectors
from flow.asking.rounding import FORMING
from flow.ops import OPS
from flow.ops.common.closed import Backward, Gradients, NoClosedFormError, double
from flow.record import Array, NodeRecord
from flow.recording.walk import LiveGraph
from flow.said import said

Reader = Callable[[Tensor], Array]
"""Makes numbers of a saved tensor."""
MOST_CELLS = 1_000_000
"""Cells of a node's gradients for which its closed form is computed."""
SINGLE = 2.0**-24
"""Unit roundoff of float32."""
SHAKES = 3
"""Computations from numbers that are moved."""
SHAKEN = 16
"""How many times what they show the node's own rounding may be: a few tries saw little of it."""
LAST = "last rule rounded"
"""Where the last node's result is kept among what is known of a graph."""


def closed_form(graph: LiveGraph, record: NodeRecord) -> Gradients:
    """Compute a node's gradients by its rule alone, in float64, one per input.

    Raises NoClosedFormError that says why there are none.
    """
    return _computed(graph, record, double, _as_it_arrived)


def conditioning(graph: LiveGraph, record: NodeRecord, unit: float) -> Gradients:
    """Return how far each cell moves by roundings of size ``unit`` on the way, one array an input.

    None where no closed form is written down.
    """
    last: tuple[str, Gradients] = graph.known.get(LAST, ("", ()))
    if last[0] != record.id:
        last = graph.known[LAST] = record.id, _measured(graph, record)
    inputs = len(record.downstream)
    parts = [None if part is None else part * (unit / SINGLE) for part in last[1][:inputs]]
    return (*parts, *[None] * (inputs - len(parts)))


def beyond(moved: Array, sizes: Array | float, unit: float) -> Array:
    """Return what of ``moved`` the terms of each cell do not explain, and allow a few times that.

    Most cells show how far the rule leads, but one that stands where the function bends or jumps
    shows that alone: such cells count for themselves.
    """
    with np.errstate(all="ignore"):
        apart = moved - FORMING * unit * np.asarray(sizes)
    excess = np.where(apart > 0, apart, 0.0)  # where terms are infinite, nothing is known
    most = np.quantile(excess, 0.9) if excess.size else 0.0
    return np.asarray(SHAKEN * (excess + most))


def _measured(graph: LiveGraph, record: NodeRecord) -> Gradients:
    """Return by how much roundings in float32 move each cell."""
    try:
        exact = _computed(graph, record, double, _finite)
        rounded = [
            _computed(graph, record, _single, lambda one: _finite(one).astype(np.float32)),
            *(_computed(graph, record, _moving(seed), _finite) for seed in range(SHAKES)),
        ]
    except NoClosedFormError:
        return (None,) * len(record.downstream)
    with np.errstate(all="ignore"):
        return tuple(
            None if one is None else np.max([_apart(one, part) for part in parts], axis=0)
            for one, *parts in zip(exact, *rounded, strict=True)
        )


def _apart(exact: Array, rounded: Array | None) -> Array:
    """Return the difference, 0 where float32 cannot hold a number on the way."""
    if rounded is None:
        return np.zeros(exact.shape)
    apart = np.abs(exact.astype(np.float64) - rounded)
    return np.where(np.isfinite(apart), apart, 0.0)


def _computed(
    graph: LiveGraph, record: NodeRecord, read: Reader, arrived: Callable[[Array], Array]
) -> Gradients:
    known = OPS.get(record.name)
    if known is None or known.closed_form is None:
        raise NoClosedFormError(
            said("No closed form is written down for {name}.", name=record.name)
        )
    parts = [part for part in (*record.downstream, *record.upstream) if part is not None]
    cells = sum(part.size for part in parts)
    if cells > MOST_CELLS:
        raise NoClosedFormError(
            said("{cells:,} cells are more than are computed at once.", cells=cells)
        )
    if any(part.dtype.kind != "f" for part in record.downstream if part is not None):
        raise NoClosedFormError(said("Closed forms are written for real numbers only."))
    index = record.index
    opened = Backward(
        node=graph.nodes[index],
        name=record.name,
        upstream=tuple(arrived(double(one)) for one in arrived_vectors(graph, index)),
        below=tuple(None if part is None else part.shape for part in record.downstream),
        read=read,
    )
    with np.errstate(all="ignore"):
        return known.closed_form(opened)


def _as_it_arrived(upstream: Array) -> Array:
    return upstream


def _finite(upstream: Array) -> Array:
    return np.where(np.isfinite(upstream), upstream, 0.0)


def _single(tensor: Tensor) -> Array:
    """Read a saved tensor as float32, positions as they are."""
    return double(tensor).astype(np.float32 if tensor.is_floating_point() else np.float64)


def _moving(seed: int) -> Reader:
    """Return how to read saved tensors with each number moved; what is read twice moves once."""
    generator = np.random.default_rng(seed)
    kept: dict[tuple[int, torch.Size], tuple[Tensor, Array]] = {}  # held, so is its address

    def read(tensor: Tensor) -> Array:
        values = double(tensor)
        if not tensor.is_floating_point():
            return values
        key = tensor.data_ptr(), tensor.shape
        if key not in kept:
            move = generator.uniform(1 - SINGLE, 1 + SINGLE, values.shape)
            kept[key] = tensor, values * move
        return kept[key][1]

    return read
