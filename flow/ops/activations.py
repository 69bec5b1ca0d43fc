"""Activation functions: what a layer like nn.GELU does to each cell, and their backward.

Source: the formulas on torch.nn's pages; at the bends the code of torch's backward kernels.
"""

from __future__ import annotations

import numpy as np

from flow.ops.common.closed import Backward, Gradients
from flow.ops.common.expressions import sigmoid
from flow.ops.common.operation import Operation, elementwise, pointwise, ruled
from flow.ops.common.terms import unnamed
from flow.said import said

TANH_SCALE = "sqrt(2/pi)"
"""GELU's tanh form (Hendrycks and Gimpel, 2016)."""


def gated(backward: Backward) -> Gradients:
    """Hand the gradient to value and gate, the two halves of the input along one axis."""
    x = backward.tensor("self")
    axis = backward.axis("dim", x.ndim)
    value, gate = np.split(x, 2, axis)
    opened = sigmoid(gate)
    slopes = np.concatenate([opened, value * opened * (1 - opened)], axis)
    return (slopes * np.concatenate([backward.g, backward.g], axis),)


OPS: dict[str, Operation] = {
    "ReluBackward0": pointwise(
        "Where x is positive the gradient passes unchanged; where it is not, nothing passes.",
        {"x <= 0": "0", "x > 0": "x"},
        {"x <= 0": "0", "x > 0": "1"},
        saved={"x": "result"},  # the result is positive exactly where x is
        zero=said("x is not positive in this cell, so ReLU hands nothing on: its gradient is 0."),
    ),
    "LeakyReluBackward0": pointwise(
        "Where x is positive the gradient passes unchanged; elsewhere it is scaled by the slope.",
        {"x > 0": "x", "x <= 0": "slope*x"},
        {"x > 0": "1", "x <= 0": "slope"},
        saved={"slope": "negative_slope"},
        zero=said(
            "x is not positive in this cell and the slope there is 0, so nothing is handed on."
        ),
    ),
    "RreluWithNoiseBackward0": pointwise(
        "A positive x passes its gradient; elsewhere it is scaled by the slope drawn for the cell, "
        "in evaluation by the mean of the bounds.",
        {
            "x > 0": "x",
            "x <= 0 and training == 0": "(lower + upper)/2*x",
            "x <= 0 and training == 1": "slope*x",
        },
        {
            "x > 0": "1",
            "x <= 0 and training == 0": "(lower + upper)/2",
            "x <= 0 and training == 1": "slope",
        },
        saved={"slope": "noise"},
    ),
    "PreluKernelBackward0": elementwise(
        "A positive x passes its gradient; elsewhere x gets it times the weight, and the weight "
        "times x.",
        {"x > 0": "x", "x <= 0": "w*x"},
        {"x": {"x > 0": "1", "x <= 0": "w"}, "w": {"x > 0": "0", "x <= 0": "x"}},
        saved={"w": "weight"},
    ),
    "ThresholdBackward0": pointwise(
        "The gradient passes where x is above the threshold; elsewhere x was replaced by a number.",
        {"x <= threshold": "value", "x > threshold": "x"},
        {"x <= threshold": "0", "x > threshold": "1"},
        zero=said("x is not above the threshold in this cell, so its gradient is 0."),
    ),
    "EluBackward0": pointwise(
        "Where x is positive the gradient is scaled by a constant; elsewhere it fades with an "
        "exponential of x.",
        {"x <= 0": "scale*alpha*(exp(c*x) - 1)", "x > 0": "scale*x"},
        {"x <= 0": "scale*alpha*c*exp(c*x)", "x > 0": "scale"},
        saved={"c": "input_scale"},
    ),
    "CeluBackward0": pointwise(
        "Where x is positive the gradient passes unchanged; elsewhere it fades with exp(x/alpha).",
        {"x <= 0": "alpha*(exp(x/alpha) - 1)", "x > 0": "x"},
        {"x <= 0": "exp(x/alpha)", "x > 0": "1"},
    ),
    "SiluBackward0": pointwise(
        "Each cell is scaled by the slope of x times sigmoid(x).",
        "x*sigmoid(x)",
        "sigmoid(x)*(1 + x*(1 - sigmoid(x)))",
    ),
    "GeluBackward0": pointwise(
        "Each cell is scaled by the slope of GELU: x times the normal distribution function Phi, "
        "or its tanh form.",
        {"approximate == 'tanh'": "x*(1 + w)/2", "approximate == 'none'": "x*Phi(x)"},
        {
            "approximate == 'tanh'": "(1 + w)/2 + x*(1 - w**2)*v/2",
            "approximate == 'none'": "Phi(x) + x*phi(x)",
        },
        letters={
            "w": f"tanh({TANH_SCALE}*(x + 0.044715*x**3))",
            "v": f"{TANH_SCALE}*(1 + 0.134145*x**2)",
        },
    ),
    "MishBackward0": pointwise(
        "Each cell is scaled by the slope of x times tanh(softplus(x)).",
        "x*w",
        "w + x*sigmoid(x)*(1 - w**2)",
        letters={"w": "tanh(softplus(x))"},
    ),
    "SoftplusBackward0": pointwise(
        "Each cell is scaled by sigmoid(beta x); above the threshold the function is x itself and "
        "the gradient passes.",
        {"beta*x > threshold": "x", "beta*x <= threshold": "softplus(beta*x)/beta"},
        {"beta*x > threshold": "1", "beta*x <= threshold": "sigmoid(beta*x)"},
    ),
    "GluBackward0": ruled(
        r"\bar{a} = \sigma(b)\,\bar{y}, \quad \bar{b} = a\,\sigma(b)\,(1 - \sigma(b))\,\bar{y} "
        r"\quad \text{for } x = [a, b]",
        "The value gets the gradient times its gate; the gate gets it times the value and the "
        "sigmoid's slope.",
        gated,
        names=unnamed,
        zero=said("The slope is 0 in this cell, so nothing is handed on."),
    ),
    "TanhBackward0": pointwise(
        "Each cell is scaled by the slope of tanh there: 1 in the middle, almost 0 far out.",
        "tanh(x)",
        "1 - y**2",
        zero=said("tanh is saturated in this cell: its slope is 0, so nothing is handed on."),
    ),
    "SigmoidBackward0": pointwise(
        "Each cell is scaled by the slope of the sigmoid there: a quarter at most.",
        "sigmoid(x)",
        "y*(1 - y)",
        zero=said(
            "The sigmoid is saturated in this cell: its slope is 0, so nothing is handed on."
        ),
    ),
    "LogSigmoidBackward0": pointwise(
        "Each cell is scaled by the sigmoid of -x: 1 far below zero, 0 far above.",
        "-softplus(-x)",
        "sigmoid(-x)",
    ),
    "HardtanhBackward0": pointwise(
        "The gradient passes strictly between the two bounds and is cut at them and outside.",
        {"x <= low": "low", "x >= high": "high", "low < x < high": "x"},
        {"x <= low or x >= high": "0", "low < x < high": "1"},
        saved={"low": "min_val", "high": "max_val"},
        zero=said("x is not between the bounds in this cell, so nothing is handed on."),
    ),
    "HardswishBackward0": pointwise(
        "Below -3 nothing passes, above 3 the gradient passes unchanged, between them it is scaled "
        "by a straight line.",
        {"x <= -3": "0", "x >= 3": "x", "-3 < x < 3": "x*(x + 3)/6"},
        {"x <= -3": "0", "x >= 3": "1", "-3 < x < 3": "x/3 + 1/2"},
    ),
    "HardsigmoidBackward0": pointwise(
        "Between -3 and 3 a sixth of the gradient passes; outside nothing does.",
        {"x <= -3": "0", "x >= 3": "1", "-3 < x < 3": "x/6 + 1/2"},
        {"-3 < x < 3": "sixth", "x <= -3 or x >= 3": "0"},
        zero=said("x is not between -3 and 3 in this cell, so nothing is handed on."),
    ),
    "SoftshrinkBackward0": pointwise(
        "Values near 0 were set to 0 and get nothing; the others were only moved and pass it on.",
        {"-lambd <= x <= lambd": "0", "x > lambd": "x - lambd", "x < -lambd": "x + lambd"},
        {"-lambd <= x <= lambd": "0", "x > lambd or x < -lambd": "1"},
        zero=said("x was shrunk to 0 in this cell, so its gradient is 0."),
    ),
    "HardshrinkBackward0": pointwise(
        "Values near 0 were set to 0 and get nothing; the others were kept and pass it on.",
        {"-lambd <= x <= lambd": "0", "x > lambd or x < -lambd": "x"},
        {"-lambd <= x <= lambd": "0", "x > lambd or x < -lambd": "1"},
        zero=said("x was set to 0 in this cell, so its gradient is 0."),
    ),
}
"""Class name of an activation's node -> all that is known of it."""
