"""Distances between all pairs of rows."""

from __future__ import annotations

import numpy as np

from flow.ops.common.closed import Backward, Gradients, NoClosedFormError, summed_to
from flow.ops.common.operation import ruled
from flow.ops.common.terms import unnamed
from flow.record import Array
from flow.said import said


def between(backward: Backward) -> Gradients:
    """Return the gradients of both sets of rows."""
    first, second = (backward.tensor(name) for name in ("x1", "x2"))
    apart = first[..., :, None, :] - second[..., None, :, :]
    pulls = _pulls(apart, backward.tensor("result"), _power(backward)) * backward.g[..., None]
    return tuple(
        None if below is None else summed_to(part, below)
        for below, part in zip(backward.below, (pulls.sum(-2), -pulls.sum(-3)), strict=False)
    )


def among(backward: Backward) -> Gradients:
    """Return the gradient of one set of rows, each pair of which was compared once."""
    x = backward.tensor("self")
    above, under = np.triu_indices(len(x), 1)
    pulls = _pulls(x[above] - x[under], backward.tensor("result"), _power(backward))
    found = np.zeros(x.shape)
    np.add.at(found, above, pulls * backward.g[:, None])
    np.add.at(found, under, -pulls * backward.g[:, None])
    return (found,)


def _power(backward: Backward) -> float:
    power = float(getattr(backward.node, "_saved_p", 2.0))
    if not 1 <= power < np.inf:
        raise NoClosedFormError(
            said("The {power:g}-norm distance has no closed form here.", power=power)
        )
    return power


def _pulls(apart: Array, distances: Array, power: float) -> Array:
    """Return the slope of the distance by each entry of the difference; 0 where they meet."""
    far = np.where(distances == 0, 1.0, distances)[..., None]
    slopes = np.sign(apart) * (np.abs(apart) / far) ** (power - 1)
    return np.where(distances[..., None] == 0, 0.0, slopes)


_SLOPE = r"\operatorname{sgn}(u_i - v_j) \odot \left(\frac{|u_i - v_j|}{y_{ij}}\right)^{p-1}"
_BETWEEN = ruled(
    r"\bar{u}_i = \sum_j s_{ij}, \quad \bar{v}_j = -\sum_i s_{ij}, \quad "
    rf"s_{{ij}} = \bar{{y}}_{{ij}}\,{_SLOPE} \quad "
    r"\text{for } y_{ij} = \lVert u_i - v_j \rVert_p",
    "Each row is pulled by every row of the other set, by the slope of their distance; rows "
    "that coincide do not pull.",
    between,
    names=unnamed,
)

OPS = {
    "CdistBackward0": _BETWEEN,
    "EuclideanDistBackward0": _BETWEEN,
    "PdistBackward0": ruled(
        rf"\bar{{u}}_i = \sum_{{j \ne i}} \bar{{y}}_{{ij}}\,{_SLOPE.replace('v', 'u')} "
        r"\quad \text{for } y_{ij} = \lVert u_i - u_j \rVert_p",
        "Each row is pulled by every other row of its set, by the slope of their distance; "
        "equal rows do not pull.",
        among,
        names=unnamed,
    ),
}
