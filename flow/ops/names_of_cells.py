"""Names for the coefficients of pools, resampling, pointwise functions, sums and losses."""

from __future__ import annotations

import numpy as np

from flow.ops.pointwise import POINTWISE
from flow.ops.terms import Index, Namer, Proposal, Terms, entries, everywhere, proposal, size
from flow.record import Array

SLOPE_TOLERANCE = 1e-6
"""A slope near 0 is the difference of larger numbers, each rounded in float32."""


def of_pointwise(terms: Terms) -> Proposal | None:
    """Name the slope of a function of one cell."""
    rule = POINTWISE[terms.record.name]
    slopes = np.broadcast_to(rule.derivative(terms.node), terms.shape_below).reshape(-1)
    expected = slopes[terms.cells].astype(terms.coefficients.dtype)
    return proposal(expected, rule.name, expected, tolerance=SLOPE_TOLERANCE)


def of_leaky_relu(terms: Terms) -> Proposal | None:
    """Name which side of 0 a cell is on."""
    x = terms.saved("self")
    if x is None:
        return None
    positive = x.reshape(-1)[terms.cells] > 0
    slope = terms.node._saved_negative_slope
    names = (f"{slope:g} (slope, x <= 0)", "1 (x > 0)")
    return Proposal(names, positive.astype(np.int64), np.where(positive, 1.0, slope))


def of_max(terms: Terms) -> Proposal | None:
    """Name the largest along one dimension."""
    places = terms.saved("indices")
    if places is None:
        return None
    found = terms.below[terms.node._saved_dim % len(terms.shape_below)]
    return everywhere("1 (largest)", places.reshape(-1)[terms.places] == found)


def of_mean(terms: Terms) -> Proposal | None:
    """Name one over how many cells were averaged."""
    count = size(terms.shape_below) // max(1, size(terms.record.shapes[0]))
    return everywhere(f"1/{count} (mean)", 1 / max(1, count))


def of_product(terms: Terms) -> Proposal | None:
    """Name the other factor of an elementwise product."""
    other = terms.saved("other" if terms.which == 0 else "self")
    if other is None:
        return None
    if other.ndim == 0 and not terms.leaf(1 - terms.which):
        return everywhere(f"{other.item():.6g} (factor)", other.item())
    index = _broadcast_index(terms, other)
    if terms.record.call.endswith("dropout"):
        kept = other[index] if index else np.full(1, other)
        return proposal(kept, lambda scale: f"{scale:.6g} (kept)", kept)
    return entries(terms.leaf(1 - terms.which) or "other", other, index)


def of_number_product(terms: Terms) -> Proposal | None:
    """Name a factor that is a plain number."""
    number = float(terms.node._saved_other)
    return everywhere(f"{number:.6g} (factor)", number)


def of_quotient(terms: Terms) -> Proposal | None:
    """Name one over the divisor."""
    other = terms.saved("other")
    if other is None or terms.which:
        return None
    if other.ndim == 0:
        return everywhere(f"1/{other.item():.6g}", 1 / other.item())
    named = entries(terms.leaf(1) or "other", other, _broadcast_index(terms, other))
    return Proposal(tuple(f"1/{name}" for name in named.names), named.index, 1 / named.expected)


def of_sum(terms: Terms) -> Proposal | None:
    """Name the sign with which a summand came in."""
    alpha = float(getattr(terms.node, "_saved_alpha", 1.0)) if terms.which else 1.0
    if terms.record.name.startswith("Sub"):
        alpha = -alpha if terms.which else alpha
    if terms.record.name.startswith("Rsub"):
        alpha = -float(terms.node._saved_alpha)
    return everywhere("1 (copy)" if alpha == 1 else f"{alpha:g} (factor)", alpha)


def of_mse(terms: Terms) -> Proposal | None:
    """Name the slope of the squared error: 2 (y - t) / n."""
    y, t = terms.saved("self"), terms.saved("target")
    if y is None or t is None:
        return None
    slope = 2 * (y.astype(np.float64) - t) * (-1 if terms.which else 1)
    text = "-2 (y - t)" if terms.which else "2 (y - t)"
    if terms.node._saved_reduction == 1:
        slope, text = slope / slope.size, f"{text}/{slope.size}"
    expected = slope.reshape(-1)[terms.cells].astype(terms.coefficients.dtype)
    return proposal(expected, lambda value: f"{text} = {value:.4g}", expected)


def of_nll(terms: Terms) -> Proposal | None:
    """Name the share of the right class in the mean."""
    if terms.node._saved_weight is not None:
        return None
    total = terms.saved("total_weight")
    if terms.node._saved_reduction != 1 or total is None:
        return everywhere("-1 (right class)", -1.0)
    return everywhere(f"-1/{total.item():g} (right class)", -1 / total)


def of_softmax(terms: Terms) -> Proposal | None:
    """Name d y_above / d x_below of (log-)softmax, with p the probabilities."""
    result = terms.saved("result")
    if result is None:
        return None
    result = result.astype(np.float64)
    same = terms.cells == terms.places
    if terms.record.name.startswith("Log"):
        here = np.exp(result.reshape(-1)[terms.cells])
        expected, texts = same - here, ("-p", "1 - p")
    else:
        here = result.reshape(-1)[terms.cells]
        expected = here * (same - result.reshape(-1)[terms.places])
        texts = ("-p q", "p (1 - p)")
    expected = expected.astype(terms.coefficients.dtype)
    keys = np.stack([same, expected], 1)
    distinct, index = np.unique(keys, axis=0, return_inverse=True)
    names = tuple(f"{texts[int(own)]} = {value:.4g}" for own, value in distinct)
    return Proposal(names, index.reshape(-1), expected, tolerance=1e-6)


def _broadcast_index(terms: Terms, other: Array) -> tuple[Index, ...]:
    """Return the index into a factor that was broadcast to the output's shape."""
    axes = terms.above[len(terms.above) - other.ndim :]
    return tuple(
        np.zeros_like(place) if length == 1 else place
        for place, length in zip(axes, other.shape, strict=True)
    )


NAMERS: dict[str, Namer] = {
    **dict.fromkeys(POINTWISE, of_pointwise),
    "LeakyReluBackward0": of_leaky_relu,
    "MaxBackward0": of_max,
    "MeanBackward0": of_mean,
    "MeanBackward1": of_mean,
    "MulBackward0": of_product,
    "MulBackward1": of_number_product,
    "DivBackward0": of_quotient,
    "AddBackward0": of_sum,
    "SubBackward0": of_sum,
    "RsubBackward1": of_sum,
    "MseLossBackward0": of_mse,
    "NllLossBackward0": of_nll,
    "NllLoss2DBackward0": of_nll,
    "SoftmaxBackward0": of_softmax,
    "LogSoftmaxBackward0": of_softmax,
}
