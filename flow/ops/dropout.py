"""Dropout in one node, as torch runs it on some devices."""

from __future__ import annotations

from flow.ops.common.closed import Backward, Gradients
from flow.ops.common.operation import ruled
from flow.ops.common.terms import Proposal, Terms, everywhere
from flow.said import said


def _scale(chance: float) -> float:
    return 0.0 if chance == 1 else 1 / (1 - chance)


def dropped(backward: Backward) -> Gradients:
    """Hand on the cells that were kept, scaled as they were."""
    return (backward.g * backward.tensor("result1") * _scale(backward.setting("p")),)


def names(terms: Terms) -> Proposal | None:
    """Name the scale of the cells that were kept."""
    scale = _scale(terms.node._saved_p)
    return everywhere(said("{scale:.6g} (kept)", scale=scale), scale)


OPS = {
    "NativeDropoutBackward0": ruled(
        r"\bar{x} = \frac{1}{1 - p}\,m \odot \bar{y}",
        "Cells that dropout kept hand the gradient on, scaled like their values; dropped cells "
        "get 0.",
        dropped,
        names=names,
        reads="sum",
        zero=said("Dropout set this cell to 0, so its gradient is 0."),
    )
}
