"""One map whose cells a visitor sets by hand, for the browser's view in front/paint/.

A tensor of any rank is set one *plane* at a time: a matrix that is one unbroken run of the tensor
in row-major order, so that one sum maps a cell back to its place.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from viz.maps.heatmap import WRAP, Role, Shape
from viz.maps.packet import Blobs, assemble, palette

Array = NDArray[Any]
Tool = Literal["brush", "number", "eraser"]

MOST_CELLS = 4096
"""Cells of one plane, each an element of the page."""
SWATCHES = (0.0, 0.5, 1.0, -1.0)
"""Brush values that are one click away."""


@dataclass(frozen=True)
class PaintLabels:
    """Every word of the component. A page passes the visitor's language."""

    tools: str = "Tool"
    brush: str = "Brush"
    number: str = "Number"
    eraser: str = "Eraser"
    brush_help: str = "Drag over cells to paint them."
    number_help: str = "Click a cell and type its value."
    eraser_help: str = "Drag over cells to restore their values."
    value: str = "Brush value"
    swatch: str = "Brush value {value}"
    fill: str = "Fill"
    fill_help: str = "Give every cell of this map the brush value."
    undo: str = "Undo"
    undo_help: str = "Undo the last change (Ctrl+Z)."
    redo: str = "Redo"
    redo_help: str = "Redo the last undone change (Ctrl+Y)."
    hint: str = "Keys: arrows, digits, Delete, Ctrl+Z, Ctrl+Y."
    cell: str = "{index} = {value}"
    changed: str = "{index} = {value}, was {before}"
    typed: str = "Value of {index}"
    summary: str = "{name}, to be set by hand: {rows} rows, {columns} columns."
    done: str = "Cells changed: {count}."
    undone: str = "Undone."
    redone: str = "Redone."
    nothing: str = "Nothing to undo."
    nothing_again: str = "Nothing to redo."
    wrong: str = "A cell must be a number from -{largest} to {largest}."
    wrong_id: str = "{name}: a cell must be a whole number from 0 to {largest}. {came} came."
    many: str = "At most {most} cells can be changed by hand. Discard some changes first."
    cut: str = "The first {shown} of {total} cells."
    heading: str = "Change by hand"
    close: str = "Graph"
    close_help: str = "Show the autograd graph again. The changes stay."
    tensor: str = "What to change"
    changed_cells: str = "{tensor} · {count} changed"
    loss: str = "Loss"
    discard: str = "Discard changes of {tensor}"
    discard_all: str = "Discard all changes"


@dataclass(frozen=True)
class Plane:
    """A matrix of a tensor: cell (row, column) is element start + row * columns + column.

    The last row may be incomplete: only the first ``count`` cells exist.
    """

    start: int
    count: int
    rows: int
    columns: int
    total: int
    """Cells before the plane was cut to what can be shown."""


@dataclass(frozen=True, eq=False)
class Canvas:
    """A tensor to be set by hand, and the words around it."""

    key: str
    """Name of the tensor; strokes come back under it."""
    name: str
    """What a screen reader calls the map."""
    original: Array
    """The whole tensor before any change."""
    plane: Plane
    largest: float
    """Bounds what a cell may be, and minus that where cells need not be whole."""
    tool: Tool = "brush"
    """With which tool this tensor is begun."""
    whole: bool = False
    """Whether a cell must be a whole number from 0 on."""


def leading(shape: Shape, role: Role) -> Shape:
    """Return the sizes of the axes that choose a plane; empty where the tensor is one plane."""
    return _split(shape, role)[0]


def plane(shape: Shape, role: Role, at: Shape = ()) -> Plane:
    """Return the plane at this index of the leading axes; IndexError when there is none."""
    axes, rest = _split(shape, role)
    if len(at) != len(axes) or any(not 0 <= i < size for i, size in zip(at, axes, strict=True)):
        raise IndexError(f"a tensor of shape {list(shape)} has no plane {list(at)}.")
    size = math.prod(rest)
    start = sum(i * math.prod(axes[axis + 1 :]) for axis, i in enumerate(at)) * size
    rows, columns = rest if len(rest) == 2 else _wrapped(size)
    count = min(size, MOST_CELLS)
    return Plane(start, count, min(rows, math.ceil(count / max(1, columns))), columns, size)


def _split(shape: Shape, role: Role) -> tuple[Shape, Shape]:
    """Split a shape into the axes that choose a plane and those of the plane, at most two."""
    first = 1 if role == "activation" and len(shape) > 1 else 0
    if len(shape) == 4 and shape[2:] == (1, 1):
        # Kernels of one cell: output x input channels make a matrix; channels make a vector.
        return shape[:first], shape[first:2]
    axes, rest = shape[:-2], shape[-2:]
    long_row = role == "activation" and len(shape) == 2 and shape[1] > WRAP
    if long_row or (len(rest) == 2 and math.prod(rest) > MOST_CELLS):
        return shape[:-1], shape[-1:]
    return axes, rest


def _wrapped(size: int) -> tuple[int, int]:
    """Return rows and columns of a vector: a long one goes on in the next row."""
    if size <= WRAP:
        return 1, size
    columns = math.isqrt(min(size, MOST_CELLS) - 1) + 1
    return math.ceil(size / columns), columns


def pack(
    canvas: Canvas,
    around: Mapping[str, Any],
    labels: PaintLabels | None = None,
    loss: float | None = None,
) -> bytes:
    """Pack one plane without its changes, which the browser holds.

    ``around`` is what else the card shows, ``loss`` what the run without changes gave.
    """
    blobs, shown = Blobs(), canvas.plane
    cells = slice(shown.start, shown.start + shown.count)
    header = {
        **around,
        "key": canvas.key,
        "name": canvas.name,
        "shape": list(canvas.original.shape),
        "start": shown.start,
        "count": shown.count,
        "total": shown.total,
        "rows": shown.rows,
        "columns": shown.columns,
        "original": blobs.add(_singles(canvas.original)[cells]),
        "tool": canvas.tool,
        "whole": canvas.whole,
        "swatches": [value for value in SWATCHES if not canvas.whole or value in range(2)],
        "largest": canvas.largest,
        "loss": blobs.add(np.array([] if loss is None else [loss], dtype=np.float64)),
        "labels": asdict(labels or PaintLabels()),
        "theme": palette(blobs),
    }
    return assemble(header, blobs)


def _singles(values: Array) -> Array:
    """Return the cells in row-major order as float32, which is what an edit holds."""
    return values.reshape(-1).astype(np.float32, copy=False)
