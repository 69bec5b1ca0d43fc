"""A page in Chromium, watched: what comes and goes, and what the stopwatch in it says."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Locator, Page, WebSocket

STOPWATCH = Path(__file__).with_name("stopwatch.js").read_text(encoding="utf-8")
SETTLE = 1500
"""Milliseconds after which a page has surely shown and said all that it will."""


@dataclass
class Traffic:
    """Bytes that came and went: HTTP as it was encoded, payloads of the websocket."""

    received: int = 0
    sent: int = 0

    @property
    def both(self) -> int:
        """Bytes in both directions."""
        return self.received + self.sent


@dataclass(frozen=True)
class Visit:
    """A page in a browser context of its own."""

    page: Page
    traffic: Traffic
    load: float
    """Milliseconds until it was ready."""

    def pressed(self, button: Locator, until: str, *arguments: object) -> dict[str, Any]:
        """Press a button; return what the stopwatch says when that has its answer."""
        self.page.bring_to_front()
        begin = "([until, all]) => { window.watched = stopwatch[until](...all); }"
        self.page.evaluate(begin, [until, arguments])
        button.click()
        said: dict[str, Any] = self.page.evaluate("() => watched")
        return said

    @property
    def shift(self) -> float:
        """How far the layout has moved by itself."""
        return float(self.page.evaluate("() => stopwatch.shift()"))


@contextmanager
def visit(browser: Browser, address: str, ready: Callable[[Page], None]) -> Iterator[Visit]:
    """Load a page with an empty cache, and wait until it is ready and then at rest."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    context.add_init_script(STOPWATCH)
    page, traffic = context.new_page(), Traffic()
    _listen(page, traffic)
    begin = time.perf_counter()
    page.goto(address)
    ready(page)
    load = (time.perf_counter() - begin) * 1e3
    page.wait_for_timeout(SETTLE)
    try:
        yield Visit(page, traffic, load)
    finally:
        context.close()


def _listen(page: Page, traffic: Traffic) -> None:
    """Count what comes and goes."""

    def finished(event: dict[str, float]) -> None:
        traffic.received += int(event["encodedDataLength"])

    def received(frame: str | bytes) -> None:
        traffic.received += len(frame)

    def sent(frame: str | bytes) -> None:
        traffic.sent += len(frame)

    def connected(socket: WebSocket) -> None:
        socket.on("framereceived", received)
        socket.on("framesent", sent)

    devtools = page.context.new_cdp_session(page)
    devtools.send("Network.enable")
    devtools.on("Network.loadingFinished", finished)
    page.on("websocket", connected)
