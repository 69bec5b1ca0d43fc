"""The view of a page for a room, which the browser switches (``viz/front/room/``)."""

from __future__ import annotations

FOR_A_ROOM = "present"
"""The part of an address that is 1 for a room; also the class of its document."""
