"""What a request says: its parameters, read in a bounded way before anything is made of them."""

from __future__ import annotations

from urllib.parse import parse_qsl

from starlette.requests import Request

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
        raise Refusal(403, "Only pages of this app can ask here.")
    text = await _form(request) if request.method == "POST" else _query(request)
    try:
        said = parse_qsl(text.decode("latin-1"), keep_blank_values=True, max_num_fields=MOST_PARTS)
    except ValueError:
        raise Refusal(400, f"The question has more than {MOST_PARTS} parts.") from None
    return dict(said)


def _query(request: Request) -> bytes:
    query: bytes = request.scope["query_string"]
    if len(query) > MOST_QUERY:
        sentence = f"An address holds {MOST_QUERY} bytes at most. Post the question as a form."
        raise Refusal(414, sentence)
    return query


async def _form(request: Request) -> bytes:
    """Read a body, no further than it may be long."""
    media_type = request.headers.get("content-type", "").partition(";")[0]
    if media_type.strip().lower() != FORM:
        raise Refusal(415, f"A question is posted as {FORM}.")
    too_long = Refusal(413, f"A question has {MOST_BODY} bytes at most.")
    if int(request.headers.get("content-length", 0)) > MOST_BODY:
        raise too_long
    read = bytearray()
    async for part in request.stream():
        read += part
        if len(read) > MOST_BODY:
            raise too_long
    return bytes(read)
