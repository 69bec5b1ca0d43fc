"""Functions that act on each cell alone: their derivatives, written down.

Adding one is one entry in ``POINTWISE``. The derivative is computed in float64 from what the
node saved, independently of autograd. Source: the "Shape and formula" parts of torch.nn's pages.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from flow.arrays import to_array
from flow.record import Array

SQRT_HALF = math.sqrt(0.5)
SQRT_TWO_PI = math.sqrt(2 * math.pi)
TANH_SCALE = math.sqrt(2 / math.pi)
TANH_CUBE = 0.044715
"""Constants of GELU's tanh form (Hendrycks and Gimpel, 2016)."""

_erf = np.vectorize(math.erf, otypes=[np.float64])


@dataclass(frozen=True)
class Pointwise:
    """One function of a cell, by its derivative."""

    latex: str
    """The derivative f'(x), for the formula."""
    plain: str
    """The derivative in plain characters, for a coefficient's name."""
    sentence: str
    derivative: Callable[[Any], Array]
    """f'(x) of every cell, from the node's saved attributes."""
    values: Mapping[str, str] = field(default_factory=dict)
    """Names for derivatives that take few values, by their sign: ``"+"``, ``"-"`` or ``"0"``."""

    def name(self, coefficient: float) -> str:
        """Return what a coefficient is called."""
        sign = "+" if coefficient > 0 else "-" if coefficient < 0 else "0"
        if sign in self.values:
            return self.values[sign].format(coefficient)
        return f"{self.plain} = {coefficient:.4g}"


def double(tensor: Any) -> Array:
    """Return a saved tensor as float64."""
    return np.asarray(to_array(tensor.detach()), np.float64)


def _x(node: Any) -> Array:
    return double(node._saved_self)


def _y(node: Any) -> Array:
    return double(node._saved_result)


def sigmoid(x: Array) -> Array:
    """Return 1 / (1 + exp(-x)) without overflow."""
    return np.asarray(0.5 * (1 + np.tanh(x / 2)))


def _relu(node: Any) -> Array:
    return (_y(node) > 0).astype(np.float64)


def _leaky_relu(node: Any) -> Array:
    return np.where(_x(node) > 0, 1.0, node._saved_negative_slope)


def _tanh(node: Any) -> Array:
    return np.asarray(1 - _y(node) ** 2)


def _sigmoid(node: Any) -> Array:
    return np.asarray(_y(node) * (1 - _y(node)))


def _elu(node: Any) -> Array:
    below = node._saved_alpha * node._saved_input_scale
    grown = below * np.exp(np.minimum(_x(node), 0) * node._saved_input_scale)
    return np.asarray(node._saved_scale * np.where(_x(node) > 0, 1.0, grown))


def _silu(node: Any) -> Array:
    x, s = _x(node), sigmoid(_x(node))
    return np.asarray(s * (1 + x * (1 - s)))


def _gelu(node: Any) -> Array:
    x = _x(node)
    if node._saved_approximate == "tanh":
        t = np.tanh(TANH_SCALE * (x + TANH_CUBE * x**3))
        inner = TANH_SCALE * (1 + 3 * TANH_CUBE * x**2)
        return np.asarray(0.5 * (1 + t) + 0.5 * x * (1 - t**2) * inner)
    return np.asarray(0.5 * (1 + _erf(x * SQRT_HALF)) + x * np.exp(-(x**2) / 2) / SQRT_TWO_PI)


def _softplus(node: Any) -> Array:
    scaled = _x(node) * node._saved_beta
    return np.where(scaled > node._saved_threshold, 1.0, sigmoid(scaled))


def _hardtanh(node: Any) -> Array:
    x = _x(node)
    inside = (x > node._saved_min_val) & (x < node._saved_max_val)
    return np.where(inside, 1.0, 0.0)


def _clamp(node: Any) -> Array:
    x = _x(node)
    inside = np.ones_like(x)
    if node._saved_min is not None:
        inside[x < node._saved_min] = 0
    if node._saved_max is not None:
        inside[x > node._saved_max] = 0
    return inside


def _power(node: Any) -> Array:
    exponent = float(node._saved_exponent)
    if exponent == 0:
        return np.zeros_like(_x(node))
    return np.asarray(exponent * _x(node) ** (exponent - 1))


def _root(node: Any) -> Array:
    return np.asarray(1 / (2 * _y(node)))


PASSES = "Where x is positive the gradient passes unchanged; where it is not, nothing passes."
FLAT = "The function is a staircase: its derivative is 0 everywhere, so nothing is handed on."


def _zero(node: Any) -> Array:  # noqa: ARG001 - the same for every input
    return np.zeros(())


def _flat(what: str) -> Pointwise:
    return Pointwise("0", f"{what}'(x)", FLAT, _zero)


POINTWISE: dict[str, Pointwise] = {
    "ReluBackward0": Pointwise(r"[x > 0]", "[x > 0]", PASSES, _relu, {"+": "{:g} (x > 0)"}),
    "LeakyReluBackward0": Pointwise(
        r"\begin{cases} 1 & x > 0 \\ s & x \le 0 \end{cases}",
        "slope",
        "Where x is positive the gradient passes unchanged; elsewhere it is scaled by the slope.",
        _leaky_relu,
    ),
    "TanhBackward0": Pointwise(
        r"1 - \tanh^2(x)",
        "1 - tanh(x)^2",
        "Each cell is scaled by the slope of tanh there: 1 in the middle, almost 0 far out.",
        _tanh,
    ),
    "SigmoidBackward0": Pointwise(
        r"\sigma(x)\,(1 - \sigma(x))",
        "sigmoid(x) (1 - sigmoid(x))",
        "Each cell is scaled by the slope of the sigmoid there: a quarter at most.",
        _sigmoid,
    ),
    "EluBackward0": Pointwise(
        r"\begin{cases} s & x > 0 \\ s\,\alpha\,e^{x} & x \le 0 \end{cases}",
        "elu'(x)",
        "Where x is positive the gradient passes; elsewhere it fades with exp(x).",
        _elu,
    ),
    "SiluBackward0": Pointwise(
        r"\sigma(x)\,(1 + x\,(1 - \sigma(x)))",
        "silu'(x)",
        "Each cell is scaled by the slope of x times sigmoid(x).",
        _silu,
    ),
    "GeluBackward0": Pointwise(
        r"\Phi(x) + x\,\varphi(x)",
        "gelu'(x)",
        "Each cell is scaled by the slope of x times the normal distribution function.",
        _gelu,
    ),
    "SoftplusBackward0": Pointwise(
        r"\sigma(\beta x)",
        "sigmoid(x)",
        "Each cell is scaled by the sigmoid of its x.",
        _softplus,
    ),
    "HardtanhBackward0": Pointwise(
        r"[a < x < b]",
        "[a < x < b]",
        "The gradient passes between the two bounds and is cut outside them.",
        _hardtanh,
        {"+": "{:g} (inside the bounds)"},
    ),
    "ClampBackward1": Pointwise(
        r"[a \le x \le b]",
        "[a <= x <= b]",
        "The gradient passes between the two bounds and is cut outside them.",
        _clamp,
        {"+": "{:g} (inside the bounds)"},
    ),
    "AbsBackward0": Pointwise(
        r"\operatorname{sign}(x)",
        "sign(x)",
        "The gradient keeps its sign where x is positive and changes it where x is negative.",
        lambda node: np.sign(_x(node)),
        {"+": "{:g} (x > 0)", "-": "{:g} (x < 0)"},
    ),
    "NegBackward0": Pointwise(
        "-1",
        "-1",
        "The gradient changes its sign.",
        lambda _: np.full((), -1.0),
        {"-": "{:g} (negated)"},
    ),
    "ExpBackward0": Pointwise(
        "e^{x}", "exp(x)", "Each cell is scaled by exp(x), the function's own value.", _y
    ),
    "LogBackward0": Pointwise(
        r"\frac{1}{x}", "1/x", "Each cell is divided by its x.", lambda node: 1 / _x(node)
    ),
    "SqrtBackward0": Pointwise(
        r"\frac{1}{2\sqrt{x}}", "1/(2 sqrt(x))", "Each cell is divided by twice its root.", _root
    ),
    "RsqrtBackward0": Pointwise(
        r"-\tfrac{1}{2}\,x^{-3/2}",
        "-1/2 x^(-3/2)",
        "Each cell is scaled by the slope of 1 / sqrt(x), which falls.",
        lambda node: np.asarray(-0.5 * _y(node) ** 3),
    ),
    "PowBackward0": Pointwise(
        r"p\,x^{p-1}", "p x^(p - 1)", "Each cell is scaled by p times x to the p - 1.", _power
    ),
    "LogSigmoidBackward0": Pointwise(
        r"\sigma(-x)",
        "sigmoid(-x)",
        "Each cell is scaled by the sigmoid of -x: 1 far below zero, 0 far above.",
        lambda node: sigmoid(-_x(node)),
    ),
    "SinBackward0": Pointwise(
        r"\cos(x)", "cos(x)", "Each cell is scaled by cos(x).", lambda node: np.cos(_x(node))
    ),
    "CosBackward0": Pointwise(
        r"-\sin(x)", "-sin(x)", "Each cell is scaled by -sin(x).", lambda node: -np.sin(_x(node))
    ),
    "RoundBackward0": _flat("round"),
    "SignBackward0": _flat("sign"),
    "FloorBackward0": _flat("floor"),
    "CeilBackward0": _flat("ceil"),
}
