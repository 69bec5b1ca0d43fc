"""What the browser says was changed by hand: read with care, and put into the edits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeGuard

from models.cell_edits import LARGEST, MAX_EDITED, Edits

MOST_CHANGES = 4 * MAX_EDITED
"""Cells in one message; more than a browser of ours would send."""
MOST_SERIAL = 2**31


@dataclass(frozen=True)
class Strokes:
    """The number of a message, and per tensor the changed cells: a value, or None for as before."""

    serial: int
    tensors: tuple[tuple[str, tuple[tuple[int, float | None], ...]], ...]

    def onto(self, edits: Edits) -> Edits:
        """Return the edits with these changes; EditError when there are too many."""
        for name, cells in self.tensors:
            edits = edits.without_cells(name, {place for place, value in cells if value is None})
            edits = edits.with_cells(
                name, {place: value for place, value in cells if value is not None}
            )
        return edits


def read_strokes(sent: object, sizes: Mapping[str, int]) -> Strokes | None:
    """Read a message; ``sizes`` says how many cells each tensor has. None when it is none of ours.

    Cells of a tensor that is no longer there are left out.
    """
    if not isinstance(sent, dict):
        return None
    serial, tensors = sent.get("serial"), sent.get("tensors")
    if not _whole(serial, MOST_SERIAL) or not isinstance(tensors, list) or len(tensors) > 64:
        return None
    found, left = [], MOST_CHANGES
    for pair in tensors:
        if not _is_pair(pair) or not isinstance(pair[0], str) or not isinstance(pair[1], list):
            return None
        left -= len(pair[1])
        if left < 0:
            return None
        if pair[0] in sizes:
            found.append((pair[0], tuple(_cells(pair[1], sizes[pair[0]]))))
    return Strokes(serial, tuple(found))


def _cells(sent: list[object], size: int) -> Iterator[tuple[int, float | None]]:
    """Yield what can be a cell: inside the tensor, and a number in bounds or None."""
    for pair in sent:
        if not _is_pair(pair) or not _whole(pair[0], size):
            continue
        place, value = pair
        if value is None:
            yield place, None
        elif isinstance(value, int | float) and abs(value) <= LARGEST:
            yield place, float(value)


def _is_pair(sent: object) -> TypeGuard[list[Any]]:
    return isinstance(sent, list) and len(sent) == 2


def _whole(value: object, end: int) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < end
