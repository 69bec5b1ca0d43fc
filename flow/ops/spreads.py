"""Variance, standard deviation, norms and distances: how far cells lie from something."""

from __future__ import annotations

from typing import Any

import numpy as np

from flow.ops.common.closed import Backward, Gradients, summed_to
from flow.ops.common.operation import Operation, ruled
from flow.ops.common.reduced import SPREAD_ROUNDINGS, Reduction, here, reduction, reduction_of
from flow.ops.common.terms import Proposal, Terms, proposal, unnamed
from flow.record import Array
from flow.said import said

# Variance and standard deviation


def _deviations(node: Any, x: Array) -> tuple[Array, Array, float]:
    """Return each cell's distance from its mean, the variance there, and what it is divided by."""
    over = reduction_of(node, x.shape)
    correction = getattr(node, "_saved_correction", None)
    divisor = over.count - (1.0 if correction is None else float(correction))
    apart = x - over.over(x) / over.count
    return apart, over.over(apart**2) / divisor, divisor


def variance(backward: Backward) -> Gradients:
    """Return 2 (x - mean) / (n - correction)."""
    over = reduction(backward)
    apart, _, divisor = _deviations(backward.node, backward.tensor("self"))
    return (over.restored(backward.g) * 2 * apart / divisor + _of_the_mean(backward),)


def deviation(backward: Backward) -> Gradients:
    """Return (x - mean) / ((n - correction) std), 0 where all cells are equal."""
    over = reduction(backward)
    apart, spread, divisor = _deviations(backward.node, backward.tensor("self"))
    slope = np.where(spread == 0, 0.0, apart / (divisor * np.sqrt(spread)))
    return (over.restored(backward.g) * slope + _of_the_mean(backward),)


def _of_the_mean(backward: Backward) -> Array | float:
    """Return the share of a second output, which is the mean."""
    if len(backward.upstream) == 1:
        return 0.0
    over = reduction(backward)
    return over.restored(backward.upstream[1]) / over.count


def of_spread(terms: Terms) -> Proposal | None:
    """Name the slope of a variance or a deviation, and the share of the mean beside it."""
    x = terms.saved("self")
    if x is None or x.dtype.kind == "c":
        return None
    apart, spread, divisor = _deviations(terms.node, x.astype(np.float64))
    if terms.record.name.startswith("Var"):
        slopes, text = 2 * apart / divisor, f"2 (x - mean)/{divisor:g}"
    else:
        slopes, text = (
            apart / (divisor * np.sqrt(spread)),
            f"(x - mean)/({divisor:g} std)",
        )
    count = reduction_of(terms.node, x.shape).count
    of_mean = terms.outputs == 1
    kind = terms.coefficients.dtype
    expected = np.where(of_mean, 1 / count, here(terms, slopes)).astype(kind)
    keys = np.where(of_mean, np.nan, expected)
    return proposal(
        keys,
        lambda slope: (
            said("1/{count} (mean)", count=count) if np.isnan(slope) else f"{text} = {slope:.4g}"
        ),
        expected,
        tolerance=SPREAD_ROUNDINGS * float(np.finfo(kind).eps * np.abs(slopes).max(initial=0)),
    )


# Norms


def norm(backward: Backward) -> Gradients:
    """Return the slope of the p-norm: sign(x) (|x| / norm)^(p - 1)."""
    over, node = reduction(backward), backward.node
    if backward.wants(0) is None:  # the 0-norm counts cells, and torch hands nothing on
        return (None,)
    slope = _norm_slope(over, backward.tensor("self"), backward.tensor("result"), _order(node))
    return (over.restored(backward.g) * slope,)


def distance(backward: Backward) -> Gradients:
    """Return the slope of the p-norm of a difference, with the other sign for what is taken."""
    apart = backward.tensor("self") - backward.tensor("other")
    over = Reduction(apart.shape, tuple(range(apart.ndim)), kept=False)
    slope = _norm_slope(over, apart, backward.tensor("result"), float(backward.setting("p")))
    found = backward.g * slope
    return tuple(
        None if shape is None else sign * summed_to(found, shape)
        for shape, sign in zip(backward.below, (1, -1), strict=False)
    )


def _order(node: Any) -> float:
    """Return the p of a p-norm."""
    order = getattr(node, "_saved_ord", None)
    order = getattr(node, "_saved_p", None) if order is None else order
    return 2.0 if order is None else float(order)


def _norm_slope(over: Reduction, x: Array, result: Array, order: float) -> Array:
    whole = over.restored(result)
    if np.isinf(order):
        at_end = np.abs(x) == whole
        return np.sign(x) * np.where(at_end, 1 / over.over(at_end), 0.0)
    if order == 1:
        return np.sign(x)
    return np.where(whole == 0, 0.0, np.sign(x) * (np.abs(x) / whole) ** (order - 1))


def of_norm(terms: Terms) -> Proposal | None:
    """Name the slope of a norm."""
    x, result, order = terms.saved("self"), terms.saved("result"), _order(terms.node)
    if x is None or result is None or x.dtype.kind == "c":
        return None
    over = reduction_of(terms.node, terms.shape_below)
    slopes = here(terms, _norm_slope(over, x.astype(np.float64), result, order))
    text = {1.0: "sign(x)", 2.0: "x/norm"}.get(
        order, said("slope of the {order:g}-norm", order=order)
    )
    kind = terms.coefficients.dtype
    slopes = slopes.astype(kind)
    return proposal(
        slopes,
        lambda slope: said("{text} = {slope:.4g}", text=text, slope=slope),
        slopes,
        tolerance=SPREAD_ROUNDINGS * float(np.finfo(kind).eps),
    )


_VARIANCE = r"\frac{2\,(x_i - \operatorname{mean}(x))}{n - c}\,\bar{y}"
_DEVIATION = r"\frac{x_i - \operatorname{mean}(x)}{(n - c)\,s}\,\bar{y}"
_CORRECTED = r"\quad \text{with correction } c"
_BESIDE = r" + \frac{1}{n}\,\bar{m}"
_AT_MEAN = said("This cell is equal to the mean, so its gradient is 0.")

_NORM = ruled(
    r"\bar{x}_i = \operatorname{sign}(x_i) \left( \frac{|x_i|}{\|x\|_p} \right)^{p - 1} "
    r"\bar{y}",
    "Each cell gets the gradient by its share of the norm; for p = 2 that is x over the norm.",
    norm,
    names=of_norm,
    zero=said("The slope of the norm is 0 in this cell, so nothing is handed on."),
)

OPS: dict[str, Operation] = {
    "VarBackward0": ruled(
        rf"\bar{{x}}_i = {_VARIANCE} {_CORRECTED}",
        "Each cell is pulled by twice its distance from the mean, over n less the correction.",
        variance,
        names=of_spread,
        zero=_AT_MEAN,
    ),
    "VarMeanBackward0": ruled(
        rf"\bar{{x}}_i = {_VARIANCE}{_BESIDE} {_CORRECTED}",
        "Each cell gets twice its distance from the mean for the variance, 1/n for the mean.",
        variance,
        names=of_spread,
    ),
    "StdBackward0": ruled(
        rf"\bar{{x}}_i = {_DEVIATION} {_CORRECTED}",
        "Each cell is pulled by its distance from the mean in deviations, over n less the "
        "correction.",
        deviation,
        names=of_spread,
        zero=_AT_MEAN,
    ),
    "StdMeanBackward0": ruled(
        rf"\bar{{x}}_i = {_DEVIATION}{_BESIDE} {_CORRECTED}",
        "Each cell gets its distance from the mean in deviations, and 1/n for the mean.",
        deviation,
        names=of_spread,
    ),
    "LinalgVectorNormBackward0": _NORM,
    "NormBackward0": _NORM,
    "NormBackward1": _NORM,
    "DistBackward0": ruled(
        r"\bar{a}_i = \operatorname{sign}(a_i - b_i) \left( \frac{|a_i - b_i|}{\|a - b\|_p} "
        r"\right)^{p - 1} \bar{y}, \quad \bar{b} = -\bar{a}",
        "The distance grows along the difference: one end gets the gradient, the other its "
        "opposite.",
        distance,
        names=unnamed,
        zero=said("The two are equal in this cell, so nothing is handed on."),
    ),
}
"""Class name of a node -> all that is known of it."""
