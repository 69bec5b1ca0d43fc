"""What draws anew, in several steps."""

from __future__ import annotations

from lessons.blocks import Again

DIGIT = Again(label="Another digit")
