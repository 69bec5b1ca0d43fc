"""The style of all pages, which is there before any of them is drawn."""

from __future__ import annotations

from pathlib import Path

from viz import front_code

FOLDER = Path(__file__).parents[1] / "styles"
TERMS = "glossary/term.css"
"""Of words in a page's own text that explain themselves, as those in our components do."""
SHEETS = ("frame.css", "sidebar.css", "gallery.css", "lesson.css", "start.css", "room.css")


def style() -> str:
    """Return the style sheets as one."""
    ours = [(FOLDER / name).read_text(encoding="utf-8") for name in SHEETS]
    return "\n".join((*ours, front_code.sheet(front_code.FOLDER / TERMS)))
