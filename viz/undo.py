"""Undo and Redo for the browser's view in front/undo/: buttons, Ctrl+Z and Ctrl+Y."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

UNDO_TEXT: Mapping[str, str] = {
    "undo": "Undo",
    "undo_help": "Undo the last change (Ctrl+Z).",
    "redo": "Redo",
    "redo_help": "Redo the last undone change (Ctrl+Y).",
}
"""Every word of the component, in English; pass a translated copy."""


def undo_data(
    past: int, future: int, answered: int, text: Mapping[str, str] = UNDO_TEXT
) -> dict[str, Any]:
    """Return the data of the ``undo`` component, ready for JSON.

    ``past`` and ``future`` count the changes that can be undone and redone. ``answered`` is the
    number of the last press that these counts include; the browser keeps later ones on top.
    """
    return {"past": past, "future": future, "answered": answered, "text": dict(text)}
