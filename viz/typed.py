"""What somebody types into a cell: read as a number, and compared with the true one."""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from viz.maps.heatmap import Array

MAX_CELLS = 64
"""Most cells that are filled in at once."""
LONGEST = 12
"""Characters of one typed cell."""
SEPARATOR = "_"
"""Between typed cells in an address, where it stands for itself."""
TOLERANCE = 0.005
"""Largest |typed - true| that counts as right: half of the second decimal."""
FLOAT32_STEP = 2.0**-23
"""From 1 to the next float32: so much of a true number its computation may have lost."""

_NUMBER = re.compile(
    r"[-+]?(\d{1,6}(\.\d{0,9})?|\.\d{1,9})(/\d{1,4}|e-\d{1,2})?", re.ASCII | re.IGNORECASE
)
_SIGNS = str.maketrans(
    {"\N{MINUS SIGN}": "-", "\N{EN DASH}": "-", "\N{FRACTION SLASH}": "/", ",": ".", " ": None}
)

Mark = Literal["right", "wrong", "unreadable", "empty"]


def tidy(text: str) -> str:
    """Return what was typed with ASCII signs, a decimal point and no spaces, cut to LONGEST.

    Digits as wide as East Asian letters become plain ones.
    """
    plain = unicodedata.normalize("NFKC", text[: 2 * LONGEST])
    return plain.strip().translate(_SIGNS)[:LONGEST]


def number(text: str) -> float | None:
    """Read a cell such as ``-3``, ``0.5``, ``1/4`` or ``2e-5``; None where it is no number."""
    plain = tidy(text)
    if not _NUMBER.fullmatch(plain):
        return None
    above, _, below = plain.partition("/")
    if not below:
        return float(above)
    return float(above) / int(below) if int(below) else None


def same(one: Array | float, other: Array, unit: float = 1.0) -> NDArray[np.bool_]:
    """Tell cell by cell whether a number counts as the other; ``unit`` is what TOLERANCE is of."""
    apart = np.abs(np.asarray(one, np.float64) - other)
    close: NDArray[np.bool_] = apart <= TOLERANCE * unit + FLOAT32_STEP * np.abs(other)
    return close


def marked(text: str, truth: float, unit: float = 1.0) -> Mark:
    """Grade what was typed into one cell."""
    if not text.strip():
        return "empty"
    value = number(text)
    if value is None:
        return "unreadable"
    return "right" if same(value, np.asarray(truth), unit) else "wrong"


def marks(texts: list[str], truth: Array, unit: float) -> list[Mark]:
    """Grade cells row by row; missing texts are empty cells."""
    given = [*texts, *[""] * truth.size][: truth.size]
    cells = zip(given, truth.reshape(-1).tolist(), strict=True)
    return [marked(text, value, unit) for text, value in cells]
