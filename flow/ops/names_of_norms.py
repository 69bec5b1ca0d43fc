"""Names for the coefficients of normalisation layers."""

from __future__ import annotations

import numpy as np

from flow.ops.norms import NORMALISED, group_norm
from flow.ops.terms import Namer, Proposal, Terms, everywhere, proposal, unraveled
from flow.record import Array

TOLERANCE = 1e-4
"""The operation's own mean and deviation are float32 sums over the batch."""


def of_norm(terms: Terms) -> Proposal | None:
    """Name the 1 of the shift, the normalised input of the scale, and the fixed scale."""
    if terms.which == 2:
        return everywhere("1 (bias)", 1.0)
    if terms.node._saved_input is None:
        return None
    norm = NORMALISED[terms.record.name](terms.node)
    if terms.which == 1:
        return _normalised_cells(terms, norm.x)
    if norm.statistics:
        return None
    scale = np.broadcast_to(norm.weight * norm.scale, norm.x.shape).reshape(-1)[terms.cells]
    label = terms.leaf(1) or "1"
    return proposal(
        terms.below[1],
        lambda channel: f"{label}{f'[{channel}]' if terms.leaf(1) else ''}/sqrt(variance + eps)",
        scale,
        tolerance=TOLERANCE,
    )


def _normalised_cells(terms: Terms, x: Array) -> Proposal:
    return proposal(
        terms.places,
        lambda place: f"normalised x[{_index(place, x.shape)}]",
        x.reshape(-1)[terms.places],
        tolerance=TOLERANCE,
    )


def _index(place: int, shape: tuple[int, ...]) -> str:
    return ",".join(str(int(axis)) for axis in unraveled(np.asarray(place), shape))


def of_group_norm(terms: Terms) -> Proposal | None:
    """Name the 1 of the shift and the normalised input of the scale."""
    if terms.which == 2:
        return everywhere("1 (bias)", 1.0)
    return _normalised_cells(terms, group_norm(terms.node).x) if terms.which == 1 else None


NAMERS: dict[str, Namer] = {
    **dict.fromkeys(NORMALISED, of_norm),
    "NativeGroupNormBackward0": of_group_norm,
}
