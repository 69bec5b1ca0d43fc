"""HTTP as a browser speaks it: one connection that stays open for one question after the other."""

from __future__ import annotations

import asyncio
import gzip
from dataclasses import dataclass
from email.parser import BytesHeaderParser
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Came:
    """What came back."""

    status: int
    body: bytes


class Connection:
    """A connection to one server, opened when it is needed; the server closes one at rest."""

    def __init__(self, url: str) -> None:
        place = urlsplit(url)
        self._host, self._port = str(place.hostname), place.port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def get(self, target: str) -> Came:
        """Return what stands at a path with its query; ConnectionError where nothing comes."""
        kept = self._streams is not None
        try:
            return await self._asked(target)
        except (ConnectionError, asyncio.IncompleteReadError):
            self.close()
            if not kept:
                raise
            return await self._asked(target)

    def close(self) -> None:
        """Close it."""
        if self._streams is not None:
            self._streams[1].close()
        self._streams = None

    async def _asked(self, target: str) -> Came:
        if self._streams is None:
            self._streams = await asyncio.open_connection(self._host, self._port)
        reader, writer = self._streams
        head = f"GET {target} HTTP/1.1\r\nHost: {self._host}:{self._port}\r\nAccept-Encoding: gzip"
        writer.write(f"{head}\r\n\r\n".encode("ascii"))
        await writer.drain()
        status, _, rest = (await reader.readuntil(b"\r\n\r\n")).partition(b"\r\n")
        headers = BytesHeaderParser().parsebytes(rest)
        body = await reader.readexactly(int(headers["Content-Length"]))
        packed = headers["Content-Encoding"] == "gzip"
        return Came(int(status.split()[1]), gzip.decompress(body) if packed else body)
