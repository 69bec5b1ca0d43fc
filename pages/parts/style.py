"""The style of all pages, which is there before any of them is drawn."""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).parents[1] / "styles"
SHEETS = ("frame.css", "gallery.css", "lesson.css", "start.css", "room.css")


def style() -> str:
    """Return the style sheets as one."""
    return "\n".join((FOLDER / name).read_text(encoding="utf-8") for name in SHEETS)
