"""A body as it is kept and sent: compressed once, where that is worth it."""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from dataclasses import dataclass

from starlette.responses import Response

SMALLEST = 1_000
"""Bytes below which a body is sent as it is."""
LEVEL = 5
"""Of zlib, as for the pages; more takes much longer and saves little."""


@dataclass(frozen=True)
class Packed:
    """A body and what it is."""

    body: bytes
    media_type: str
    compressed: bool

    @property
    def plain(self) -> bytes:
        """The body as it was."""
        return gzip.decompress(self.body) if self.compressed else self.body


def pack(body: bytes, media_type: str) -> Packed:
    """Compress a body, unless it is small or gets no smaller."""
    if len(body) >= SMALLEST:
        smaller = gzip.compress(body, LEVEL, mtime=0)
        if len(smaller) < len(body):
            return Packed(smaller, media_type, compressed=True)
    return Packed(body, media_type, compressed=False)


def takes_gzip(headers: Mapping[str, str]) -> bool:
    """Whether whoever sent these headers reads compressed bodies."""
    return "gzip" in headers.get("accept-encoding", "")


def immutable(packed: Packed, headers: Mapping[str, str], scope: str) -> Response:
    """Return the response to a request with these headers; it may be kept for good.

    ``scope`` says by whom: ``public`` or ``private``.
    """
    kept = {"Cache-Control": f"{scope}, max-age=31536000, immutable", "Vary": "Accept-Encoding"}
    return sent(packed, headers, kept)


def sent(packed: Packed, headers: Mapping[str, str], kept: Mapping[str, str]) -> Response:
    """Return the response to a request with these headers; ``kept`` says how it may be kept."""
    if packed.compressed and takes_gzip(headers):
        packing = {"Content-Encoding": "gzip"}
        return Response(packed.body, headers={**kept, **packing}, media_type=packed.media_type)
    return Response(packed.plain, headers=kept, media_type=packed.media_type)
