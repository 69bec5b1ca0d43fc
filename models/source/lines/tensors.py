"""Tensors that a text writes out: ``torch.tensor([[1., 2.]])``, ``torch.ones(1, 3, 8, 8)``."""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from models.cell_edits import LARGEST, MAX_EDITED
from models.inputs.shape import InputError, check_shape
from models.shapes import Shape
from models.source.syntax import dotted

MAX_VALUES = MAX_EDITED
"""Cells whose values are kept one by one: as many as can be changed by hand."""
IGNORED = frozenset({"device", "dtype", "generator", "requires_grad"})
"""Arguments of the functions that make tensors which change no value here."""
SAME = frozenset(
    {"clone", "contiguous", "cpu", "cuda", "detach", "double", "float", "long", "requires_grad_"}
    | {"to", "type"}
)
"""Methods that leave shape and values as they are."""
DRAWN = {"empty": "", "rand": "", "randn": "random"}
FILLED = {"ones": 1.0, "zeros": 0.0}
OPERATORS: dict[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
Known = Mapping[str, "Written"]


@dataclass(frozen=True)
class Written:
    """A tensor as the text gives it."""

    shape: Shape
    kind: str = ""
    """The name among ``models.inputs.INPUTS`` of its values; empty for any others."""
    values: tuple[float, ...] = ()
    """Row by row; empty where there is a kind, or where only the shape is known."""
    needs_gradient: bool = False
    """Whether the text asks for its gradient."""


def assigned_tensor(name: str, node: ast.expr | None, known: Known) -> Written | None:
    """Return what ``name = node`` makes, be it of what the name stood for; None for no tensor.

    Of another name's tensor it is something that is run: ``y = x.view(4)``.
    """
    own = {name: known[name]} if name in known else {}
    return written_tensor(node, own) if name and node is not None else None


def written_tensor(node: ast.expr, known: Known) -> Written | None:
    """Return the tensor of an expression, given those that have names; None for anything else."""
    try:
        found = _tensor(node, known)
        if found is not None:
            check_shape(found.shape)
        return found
    except (ArithmeticError, InputError, TypeError, ValueError):
        return None


def _tensor(node: ast.expr, known: Known) -> Written | None:
    if isinstance(node, ast.Name):
        return known.get(node.id)
    if isinstance(node, ast.BinOp):
        return _combined(node)
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return None
    space, _, name = dotted(node.func).rpartition(".")
    if space == "torch":
        return _made(name, node)
    owner = _tensor(node.func.value, known)
    return _changed(owner, node.func.attr, node.args) if owner is not None else None


def _made(name: str, node: ast.Call) -> Written | None:
    """Return what ``torch.<name>(...)`` makes."""
    if any(keyword.arg not in IGNORED for keyword in node.keywords):
        return None
    made = _plain(name, [ast.literal_eval(part) for part in node.args])
    asks = any(
        keyword.arg == "requires_grad" and ast.literal_eval(keyword.value) is True
        for keyword in node.keywords
    )
    return replace(made, needs_gradient=asks) if made is not None else None


def _plain(name: str, given: Sequence[object]) -> Written | None:
    if name in DRAWN:
        return Written(_sizes(given), DRAWN[name])
    if name in FILLED:
        return Written(_sizes(given), name)
    if name == "full" and len(given) == 2:
        return _filled(_sizes(given[:1]), given[1])
    if name == "arange" and 1 <= len(given) <= 3:
        return _counted([_number(part) for part in given])
    if name in ("tensor", "as_tensor", "Tensor", "FloatTensor", "LongTensor") and len(given) == 1:
        return None if type(given[0]) is int and name != "tensor" else _listed(given[0])
    return None


def _filled(shape: Shape, value: object) -> Written:
    cells = math.prod(shape)
    return _of(shape, [_number(value)] * cells) if cells <= MAX_VALUES else Written(shape)


def _counted(ends: Sequence[float]) -> Written:
    start, end, step = (0.0, ends[0], 1.0) if len(ends) == 1 else (*ends, 1.0)[:3]
    cells = math.ceil((end - start) / step)
    if start == step == 1:
        return Written((cells,), "arange")
    return _of((cells,), [start + place * step for place in range(min(cells, MAX_VALUES + 1))])


def _listed(value: object) -> Written:
    """Return a tensor of nested lists; ValueError where they are not as long as each other."""
    shape: list[int] = []
    parts: list[object] = [value]
    while all(isinstance(part, list | tuple) for part in parts):
        rows = [part for part in parts if isinstance(part, list | tuple)]
        if len({len(row) for row in rows}) != 1:
            raise ValueError(shape)
        shape.append(len(rows[0]))
        parts = list(chain.from_iterable(rows))
        if not parts:
            break
    return _of(tuple(shape), [_number(part) for part in parts])


def _changed(owner: Written, name: str, given: list[ast.expr]) -> Written | None:
    """Return what a method of a tensor gives."""
    if name in ("view", "reshape"):
        return replace(
            owner, shape=_viewed(owner.shape, _sizes(list(map(ast.literal_eval, given))))
        )
    if name == "unsqueeze" and len(given) == 1:
        return replace(owner, shape=_unsqueezed(owner.shape, ast.literal_eval(given[0])))
    asks = owner.needs_gradient or name == "requires_grad_"
    return replace(owner, needs_gradient=asks) if name in SAME else None


def _viewed(before: Shape, sizes: Shape) -> Shape:
    cells, others = math.prod(before), math.prod(size for size in sizes if size != -1)
    shape = tuple(cells // others if size == -1 else size for size in sizes)
    if math.prod(shape) != cells or sizes.count(-1) > 1:
        raise ValueError(sizes)
    return shape


def _unsqueezed(before: Shape, place: int) -> Shape:
    at = place if place >= 0 else len(before) + 1 + place
    if not 0 <= at <= len(before):
        raise ValueError(place)
    return (*before[:at], 1, *before[at:])


def _combined(node: ast.BinOp) -> Written | None:
    """Return a tensor of which every cell was combined with the same number."""
    owner, apply = _tensor(node.left, {}), OPERATORS.get(type(node.op))
    if owner is None or apply is None:
        return None  # arithmetic on a name is part of what is run
    other, cells = _number(ast.literal_eval(node.right)), math.prod(owner.shape)
    values = cells_of(owner)
    if len(values) != cells:
        return Written(owner.shape)
    made = _of(owner.shape, [apply(value, other) for value in values])
    return replace(made, needs_gradient=owner.needs_gradient)


def cells_of(written: Written) -> tuple[float, ...]:
    """Return the values row by row; none where they are not known, drawn, or too many."""
    cells = math.prod(written.shape)
    if cells > MAX_VALUES:
        return ()
    if written.kind in FILLED:
        return (FILLED[written.kind],) * cells
    if written.kind == "arange":
        return tuple(float(place) for place in range(1, cells + 1))
    return written.values


def _of(shape: Shape, values: Sequence[float]) -> Written:
    """Return a tensor under the name of its values, if they have one."""
    if len(values) > MAX_VALUES or any(not abs(value) <= LARGEST for value in values):
        return Written(shape)
    named = {"zeros": 0.0, "ones": 1.0}
    for kind, value in named.items():
        if set(values) == {value}:
            return Written(shape, kind)
    counts = list(values) == [float(place) for place in range(1, len(values) + 1)]
    return Written(shape, "arange") if counts else Written(shape, "", tuple(values))


def _sizes(given: Sequence[object]) -> Shape:
    """Return sizes that are given one by one, or as one tuple."""
    first = given[0] if len(given) == 1 else None
    sizes = tuple(first) if isinstance(first, list | tuple) else tuple(given)
    if not all(type(size) is int for size in sizes):
        raise TypeError(sizes)
    return tuple(size for size in sizes if isinstance(size, int))


def _number(value: object) -> float:
    if not isinstance(value, int | float):
        raise TypeError(value)
    return float(value)
