"""The document in which every page is drawn: Streamlit's own, with our style in it from the start.

It names our script, too, which a browser then fetches while Streamlit is still beginning, and
tells Streamlit where its server is: it would look for one below the page's own address first.

A style that comes with a page comes when half of it has been drawn, and all of that moves.
What a link says about the look of the whole page is therefore known to the style as well.
"""

from __future__ import annotations

from collections.abc import Collection

from starlette.datastructures import Headers, MutableHeaders, QueryParams
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from serving.nowhere import nowhere
from serving.packed import pack, sent
from viz.room import FOR_A_ROOM

HEAD = "</head>"
PLACE = '<div id="root">'
"""Before it, in the body, so that of two rules of one weight Streamlit's in the head gives way."""
START = "<html "
BASE = 'window.__streamlit = { BACKEND_BASE_URL: new URL(".", document.baseURI).href };'
"""A script in the document. Every page stands right below the address of the app."""
CONDITIONS = ("if-none-match", "if-modified-since")


class Styled:
    """Sends, wherever the app sends Streamlit's document, the same with a style and a script.

    That is so for the pages with these names and for the one without; elsewhere nothing stands.
    Raises ValueError where the document is none of Streamlit's.
    """

    def __init__(
        self, app: ASGIApp, document: str, style: str, script: str, pages: Collection[str]
    ) -> None:
        for part in (START, HEAD, PLACE):
            if part not in document:
                raise ValueError(f"The document has no {part}")
        link = f'<link rel="modulepreload" href="./{script}" />'
        early = document.replace(HEAD, f"  <script>{BASE}</script>\n    {link}\n  {HEAD}", 1)
        styled = early.replace(PLACE, f"<style>\n{style}</style>\n    {PLACE}", 1)
        for_a_room = styled.replace(START, f'{START}class="{FOR_A_ROOM}" ', 1)
        self._app = app
        self._paths = {"/", *(f"/{page}" for page in pages)}
        self._packed, self._for_a_room = (
            pack(each.encode(), "text/html; charset=utf-8") for each in (styled, for_a_room)
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and send something else where a document comes back."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        asked, replaced = MutableHeaders(scope=scope), False
        is_for_a_room = QueryParams(scope["query_string"]).get(FOR_A_ROOM) == "1"
        packed = self._for_a_room if is_for_a_room else self._packed
        for name in CONDITIONS:  # are about the document as it was
            del asked[name]

        async def send_styled(message: Message) -> None:
            nonlocal replaced
            if message["type"] == "http.response.start" and _is_document(message):
                replaced = True
                kept = {"Cache-Control": "no-cache", "Vary": "Accept-Encoding"}
                is_page = scope["path"] in self._paths
                answer = sent(packed, asked, kept) if is_page else nowhere(scope["path"], asked)
                await answer(scope, receive, send)
            elif not replaced:
                await send(message)

        await self._app(scope, receive, send_styled)


def _is_document(start: Message) -> bool:
    """Whether an answer is Streamlit's document, and not a file that a visitor takes along."""
    headers = Headers(raw=start["headers"])
    is_html = headers.get("content-type", "").startswith("text/html")
    return start["status"] == 200 and is_html and headers.get("cache-control") == "no-cache"
