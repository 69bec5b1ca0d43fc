"""Maps of numbers stretched over pictures: the bytes of the ``overlay`` component."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from viz.language import english
from viz.maps.heatmap import Array, drawable, largest_magnitude
from viz.maps.packet import Blobs, assemble, palette
from viz.theme import format_number

MOST_SIDE = 256
"""Rows or columns of a picture or a map."""
OPACITY = 0.6
"""Of the maps, before somebody changes it."""

OVERLAY_WORDS: Mapping[str, str] = {
    "opacity": english("Opacity of the map"),
    "picture": english("picture: row {row}, column {column} = {value}"),
    "pictures": english("row {row}, column {column} (0 is black, 255 white): {values}"),
    "cells": english("map: row {row}, column {column} = {value}"),
    "point": english("Point at a picture, or walk over it with the arrow keys."),
    "missing": english("Nothing to show yet."),
    "size": english("{rows}\u00d7{columns} pixels"),
    "map_size": english("map of {rows}\u00d7{columns} numbers from {smallest} to {largest}"),
}
"""What the browser says, in English."""


@dataclass(frozen=True, eq=False)
class Layer:
    """A picture, a map over it, or one of the two."""

    title: str
    picture: NDArray[np.uint8] | None
    """Rows x columns, grey, or rows x columns x 3, red, green and blue."""
    cells: Array | None
    """Real numbers, rows x columns, stretched over the whole picture."""
    smooth: bool = False
    """Whether the browser smooths both; else they are drawn as blocks."""

    def check(self) -> None:
        """Raise ValueError where a picture or a map cannot be drawn."""
        shape = None if self.picture is None else self.picture.shape
        if self.picture is not None and self.picture.dtype != np.uint8:
            raise ValueError(f"{self.title}: a picture is uint8, but {self.picture.dtype} came")
        if shape is not None and len(shape) != 2 and (len(shape) != 3 or shape[2] != 3):
            raise ValueError(f"{self.title}: a picture is HxW or HxWx3, but {shape} came")
        if self.cells is not None and self.cells.ndim != 2:
            raise ValueError(f"{self.title}: a map is rows x columns, but {self.cells.shape} came")
        for array in (self.picture, self.cells):
            if array is not None and not all(0 < side <= MOST_SIDE for side in array.shape[:2]):
                raise ValueError(f"{self.title}: 1 to {MOST_SIDE} a side, but {array.shape} came")


def overlay_data(
    layers: Sequence[Layer], *, opacity: float = OPACITY, shared: bool = False
) -> bytes:
    """Pack layers for the ``overlay`` component, which stand side by side.

    The maps begin with this ``opacity``, from 0 to 1. Each has a colour scale of its own, up to its
    largest magnitude, or all have a ``shared`` one. Raises ValueError where a layer cannot be
    drawn.
    """
    for layer in layers:
        layer.check()
    drawn = [None if layer.cells is None else drawable(layer.cells) for layer in layers]
    bounds = [0.0 if cells is None else largest_magnitude(cells) for cells in drawn]
    if shared:
        bounds = [max(bounds)] * len(bounds)
    blobs = Blobs()
    header = {
        "layers": [
            {
                "title": layer.title,
                "smooth": layer.smooth,
                "picture": None if layer.picture is None else _picture(layer.picture, blobs),
                "cells": None if cells is None else _cells(cells, bound, blobs),
            }
            for layer, cells, bound in zip(layers, drawn, bounds, strict=True)
        ],
        "opacity": opacity,
        "theme": palette(blobs),
    }
    return assemble(header, blobs)


def _picture(picture: NDArray[np.uint8], blobs: Blobs) -> dict[str, Any]:
    return {
        "rows": picture.shape[0],
        "columns": picture.shape[1],
        "channels": 3 if picture.ndim == 3 else 1,
        "values": blobs.add(np.ascontiguousarray(picture).ravel()),
    }


def _cells(cells: Array, bound: float, blobs: Blobs) -> dict[str, Any]:
    finite = cells[np.isfinite(cells)]
    smallest, largest = (finite.min(), finite.max()) if finite.size else (np.nan, np.nan)
    return {
        "rows": cells.shape[0],
        "columns": cells.shape[1],
        "scale": bound,
        "ends": [format_number(end) for end in ([-bound, 0, bound] if bound else [0])],
        "smallest": format_number(smallest),
        "largest": format_number(largest),
        "values": blobs.add(np.ascontiguousarray(cells).ravel()),
    }
