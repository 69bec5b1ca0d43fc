"""Layers that reshape, turn, cut and frame: every cell is only moved."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from torch import Tensor, nn

from flow.said import said
from models.fields import Fields
from models.kinds.arguments import (
    MAX_DIMENSION,
    MAX_FEATURES,
    MAX_KERNEL,
    ShowsArguments,
    dimension,
    size,
    sizes,
    whole,
)
from models.kinds.kind import LayerKind
from models.kinds.rules import cost
from models.kinds.rules.fits import MAP_DIMENSIONS, fits_dimensions
from models.kinds.rules.reading import Reading, axes_of, inside, reading
from models.shapes import Shape, Shapes, shape_text


class View(ShowsArguments):
    """The cells of each sample in another shape."""

    def __init__(self, shape: int | Shape) -> None:
        super().__init__()
        self.shape = shape if isinstance(shape, tuple) else (shape,)

    def forward(self, x: Tensor) -> Tensor:
        """Return x as batch x shape, in the same order of cells."""
        return x.reshape(x.shape[0], *self.shape)


class Transpose(ShowsArguments):
    """Two dimensions swapped."""

    def __init__(self, dim0: int, dim1: int) -> None:
        super().__init__()
        self.dim0, self.dim1 = dim0, dim1

    def forward(self, x: Tensor) -> Tensor:
        """Return a view of x with the two dimensions swapped."""
        return x.transpose(self.dim0, self.dim1)


class Slice(ShowsArguments):
    """A part of one dimension."""

    def __init__(self, dim: int = 1, start: int = 0, end: int = 0, step: int = 1) -> None:
        super().__init__()
        self.dim, self.start, self.end, self.step = dim, start, end, step

    def forward(self, x: Tensor) -> Tensor:
        """Return a view of the cells from start to end (0: all that follow)."""
        part = slice(self.start, self.end or None, self.step)
        return x[(slice(None),) * self.dim + (part,)]


def _one_open_size(name: str, sizes: Shape) -> str:
    """At most one size may follow from the others, and none may be 0."""
    if 0 in sizes or sizes.count(-1) > 1:
        return said(
            "{name} must be sizes of at least 1, one of them -1 at most. It is {sizes}.",
            name=name,
            sizes=sizes,
        )
    return ""


def _view_agrees(fields: Fields) -> str:
    return _one_open_size("shape", fields.sizes("shape"))


def _unflatten_agrees(fields: Fields) -> str:
    """A cut makes two sizes or more."""
    sizes = fields.sizes("unflattened_size")
    if len(sizes) == 1:
        return said("unflattened_size must be two sizes or more. It is {sizes}.", sizes=sizes[0])
    return _one_open_size("unflattened_size", sizes)


def _slice_is_not_empty(fields: Fields) -> str:
    """A slice ends after its start."""
    start, end = fields.whole("start"), fields.whole("end")
    if end and end <= start:
        return said(
            "end must be larger than start={start}, or 0 for all that follows. It is {end}.",
            start=start,
            end=end,
        )
    return ""


def _frame_has_four_sides(fields: Fields) -> str:
    """One number for all sides, or left, right, top and bottom."""
    count = len(fields.sizes("padding"))
    if count in (1, 4):
        return ""
    return said(
        "padding must be one number, or left, right, top and bottom. {count} came.", count=count
    )


def _fits_unflatten(fields: Fields, shapes: Shapes) -> str:
    """The dimension must exist and hold as many cells as the sizes."""
    problem = fits_dimensions("dim")(fields, shapes)
    if problem:
        return problem
    sizes, dim = fields.sizes("unflattened_size"), fields.whole("dim")
    came = said("dimension {dim} of its input {shape}", dim=dim, shape=shape_text(shapes[0]))
    return _fits_sizes("unflattened_size", sizes, shapes[0][dim], came)


def _fits_view(fields: Fields, shapes: Shapes) -> str:
    """The sizes must hold as many cells as a sample."""
    sizes, shape = fields.sizes("shape"), shapes[0]
    return _fits_sizes(
        "shape", sizes, math.prod(shape[1:]), said("a sample of {shape}", shape=shape_text(shape))
    )


def _fits_sizes(name: str, sizes: Shape, cells: int, what: str) -> str:
    known = math.prod(size for size in sizes if size != -1)
    if cells == known or (-1 in sizes and cells % known == 0):
        return ""
    came = ", ".join(map(str, sizes))
    return said(
        "{name} is {came}, but {what} has {cells} cells. Choose sizes whose product is {cells}.",
        name=name,
        came=came,
        what=what,
        cells=cells,
    )


def _fits_slice(fields: Fields, shapes: Shapes) -> str:
    """The dimension must exist, and something must be left."""
    problem = fits_dimensions("dim")(fields, shapes)
    if problem:
        return problem
    there = shapes[0][fields.whole("dim")]
    if fields.whole("start") < there:
        return ""
    return said(
        "start is {start}, but dimension {dim} of its input "
        "{shape} has {there} cells. Use start={number} or less.",
        start=fields["start"],
        dim=fields["dim"],
        shape=shape_text(shapes[0]),
        there=there,
        number=there - 1,
    )


def _fits_framed(_fields: Fields, shapes: Shapes) -> str:
    """Height and width to frame: three dimensions or more, up to four."""
    if len(shapes[0]) in (3, MAP_DIMENSIONS):
        return ""
    return said(
        "it needs an input of batch x channels x height x width or batch x channels x length, "
        "but got {shape}. Put it before Flatten.",
        shape=shape_text(shapes[0]),
    )


def _taken_cells(fields: Fields, inputs: Shapes, output: Shape) -> Reading | None:
    """Read the cells that were taken."""
    found, steps = [], []
    for axis, (_, wide) in enumerate(axes_of(inputs, output)):
        taken = fields.whole("dim") == axis + 2
        step, start = (fields.whole("step"), fields.whole("start")) if taken else (1, 0)
        found.append(np.arange(wide)[:, None] * step + start)
        steps.append(step)
    return reading(found, steps)


def _framed_cells(fields: Fields, inputs: Shapes, output: Shape) -> Reading | None:
    """Read the cell inside the frame of zeros; none in the frame itself."""
    sides = fields.sizes("padding")
    left, _, top, _ = sides * 4 if len(sides) == 1 else sides
    axes = axes_of(inputs, output)
    before = (top, left)[-len(axes) :] if axes else ()
    found = [
        inside(np.arange(wide)[:, None] - first, cells)
        for (cells, wide), first in zip(axes, before, strict=True)
    ]
    return reading(found, [1] * len(found))


def _viewed(fields: Fields, _name: str, data: Sequence[str]) -> str:
    """Write a ``reshape`` that keeps the batch."""
    sizes = ", ".join(map(str, fields.sizes("shape")))
    return f"{data[0]}.reshape({data[0]}.shape[0], {sizes})"


def _sliced(fields: Fields, _name: str, data: Sequence[str]) -> str:
    """Write a slice along one dimension."""
    before = ":, " * fields.whole("dim")
    end = fields["end"] or ""
    step = f":{fields['step']}" if fields["step"] != 1 else ""
    return f"{data[0]}[{before}{fields['start'] or ''}:{end}{step}]"


RESHAPING: dict[str, LayerKind] = {
    "Flatten": LayerKind(
        label="Flatten",
        help="Lays all dimensions from one on in a single row; the gradient is only reshaped.",
        module=nn.Flatten,
        fields=(whole("start_dim", 1, 0, MAX_DIMENSION, "First dimension to lay in the row."),),
        fits=fits_dimensions("start_dim"),
        operations=cost.nothing,
        positional=1,
        passes_through=True,
        passes_tokens=True,
    ),
    "Unflatten": LayerKind(
        label="Unflatten",
        help="Cuts one dimension into several; the gradient is only reshaped.",
        module=nn.Unflatten,
        fields=(
            size("dim", 1, MAX_DIMENSION, "Dimension to cut."),
            sizes(
                "unflattened_size",
                (1, -1),
                -1,
                MAX_FEATURES,
                "Sizes it is cut into; one may be -1 and follows.",
            ),
        ),
        verify=_unflatten_agrees,
        fits=_fits_unflatten,
        operations=cost.nothing,
        positional=2,
        passes_through=True,
        passes_tokens=True,
    ),
    "View": LayerKind(
        label="View",
        help="Gives the cells of each sample another shape; the gradient is only reshaped.",
        module=View,
        fields=(
            sizes(
                "shape", -1, -1, MAX_FEATURES, "Sizes after the batch; one may be -1 and follows."
            ),
        ),
        verify=_view_agrees,
        fits=_fits_view,
        operations=cost.nothing,
        expression="reshape",
        code=_viewed,
        passes_through=True,
        passes_tokens=True,
    ),
    "Transpose": LayerKind(
        label="Transpose",
        help="Swaps two dimensions; the gradient has them swapped back.",
        module=Transpose,
        fields=(
            dimension("dim0", 1, "The one dimension."),
            dimension("dim1", 2, "The other dimension."),
        ),
        fits=fits_dimensions("dim0", "dim1"),
        operations=cost.nothing,
        expression="transpose",
        code=lambda fields, _, data: f"{data[0]}.transpose({fields['dim0']}, {fields['dim1']})",
        passes_through=True,
        passes_tokens=True,
    ),
    "Slice": LayerKind(
        label="Slice",
        help="Takes a part of one dimension; the rest gets gradient 0.",
        module=Slice,
        fields=(
            whole("dim", 1, 1, MAX_DIMENSION, "Dimension to cut."),
            whole("start", 0, 0, MAX_FEATURES, "First cell to take."),
            whole("end", 0, 0, MAX_FEATURES, "Cell to stop before; 0: take all that follow."),
            whole("step", 1, 1, MAX_FEATURES, "Cells from one taken cell to the next."),
        ),
        verify=_slice_is_not_empty,
        fits=_fits_slice,
        operations=cost.nothing,
        reads=_taken_cells,
        expression="[]",
        code=_sliced,
        passes_through=True,
        passes_tokens=True,
    ),
    "ZeroPad2d": LayerKind(
        label="Zero padding",
        help="Puts a frame of zeros around each map; its gradients go nowhere.",
        module=nn.ZeroPad2d,
        fields=(
            sizes(
                "padding",
                1,
                0,
                MAX_KERNEL,
                "Cells on every side, or on the left, right, top and bottom.",
            ),
        ),
        verify=_frame_has_four_sides,
        fits=_fits_framed,
        operations=cost.nothing,
        reads=_framed_cells,
        positional=1,
    ),
}
