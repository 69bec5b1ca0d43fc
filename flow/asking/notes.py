"""The sentence that a sum needs when it is not the plain one."""

from __future__ import annotations

import math

import numpy as np
import torch
from numpy.typing import NDArray

from flow.ops import OPS
from flow.record import Array, NodeRecord
from flow.recording.walk import LiveGraph

NO_NOTE = -1
"""In place of a note's number: the sum is a plain one."""
ROUNDINGS = 64
"""Roundings that a gradient's own arithmetic may add up, in units of the sum of |terms|."""

CANCELLING = frozenset(
    {"NativeBatchNormBackward0", "NativeLayerNormBackward0", "NativeGroupNormBackward0"}
)
"""Their coefficients are small differences of larger numbers: 1/deviation, minus a mean."""


def tolerance(graph: LiveGraph, record: NodeRecord, products: Array) -> float:
    """Return what rounding may explain: a few units in the last place of the sum of |terms|."""
    return ROUNDINGS * _coarsest(graph, record) * magnitude(graph, record, products)


def magnitude(graph: LiveGraph, record: NodeRecord, products: Array) -> float:
    """Return what rounding is relative to: the sum of |terms|.

    A normalisation takes its mean out before that, so what it scaled counts there too.
    """
    with np.errstate(all="ignore"):
        found = float(np.abs(products).sum())
    upstream = record.upstream[0]
    if record.name not in CANCELLING or upstream is None:
        return found
    node = graph.nodes[int(record.id[1:])]
    factors = [getattr(node, name, None) for name in ("_saved_result2", "_saved_weight")]
    gains = [float(one.detach().abs().max()) for one in factors if one is not None and one.numel()]
    return found + float(np.abs(upstream).max(initial=0.0)) * math.prod(gains)


def _coarsest(graph: LiveGraph, record: NodeRecord) -> float:
    """Return the unit in the last place of the coarsest gradient at a node."""
    index = int(record.id[1:])
    handed_on = [graph.upstream[at][output] for at, output in graph.edges[index] if at >= 0]
    tensors = [*graph.upstream[index], *handed_on]
    kinds = [tensor.dtype for tensor in tensors if tensor is not None]
    return max(torch.finfo(kind).eps for kind in kinds)


def note_for(
    graph: LiveGraph,
    record: NodeRecord,
    coefficients: Array,
    products: Array,
    total: complex,
    value: complex,
) -> str:
    """Return the sentence, empty for a plain sum."""
    if not len(coefficients):
        rounding = abs(value) <= tolerance(graph, record, products)
        return _no_term(record, 0 if rounding else value)
    if not np.isfinite(coefficients).all():
        return "A local derivative is infinite here, so the sum has no finite value."
    if not np.isfinite(products).all():
        return "A gradient that is not finite arrived here, so the sum has no finite value."
    if np.isfinite(value) and abs(total - value) > tolerance(graph, record, products):
        return (
            f"The terms do not add up to autograd's value: the backward of {record.name} is not "
            "linear in its upstream gradient."
        )
    if not products.any():
        return "Every upstream cell that feeds this cell is 0, so its gradient is 0."
    return ""


def notes_for(
    graph: LiveGraph,
    record: NodeRecord,
    offsets: Array,
    coefficients: Array,
    upstreams: Array,
    values: Array,
) -> tuple[tuple[str, ...], NDArray[np.int32]]:
    """Return the sentences that many sums need, and which of them each needs, ``NO_NOTE`` if none.

    The terms of ``values[r]`` stand at ``offsets[r]`` to ``offsets[r + 1]``. Plain sums, which
    are most, are told from the others all at once.
    """
    with np.errstate(all="ignore"):
        products = coefficients * upstreams
    found: dict[str, int] = {}
    note_of = np.full(len(values), NO_NOTE, np.int32)
    for row in np.flatnonzero(~_plain(offsets, products, values)).tolist():
        terms = slice(offsets[row], offsets[row + 1])
        with np.errstate(all="ignore"):
            total = np.add.accumulate(products[terms])[-1].item() if products[terms].size else 0.0
        note = note_for(
            graph, record, coefficients[terms], products[terms], total, values[row].item()
        )
        if note:
            note_of[row] = found.setdefault(note, len(found))
    return tuple(found), note_of if found else np.zeros(0, np.int32)


def _plain(offsets: Array, products: Array, values: Array) -> NDArray[np.bool_]:
    """Tell which sums are finite, not of zeros alone, and their value up to little rounding."""
    rows = np.repeat(np.arange(len(values)), np.diff(offsets))
    exact = products.astype(np.float64)

    def added(terms: Array) -> Array:
        return np.bincount(rows, weights=terms, minlength=len(values))

    with np.errstate(all="ignore"):
        limit = ROUNDINGS / 2 * np.finfo(products.dtype).eps * added(np.abs(exact))
        close: NDArray[np.bool_] = np.abs(added(exact) - values) <= limit
    return close & (added(exact != 0) > 0)


def _no_term(record: NodeRecord, value: complex) -> str:
    if value != 0:
        return (
            f"The terms do not add up to autograd's value: the backward of {record.name} does not "
            "depend on its upstream gradient."
        )
    known = OPS.get(record.name)
    return (known.zero_of(record) if known else "") or (
        "No upstream cell feeds this cell: every coefficient is 0, so its gradient is 0."
    )
