"""What the living example says whatever is run."""

from __future__ import annotations

from collections.abc import Mapping

START_WORDS: Mapping[str, str] = {
    "example": "One run, step by step",
    "values": "values",
    "forward": "forward",
    "gradients": "gradients",
    "backward": "backward",
    "back": "Back",
    "next": "Next step",
    "again": "Step through it",
    "play": "Play",
    "pause": "Pause",
    "place": "step {place} of {count}",
}
"""In English."""
