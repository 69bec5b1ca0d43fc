"""A map of the living example: every cell with its number and its colour, light and dark."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from viz.start.equation import short
from viz.theme import INKS, LUT_HALF, colour_table

Array = NDArray[Any]


def matrix(values: Array) -> Array:
    """Return the one map of a tensor that holds one."""
    rows, columns = values.shape[-2:] if values.ndim > 1 else (1, 1)
    return values.reshape(rows, columns)


def map_data(values: Array, scale: float, names: list[str]) -> dict[str, Any]:
    """Return rows, columns and cells; ``scale`` is the magnitude with the strongest colour."""
    cells = [
        {"text": short(value), "name": name, **_colours(value / scale)}
        for value, name in zip(values.reshape(-1).tolist(), names, strict=True)
    ]
    return {"rows": values.shape[0], "columns": values.shape[1], "cells": cells}


def largest(maps: list[Array]) -> float:
    """Return the largest magnitude in some maps, which is the scale that they share."""
    return max(float(np.abs(each).max()) for each in maps)


def _colours(share: float) -> dict[str, str]:
    """Return what a cell is painted and written in on a light page and on a dark one."""
    found: dict[str, str] = {}
    for name, dark in (("light", False), ("dark", True)):
        red, green, blue, ink = colour_table(dark)[LUT_HALF + round(LUT_HALF * share)].tolist()
        found[name] = f"#{red:02x}{green:02x}{blue:02x}"
        found[f"{name}_ink"] = INKS[ink]
    return found
