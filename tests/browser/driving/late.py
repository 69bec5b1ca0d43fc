"""A connection that can be slow or cut: the page goes on as if the server had said nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Page, Route, WebSocketRoute
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

ANSWERS = re.compile("/answers/")
STREAM = re.compile("/_stcore/stream")
LOST = "window.hasLost"
COUNT = "window.runsEnded"
"""How many runs of the script have ended behind the page's back."""


class Line:
    """What one page and the server send each other; made before the page is opened."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self._kept: list[str | bytes] | None = None
        self._cut = self._broken = False
        page.route_web_socket(STREAM, self._connect)

    def _connect(self, browser: WebSocketRoute) -> None:
        if self._broken:
            browser.close()
            return
        self._browser, self._server = browser, browser.connect_to_server()
        browser.on_message(self._say)
        self._server.on_message(self._hear)

    def _say(self, message: str | bytes) -> None:
        if self._cut:
            self.page.evaluate(f"{LOST} = true")
        else:
            self._server.send(message)

    def _hear(self, message: str | bytes) -> None:
        if self._kept is None:
            self._browser.send(message)
            return
        self._kept.append(message)
        if isinstance(message, bytes) and _ends_a_run(message):
            self.page.evaluate(f"{COUNT} = ({COUNT} ?? 0) + 1")

    @contextmanager
    def held_back(self) -> Iterator[None]:
        """Let the page hear nothing in this block, and all of it in order at its end."""
        self._kept = []
        self.page.evaluate(f"{COUNT} = 0")
        yield
        kept, self._kept = self._kept, None
        for message in kept:
            self._browser.send(message)

    @contextmanager
    def cut(self) -> Iterator[None]:
        """Lose what the page says in this block, which is something."""
        self._cut = True
        yield
        self.page.wait_for_function(f"() => {LOST}")
        self._cut = False

    @contextmanager
    def broken(self) -> Iterator[None]:
        """End the connection, and let nothing through in this block, whatever is tried anew."""
        self._broken = True
        self.page.route(ANSWERS, self._abort)
        self._browser.close()
        self._server.close()
        yield
        self._broken = False
        self.page.unroute(ANSWERS, self._abort)

    def _abort(self, route: Route) -> None:
        route.abort("internetdisconnected")

    def answers(self, runs: int) -> None:
        """Wait until the server has ended this many runs within the block."""
        self.page.wait_for_function(f"(runs) => {COUNT} >= runs", arg=runs)


def _ends_a_run(message: bytes) -> bool:
    return ForwardMsg.FromString(message).WhichOneof("type") == "script_finished"
