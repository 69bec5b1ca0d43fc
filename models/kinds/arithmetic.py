"""Layers of arithmetic that learn nothing: sums and means, fixed numbers, and nothing at all."""

from __future__ import annotations

import math
from collections.abc import Sequence

from torch import Tensor, nn

from flow.said import said
from models.fields import Fields
from models.kinds.arguments import MAX_DIMENSION, ShowsArguments, number, sizes, switch
from models.kinds.kind import Code, LayerKind
from models.kinds.rules import cost
from models.kinds.rules.fits import fits_dimensions
from models.kinds.rules.reading import same_cells
from models.shapes import Shape, Shapes, shape_text

REDUCED = sizes(
    "dim", (2, 3), -MAX_DIMENSION - 1, MAX_DIMENSION, "Dimensions to reduce; -1 is the last."
)
KEEPDIM = switch("keepdim", False, "Whether reduced dimensions stay, with size 1.")


class _Reduced(ShowsArguments):
    """A reduction over dimensions."""

    def __init__(self, dim: int | Shape, keepdim: bool = False) -> None:
        super().__init__()
        self.dim = dim
        self.keepdim = keepdim


class Mean(_Reduced):
    """The mean over dimensions."""

    def forward(self, x: Tensor) -> Tensor:
        """Return the mean; the dimensions disappear, or stay with size 1 with ``keepdim``."""
        return x.mean(dim=self.dim, keepdim=self.keepdim)


class Sum(_Reduced):
    """The sum over dimensions."""

    def forward(self, x: Tensor) -> Tensor:
        """Return the sum; the dimensions disappear, or stay with size 1 with ``keepdim``."""
        return x.sum(dim=self.dim, keepdim=self.keepdim)


class Scale(ShowsArguments):
    """Its input times a fixed number."""

    def __init__(self, factor: float) -> None:
        super().__init__()
        self.factor = factor

    def forward(self, x: Tensor) -> Tensor:
        """Return factor * x."""
        return self.factor * x


class Divide(ShowsArguments):
    """Its input divided by a fixed number."""

    def __init__(self, divisor: float) -> None:
        super().__init__()
        self.divisor = divisor

    def forward(self, x: Tensor) -> Tensor:
        """Return x / divisor."""
        return x / self.divisor


class Shift(ShowsArguments):
    """Its input plus a fixed number."""

    def __init__(self, amount: float) -> None:
        super().__init__()
        self.amount = amount

    def forward(self, x: Tensor) -> Tensor:
        """Return x + amount."""
        return x + self.amount


class Detach(nn.Module):
    """Its input, cut off from the graph."""

    def forward(self, x: Tensor) -> Tensor:
        """Return x; no gradient passes."""
        return x.detach()


def _dimensions_are_listed_once(fields: Fields) -> str:
    """Each reduced dimension must be named once."""
    dims = fields.sizes("dim")
    if len(set(dims)) < len(dims):
        return said("dim must name each dimension once. It is {dims}.", dims=dims)
    return ""


def _divisor_is_not_zero(fields: Fields) -> str:
    """The divisor must not be 0."""
    return (
        ""
        if fields["divisor"]
        else said("divisor must not be 0. Use 1 to leave the value as it is.")
    )


def _fits_reduced(fields: Fields, shapes: Shapes) -> str:
    """The dimensions must exist, each named once."""
    problem = fits_dimensions("dim")(fields, shapes)
    dims = [dim % len(shapes[0]) for dim in fields.sizes("dim") if shapes[0]]
    if problem or len(set(dims)) == len(dims):
        return problem
    return said(
        "dim={dim} names one dimension of {shape} twice.",
        dim=fields["dim"],
        shape=shape_text(shapes[0]),
    )


def _mean(_fields: Fields, inputs: Shapes, output: Shape) -> int:
    """Count one addition for every input cell and one division for every output cell."""
    return math.prod(inputs[0]) + math.prod(output)


def _one_per_input_cell(_fields: Fields, inputs: Shapes, _output: Shape) -> int:
    """Count one addition for every input cell."""
    return math.prod(inputs[0])


def _reduced(function: str) -> Code:
    """Return the rule of a sum or mean over dimensions."""

    def write(fields: Fields, _name: str, data: Sequence[str]) -> str:
        sizes = fields.sizes("dim")
        dims = sizes[0] if len(sizes) == 1 else sizes
        keep = ", keepdim=True" if fields["keepdim"] else ""
        return f"{data[0]}.{function}(dim={dims}{keep})"

    return write


ARITHMETIC: dict[str, LayerKind] = {
    "Mean": LayerKind(
        label="Mean",
        help="Averages over dimensions; every averaged cell gets the same share.",
        module=Mean,
        fields=(REDUCED, KEEPDIM),
        verify=_dimensions_are_listed_once,
        fits=_fits_reduced,
        operations=_mean,
        expression="mean",
        code=_reduced("mean"),
    ),
    "Sum": LayerKind(
        label="Sum",
        help="Adds up over dimensions; every cell gets the whole gradient.",
        module=Sum,
        fields=(REDUCED, KEEPDIM),
        verify=_dimensions_are_listed_once,
        fits=_fits_reduced,
        operations=_one_per_input_cell,
        expression="sum",
        code=_reduced("sum"),
    ),
    "Scale": LayerKind(
        label="Scale",
        help="Multiplies by a fixed number; so is the gradient.",
        module=Scale,
        fields=(number("factor", 3.0, -1000.0, 1000.0, "The number.", required=True),),
        reads=same_cells,
        expression="*",
        code=lambda fields, _, data: f"{fields['factor']} * {data[0]}",
    ),
    "Divide": LayerKind(
        label="Divide",
        help="Divides by a fixed number; so is the gradient.",
        module=Divide,
        fields=(number("divisor", 2.0, -1000.0, 1000.0, "The number.", required=True),),
        verify=_divisor_is_not_zero,
        reads=same_cells,
        expression="/",
        code=lambda fields, _, data: f"{data[0]} / {fields['divisor']}",
    ),
    "Shift": LayerKind(
        label="Shift",
        help="Adds a fixed number; the gradient stays as it is.",
        module=Shift,
        fields=(number("amount", 1.0, -1000.0, 1000.0, "The number.", required=True),),
        reads=same_cells,
        expression="+",
        code=lambda fields, _, data: f"{data[0]} + {fields['amount']}",
    ),
    "Detach": LayerKind(
        label="Detach",
        help="Hands the value on and stops the gradient.",
        module=Detach,
        operations=cost.nothing,
        reads=same_cells,
        expression="detach",
        code=lambda _fields, _, data: f"{data[0]}.detach()",
        passes_through=True,
        passes_tokens=True,
    ),
    "Identity": LayerKind(
        label="Identity",
        help="Hands on what comes in; a place to look at a value.",
        module=nn.Identity,
        operations=cost.nothing,
        reads=same_cells,
        passes_through=True,
        passes_tokens=True,
    ),
}
