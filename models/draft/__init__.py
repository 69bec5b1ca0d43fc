"""Networks being edited: drafts, changes to them, what is wrong with them, and ways out."""

from __future__ import annotations

from models.draft.draft import INPUT_KEY, SWITCHES, Draft, DraftLayer, draft_of

__all__ = ["INPUT_KEY", "SWITCHES", "Draft", "DraftLayer", "draft_of"]
