"""The sentence that a sum needs when it is not the plain one."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from flow.asking.hooks import hook_of
from flow.asking.linearity import conduct, unit_at
from flow.asking.rounding import of_sequence
from flow.ops import OPS
from flow.record import Array, NodeRecord
from flow.recording.walk import LiveGraph

NO_NOTE = -1
"""In place of a note's number: the sum is a plain one."""
ROUNDINGS = 32
"""Units in the last place of the sum of |terms| within which a sum is not looked at twice."""
NOISE = 8
"""How many times the rounding that a node showed it may have done: a few runs saw little of it."""


def not_linear(name: str) -> str:
    """Return the sentence for a backward that a test showed not to be linear."""
    return (
        f"The backward of {name} is not linear in its upstream gradient: multiples and sums of "
        "upstream gradients did not give multiples and sums of its result."
    )


def _missed(
    graph: LiveGraph, record: NodeRecord, products: Array, total: complex, value: complex
) -> str:
    """Return the sentence for a sum that is not autograd's value; empty if rounding explains it."""
    index = int(record.id[1:])
    with np.errstate(all="ignore"):
        size = float(np.abs(products).sum())
    allowed = of_sequence(len(products), size, unit_at(graph, index))
    if not np.isfinite(value) or abs(total - value) <= 2 * allowed:
        return ""
    seen = conduct(graph, index)
    if abs(total - value) <= 2 * allowed + NOISE * max(seen.noise, default=0.0):
        return ""
    hook = hook_of(record)
    if hook:
        return f"The terms add up to {total:.6g}. {hook} made {value:.6g} of that."
    if not seen.linear:
        nothing = " It hands something on even for zeros." if seen.constant else ""
        return f"The terms do not add up to autograd's value. {not_linear(record.name)}{nothing}"
    return (
        f"The terms do not add up to autograd's value: they give {total:.6g}, autograd has "
        f"{value:.6g}. One of the two is wrong, for the backward of {record.name} is linear in its "
        f"upstream gradient and rounding explains {2 * allowed:.2g} at most."
    )


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
        return _missed(graph, record, products, 0.0, value) or _no_term(record)
    if not np.isfinite(coefficients).all():
        return "A local derivative is infinite here, so the sum has no finite value."
    if not np.isfinite(products).all():
        return "A gradient that is not finite arrived here, so the sum has no finite value."
    missed = _missed(graph, record, products, total, value)
    if missed:
        return missed
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
        limit = ROUNDINGS * np.finfo(products.dtype).eps * added(np.abs(exact))
        close: NDArray[np.bool_] = np.abs(added(exact) - values) <= limit
    return close & (added(exact != 0) > 0)


def _no_term(record: NodeRecord) -> str:
    known = OPS.get(record.name)
    return (known.zero_of(record) if known else "") or (
        "No upstream cell feeds this cell: every coefficient is 0, so its gradient is 0."
    )
