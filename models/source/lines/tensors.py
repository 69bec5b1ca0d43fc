"""Tensors that a text writes out: ``torch.tensor([[1., 2.]])``, ``torch.ones(1, 3, 8, 8)``.

Where the values are few they are PyTorch's own: the same functions are called on the same numbers.
"""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from models.cell_edits import LARGEST, MAX_EDITED
from models.inputs.shape import InputError, check_shape
from models.shapes import Shape
from models.source.syntax import dotted

MAX_VALUES = MAX_EDITED
"""Cells whose values are kept one by one: as many as can be changed by hand."""
IGNORED = frozenset({"device", "generator", "requires_grad"})
"""Arguments of the functions that make tensors which change no value here."""
SAME = frozenset({"clone", "contiguous", "cpu", "cuda", "detach", "to"})
"""Methods that leave shape and values as they are, in memory or on another device."""
DRAWN = {"empty": "", "rand": "", "randn": "random"}
FILLED = ("ones", "zeros")
LISTED = ("tensor", "as_tensor", "Tensor", "FloatTensor", "LongTensor")
TYPES = {
    "torch.float": torch.float32,
    "torch.float32": torch.float32,
    "torch.long": torch.int64,
    "torch.int64": torch.int64,
}
OPERATORS: dict[type[ast.operator], Callable[[object, object], Tensor]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
UNREADABLE = (
    ArithmeticError,
    IndexError,
    InputError,
    RuntimeError,
    TypeError,
    ValueError,
)
Known = Mapping[str, "Written"]


@dataclass(frozen=True, eq=False)
class Written:
    """A tensor as the text gives it."""

    shape: Shape
    kind: str = ""
    """The name among ``models.inputs.INPUTS`` of its values; empty for any others."""
    cells: Tensor | None = None
    """The values where they have no name; None for those that are drawn, too large or too many."""
    whole: bool = False
    """Whether they are whole numbers to PyTorch, which most layers refuse."""
    drawn: bool = False
    needs_gradient: bool = False
    """Whether the text asks for its gradient."""

    def values(self) -> tuple[float, ...]:
        """Return the values row by row; none where they are not known, drawn, or too many."""
        cells = self.tensor()
        return () if cells is None else tuple(cells.flatten().tolist())

    def tensor(self) -> Tensor | None:
        """Return a new tensor of these values; None where ``values`` has none."""
        count = math.prod(self.shape)
        if self.cells is not None or count > MAX_VALUES or self.drawn:
            return self.cells
        plain: dict[str, Tensor] = {
            "zeros": torch.zeros(self.shape),
            "ones": torch.ones(self.shape),
        }
        if self.kind == "arange":
            plain["arange"] = torch.arange(1, count + 1.0).view(self.shape)
        made = plain.get(self.kind)
        return made.long() if made is not None and self.whole else made


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
    except UNREADABLE:
        return None


def _tensor(node: ast.expr, known: Known) -> Written | None:
    if isinstance(node, ast.Name):
        return known.get(node.id)
    if isinstance(node, ast.UnaryOp | ast.BinOp):
        return _combined(node)
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return None
    space, _, name = dotted(node.func).rpartition(".")
    if space == "torch":
        return _made(name, node)
    owner = _tensor(node.func.value, known)
    return _changed(owner, node) if owner is not None and not node.keywords else None


def _made(name: str, node: ast.Call) -> Written | None:
    """Return what ``torch.<name>(...)`` makes."""
    named = {keyword.arg: keyword.value for keyword in node.keywords}
    given = [ast.literal_eval(part) for part in node.args]
    given += [ast.literal_eval(named.pop(key)) for key in ("size", "fill_value") if key in named]
    kind = TYPES[dotted(named.pop("dtype"))] if "dtype" in named else None
    if not named.keys() <= IGNORED:
        return None
    made = _plain(name, given, kind)
    asks = "requires_grad" in named and ast.literal_eval(named["requires_grad"]) is True
    return replace(made, needs_gradient=asks) if made is not None else None


def _plain(name: str, given: Sequence[object], kind: torch.dtype | None) -> Written | None:
    if name in DRAWN:
        return Written(_sizes(given), DRAWN[name], drawn=True)
    if name == "randint" and 2 <= len(given) <= 3:
        return Written(_sizes(given[-1:]), whole=True, drawn=True)
    if name in FILLED:
        return Written(_sizes(given), name, whole=kind == torch.int64)
    if name == "full" and len(given) == 2:
        shape = _sizes(given[:1])
        few = math.prod(shape) <= MAX_VALUES
        return _of(torch.full(shape, _number(given[1]), dtype=kind)) if few else Written(shape)
    if name == "arange" and 1 <= len(given) <= 3:
        return _counted([_number(part) for part in given], kind)
    if name == "eye" and len(given) == 1 and type(given[0]) is int and given[0] ** 2 <= MAX_VALUES:
        return _of(torch.eye(given[0], dtype=kind))
    if name in LISTED and len(given) == 1:
        return _listed(name, given[0], kind)
    return None


def _listed(name: str, value: object, kind: torch.dtype | None) -> Written | None:
    if name in ("tensor", "as_tensor"):
        return _of(torch.tensor(value, dtype=kind))
    return _of(getattr(torch, name)(value)) if isinstance(value, list) else None


def _counted(ends: Sequence[float], kind: torch.dtype | None) -> Written:
    start, end, step = (0, ends[0], 1) if len(ends) == 1 else (*ends, 1)[:3]
    count = math.ceil((end - start) / step)
    if count <= MAX_VALUES:
        return _of(torch.arange(*ends, dtype=kind))
    whole = kind == torch.int64 or (kind is None and all(isinstance(each, int) for each in ends))
    return Written((count,), "arange" if start == step == 1 else "", whole=whole)


def _changed(owner: Written, node: ast.Call) -> Written | None:
    """Return what a method of a tensor gives."""
    assert isinstance(node.func, ast.Attribute)  # noqa: S101 - who calls has looked
    name = node.func.attr
    if name in SAME:
        to_device = all(isinstance(part, ast.Name | ast.Constant) for part in node.args)
        return owner if to_device else None
    given = [ast.literal_eval(part) for part in node.args]
    if name in ("view", "reshape"):
        return _shaped(owner, _viewed(owner.shape, _sizes(given)))
    if name == "unsqueeze" and len(given) == 1 and type(given[0]) is int:
        return _shaped(owner, _unsqueezed(owner.shape, given[0]))
    if name == "float" and not given:
        return replace(owner, whole=False, cells=_as(owner.cells, torch.float32))
    if name == "long" and not given:
        return _truncated(owner)
    return replace(owner, needs_gradient=True) if name == "requires_grad_" and not given else None


def _as(cells: Tensor | None, kind: torch.dtype) -> Tensor | None:
    return None if cells is None else cells.to(kind)


def _truncated(owner: Written) -> Written | None:
    cells = owner.tensor()
    if cells is None:
        return replace(owner, whole=True) if owner.kind and not owner.drawn else None
    return _of(cells.long())


def _shaped(owner: Written, shape: Shape) -> Written:
    return replace(
        owner, shape=shape, cells=None if owner.cells is None else owner.cells.view(shape)
    )


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


def _combined(node: ast.UnaryOp | ast.BinOp) -> Written | None:
    """Return a tensor of which every cell was combined with the same number.

    Arithmetic on a name is part of what is run.
    """
    if isinstance(node, ast.UnaryOp):
        owner = _tensor(node.operand, {})
        cells = owner.tensor() if owner is not None else None
        return _of(-cells) if cells is not None and isinstance(node.op, ast.USub) else None
    apply = OPERATORS.get(type(node.op))
    left, right = _tensor(node.left, {}), _tensor(node.right, {})
    owner = left or right
    cells = owner.tensor() if owner is not None else None
    if apply is None or owner is None or cells is None or (left and right):
        return None
    if left is not None:
        made = apply(cells, _number(ast.literal_eval(node.right)))
    else:
        made = apply(_number(ast.literal_eval(node.left)), cells)
    return replace(_of(made), needs_gradient=owner.needs_gradient)


def _of(cells: Tensor) -> Written:
    """Return a tensor under the name of its values, if they have one."""
    if cells.dtype not in (torch.float32, torch.int64):
        raise TypeError(cells.dtype)
    shape, whole = tuple(cells.shape), cells.dtype == torch.int64
    plain = cells.flatten().float()
    if not plain.numel() or len(plain) > MAX_VALUES or not bool((plain.abs() <= LARGEST).all()):
        return Written(shape, whole=whole)
    named = {"zeros": torch.zeros(1), "ones": torch.ones(1)}
    named["arange"] = torch.arange(1, len(plain) + 1.0)
    for kind, values in named.items():
        if torch.equal(plain, values.expand(len(plain))):
            return Written(shape, kind, whole=whole)
    return Written(shape, "", cells, whole)


def _sizes(given: Sequence[object]) -> Shape:
    """Return sizes that are given one by one, or as one tuple."""
    first = given[0] if len(given) == 1 else None
    sizes = tuple(first) if isinstance(first, list | tuple) else tuple(given)
    if not all(type(size) is int for size in sizes):
        raise TypeError(sizes)
    return tuple(size for size in sizes if isinstance(size, int))


def _number(value: object) -> float:
    if type(value) not in (int, float):
        raise TypeError(value)
    return value  # type: ignore[return-value]
