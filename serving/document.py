"""The document in which every page is drawn: Streamlit's own, with our style in it from the start.

A style that comes with a page comes when half of it has been drawn, and all of that moves.
"""

from __future__ import annotations

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from serving.packed import pack, sent

PLACE = '<div id="root">'
"""Before it, in the body, so that of two rules of one weight Streamlit's in the head gives way."""
CONDITIONS = ("if-none-match", "if-modified-since")


class Styled:
    """Sends, wherever the app sends Streamlit's document, the same with a style.

    Raises ValueError where the document is none of Streamlit's.
    """

    def __init__(self, app: ASGIApp, document: str, style: str) -> None:
        before, place, after = document.partition(PLACE)
        if not place:
            raise ValueError(f"The document has no {PLACE}")
        styled = f"{before}<style>\n{style}</style>\n    {place}{after}"
        self._app = app
        self._packed = pack(styled.encode(), "text/html; charset=utf-8")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and send something else where a document comes back."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        asked, replaced = MutableHeaders(scope=scope), False
        for name in CONDITIONS:  # are about the document as it was
            del asked[name]

        async def send_styled(message: Message) -> None:
            nonlocal replaced
            if message["type"] == "http.response.start" and _is_document(message):
                replaced = True
                kept = {"Cache-Control": "no-cache", "Vary": "Accept-Encoding"}
                await sent(self._packed, asked, kept)(scope, receive, send)
            elif not replaced:
                await send(message)

        await self._app(scope, receive, send_styled)


def _is_document(start: Message) -> bool:
    """Whether an answer is Streamlit's document, and not a file that a visitor takes along."""
    headers = Headers(raw=start["headers"])
    is_html = headers.get("content-type", "").startswith("text/html")
    return start["status"] == 200 and is_html and headers.get("cache-control") == "no-cache"
