"""One map whose cells a visitor sets by hand, for the browser's view in front/paint/.

A tensor of any rank is set one *plane* at a time: a matrix that is one unbroken run of the tensor
in row-major order, so that one sum maps a cell back to its place.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from flow.record import is_cell
from viz.maps.heatmap import Role, Shape
from viz.maps.packet import Blobs, assemble, palette

Array = NDArray[Any]
Tool = Literal["brush", "number", "eraser"]

LONGEST_ROW = 32
"""A longer vector continues on the next row, so that its cells stay large enough to paint on."""
MOST_CELLS = 4096
"""Cells of one plane, each an element of the page."""
SWATCHES = (0.0, 0.5, 1.0, -1.0)
"""Brush values that are one click away."""


PAINT_WORDS: Mapping[str, str] = {
    "tools": "Tool",
    "brush": "Brush",
    "number": "Number",
    "eraser": "Eraser",
    "brush_help": "Drag over cells to paint them.",
    "number_help": "Click a cell and type its value.",
    "eraser_help": "Drag over cells to restore their values.",
    "value": "Brush value",
    "swatch": "Brush value {value}",
    "fill": "Fill",
    "fill_help": "Give every cell of this map the brush value.",
    "undo": "Undo",
    "undo_help": "Undo the last change (Ctrl+Z).",
    "redo": "Redo",
    "redo_help": "Redo the last undone change (Ctrl+Y).",
    "hint": "Keys: arrows, digits, Delete, Ctrl+Z, Ctrl+Y.",
    "cell": "{index} = {value}",
    "changed": "{index} = {value}, was {before}",
    "typed": "Value of {index}",
    "summary": "{name}, to be set by hand: {rows} rows, {columns} columns.",
    "done": "Cells changed: {count}.",
    "undone": "Undone.",
    "redone": "Redone.",
    "nothing": "Nothing to undo.",
    "nothing_again": "Nothing to redo.",
    "wrong": "A cell must be a number from -{largest} to {largest}.",
    "wrong_id": "{name}: a cell must be a whole number from 0 to {largest}. {came} came.",
    "many": "At most {most} cells can be changed by hand. Discard some changes first.",
    "cut": "The first {shown} of {total} cells.",
    "heading": "Change by hand",
    "close": "Graph",
    "close_help": "Show the autograd graph again. The changes stay.",
    "tensor": "What to change",
    "changed_cells": "{tensor} · {count} changed",
    "loss": "Loss",
    "discard": "Discard changes of {tensor}",
    "discard_all": "Discard all changes",
}
"""What the browser says, in English."""


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
    if not is_cell(at, axes):
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
    long_row = role == "activation" and len(shape) == 2 and shape[1] > LONGEST_ROW
    if long_row or (len(rest) == 2 and math.prod(rest) > MOST_CELLS):
        return shape[:-1], shape[-1:]
    return axes, rest


def _wrapped(size: int) -> tuple[int, int]:
    """Return rows and columns of a vector: a long one goes on in the next row."""
    if size <= LONGEST_ROW:
        return 1, size
    columns = math.isqrt(min(size, MOST_CELLS) - 1) + 1
    return math.ceil(size / columns), columns


def pack(canvas: Canvas, around: Mapping[str, Any], loss: float | None = None) -> bytes:
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
        "theme": palette(blobs),
    }
    return assemble(header, blobs)


def _singles(values: Array) -> Array:
    """Return the cells in row-major order as float32, which is what an edit holds."""
    return values.reshape(-1).astype(np.float32, copy=False)
