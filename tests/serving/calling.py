"""Ask an ASGI app as a server would: whole requests, bodies in parts, and visitors who leave."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Coroutine, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import unquote

from starlette.types import ASGIApp, Message

FORM = {"content-type": "application/x-www-form-urlencoded"}
Found = TypeVar("Found")
PATIENCE = 60.0
"""Seconds after which a test gives up; it waits for states, not for this."""


@dataclass
class Got:
    """What came back; status 0 where nothing did."""

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def sentence(self) -> str:
        assert self.headers["content-type"] == "application/json"
        assert self.headers["cache-control"] == "no-store"
        (sentence,) = json.loads(self.body).values()
        return str(sentence)


@dataclass
class Visitor:
    """Sends one request."""

    method: str
    path: str
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Iterable[bytes] = ()
    taken: int = 0
    """Parts of the body that the app has read."""
    gone: asyncio.Event = field(default_factory=asyncio.Event)

    async def ask(self, app: ASGIApp) -> Got:
        """Send it and return what comes back."""
        got, parts = Got(), iter([*self.body, b""])

        async def receive() -> Message:
            part = next(parts, None)
            if part is not None:
                self.taken += 1
                return {"type": "http.request", "body": part, "more_body": part != b""}
            await self.gone.wait()
            return {"type": "http.disconnect"}

        async def send(message: Message) -> None:
            if message["type"] == "http.response.start":
                got.status = message["status"]
                got.headers = {name.decode(): text.decode() for name, text in message["headers"]}
            got.body += message.get("body", b"")

        await asyncio.wait_for(app(self._scope(), receive, send), PATIENCE)
        return got

    def _scope(self) -> dict[str, object]:
        headers = [(name.encode(), text.encode()) for name, text in self.headers.items()]
        return {
            "type": "http",
            "method": self.method,
            "path": unquote(self.path),
            "raw_path": self.path.encode(),
            "root_path": "",
            "query_string": self.query.encode(),
            "headers": headers,
        }


def get(app: ASGIApp, path: str, query: str = "", method: str = "GET", **headers: str) -> Got:
    """Ask once; ``accept_encoding="gzip"`` is a header."""
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    return run(Visitor(method, path, query, named).ask(app))


def run(scene: Coroutine[Any, Any, Found]) -> Found:
    """Play a scene in a thread of its own: the browser tests leave a loop running in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, scene).result()


async def until(state: Callable[[], bool]) -> None:
    """Wait for a state that somebody else brings about."""

    async def poll() -> None:
        while not state():
            await asyncio.sleep(0)

    await asyncio.wait_for(poll(), PATIENCE)
