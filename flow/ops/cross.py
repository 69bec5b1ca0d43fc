"""The cross product of vectors with three cells."""

from __future__ import annotations

import numpy as np

from flow.ops.common.closed import Backward, Gradients, signed, summed_to
from flow.ops.common.operation import Operation
from flow.ops.common.terms import Proposal, Terms, entries
from flow.record import Rule


def crossed(backward: Backward) -> Gradients:
    """Cross the second vector with the upstream, and the upstream with the first."""
    a, b, g = backward.tensor("self"), backward.tensor("other"), backward.g
    axis = backward.axis("dim", g.ndim)
    return tuple(
        None if below is None else summed_to(np.cross(*pair, axis=axis), below)
        for below, pair in zip(backward.below, ((b, g), (g, a)), strict=True)
    )


def of_crossed(terms: Terms) -> Proposal | None:
    """Name the cell of the other vector that stands at neither place, with its sign."""
    other = terms.saved(("other", "self")[terms.which])
    if other is None:
        return None
    axis = signed(terms.node._saved_dim) % len(terms.above)
    mine, made = terms.below[axis], terms.above[axis]
    index = tuple(
        np.minimum(place, length - 1)  # 0 where it was broadcast
        for place, length in zip(terms.above, other.shape, strict=True)
    )
    index = (*index[:axis], (-mine - made) % 3, *index[axis + 1 :])
    named = entries(terms.leaf(1 - terms.which) or ("second", "first")[terms.which], other, index)
    # y[k] = a[i] b[j] - a[j] b[i], where i, j, k follow each other in the circle 0, 1, 2.
    is_added = (mine - made) % 3 == terms.which + 1
    return Proposal(
        (*named.names, *(f"-{name}" for name in named.names)),
        np.where(is_added, named.index, named.index + len(named.names)),
        np.where(is_added, named.expected, -named.expected),
    )


OPS = {
    "LinalgCrossBackward0": Operation(
        rule=Rule(
            r"\bar{a} = b \times \bar{y}, \quad \bar{b} = \bar{y} \times a "
            r"\quad \text{for } y = a \times b",
            "Each vector gets a cross product of the other one with the gradient.",
        ),
        closed_form=crossed,
        names=of_crossed,
        reads="sum",
        copies=True,
    ),
}
