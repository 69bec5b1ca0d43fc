"""An array of any rank as tiles of rows and columns, and as one plotly heatmap.

A *tile* is one matrix of cells, such as one channel. What is shown is always one unbroken
run of the array in row-major order, so one sum maps a cell back to its full index.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from viz.theme import INKS, diverging, format_number

Array = NDArray[Any]
Shape = tuple[int, ...]
Role = Literal["activation", "parameter"]
"""An activation (or its gradient) has a batch axis from rank 3 on; a parameter has none."""
Unit = Literal["channels", "slices", "kernels", "rows", "cells"]

WRAP = 6
"""A longer vector is drawn as a rectangle, so that its cells stay large enough to see."""
LONGEST_SIDE = 3
"""By how much a rectangle may be longer than high, so that all its cells exist."""
FIGURE_CELLS = 2**19
"""Most cells of one figure: about 2 MB of float32, which plotly still zooms smoothly."""
WRITTEN_CELLS = 100
"""Most cells of a figure that have their numbers written on them."""


@dataclass(frozen=True)
class FigureLabels:
    """The words in the title of a figure. A page passes the visitor's language."""

    shape: str = "shape {shape}"
    scale: str = "scale ±{value}"
    all_zero: str = "all zero"
    first: str = "first {shown} of {total} cells"
    blank: str = "{count} not finite, left blank"


@dataclass(frozen=True)
class Choices:
    """How many samples and channels can be picked; 0 where there is nothing to pick."""

    samples: int
    channels: int


@dataclass(frozen=True)
class Tiles:
    """Which cells of an array are shown, and where: ``tiles`` matrices of rows x columns.

    Cell (tile, row, column) is element ``start + (tile * rows + row) * columns + column``
    of the array in row-major order. The last row may be incomplete: only the first
    ``count`` cells exist.
    """

    shape: Shape
    start: int
    count: int
    tiles: int
    rows: int
    columns: int
    across: int | None
    """Tiles side by side, where the array says so (input channels of a kernel)."""
    label_axes: tuple[int, int]
    """A tile is told apart by these axes of its index: from the first up to the second."""
    unit: Unit
    """What one tile is."""

    @property
    def is_rectangle(self) -> bool:
        """Whether it is a vector, whose cells stand in several rows in reading order."""
        return self.unit == "cells" and self.rows > 1

    def index(self, tile: int, row: int, column: int) -> Shape:
        """Return the full index of a cell; IndexError when there is no such cell."""
        inside = 0 <= tile < self.tiles and 0 <= row < self.rows and 0 <= column < self.columns
        offset = (tile * self.rows + row) * self.columns + column
        if not inside or offset >= self.count:
            raise IndexError(f"cell {(tile, row, column)} is not one of the cells of {self}")
        position = np.unravel_index(self.start + offset, self.shape)
        return tuple(int(axis) for axis in position)

    def block(self, array: Array) -> Array:
        """Return the shown cells of ``array`` as a vector of length ``count``."""
        if array.shape != self.shape:
            raise ValueError(f"these tiles are for shape {self.shape}, not {array.shape}")
        return array.reshape(-1)[self.start : self.start + self.count]

    def first(self, limit: int) -> Tiles:
        """Return the first tiles (or, of a single tile, rows) of at most ``limit`` cells."""
        if self.count <= limit:
            return self
        limit = max(1, limit)
        size = self.rows * self.columns
        if self.tiles > 1 and size <= limit:
            return replace(self, tiles=limit // size, count=limit // size * size)
        columns = min(self.columns, limit)
        rows = limit // columns if columns == self.columns else 1
        return replace(self, tiles=1, rows=rows, columns=columns, count=rows * columns)

    def part(self, kept: Tiles) -> tuple[Unit, int, int]:
        """Say what ``kept`` (from ``first``) has of these tiles: unit, how many, of how many."""
        if self.tiles > 1 and kept.rows * kept.columns == self.rows * self.columns:
            return self.unit, kept.tiles, self.tiles
        if self.tiles == 1 and kept.columns == self.columns and self.unit != "cells":
            return "rows", kept.rows, self.rows
        return "cells", kept.count, self.count


MOST_ASKED = 5
"""Rows, and columns, of a map that somebody is asked to fill in."""


def window(tiles: Tiles) -> tuple[int, int]:
    """Return how many rows and columns of the first tile are filled in: those at the top left.

    Of a vector in rows only rows that are whole.
    """
    columns = min(tiles.columns, MOST_ASKED)
    whole = tiles.count // tiles.columns if tiles.columns else 0
    return min(tiles.rows, max(1, whole), MOST_ASKED), columns


def in_window(tiles: Tiles, array: Array) -> Array:
    """Return these cells as a matrix."""
    rows, columns = window(tiles)
    first = tiles.block(array)[: rows * tiles.columns]
    return first.reshape(rows, tiles.columns)[:, :columns]


def choices(shape: Shape, role: Role = "activation") -> Choices:
    """Return what a sample picker and a channel picker can offer for an array of this shape.

    The channel of a parameter is its output channel.
    """
    if len(shape) < 3:
        return Choices(samples=0, channels=0)
    if role == "parameter":
        return Choices(samples=0, channels=shape[0])
    return Choices(samples=shape[0], channels=shape[1])


def tile(
    shape: Shape, role: Role = "activation", sample: int = 0, channel: int | None = None
) -> Tiles:
    """Arrange an array of this shape, as far as ``sample`` and ``channel`` choose it.

    Neither is used where ``choices`` has nothing to pick. ``channel`` None shows all channels.
    Raises IndexError when the sample or the channel does not exist.
    """
    if math.prod(shape) == 0:
        return Tiles(shape, 0, 0, 0, 0, 0, None, (0, 0), "cells")
    picked = _picked(shape, role, sample, channel)
    rest = shape[len(picked) :]
    start = sum(at * math.prod(shape[axis + 1 :]) for axis, at in enumerate(picked))
    tiles, rows, columns, wrapped = _arrange(rest, role)
    many = tiles > 1
    across = math.prod(rest[1:-2]) if many and len(rest) > 3 else None
    first_label = 1 if role == "activation" and len(shape) >= 3 else 0
    return Tiles(
        shape=shape,
        start=start,
        count=math.prod(rest),
        tiles=tiles,
        rows=rows,
        columns=columns,
        across=across if across != 1 else None,
        label_axes=(first_label, len(shape) - 2) if many else (0, 0),
        unit="cells" if wrapped else _unit(rest, role, many),
    )


def _picked(shape: Shape, role: Role, sample: int, channel: int | None) -> tuple[int, ...]:
    """Return the indices of the leading axes that the two pickers fix."""
    offered = choices(shape, role)
    picked: list[int] = []
    if offered.samples:
        picked.append(_in_range("sample", sample, offered.samples, shape))
    if offered.channels and channel is not None:
        picked.append(_in_range("channel", channel, offered.channels, shape))
    return tuple(picked)


def _in_range(what: str, index: int, size: int, shape: Shape) -> int:
    if 0 <= index < size:
        return index
    raise IndexError(
        f"{what} {index} does not exist: a tensor of shape {list(shape)} has {size} "
        f"{what}{'s' if size > 1 else ''}. Choose 0 to {size - 1}."
    )


def _arrange(rest: Shape, role: Role) -> tuple[int, int, int, bool]:
    """Return tiles, rows, columns and whether a vector was wrapped into rows."""
    if len(rest) > 2 and rest[-2:] == (1, 1):
        # Tiles of one cell: output x input channels make a matrix, channels a vector.
        pointwise_kernel = role == "parameter" and len(rest) > 3
        rest = rest[:-2] if pointwise_kernel else (math.prod(rest),)
    tiles = math.prod(rest[:-2])
    rows = rest[-2] if len(rest) > 1 else 1
    columns = rest[-1] if rest else 1
    count = rows * columns
    if tiles == 1 and 1 in (rows, columns) and count > WRAP:
        rows, columns = rectangle(count)
        return 1, rows, columns, True
    return tiles, rows, columns, False


def rectangle(count: int) -> tuple[int, int]:
    """Return rows and columns in which this many cells stand in reading order, nearly a square.

    108 cells are 9 x 12. Where only a long rectangle would be full, the last row is not.
    """
    side = math.isqrt(count - 1) + 1
    whole = (each for each in range(side, count + 1) if count % each == 0)
    columns = next((each for each in whole if each * each <= LONGEST_SIDE * count), side)
    return math.ceil(count / columns), columns


def _unit(rest: Shape, role: Role, many: bool) -> Unit:
    if not many:
        return "rows"
    if role == "parameter":
        return "kernels"
    return "channels" if len(rest) == 3 else "slices"


def largest_magnitude(values: Array) -> float:
    """Return max |v| over the finite values, 0.0 when there is none."""
    if values.dtype == bool:
        return float(values.any())
    finite = values[np.isfinite(values)]
    return max(abs(float(finite.max())), abs(float(finite.min()))) if finite.size else 0.0


def drawable(array: Array) -> Array:
    """Return the array as float32 or float64, exactly; ValueError for complex numbers."""
    if array.dtype.kind == "c":
        raise ValueError(
            "A complex array has no sign to colour. Draw its real part, its imaginary part "
            "or its magnitude."
        )
    if array.dtype in (np.float32, np.float64):
        return array
    return array.astype(np.float32 if array.dtype == np.float16 else np.float64)


def _places(tiles: Tiles) -> NDArray[np.int64]:
    """Return the picture as offsets into the shown cells; -1 is a gap or a missing cell."""
    across = min(tiles.across or math.isqrt(tiles.tiles - 1) + 1, tiles.tiles)
    down = math.ceil(tiles.tiles / across)
    offsets = np.arange(down * across * tiles.rows * tiles.columns)
    offsets[tiles.count :] = -1
    padded = np.full((down, across, tiles.rows + 1, tiles.columns + 1), -1)
    padded[:, :, :-1, :-1] = offsets.reshape(down, across, tiles.rows, tiles.columns)
    height, width = down * (tiles.rows + 1), across * (tiles.columns + 1)
    return padded.transpose(0, 2, 1, 3).reshape(height, width)[:-1, :-1]


def _indices(places: NDArray[np.int64], tiles: Tiles) -> Array:
    """Return the full index of every place, in the smallest integer type that holds it."""
    inside = np.where(places < 0, 0, places) + tiles.start
    kind = np.uint16 if max(tiles.shape) <= np.iinfo(np.uint16).max else np.uint32
    return np.stack(np.unravel_index(inside, tiles.shape), axis=-1).astype(kind)


def figure(
    array: Array,
    tiles: Tiles,
    *,
    title: str,
    scale: float | None = None,
    dark: bool = False,
    labels: FigureLabels | None = None,
) -> go.Figure:
    """Draw the shown cells as ONE plotly heatmap with a gap line between tiles.

    ``scale`` is the largest magnitude of the colour scale, which is centred on zero; None takes
    it from the shown cells. Pointing at a cell gives its full index and enough digits to tell
    its value from every other. Cells that are not finite are left blank.
    """
    kept = tiles.first(FIGURE_CELLS)
    cells = drawable(tiles.block(array))
    bound = largest_magnitude(cells) if scale is None else scale
    caption = _caption(title, tiles, cells[: kept.count], bound, labels or FigureLabels())
    traces = [_trace(cells, kept, bound, dark)] if kept.count else []
    return go.Figure(data=traces, layout=_layout(caption, dark))


def _caption(title: str, tiles: Tiles, cells: Array, bound: float, labels: FigureLabels) -> str:
    """Say which tensor is drawn, its shape and scale, and what is not drawn."""
    scale = labels.scale.format(value=format_number(bound)) if bound else labels.all_zero
    parts = [title, labels.shape.format(shape=list(tiles.shape)), scale]
    if cells.size < tiles.count:
        parts.append(labels.first.format(shown=cells.size, total=tiles.count))
    blank = int(np.count_nonzero(~np.isfinite(cells)))
    if blank:
        parts.append(labels.blank.format(count=blank))
    return " · ".join(part for part in parts if part)


def _trace(cells: Array, kept: Tiles, bound: float, dark: bool) -> go.Heatmap:
    """Return the heatmap of the first ``kept.count`` cells."""
    places = _places(kept)
    stops = diverging(dark).stops
    digits = 9 if cells.dtype == np.float32 else 17
    cell = ", ".join(f"%{{customdata[{axis}]}}" for axis in range(len(kept.shape)))
    ends = (-bound, 0.0, bound) if bound else (0.0,)
    written = kept.count <= WRITTEN_CELLS
    return go.Heatmap(
        z=np.where(places < 0, np.array(np.nan, cells.dtype), cells[places]),
        customdata=_indices(places, kept) if kept.shape else None,
        hovertemplate=f"[{cell}] = %{{z:.{digits}~g}}<extra></extra>",
        hoverongaps=False,
        texttemplate="%{z:.3~g}" if written else None,
        xgap=1 if written else None,
        ygap=1 if written else None,
        # A scale of no width cannot be drawn; every cell is zero then, in the middle.
        zmin=-bound or -1.0,
        zmax=bound or 1.0,
        colorscale=[[at / (len(stops) - 1), stop] for at, stop in enumerate(stops)],
        colorbar={
            "tickvals": ends,
            "ticktext": [format_number(end) for end in ends],
            "orientation": "h",
            "y": -0.02,
            "yanchor": "top",
            "thickness": 14,
            "len": 0.6,
        },
    )


def _layout(caption: str, dark: bool) -> dict[str, Any]:
    """Return a layout with square cells, row 0 on top and the colour bar below."""
    hidden = {"showgrid": False, "zeroline": False, "ticks": "", "showticklabels": False}
    return {
        "title": {"text": caption, "font": {"size": 15}, "x": 0.0, "xref": "paper"},
        "font": {"color": INKS[dark]},
        "xaxis": {**hidden, "constrain": "domain"},
        "yaxis": {**hidden, "autorange": "reversed", "scaleanchor": "x", "constrain": "domain"},
        "paper_bgcolor": "rgba(0, 0, 0, 0)",
        "plot_bgcolor": "rgba(0, 0, 0, 0)",
        "margin": {"l": 16, "r": 16, "t": 56, "b": 16},
        "modebar": {"orientation": "v"},
        "height": 640,
    }
