"""Arithmetic of several tensors: sums, products, quotients, powers, mixtures and choices."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from flow.ops.common.closed import Backward, Gradients, NoClosedFormError, summed_to
from flow.ops.common.operation import Operation, Reads, elementwise, ruled
from flow.ops.common.terms import Proposal, Terms, broadcast, entries, everywhere, proposal
from flow.record import NodeRecord, Rule
from flow.said import said

DROPPING = ("dropout", "dropout_", "dropout1d", "dropout2d", "dropout3d", "feature_dropout")
"""Torch functions that multiply by a mask of 0 and 1/(1 - p)."""


def of_product(terms: Terms) -> Proposal | None:
    """Name the other factor of an elementwise product."""
    other = terms.saved("other" if terms.which == 0 else "self")
    if other is None:
        return None
    if other.ndim == 0 and not terms.leaf(1 - terms.which):
        return everywhere(said("{number:.6g} (factor)", number=other.item()), other.item())
    index = broadcast(terms.above, other.shape)
    if terms.record.call in DROPPING:
        kept = other[index] if index else np.full(len(terms.cells), other)
        return proposal(kept, lambda scale: said("{scale:.6g} (kept)", scale=scale), kept)
    return entries(terms.leaf(1 - terms.which) or "other", other, index)


def of_number_product(terms: Terms) -> Proposal | None:
    """Name a factor that is a plain number."""
    number = terms.node._saved_other
    return everywhere(said("{number:.6g} (factor)", number=number), number)


def of_quotient(terms: Terms) -> Proposal | None:
    """Name one over the divisor; the divisor's own coefficients by their expression."""
    other = terms.saved("other")
    if terms.which:
        return _QUOTIENT(terms)
    if other is None:
        return None
    if other.ndim == 0 and not terms.leaf(1):
        return everywhere(f"1/{other.item():.6g}", np.reciprocal(other * 1.0))
    named = entries(terms.leaf(1) or "other", other, broadcast(terms.above, other.shape))
    names = tuple(f"1/{name}" for name in named.names)
    return Proposal(names, named.index, np.reciprocal(named.expected * 1.0))


def scaled(backward: Backward) -> Gradients:
    """Scale by a number."""
    number = backward.setting("other")
    if isinstance(number, complex):
        raise NoClosedFormError(said("Closed forms are written for real numbers only."))
    return (backward.g * float(number),)


def chosen(backward: Backward) -> Gradients:
    """Hand each cell to the side that it came from."""
    condition = backward.tensor("condition") != 0
    return tuple(
        None if shape is None else summed_to(np.where(side, backward.g, 0.0), shape)
        for shape, side in zip(backward.below, (condition, ~condition), strict=False)
    )


def _no_factor(record: NodeRecord) -> str:
    if record.call in DROPPING:
        return said("Dropout set this cell to 0, so its gradient is 0.")
    return said("The other factor is 0 in this cell, so its gradient is 0.")


def _winner(sentence: str, function: dict[str, str], first: str, tie: str, last: str) -> Operation:
    """Make an operation that hands on the larger or the smaller of two cells."""
    return elementwise(
        sentence,
        function,
        {
            "a": {first: "1", "a == b": tie, last: "0"},
            "b": {last: "1", "a == b": "1/2" if tie == "1/2" else "0", first: "0"},
        },
        reads="choice",
        zero=said("The other cell was taken here, so this one gets nothing."),
    )


def _added(sentence: str, function: str, slopes: dict[str, str], reads: Reads = "sum") -> Operation:
    return elementwise(sentence, function, slopes, missing={"alpha": 1.0}, reads=reads)


_ADD = _added(
    "Each summand gets the gradient, summed where it was broadcast; a factor alpha scales it.",
    "a + alpha*b",
    {"a": "1", "b": "alpha"},
)
_SUBTRACT = _added(
    "What was added gets the gradient; what was taken away gets minus alpha times it.",
    "a - alpha*b",
    {"a": "1", "b": "-alpha"},
)
_REVERSED = _added(
    "What was taken away comes first here: it gets minus alpha times the gradient.",
    "b - alpha*a",
    {"a": "-alpha", "b": "1"},
)
_MULTIPLY = elementwise(
    "Each factor gets the gradient times the other factor.",
    "a*b",
    {"a": "b", "b": "a"},
    reads="sum",
    zero=_no_factor,
)
_DIVIDE = elementwise(
    "The numerator's gradient is divided too; the divisor's has the other sign and one more "
    "division.",
    "a/b",
    {"a": "1/b", "b": "-a/b**2"},
    reads="sum",
)
_QUOTIENT = _DIVIDE.names or of_quotient
_TIE = "; where both are equal, each gets half."

OPS: dict[str, Operation] = {
    "AddBackward0": _ADD,
    "AddBackward1": _ADD,
    "SubBackward0": _SUBTRACT,
    "SubBackward1": _SUBTRACT,
    "RsubBackward0": _REVERSED,
    "RsubBackward1": _REVERSED,
    "MulBackward0": replace(
        _MULTIPLY,
        names=of_product,
        called=dict.fromkeys(
            DROPPING,
            Rule(
                r"\bar{x} = \frac{m}{1 - p}\,\bar{y} \quad \text{with the mask } m",
                "Cells that dropout kept get the gradient, scaled as they were; dropped cells get "
                "nothing.",
            ),
        ),
    ),
    "MulBackward1": ruled(
        r"\bar{x} = c\,\bar{y}",
        "The gradient is scaled by the same number as the value.",
        scaled,
        names=of_number_product,
        reads="sum",
        zero=said("The factor is 0, so the gradient is 0."),
    ),
    "DivBackward0": replace(_DIVIDE, names=of_quotient),
    "DivBackward2": elementwise(
        "The quotient was rounded, which makes it a staircase: nothing is handed on.",
        "floor(a/b)",
        {"a": "0", "b": "0"},
        zero=said("A rounded quotient has the derivative 0 everywhere, so nothing is handed on."),
    ),
    "PowBackward1": elementwise(
        "The base gets the slope of the power function, the exponent that of the exponential "
        "function.",
        "a**b",
        {
            "a": {"b == 0": "0", "b != 0": "b*a**(b - 1)"},
            "b": {"a == 0 and b >= 0": "0", "a != 0 or b < 0": "y*log(a)"},
        },
        saved={"b": "exponent"},
    ),
    "PowBackward2": elementwise(
        "A number was raised to the power of x: each cell is scaled by the result times log(c).",
        "c**x",
        {"x": {"c == 0 and x >= 0": "0", "c != 0 or x < 0": "y*log(c)"}},
        saved={"c": "self", "x": "exponent"},
        reads="function",
    ),
    "RemainderBackward0": elementwise(
        "The remainder rises as x does, except where it jumps: the gradient passes unchanged.",
        "a - b*(a//b)",
        {"a": "1"},
    ),
    "RemainderBackward1": elementwise(
        "The number gets the gradient; the divisor gets it times minus the floor of the quotient.",
        "a - b*(a//b)",
        {"a": "1", "b": "-(a//b)"},
    ),
    "FmodBackward0": elementwise(
        "What fmod takes away is constant between its jumps: the gradient passes unchanged.",
        "a - b*trunc(a/b)",
        {"a": "1"},
    ),
    "FmodBackward1": elementwise(
        "The number gets the gradient; the divisor gets it times minus the quotient, cut off "
        "towards 0.",
        "a - b*trunc(a/b)",
        {"a": "1", "b": "-trunc(a/b)"},
    ),
    "LerpBackward0": elementwise(
        "The two ends share the gradient as they shared in the mixture.",
        "a + w*(b - a)",
        {"a": "1 - w", "b": "w"},
        saved={"w": "weight"},
        reads="sum",
    ),
    "LerpBackward1": elementwise(
        "The two ends share the gradient as they shared in the mixture; the weight gets it times "
        "their difference.",
        "a + w*(b - a)",
        {"a": "1 - w", "b": "w", "w": "b - a"},
        saved={"b": "end", "w": "weight"},
        reads="sum",
    ),
    "AddcmulBackward0": elementwise(
        "The summand gets the gradient; each factor gets it times the other factor and the value.",
        "x + v*a*b",
        {"x": "1", "a": "v*b", "b": "v*a"},
        saved={"v": "value", "a": "tensor1", "b": "tensor2"},
        reads="sum",
    ),
    "AddcdivBackward0": elementwise(
        "The summand gets the gradient; numerator and divisor get it as in a quotient, times the "
        "value.",
        "x + v*a/b",
        {"x": "1", "a": "v/b", "b": "-v*a/b**2"},
        saved={"v": "value", "a": "tensor1", "b": "tensor2"},
        reads="sum",
    ),
    "Atan2Backward0": elementwise(
        "Each coordinate gets the gradient times the other one over the squared radius, b negated.",
        "atan(a/b)",
        {"a": "b/(a**2 + b**2)", "b": "-a/(a**2 + b**2)"},
    ),
    "HypotBackward0": elementwise(
        "Each side of the triangle gets the gradient times its ratio to the hypotenuse.",
        "sqrt(a**2 + b**2)",
        {"a": "a/y", "b": "b/y"},
    ),
    "XlogyBackward0": elementwise(
        "The factor a gets the gradient times log(b); b inside the logarithm gets it times a/b.",
        {"a == 0": "0", "a != 0": "a*log(b)"},
        {"a": {"a == 0 and b <= 0": "0", "a != 0 or b > 0": "log(b)"}, "b": "a/b"},
    ),
    "LogaddexpBackward0": elementwise(
        "The two share the gradient like a softmax of two: the larger one gets more.",
        "log(exp(a) + exp(b))",
        {"a": "sigmoid(a - b)", "b": "sigmoid(b - a)"},
    ),
    "Logaddexp2Backward0": elementwise(
        "The two share the gradient like a softmax of two with base 2: the larger one gets more.",
        "log(2**a + 2**b)/log(2)",
        {"a": "sigmoid((a - b)*log(2))", "b": "sigmoid((b - a)*log(2))"},
    ),
    "MaximumBackward0": _winner(
        f"The larger of the two gets the gradient{_TIE}",
        {"a >= b": "a", "a < b": "b"},
        "a > b",
        "1/2",
        "a < b",
    ),
    "MinimumBackward0": _winner(
        f"The smaller of the two gets the gradient{_TIE}",
        {"a <= b": "a", "a > b": "b"},
        "a < b",
        "1/2",
        "a > b",
    ),
    "FmaxBackward0": _winner(
        "The larger of the two gets the gradient; where both are equal, the first one does.",
        {"a >= b": "a", "a < b": "b"},
        "a > b",
        "1",
        "a < b",
    ),
    "FminBackward0": _winner(
        "The smaller of the two gets the gradient; where both are equal, the first one does.",
        {"a <= b": "a", "a > b": "b"},
        "a < b",
        "1",
        "a > b",
    ),
    "ClampBackward0": elementwise(
        "The gradient goes to whichever was handed on: x between the bounds, or the bound that cut "
        "it.",
        {"x > u or l > u": "u", "x < l": "l", "l <= x <= u": "x"},
        {
            "x": {"l <= x <= u": "1", "x < l or x > u": "0"},
            "l": {"x < l and l < u": "1", "x >= l or l >= u": "0"},
            "u": {"x > u or l > u": "1", "x <= u and l <= u": "0"},
        },
        saved={"l": "min", "u": "max"},
        missing={"l": float("-inf"), "u": float("inf")},
        reads="choice",
        zero=said("Another value was handed on in this cell, so this one gets nothing."),
    ),
    "WhereBackward0": ruled(
        r"\bar{a} = [c] \odot \bar{y}, \quad \bar{b} = [\neg c] \odot \bar{y}",
        "Each gradient goes to the side its value was taken from.",
        chosen,
        copies=True,
        reads="choice",
        zero=said("The value of the other side was taken in this cell, so this one gets nothing."),
    ),
}
"""Class name of a node -> all that is known of it."""
