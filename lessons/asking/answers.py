"""What a learner types into the cells of an exercise, as it stands in a link."""

from __future__ import annotations

from viz.typed import LONGEST, MAX_CELLS, SEPARATOR, number, tidy

Typed = tuple[str, ...]
"""The cells of an answer as they were typed, row by row; empty where nothing was."""


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
