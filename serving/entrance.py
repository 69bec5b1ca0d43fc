"""Where the address of the app itself leads, before a browser draws anything.

It is the start page's, for a room and in any language too. A link with any other query opens the
playground, as all links that were ever handed out do; so does an app whose command line names a
module.
"""

from __future__ import annotations

from urllib.parse import parse_qsl

from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from models.own import configured
from viz.room import OF_NO_PAGE

READING = ("GET", "HEAD")
HOME = "./"
FORMERLY_HOME = "/start"


class Entrance:
    """Sends who comes to the address of the app to the page that it means."""

    def __init__(self, app: ASGIApp, playground: str) -> None:
        self._app = app
        self._playground = f"./{playground}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or say which address stands for it."""
        to = self._elsewhere(scope) if scope["type"] == "http" else ""
        answer = RedirectResponse(to, headers={"Cache-Control": "no-store"}) if to else self._app
        await answer(scope, receive, send)

    def _elsewhere(self, scope: Scope) -> str:
        """Return the other address, seen from this one; empty where this one is meant."""
        if scope["method"] not in READING:
            return ""
        if scope["path"] == FORMERLY_HOME:
            return HOME
        if scope["path"] != "/":
            return ""
        query = scope["query_string"].decode("latin-1")
        parts = dict(parse_qsl(query, keep_blank_values=True))
        asks = bool(parts.keys() - OF_NO_PAGE)
        if not asks and configured() is None:
            return ""
        return f"{self._playground}?{query}" if query else self._playground
