"""What Backlight is, how to cite it, and what stays on this server."""

from __future__ import annotations

from pages.parts.about import about
from pages.parts.tab import name_tab
from pages.parts.text import _

name_tab(_("About"))
about()
