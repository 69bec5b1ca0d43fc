"""Formulas as text: each written once, in Python's syntax, and evaluated in float64.

``1 - tanh(x)**2`` is also what ``printing`` sets for KaTeX and writes into a coefficient's name.
Conditions are expressions too: ``low <= x <= high``, ``x < a or x > b``.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache, reduce
from typing import Any

import numpy as np
import torch

from flow import parsing
from flow.record import Array
from flow.said import said

Value = Array | float | str
Values = Mapping[str, Value]

SUM, PRODUCT, POWER, ATOM = range(4)
"""How tightly a printed expression holds together."""


@dataclass(frozen=True)
class Function:
    """A function of one number that expressions may call."""

    compute: Callable[[Any], Any]
    latex: str
    """How it is set, ``{}`` for its argument."""
    plain: str = ""
    """The same in plain characters; empty for ``name(argument)``."""
    level: int = ATOM


def _by_torch(function: Callable[[torch.Tensor], torch.Tensor]) -> Callable[[Any], Any]:
    """Return a function that numpy does not have, in float64, of float32 in float32."""

    def compute(x: Any) -> Any:
        values = np.asarray(x)
        kind = np.float32 if values.dtype == np.float32 else np.float64
        return function(torch.from_numpy(np.array(values, kind))).numpy()

    return compute


def _named(name: str, compute: Callable[[Any], Any]) -> Function:
    return Function(compute, rf"\operatorname{{{name}}}" + "({})")


def _known(name: str, compute: Callable[[Any], Any]) -> Function:
    return Function(compute, rf"\{name}" + "({})")


def sigmoid(x: Any) -> Any:
    """Return 1 / (1 + exp(-x)), exact to the last digits far below 0 too."""
    with np.errstate(over="ignore"):
        return 1 / (1 + np.exp(np.negative(x)))


FUNCTIONS: dict[str, Function] = {
    "abs": Function(np.abs, r"|{}|", "|{}|"),
    "sqrt": Function(np.sqrt, r"\sqrt{{}}"),
    "exp": Function(np.exp, r"e^{{}}", level=POWER),
    "log": _known("log", np.log),
    "sin": _known("sin", np.sin),
    "cos": _known("cos", np.cos),
    "tan": _known("tan", np.tan),
    "sinh": _known("sinh", np.sinh),
    "cosh": _known("cosh", np.cosh),
    "tanh": _known("tanh", np.tanh),
    "asin": _named("asin", np.arcsin),
    "acos": _named("acos", np.arccos),
    "atan": _named("atan", np.arctan),
    "asinh": _named("asinh", np.arcsinh),
    "acosh": _named("acosh", np.arccosh),
    "atanh": _named("atanh", np.arctanh),
    "floor": _named("floor", np.floor),
    "ceil": _named("ceil", np.ceil),
    "trunc": _named("trunc", np.trunc),
    "round": _named("round", np.round),
    "sign": _named("sign", np.sign),
    "sigmoid": Function(sigmoid, r"\sigma({})"),
    "softplus": _named("softplus", lambda x: np.logaddexp(0.0, x)),
    "Phi": Function(_by_torch(torch.special.ndtr), r"\Phi({})"),
    "phi": Function(lambda x: np.exp(-np.square(x) / 2) / np.sqrt(2 * np.pi), r"\varphi({})"),
    "erf": _named("erf", _by_torch(torch.special.erf)),
    "erfc": _named("erfc", _by_torch(torch.special.erfc)),
    "erfinv": _named("erfinv", _by_torch(torch.special.erfinv)),
    "lgamma": _named("lgamma", _by_torch(torch.special.gammaln)),
    "digamma": _named("digamma", _by_torch(torch.special.digamma)),
    "trigamma": _named("trigamma", _by_torch(lambda x: torch.special.polygamma(1, x))),
    "i0": Function(_by_torch(torch.special.i0), "I_0({})"),
    "i1": Function(_by_torch(torch.special.i1), "I_1({})"),
}
"""Every function that an expression may call. Phi and phi belong to the normal distribution."""

CONSTANTS: dict[str, float] = {
    "pi": float(np.pi),
    "inf": float(np.inf),
    "sixth": float(np.float32(1 / 6)),  # torch rounds it to single precision, for doubles too
}
_ARITHMETIC: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: np.add,
    ast.Sub: np.subtract,
    ast.Mult: np.multiply,
    ast.Div: np.true_divide,
    ast.FloorDiv: np.floor_divide,
    ast.Pow: np.power,
}
_COMPARISONS: dict[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}


class _Hoist(ast.NodeTransformer):
    """Write (-a) / b as -(a / b)."""

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        """Take a minus out of the first factor."""
        self.generic_visit(node)
        if isinstance(node.op, ast.Mult | ast.Div) and isinstance(node.left, ast.UnaryOp):
            inner = ast.BinOp(node.left.operand, node.op, node.right)
            return ast.UnaryOp(ast.USub(), inner)
        return node


@dataclass
class _Replace(ast.NodeTransformer):
    """Put expressions in the place of letters."""

    letters: Mapping[str, str]

    def visit_Name(self, node: ast.Name) -> ast.expr:
        """Replace one letter."""
        return _tree(self.letters[node.id]) if node.id in self.letters else node


def _tree(text: str) -> ast.expr:
    return parsing.expression(text)


@lru_cache(maxsize=1024)
def parsed(text: str) -> ast.expr:
    """Return the syntax tree of an expression, each minus in front of its product."""
    return _Hoist().visit(_tree(text))  # type: ignore[no-any-return]


@lru_cache(maxsize=1024)
def symbols(text: str) -> frozenset[str]:
    """Return the letters of an expression: its inputs, settings and abbreviations."""
    names = {node.id for node in ast.walk(parsed(text)) if isinstance(node, ast.Name)}
    return frozenset(names - set(FUNCTIONS) - set(CONSTANTS))


def replaced(text: str, letters: Mapping[str, str]) -> str:
    """Return an expression with expressions in the place of letters."""
    return ast.unparse(_Replace(letters).visit(_tree(text)))


def evaluate(text: str, values: Values) -> Any:
    """Return the value of an expression; a condition gives booleans."""
    return _value(parsed(text), values)


def _value(node: ast.expr, values: Values) -> Any:
    match node:
        case ast.Constant(value=str() as word):
            return word
        case ast.Constant(value=number):
            return float(number)  # type: ignore[arg-type]
        case ast.Name(id=name):
            return CONSTANTS[name] if name in CONSTANTS else values[name]
        case ast.UnaryOp(operand=operand):
            return np.negative(_value(operand, values))
        case ast.BinOp(left=left, op=op, right=right):
            return _ARITHMETIC[type(op)](_value(left, values), _value(right, values))
        case ast.Call(func=ast.Name(id=name), args=[argument]):
            return FUNCTIONS[name].compute(_value(argument, values))
    return _holds(node, values)


def _holds(node: ast.expr, values: Values) -> Any:
    match node:
        case ast.Compare():
            sides = [_value(side, values) for side in (node.left, *node.comparators)]
            pairs = zip(node.ops, sides, sides[1:], strict=False)
            return reduce(np.logical_and, [_COMPARISONS[type(op)](a, b) for op, a, b in pairs])
        case ast.BoolOp(op=op, values=parts):
            join = np.logical_and if isinstance(op, ast.And) else np.logical_or
            return reduce(join, [_value(part, values) for part in parts])
    raise ValueError(
        said("{unparse!r} is no expression that can be evaluated.", unparse=ast.unparse(node))
    )
