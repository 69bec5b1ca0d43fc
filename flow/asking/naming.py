"""Names for coefficients: which entry, share or slope multiplies an upstream cell.

A name is read off the node's saved attributes together with the value it stands for, and kept
only for coefficients that have the value it says.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from flow.ops import OPS
from flow.ops.common.terms import COPY, Index, Proposal, Terms
from flow.record import Array

ROUNDINGS = 4
"""Roundings between a coefficient and the value that is named: slopes take a few operations."""


@dataclass(frozen=True, eq=False)
class Named:
    """Every name once, and which one each term has; empty for a term without a name."""

    names: tuple[str, ...]
    index: Index


def name_terms(terms: Terms) -> Named | None:
    """Return the names of the coefficients, or None where they have none that hold."""
    if not len(terms.coefficients):
        return None
    known = OPS.get(terms.record.name)
    if known is None:
        return None
    turning = terms.coefficients.dtype.kind == "c"
    if turning and known.reads == "function":
        return None  # slopes are written down for real numbers
    with np.errstate(all="ignore"):
        found = _copies() if known.names is None else known.names(terms)
    if found is None:
        return None
    holds = _holds(found, terms.coefficients)
    if turning and not holds.any():
        found = _conjugated(found)
        holds = _holds(found, terms.coefficients)
    if not holds.any():
        return None
    index = np.broadcast_to(found.index, terms.coefficients.shape)
    if holds.all():
        return Named(found.names, index)
    return Named((*found.names, ""), np.where(holds, index, len(found.names)))


def _copies() -> Proposal:
    """Views, sums, joins and lookups hand cells on as they are."""
    return Proposal((COPY,), np.zeros(1, np.int64), np.ones(1))


def _conjugated(found: Proposal) -> Proposal:
    """A complex factor of the forward multiplies the gradient by its conjugate."""
    names = tuple(f"conj({name})" for name in found.names)
    return Proposal(names, found.index, np.conj(found.expected), found.tolerance)


def _holds(found: Proposal, coefficients: Array) -> NDArray[np.bool_]:
    """Whether each coefficient is what its name says, up to rounding."""
    kind = coefficients.dtype
    rounding = np.finfo(kind).eps if kind.kind in "fc" else 0.0
    with np.errstate(all="ignore"):
        allowed = ROUNDINGS * rounding * np.abs(found.expected) + found.tolerance
        return np.asarray(np.abs(coefficients - found.expected) <= allowed)
