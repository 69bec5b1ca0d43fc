"""The words around maps that are hidden."""

from __future__ import annotations

from collections.abc import Mapping

HIDE_WORDS: Mapping[str, str] = {
    "hide": "Hide this map, for whoever opens the link to fill in",
    "reveal": "Reveal",
    "drop": "Leave it out",
    "limits": "It hides from this page, not from somebody who edits the link.",
    "tally": "{right} of {count} cells are right. A cell counts up to half a hundredth of the"
    " largest one.",
    "solved": "All cells are right. Reveal, above, brings the map back, with all that is said of"
    " it.",
}
"""In English."""
