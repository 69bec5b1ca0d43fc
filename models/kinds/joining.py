"""Layers that bring paths together: torch writes them as functions, here they have names."""

from __future__ import annotations

import math
from itertools import zip_longest

import torch
from torch import Tensor, nn

from flow.said import said
from models.fields import Fields
from models.kinds.arguments import MAX_DIMENSION, MAX_JOINED, ShowsArguments, whole
from models.kinds.kind import Code, LayerKind
from models.kinds.rules import cost
from models.kinds.rules.reading import Reading, same_cells
from models.shapes import Shape, Shapes, shape_text


class Add(nn.Module):
    """The sum of its inputs, taken from left to right."""

    def forward(self, first: Tensor, *others: Tensor) -> Tensor:
        """Return first + others[0] + ...; shapes broadcast as in torch."""
        total = first
        for other in others:
            total = total + other
        return total


class Subtract(nn.Module):
    """One input minus the other."""

    def forward(self, first: Tensor, second: Tensor) -> Tensor:
        """Return first - second; shapes broadcast as in torch."""
        return first - second


class Multiply(nn.Module):
    """The product of its inputs, cell by cell, taken from left to right."""

    def forward(self, first: Tensor, *others: Tensor) -> Tensor:
        """Return first * others[0] * ...; shapes broadcast as in torch."""
        product = first
        for other in others:
            product = product * other
        return product


class Concat(ShowsArguments):
    """Its inputs side by side along one dimension."""

    def __init__(self, dim: int = 1) -> None:
        super().__init__()
        self.dim = dim

    def forward(self, *inputs: Tensor) -> Tensor:
        """Return the inputs joined along ``dim``; all other dimensions must agree."""
        return torch.cat(inputs, dim=self.dim)


def _fits_together(_fields: Fields, shapes: Shapes) -> str:
    """Sizes must be equal, or 1, dimension by dimension from the right."""
    for sizes in zip_longest(*(shape[::-1] for shape in shapes), fillvalue=1):
        if len(set(sizes) - {1}) > 1:
            came = " and ".join(map(shape_text, shapes))
            return said(
                "its inputs must have one shape, but are {came}. Change the layers before it.",
                came=came,
            )
    return ""


def _fits_concat(fields: Fields, shapes: Shapes) -> str:
    """All dimensions but the joined one must agree."""
    dim = fields.whole("dim")
    others = {shape[:dim] + shape[dim + 1 :] for shape in shapes}
    came = " and ".join(map(shape_text, shapes))
    if any(dim >= len(shape) for shape in shapes):
        return said(
            "dim is {dim}, but its inputs are {came}. Use a smaller dim.", dim=dim, came=came
        )
    if len(others) == 1:
        return ""
    return said(
        "its inputs may differ only in dimension {dim}, but are {came}. Resize one of them.",
        dim=dim,
        came=came,
    )


def _additions(_fields: Fields, inputs: Shapes, output: Shape) -> int:
    """Count one operation per output cell for each input after the first."""
    return (len(inputs) - 1) * math.prod(output)


def _side_by_side(fields: Fields, inputs: Shapes, output: Shape) -> Reading | None:
    """Read the cell at the same place, where batch or channels are joined."""
    return same_cells(fields, inputs, output) if fields.whole("dim") < 2 else None


def _infix(sign: str) -> Code:
    """Return the rule that puts a sign between the values."""
    return lambda _fields, _name, data: f" {sign} ".join(data)


JOINS: dict[str, LayerKind] = {
    "Add": LayerKind(
        label="Add",
        help="Sums its inputs; the gradient is handed to each of them unchanged.",
        module=Add,
        inputs=(2, MAX_JOINED),
        fits=_fits_together,
        operations=_additions,
        reads=same_cells,
        expression="+",
        code=_infix("+"),
    ),
    "Subtract": LayerKind(
        label="Subtract",
        help="Takes the second input away from the first; the second gets the gradient negated.",
        module=Subtract,
        inputs=(2, 2),
        fits=_fits_together,
        operations=_additions,
        reads=same_cells,
        expression="-",
        code=_infix("-"),
    ),
    "Multiply": LayerKind(
        label="Multiply",
        help="Multiplies its inputs; each gets the gradient times the others.",
        module=Multiply,
        inputs=(2, MAX_JOINED),
        fits=_fits_together,
        operations=_additions,
        reads=same_cells,
        expression="*",
        code=_infix("*"),
    ),
    "Concat": LayerKind(
        label="Concatenate",
        help="Puts its inputs side by side; the gradient is cut into the same parts.",
        module=Concat,
        fields=(whole("dim", 1, 0, MAX_DIMENSION, "Dimension in which they stand side by side."),),
        inputs=(2, MAX_JOINED),
        fits=_fits_concat,
        operations=cost.nothing,
        reads=_side_by_side,
        expression="torch.cat",
        code=lambda fields, _, data: f"torch.cat([{', '.join(data)}], dim={fields['dim']})",
    ),
}
