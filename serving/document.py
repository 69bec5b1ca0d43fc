"""The document in which every page is drawn: Streamlit's own, with our style in it from the start.

It names our script, too, which a browser then fetches while Streamlit is still beginning, and
tells Streamlit where its server is: it would look for one below the page's own address first.

A style that comes with a page comes when half of it has been drawn, and all of that moves.
What a link says about the look of the whole page is therefore known to the style as well.
"""

from __future__ import annotations

from collections.abc import Collection
from itertools import product

from starlette.datastructures import Headers, MutableHeaders, QueryParams
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from serving.nowhere import nowhere
from serving.packed import pack, sent
from viz.language import CHOSEN, chosen, languages, preferred
from viz.room import FOR_A_ROOM

HEAD = "</head>"
PLACE = '<div id="root">'
"""Before it, in the body, so that of two rules of one weight Streamlit's in the head gives way."""
START = "<html "
ENGLISH_START = f'{START}lang="en"'
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
        for part in (ENGLISH_START, HEAD, PLACE):
            if part not in document:
                raise ValueError(f"The document has no {part}")
        link = f'<link rel="modulepreload" href="./{script}" />'
        early = document.replace(HEAD, f"  <script>{BASE}</script>\n    {link}\n  {HEAD}", 1)
        styled = early.replace(PLACE, f"<style>\n{style}</style>\n    {PLACE}", 1)
        self._app = app
        self._paths = {"/", *(f"/{page}" for page in pages)}
        self._packed = {
            shown: pack(_shown(styled, *shown).encode(), "text/html; charset=utf-8")
            for shown in product((False, True), languages(), (False, True))
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and send something else where a document comes back."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        asked, replaced = MutableHeaders(scope=scope), False
        query = QueryParams(scope["query_string"])
        by_link = chosen(query.get(CHOSEN, ""))
        language = by_link or preferred(asked.get("accept-language", ""))
        packed = self._packed[query.get(FOR_A_ROOM) == "1", language, bool(by_link)]
        for name in CONDITIONS:  # are about the document as it was
            del asked[name]

        async def send_styled(message: Message) -> None:
            nonlocal replaced
            if message["type"] == "http.response.start" and _is_document(message):
                replaced = True
                kept = {"Cache-Control": "no-cache", "Vary": "Accept-Encoding, Accept-Language"}
                is_page = scope["path"] in self._paths
                answer = sent(packed, asked, kept) if is_page else nowhere(scope["path"], language)
                await answer(scope, receive, send)
            elif not replaced:
                await send(message)

        await self._app(scope, receive, send_styled)


def _shown(document: str, for_a_room: bool, language: str, by_link: bool) -> str:
    """Return the document for a room or not, and in a language, which a link may have chosen."""
    marks = f'class="{FOR_A_ROOM}" ' if for_a_room else ""
    if by_link:
        marks += f'data-language="{language}" '
    return document.replace(ENGLISH_START, f'{START}{marks}lang="{language}"', 1)


def _is_document(start: Message) -> bool:
    """Whether an answer is Streamlit's document, and not a file that a visitor takes along."""
    headers = Headers(raw=start["headers"])
    is_html = headers.get("content-type", "").startswith("text/html")
    return start["status"] == 200 and is_html and headers.get("cache-control") == "no-cache"
