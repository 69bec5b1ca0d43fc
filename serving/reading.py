"""What a request says: its parameters, read in a bounded way before anything is made of them."""

from __future__ import annotations

from urllib.parse import parse_qsl

from starlette.requests import Request

from flow.said import said
from serving.refusal import Refusal

MOST_QUERY = 4_096
"""Bytes of a query in an address, which some proxies cut; what is longer comes as a form."""
MOST_BODY = 200_000
"""Bytes of a form: the longest link, with a picture and a network in it, has a tenth."""
MOST_PARTS = 200
FORM = "application/x-www-form-urlencoded"


async def parameters(request: Request) -> dict[str, str]:
    """Return the parameters of the address, or of the form that was posted.

    Raises Refusal, and ClientDisconnect where whoever asked is gone.
    """
    if request.headers.get("sec-fetch-site", "none") not in ("same-origin", "none"):
        raise Refusal(403, said("Only pages of this app can ask here."))
    text = await _form(request) if request.method == "POST" else _query(request)
    try:
        parts = parse_qsl(text.decode("latin-1"), keep_blank_values=True, max_num_fields=MOST_PARTS)
    except ValueError:
        raise Refusal(
            400, said("The question has more than {most} parts.", most=MOST_PARTS)
        ) from None
    return dict(parts)


def _query(request: Request) -> bytes:
    query: bytes = request.scope["query_string"]
    if len(query) > MOST_QUERY:
        sentence = said(
            "An address holds {most} bytes at most. Post the question as a form.", most=MOST_QUERY
        )
        raise Refusal(414, sentence)
    return query


async def _form(request: Request) -> bytes:
    """Read a body, no further than it may be long."""
    media_type = request.headers.get("content-type", "").partition(";")[0]
    if media_type.strip().lower() != FORM:
        raise Refusal(415, said("A question is posted as {form}.", form=FORM))
    too_long = Refusal(413, said("A question has {most} bytes at most.", most=MOST_BODY))
    if int(request.headers.get("content-length", 0)) > MOST_BODY:
        raise too_long
    read = bytearray()
    async for part in request.stream():
        read += part
        if len(read) > MOST_BODY:
            raise too_long
    return bytes(read)
