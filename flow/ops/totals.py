"""Sums, means and products of many cells, whole or running along an axis."""

from __future__ import annotations

import numpy as np

from flow.ops.common.closed import Backward, Gradients, NoClosedFormError
from flow.ops.common.operation import Operation, copying, ruled
from flow.ops.common.reduced import SPREAD_ROUNDINGS, Reduction, here, reduction, reduction_of
from flow.ops.common.terms import Proposal, Terms, everywhere, proposal, unnamed
from flow.record import Array
from flow.said import said


def total(backward: Backward) -> Gradients:
    """Copy the upstream to every summand."""
    return (reduction(backward).restored(backward.g),)


def total_of_numbers(backward: Backward) -> Gradients:
    """Copy the upstream to every summand that is not NaN."""
    counted = ~np.isnan(backward.tensor("self"))
    return (reduction(backward).restored(backward.g) * counted,)


def mean(backward: Backward) -> Gradients:
    """Share the upstream equally among the averaged cells."""
    over = reduction(backward)
    return (over.restored(backward.g) / over.count,)


def of_mean(terms: Terms) -> Proposal | None:
    """Name one over how many cells were averaged."""
    count = reduction_of(terms.node, terms.shape_below).count
    return everywhere(said("1/{count} (mean)", count=count), 1 / max(1, count))


def trace(backward: Backward) -> Gradients:
    """Copy the upstream to the diagonal."""
    rows, columns = backward.below[0] or (1, 1)
    return (backward.g * np.eye(rows, columns),)


# Products and running totals


def product(backward: Backward) -> Gradients:
    """Multiply by the product of all other cells."""
    over = reduction(backward)
    return (over.restored(backward.g) * _others(over, backward.tensor("self")),)


def _others(over: Reduction, x: Array) -> Array:
    """Return for each cell the product of the others: those before it times those behind it."""
    axes = over.axes
    rows = np.moveaxis(x, axes, range(-len(axes), 0)) if axes else x
    flat = rows.reshape(*rows.shape[: rows.ndim - len(axes)], -1)
    ones = np.ones((*flat.shape[:-1], 1))
    before = np.cumprod(np.concatenate([ones, flat[..., :-1]], -1), -1)
    behind = np.cumprod(np.concatenate([ones, flat[..., :0:-1]], -1), -1)[..., ::-1]
    found = (before * behind).reshape(rows.shape)
    return np.moveaxis(found, range(-len(axes), 0), axes) if axes else found


def of_product(terms: Terms) -> Proposal | None:
    """Name the product of the other cells."""
    x = terms.saved("self")
    if x is None or x.dtype.kind == "c":
        return None
    kind = terms.coefficients.dtype
    over = reduction_of(terms.node, terms.shape_below)
    others = here(terms, _others(over, x.astype(np.float64))).astype(kind)
    return proposal(
        others,
        lambda value: said("product of the others = {value:.4g}", value=value),
        others,
        tolerance=SPREAD_ROUNDINGS * float(np.finfo(kind).eps * np.abs(others).max(initial=0)),
    )


def running_sum(backward: Backward) -> Gradients:
    """Add up the upstream from each cell to the end."""
    return (_from_here(backward, backward.g),)


def running_product(backward: Backward) -> Gradients:
    """Add up g y from each cell to the end, and divide by x; only without zeros."""
    x, y = backward.tensor("self"), backward.tensor("result")
    if (x == 0).any():
        raise NoClosedFormError(said("A running product over a 0 has no closed form here."))
    return (_from_here(backward, backward.g * y) / x,)


def running_log_sum(backward: Backward) -> Gradients:
    """Add up g exp(x - y) from each cell to the end."""
    x, y = backward.tensor("self"), backward.tensor("result")
    axis = backward.axis("dim", x.ndim)
    if not x.ndim:
        return (backward.g,)
    x, y, g = (np.moveaxis(each, axis, -1) for each in (x, y, backward.g))
    later = np.tril(np.ones((x.shape[-1],) * 2))
    weights = np.where(later, np.exp(x[..., None, :] - y[..., :, None]), 0.0)
    return (np.moveaxis((g[..., :, None] * weights).sum(-2), -1, axis),)


def _from_here(backward: Backward, array: Array) -> Array:
    if not array.ndim:
        return array
    axis = backward.axis("dim", array.ndim)
    return np.flip(np.cumsum(np.flip(array, axis), axis), axis)


_SUM = copying(
    r"\bar{x}_i = \bar{y}",
    "Every summand counts once, so each gets the upstream gradient unchanged.",
    total,
)
_MEAN = ruled(
    r"\bar{x}_i = \frac{1}{n}\,\bar{y} \quad \text{for } n \text{ averaged cells}",
    "Each of the n averaged cells gets the same share of the gradient.",
    mean,
    names=of_mean,
    reads="sum",
)
_PRODUCT = ruled(
    r"\bar{x}_i = \bar{y} \prod_{j \ne i} x_j",
    "Each factor gets the gradient times the product of all the others.",
    product,
    names=of_product,
    zero=said("Another factor is 0, so the product of the others is 0 and so is this gradient."),
)

OPS: dict[str, Operation] = {
    "SumBackward0": _SUM,
    "SumBackward1": _SUM,
    "NansumBackward0": copying(
        r"\bar{x}_i = \begin{cases} 0 & x_i \text{ is NaN} \\ \bar{y} & \text{otherwise} "
        r"\end{cases}",
        "Every summand that is a number gets the gradient unchanged; those left out get 0.",
        total_of_numbers,
        zero=said("This cell is NaN and was left out of the sum, so its gradient is 0."),
    ),
    "MeanBackward0": _MEAN,
    "MeanBackward1": _MEAN,
    "TraceBackward0": copying(
        r"\bar{x}_{ij} = \begin{cases} \bar{y} & i = j \\ 0 & \text{otherwise} \end{cases}",
        "Only the diagonal was added up: its cells get the gradient, all others get 0.",
        trace,
        zero=said("This cell is not on the diagonal, so its gradient is 0."),
    ),
    "ProdBackward0": _PRODUCT,
    "ProdBackward1": _PRODUCT,
    "CumsumBackward0": copying(
        r"\bar{x}_i = \sum_{k \ge i} \bar{y}_k",
        "A cell is part of every running sum from its place on: it adds up their gradients.",
        running_sum,
    ),
    "CumprodBackward0": ruled(
        r"\bar{x}_i = \frac{1}{x_i} \sum_{k \ge i} y_k\,\bar{y}_k",
        "A cell is a factor of every running product from its place on: each sends its "
        "gradient times the other factors.",
        running_product,
        names=unnamed,
    ),
    "LogcumsumexpBackward0": ruled(
        r"\bar{x}_i = \sum_{k \ge i} e^{x_i - y_k}\,\bar{y}_k",
        "A cell adds up the gradients from its place on, each times its softmax share up to there.",
        running_log_sum,
        names=unnamed,
    ),
}
"""Class name of a node -> all that is known of it."""
