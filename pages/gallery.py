"""Every preset as a card with a picture of its own gradient."""

from __future__ import annotations

from pages.parts.gallery import gallery

gallery()
