"""The view of a page for a room, which the browser switches (``viz/front/room/``)."""

from __future__ import annotations

from viz.language import CHOSEN

FOR_A_ROOM = "present"
"""The part of an address that is 1 for a room; also the class of its document."""
OF_NO_PAGE = frozenset((FOR_A_ROOM, CHOSEN))
"""The parts of an address that are about whoever sees it, and stay from page to page."""
