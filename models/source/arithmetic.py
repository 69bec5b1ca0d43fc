"""Operators on numbers, texts and lists: what Python computes, refused before it grows large."""

from __future__ import annotations

import ast
import math
import operator
import re
from collections.abc import Callable, Sequence

from flow.said import said
from models.source.values import (
    SCALARS,
    Data,
    Library,
    Shape,
    Training,
    Unknown,
    Value,
    described,
    is_module,
    is_number,
    known,
)

MAX_BITS = 62
MAX_ITEMS = 4096
"""Entries of a list, characters of a text."""


class ValueProblem(Exception):  # noqa: N818 - it becomes a SourceError where the line is known
    """What cannot be computed, in a sentence; whoever knows the place adds it."""


BINARY: dict[type[ast.operator], Callable[[Value, Value], Value]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.Pow: operator.pow,
}
COMPARED: dict[type[ast.cmpop], Callable[[Value, Value], Value]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
PLAIN_PERCENT = re.compile(r"%[dsi]")


def binary(symbol: ast.operator, left: Value, right: Value) -> Value:
    """Return the result of an arithmetic operator on plain values."""
    left, right = known(left), known(right)
    if any(isinstance(value, Unknown | Shape) for value in (left, right)):
        return Unknown()
    if isinstance(left, str) and isinstance(symbol, ast.Mod):
        return _percent(left, right)
    numbers = all(isinstance(value, bool | int | float) for value in (left, right))
    if type(symbol) not in BINARY or not (numbers or _sequences(symbol, left, right)):
        raise ValueProblem(
            said(
                "{left} and {right} cannot be combined here.",
                left=described(left),
                right=described(right),
            )
        )
    if numbers:
        _check_power(symbol, left, right)
    try:
        return bounded(BINARY[type(symbol)](left, right))
    except (ArithmeticError, ValueError) as error:
        raise ValueProblem(said("this cannot be computed: {error}.", error=error)) from None


def bounded(value: Value) -> Value:
    """Return the value; ValueProblem when it is too large to go on with."""
    if isinstance(value, bool):
        return value
    if isinstance(value, int) and value.bit_length() > MAX_BITS:
        raise ValueProblem(said("this number is too large. Use a smaller one."))
    if isinstance(value, complex) or (isinstance(value, float) and not math.isfinite(value)):
        raise ValueProblem(said("this is no finite number."))
    if isinstance(value, str | list | tuple | range | dict) and len(value) > MAX_ITEMS:
        raise ValueProblem(_too_long())
    return value


def _too_long() -> str:
    return said(
        "this list or text is too long. At most {max_items:,} entries are read.",
        max_items=MAX_ITEMS,
    )


def _check_power(symbol: ast.operator, left: Value, right: Value) -> None:
    whole = isinstance(left, int) and isinstance(right, int)
    if isinstance(symbol, ast.Pow) and whole and left.bit_length() * abs(right) > 2 * MAX_BITS:
        raise ValueProblem(said("this power is too large. Use a smaller one."))


def _sequences(symbol: ast.operator, left: Value, right: Value) -> bool:
    """Whether two texts or lists are joined, or one is repeated a bounded number of times."""
    if isinstance(symbol, ast.Add):
        return type(left) is type(right) and isinstance(left, str | list | tuple)
    if not isinstance(symbol, ast.Mult):
        return False
    for parts, times in ((left, right), (right, left)):
        if isinstance(parts, str | list | tuple) and type(times) is int:
            if len(parts) * times > MAX_ITEMS:
                raise ValueProblem(_too_long())
            return True
    return False


def _percent(text: str, right: Value) -> str:
    """Return ``"conv%d" % 3``: only %d, %i and %s without widths are read."""
    values = list(right) if isinstance(right, tuple) else [right]
    found = PLAIN_PERCENT.findall(text)
    if len(found) != text.count("%") or len(found) != len(values):
        raise ValueProblem(said("only %d and %s are read in a text, one for each value."))
    words = [*(written(value) for value in values), ""]
    parts = PLAIN_PERCENT.split(text)
    return str(bounded("".join(a + b for a, b in zip(parts, words, strict=True))))


def written(value: Value) -> str:
    """Return a number or text as an f-string writes it."""
    if not isinstance(value, SCALARS):
        raise ValueProblem(said("{value} cannot stand in a text here.", value=described(value)))
    return str(bounded(value))


def unary(symbol: ast.unaryop, value: Value) -> Value:
    """Return -value, +value or not value."""
    value = known(value)
    if isinstance(symbol, ast.Not):
        return not truth(value)
    if isinstance(value, Unknown):
        return Unknown()
    if isinstance(value, bool | int | float) and isinstance(symbol, ast.USub | ast.UAdd):
        return -value if isinstance(symbol, ast.USub) else +value
    raise ValueProblem(said("this operator is not read before {value}.", value=described(value)))


def truth(value: Value) -> bool:
    """Return whether a condition holds; ValueProblem when only a run could tell."""
    value = known(value)
    if isinstance(value, Training):
        raise ValueProblem(
            said(
                "a condition on self.training is not supported. "
                "Write only the branch that you mean."
            )
        )
    if isinstance(value, Data | Unknown | Shape):
        raise ValueProblem(
            said(
                "this condition needs {value}, and nothing is run to read a text. "
                "Write only the branch that you mean.",
                value=described(value),
            )
        )
    if isinstance(value, (*SCALARS, list, tuple, dict, range)):
        return bool(value)
    children = getattr(value, "children", None) if is_module(value) else None
    is_list = hasattr(value, "kind") and children is not None
    return bool(children) if is_list else True


def compare(symbol: ast.cmpop, left: Value, right: Value) -> Value:
    """Return what a comparison gives."""
    left, right = known(left), known(right)
    if isinstance(symbol, ast.Is | ast.IsNot):
        same = left is right or (isinstance(left, Library) and left == right)
        return same is isinstance(symbol, ast.Is)
    if isinstance(symbol, ast.In | ast.NotIn):
        return contains(right, left) is isinstance(symbol, ast.In)
    if any(isinstance(value, Unknown | Shape | Data) for value in (left, right)):
        return Unknown()
    if isinstance(symbol, ast.Eq | ast.NotEq) and (is_module(left) or isinstance(left, Library)):
        return (left == right) is isinstance(symbol, ast.Eq)
    ordered = all(is_number(value) for value in (left, right)) or type(left) is type(right)
    if not (_is_flat(left) and _is_flat(right)):
        raise ValueProblem(
            said(
                "{left} and {right} cannot be compared here.",
                left=described(left),
                right=described(right),
            )
        )
    if not ordered and not isinstance(symbol, ast.Eq | ast.NotEq):
        raise ValueProblem(
            said("{left} and {right} have no order.", left=described(left), right=described(right))
        )
    try:
        return COMPARED[type(symbol)](left, right)
    except TypeError:
        raise ValueProblem(
            said("{left} and {right} have no order.", left=described(left), right=described(right))
        ) from None


def _is_flat(value: Value) -> bool:
    if isinstance(value, list | tuple):
        return all(isinstance(part, SCALARS) for part in value)
    return isinstance(value, (*SCALARS, range))


def contains(holder: Value, value: Value) -> bool:
    """Return whether ``value in holder``."""
    if hasattr(holder, "children") and isinstance(value, str):
        return value in holder.children
    if isinstance(holder, str) and isinstance(value, str):
        return value in holder
    if isinstance(holder, dict) and isinstance(value, SCALARS):
        return value in holder
    if isinstance(holder, range) and isinstance(value, int):
        return value in holder
    if isinstance(holder, list | tuple):
        return any(_equal(part, value) for part in holder)
    raise ValueProblem(said("{holder} cannot be searched here.", holder=described(holder)))


def _equal(one: Value, other: Value) -> bool:
    scalars = isinstance(one, SCALARS) and isinstance(other, SCALARS)
    return one == other if scalars else one is other


def item(parts: Sequence[Value], index: Value) -> Value:
    """Return one entry, or the entries of a slice."""
    index = known(index)
    if not isinstance(index, int | slice):
        raise ValueProblem(
            said("{index} is no place in {parts}.", index=described(index), parts=described(parts))
        )
    try:
        return parts[index]
    except (IndexError, ValueError) as error:
        raise ValueProblem(said("this cannot be computed: {error}.", error=error)) from None
