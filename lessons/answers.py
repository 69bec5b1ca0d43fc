"""What a learner types into a cell: read as a number, and written into a link."""

from __future__ import annotations

import re
import unicodedata

MAX_CELLS = 64
"""Most cells of one exercise."""
LONGEST = 12
"""Characters of one typed cell."""
SEPARATOR = "_"
"""Between the cells of an answer in a link; it stands for itself in an address."""

_NUMBER = re.compile(r"[-+]?(\d{1,6}(\.\d{0,6})?|\.\d{1,6})(/\d{1,4})?", re.ASCII)
_SIGNS = str.maketrans(
    {"\N{MINUS SIGN}": "-", "\N{EN DASH}": "-", "\N{FRACTION SLASH}": "/", ",": ".", " ": None}
)

Typed = tuple[str, ...]
"""The cells of an answer as they were typed, row by row; empty where nothing was."""


def tidy(text: str) -> str:
    """Return what was typed with ASCII signs, a decimal point and no spaces, cut to LONGEST.

    Digits as wide as East Asian letters become plain ones.
    """
    plain = unicodedata.normalize("NFKC", text[: 2 * LONGEST])
    return plain.strip().translate(_SIGNS)[:LONGEST]


def number(text: str) -> float | None:
    """Read a cell such as ``-3``, ``0.5`` or ``1/4``; None where it is no number."""
    plain = tidy(text)
    if not _NUMBER.fullmatch(plain):
        return None
    above, _, below = plain.partition("/")
    if not below:
        return float(above)
    return float(above) / int(below) if int(below) else None


def short(value: float) -> str:
    """Write a number as a learner would, to three decimals."""
    return f"{value:.3f}".rstrip("0").rstrip(".")


def write(typed: Typed) -> str:
    """Write an answer for a link: its cells between separators, without what is no number."""
    return SEPARATOR.join(cell if number(cell) is not None else "" for cell in typed)


def read(text: str) -> Typed | None:
    """Read what ``write`` wrote; None where it is no answer."""
    cells = tuple(text.split(SEPARATOR)) if len(text) <= MAX_CELLS * (LONGEST + 1) else ()
    readable = all(not cell or number(cell) is not None for cell in cells)
    if not 1 <= len(cells) <= MAX_CELLS or not readable:
        return None
    return tuple(tidy(cell) for cell in cells)
