"""Operators on outputs of layers, and slices of them."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from flow.said import said
from models.fields import Value as FieldValue
from models.source.arithmetic import ValueProblem
from models.source.modules import checked
from models.source.site import Site
from models.source.sizes import LAST
from models.source.values import Data, Value, described, is_number, known

OPERATORS: dict[type[ast.operator], str] = {
    ast.Add: "Add",
    ast.Sub: "Subtract",
    ast.Mult: "Multiply",
}


def combine(site: Site, symbol: ast.operator, values: Sequence[Value]) -> Value:
    """Return the sum, difference or product of values of which at least one is a tensor."""
    values = [known(value) for value in values]
    if len(values) == 2 and any(is_number(value) for value in values):
        return _with_number(site, symbol, values[0], values[1])
    if type(symbol) not in OPERATORS:
        raise ValueProblem(said("between outputs of layers only +, - and * are supported."))
    for value in values:
        if not isinstance(value, Data):
            raise ValueProblem(
                said("{value} cannot be combined with a layer's output.", value=described(value))
            )
    if isinstance(symbol, ast.Sub) and len(values) > 2:
        return combine(site, symbol, [combine(site, symbol, values[:-1]), values[-1]])
    return site.add(OPERATORS[type(symbol)], values, {})


def _with_number(site: Site, symbol: ast.operator, left: Value, right: Value) -> Value:
    """Return a layer's output combined with a number, on either side of it."""
    data, number = (right, float(left)) if is_number(left) else (left, float(right))
    if isinstance(symbol, ast.Mult):
        return scaled(site, data, number)
    if isinstance(symbol, ast.Add):
        return _shifted(site, data, number)
    if isinstance(symbol, ast.Sub):
        if data is left:
            return _shifted(site, data, -number)
        return _shifted(site, scaled(site, data, -1.0), number)
    if isinstance(symbol, ast.Div) and data is left:
        return site.add("Divide", [data], checked("Divide", {"divisor": number}))
    if isinstance(symbol, ast.Pow) and data is left and number == 2:
        return site.add("Multiply", [data, data], {})
    raise ValueProblem(
        said(
            "with a layer's output and a number, x + 2, x - 2, 2 - x, x * 2, x / 2 and x ** 2 are "
            "read."
        )
    )


def scaled(site: Site, data: Value, factor: float) -> Data:
    """Return a layer's output times a number."""
    return site.add("Scale", [data], checked("Scale", {"factor": factor}))


def _shifted(site: Site, data: Value, amount: float) -> Data:
    return site.add("Shift", [data], checked("Shift", {"amount": amount}))


def cut(site: Site, data: Data, index: Value) -> Value:
    """Return ``x[:, 2:4]``, or ``x[:, -1]`` of a recurrent layer."""
    parts = index if isinstance(index, tuple) else (index,)
    layer = site.network.layers.get(data.layer)
    if layer and "outputs" in layer.fields and _is_last(parts, bool(layer.fields["batch_first"])):
        return Data(data.layer + LAST)
    if Ellipsis in parts[:1]:
        parts = (*(slice(None),) * (site.rank(data) - len(parts) + 1), *parts[1:])
    cuts = [(dim, part) for dim, part in enumerate(parts) if part != slice(None)]
    cuts = cuts or [(len(parts) - 1, parts[-1])]
    if any(not isinstance(part, slice) or dim == 0 for dim, part in cuts):
        raise ValueProblem(
            said(
                "only slices along dimensions behind the batch are supported, as in x[:, 0:4]; "
                "of a recurrent layer also its last step, as in out[:, -1]."
            )
        )
    for dim, part in cuts:
        data = _taken(site, data, dim, part)
    return data


def _taken(site: Site, data: Data, dim: int, part: slice) -> Data:
    """Return a slice along one dimension; ends that count from behind need a known size."""
    start, end = part.start or 0, part.stop
    if start < 0 or (end is not None and end < 0):
        size = site.sizes(data)[dim]
        start = max(0, start + size) if start < 0 else start
        end = end + size if end is not None and end < 0 else end
    if end is not None and end <= 0:
        raise ValueProblem(said("this slice is empty."))
    fields: dict[str, FieldValue] = {"dim": dim, "start": start, "end": end or 0}
    return site.add("Slice", [data], checked("Slice", {**fields, "step": part.step or 1}))


def _is_last(parts: Sequence[Value], batch_first: bool) -> bool:
    """Whether these are the indices of the last step; full slices may follow."""
    wanted = [slice(None), -1] if batch_first else [-1]
    rest = [part for part in parts[len(wanted) :] if part != slice(None)]
    return list(parts[: len(wanted)]) == wanted and not rest
