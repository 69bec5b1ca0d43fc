"""Softmax and its logarithms: probabilities that compete for the same whole."""

from __future__ import annotations

import numpy as np

from flow.ops.common.closed import Backward, Gradients
from flow.ops.common.operation import Operation, ruled
from flow.ops.common.reduced import here, reduction, reduction_of
from flow.ops.common.terms import Proposal, Terms, proposal
from flow.record import Array

SLOPE_ROUNDINGS = 16
"""A slope near 0 is the difference of numbers of size 1, each rounded."""


def softmax(backward: Backward) -> Gradients:
    """Return p (g - sum p g)."""
    p, g = backward.tensor("result"), backward.g
    axis = backward.axis("dim", p.ndim)
    return (p * (g - (p * g).sum(axis, keepdims=True)),) if p.ndim else (0 * g,)


def log_softmax(backward: Backward) -> Gradients:
    """Return g - p sum g."""
    p, g = np.exp(backward.tensor("result")), backward.g
    axis = backward.axis("dim", p.ndim)
    return (g - p * g.sum(axis, keepdims=True),) if p.ndim else (0 * g,)


def log_sum_exp(backward: Backward) -> Gradients:
    """Return p g, with p the softmax over the cells that were added up."""
    over = reduction(backward)
    p = np.exp(backward.tensor("self") - over.restored(backward.tensor("result")))
    return (p * over.restored(backward.g),)


def of_softmax(terms: Terms) -> Proposal | None:
    """Name d y_above / d x_below: p belongs to the cell below, q to the one above."""
    result = terms.saved("result")
    if result is None:
        return None
    q = result.astype(np.float64).reshape(-1)
    same, p = terms.cells == terms.places, q[terms.cells]
    return _competing(terms, p * (same - q[terms.places]), ("-p q", "p (1 - p)"))


def of_log_softmax(terms: Terms) -> Proposal | None:
    """Name d y_above / d x_below, with p the probability of the cell below."""
    result = terms.saved("result")
    if result is None:
        return None
    p = np.exp(result.astype(np.float64).reshape(-1)[terms.cells])
    return _competing(terms, (terms.cells == terms.places) - p, ("-p", "1 - p"))


def _competing(terms: Terms, expected: Array, texts: tuple[str, str]) -> Proposal:
    """Name each slope, which is written differently for a cell's own result and for others."""
    kind = terms.coefficients.dtype
    same = terms.cells == terms.places
    distinct, index = np.unique(
        np.stack([same, expected.astype(kind)], 1), axis=0, return_inverse=True
    )
    names = tuple(f"{texts[int(own)]} = {slope:.4g}" for own, slope in distinct)
    rounding = SLOPE_ROUNDINGS * float(np.finfo(kind).eps)
    return Proposal(names, index.reshape(-1), expected.astype(kind), tolerance=rounding)


def of_log_sum_exp(terms: Terms) -> Proposal | None:
    """Name the softmax probability of each cell."""
    x, result = terms.saved("self"), terms.saved("result")
    if x is None or result is None or x.dtype.kind == "c":
        return None
    over = reduction_of(terms.node, terms.shape_below)
    kind = terms.coefficients.dtype
    p = here(terms, np.exp(x.astype(np.float64) - over.restored(result))).astype(kind)
    rounding = SLOPE_ROUNDINGS * float(np.finfo(kind).eps)
    return proposal(p, lambda value: f"softmax(x) = {value:.4g}", p, tolerance=rounding)


_SOFTMAX = ruled(
    r"\bar{x} = p \odot \left( \bar{y} - \textstyle\sum_j p_j\,\bar{y}_j \right)",
    "The probabilities compete: what one gains, the others lose.",
    softmax,
    names=of_softmax,
)

OPS: dict[str, Operation] = {
    "SoftmaxBackward0": _SOFTMAX,
    "SafeSoftmaxBackward0": _SOFTMAX,
    "LogSoftmaxBackward0": ruled(
        r"\bar{x} = \bar{y} - p \textstyle\sum_j \bar{y}_j",
        "Every score gets its own gradient, minus its probability's share of the sum.",
        log_softmax,
        names=of_log_softmax,
    ),
    "LogsumexpBackward0": ruled(
        r"\bar{x}_i = p_i\,\bar{y} \quad \text{with } p = \operatorname{softmax}(x)",
        "The cells share the gradient by their softmax: the largest gets the most.",
        log_sum_exp,
        names=of_log_sum_exp,
    ),
}
"""Class name of a node -> all that is known of it."""
