"""Where a newcomer begins: what Backlight is, and what can be done first."""

from __future__ import annotations

from pages.parts.start import start
from pages.parts.tab import name_tab

name_tab()
start()
