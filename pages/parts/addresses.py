"""The addresses below that of the app, which is the start page's."""

from __future__ import annotations

from lessons.catalogue import LESSONS

PLAYGROUND = "playground"
PAGES = frozenset((PLAYGROUND, "gallery", *LESSONS, "about"))
"""Of every page in ``pages/main.py`` but the start; at any other address stands none."""
