"""Every preset as a card with a picture of its own gradient."""

from __future__ import annotations

from pages.parts.gallery import gallery
from pages.parts.tab import name_tab
from pages.parts.text import _

name_tab(_("Gallery"))
gallery()
