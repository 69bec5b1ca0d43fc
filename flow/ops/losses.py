"""Losses: how far a prediction y is from its target t, cell by cell or class by class.

Each may be reduced by a mean, a sum or not at all; a formula says c for what the mean divides by.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from flow.ops.common.closed import MEAN, Backward, Gradients, signed
from flow.ops.common.operation import Operation, loss, ruled
from flow.ops.common.terms import Proposal, Terms, everywhere, proposal, unnamed
from flow.record import Array
from flow.said import said

_OF_Y = {"y": "self", "t": "target"}
"""Where torch saves prediction and target."""


def negative_log_likelihood(backward: Backward) -> Gradients:
    """Return minus the weight of each right class, over the sum of weights for a mean."""
    target = backward.places("target")
    below = backward.below[0] or ()
    axis = min(1, len(below) - 1)
    classes = below[axis]
    saved = backward.setting("weight")
    weights = np.ones(classes) if saved is None else backward.tensor("weight")
    kept = target != signed(backward.setting("ignore_index"))
    share = np.where(kept, weights[np.where(kept, target, 0)], 0.0)
    if backward.setting("reduction") == MEAN:
        share = share / share.sum()
    filled = np.zeros(below)
    places = np.expand_dims(np.where(kept, target, 0), axis)
    np.put_along_axis(filled, places, np.expand_dims(-backward.g * share, axis), axis)
    return (filled,)


def of_negative_log_likelihood(terms: Terms) -> Proposal | None:
    """Name the share of the right class: its weight, over the sum of weights for a mean."""
    total, weights = terms.saved("total_weight"), terms.saved("weight")
    mean = terms.node._saved_reduction == MEAN and total is not None
    divisor = float(total) if mean and total is not None else 1.0
    over = f"/{divisor:g}" if mean else ""
    if weights is None:
        return everywhere(said("-1{over} (right class)", over=over), -1 / np.float64(divisor))
    shape = terms.shape_below
    classes = terms.below[min(1, len(shape) - 1)]
    own = weights.astype(np.float64)[classes]
    return proposal(
        classes,
        lambda number: said("-weight[{number}]{over} (right class)", number=number, over=over),
        -own / divisor,
        tolerance=8 * float(np.finfo(terms.coefficients.dtype).eps) * np.abs(own / divisor),
    )


def multi_margin(backward: Backward) -> Gradients:
    """Push down each class within the margin, and push up the right class by their sum."""
    slope = _margins(backward.node, backward.tensor("self"), backward.places("target"))
    g = backward.g
    if backward.setting("reduction") == MEAN:
        g = g / max(1, int(np.prod(slope.shape[:-1])))
    return ((np.expand_dims(g, -1) if g.ndim and slope.ndim > g.ndim else g) * slope,)


def _margins(node: Any, x: Array, target: Array) -> Array:
    rows, right = np.atleast_2d(x), np.atleast_1d(target)
    each = np.arange(len(rows))
    missed = node._saved_margin - rows[each, right][:, None] + rows
    slope = np.where(missed > 0, node._saved_p * np.maximum(missed, 0) ** (node._saved_p - 1), 0.0)
    if node._saved_weight is not None:
        slope = slope * node._saved_weight.detach().double().numpy()[right][:, None]
    slope[each, right] = 0
    slope[each, right] = -slope.sum(1)
    return np.asarray(slope / rows.shape[1]).reshape(x.shape)


OPS: dict[str, Operation] = {
    "MseLossBackward0": loss(
        "The further a value is from its target, the harder it is pulled: by twice the error, over "
        "n for a mean.",
        "(y - t)**2",
        {"y": "2*(y - t)", "t": "-2*(y - t)"},
        saved=_OF_Y,
        zero=said("The prediction is its target in this cell, so its gradient is 0."),
    ),
    "SmoothL1LossBackward0": loss(
        "The pull is the error over beta, cut at 1 and -1, and over n for a mean.",
        {
            "y - t >= beta": "y - t - beta/2",
            "y - t <= -beta": "t - y - beta/2",
            "-beta < y - t < beta": "(y - t)**2/(2*beta)",
        },
        {
            "y": {
                "y - t >= beta": "1",
                "y - t <= -beta": "-1",
                "-beta < y - t < beta": "(y - t)/beta",
            },
            "t": {
                "y - t >= beta": "-1",
                "y - t <= -beta": "1",
                "-beta < y - t < beta": "-(y - t)/beta",
            },
        },
        saved=_OF_Y,
        zero=said("The prediction is its target in this cell, so its gradient is 0."),
    ),
    "HuberLossBackward0": loss(
        "The pull is the error, cut at delta and -delta, and over n for a mean.",
        {
            "y - t >= delta": "delta*(y - t - delta/2)",
            "y - t <= -delta": "delta*(t - y - delta/2)",
            "-delta < y - t < delta": "(y - t)**2/2",
        },
        {
            "y": {
                "y - t >= delta": "delta",
                "y - t <= -delta": "-delta",
                "-delta < y - t < delta": "y - t",
            },
            "t": {
                "y - t >= delta": "-delta",
                "y - t <= -delta": "delta",
                "-delta < y - t < delta": "t - y",
            },
        },
        saved=_OF_Y,
        zero=said("The prediction is its target in this cell, so its gradient is 0."),
    ),
    "BinaryCrossEntropyBackward0": loss(
        "A confident mistake is punished hard: the slope grows like one over the probability of "
        "what was true.",
        {
            "p*(1 - p) < 1e-12": "w*(p - t)*p/1e-12",
            "p*(1 - p) >= 1e-12": "-w*(t*log(p) + (1 - t)*log(1 - p))",
        },
        {
            "p": {
                "p*(1 - p) < 1e-12": "w*(p - t)/1e-12",
                "p*(1 - p) >= 1e-12": "w*(p - t)/(p*(1 - p))",
            },
            "t": "w*(log(1 - p) - log(p))",
        },
        saved={"p": "self", "t": "target", "w": "weight"},
        missing={"w": 1.0},
        zero=said("The probability is its target in this cell, so its gradient is 0."),
    ),
    "BinaryCrossEntropyWithLogitsBackward0": loss(
        "The pull is the error of the probability sigmoid(x), weighted if it has weights, over n "
        "for a mean.",
        "w*((1 - t)*x + (1 - t + q*t)*softplus(-x))",
        {
            "x": {
                "q == 1": "w*(sigmoid(x) - t)",
                "q != 1": "w*((1 - t + q*t)*sigmoid(x) - q*t)",
            },
            "t": {"q == 1": "-w*x", "q != 1": "w*((q - 1)*softplus(-x) - x)"},
        },
        saved={"t": "target", "w": "weight", "q": "pos_weight"},
        missing={"w": 1.0, "q": 1.0},
        zero=said("The probability is its target in this cell, so its gradient is 0."),
    ),
    "SoftMarginLossBackward0": loss(
        "Each score is pulled towards the sign t of its class, less hard where it already fits.",
        "softplus(-t*y)",
        {"y": "-t*sigmoid(-t*y)"},
        saved=_OF_Y,
    ),
    **dict.fromkeys(
        ("NllLossBackward0", "NllLoss2DBackward0"),
        ruled(
            r"\bar{x}_{n,k} = \begin{cases} -w_k\,c\,\bar{L}_n & k = t_n \\ "
            r"0 & \text{otherwise} \end{cases}, \quad c = \tfrac{1}{\sum_n w_{t_n}} "
            r"\text{ for a mean, else } 1",
            "Only the score of the right class gets a gradient: minus its weight, over their "
            "sum for a mean.",
            negative_log_likelihood,
            names=of_negative_log_likelihood,
            reads="sum",
            zero=said("This is not the score of a right class that counts, so its gradient is 0."),
        ),
    ),
    "MultiMarginLossBackward0": ruled(
        r"\bar{x}_i = \frac{p\,w_t}{k}\,\max(0, m - x_t + x_i)^{p - 1}\,c\,\bar{L}, \quad "
        r"\bar{x}_t = -\textstyle\sum_{i \ne t} \bar{x}_i, \quad c = \tfrac{1}{n} "
        r"\text{ for a mean, else } 1",
        "Every class that comes within the margin of the right one pushes itself down and the "
        "right one up.",
        multi_margin,
        names=unnamed,
        zero=said("This class stays clear of the margin, so its gradient is 0."),
    ),
}
"""Class name of a loss's node -> all that is known of it."""
