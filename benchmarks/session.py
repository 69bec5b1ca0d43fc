"""One visitor without a browser, who speaks Streamlit's websocket protocol."""

from __future__ import annotations

import asyncio
import json
import re
import time
from dataclasses import dataclass, field
from types import TracebackType

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

LOOPBACK = "http://127.0.0.1:"
EVENTS = "$$STREAMLIT_INTERNAL_KEY_{id}__events"
"""The widget under which a component of ours sends its triggers."""

NODE = re.compile(r"\\?\"id\\?\": ?\\?\"(n\d+)\\?\"")
AGAIN = ForwardMsg.FINISHED_EARLY_FOR_RERUN
"""The script asked for another run of itself, or of a part; that one answers."""
FINE = {ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY}


@dataclass
class Session:
    """A connection and what it has learnt from the server's messages, as the browser would."""

    url: str
    patience: float = 60.0
    nodes: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    received: int = 0
    _component: str = ""
    _fragment: str = ""
    _page: str = ""
    _query: str = ""
    _socket: ClientConnection | None = None

    async def __aenter__(self) -> Session:
        """Connect; raises ValueError for a server on another machine."""
        if not self.url.startswith(LOOPBACK):
            raise ValueError(f"Only a server on this machine ({LOOPBACK}...) is loaded: {self.url}")
        address = self.url.replace("http", "ws", 1) + "/_stcore/stream"
        self._socket = await connect(
            address, subprotocols=[Subprotocol("streamlit")], max_size=None, proxy=None
        )
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        """Disconnect."""
        if self._socket is not None:
            await self._socket.close()

    async def open(self, query: str = "") -> float:
        """Load the page at an address; milliseconds until the script finished."""
        self._query = query
        return await self._run(BackMsg())

    async def choose(self, node: str) -> float:
        """Click a node of the graph; milliseconds until the script finished."""
        message = BackMsg()
        state = message.rerun_script
        state.fragment_id = self._fragment
        widget = state.widget_states.widgets.add()
        widget.id = EVENTS.format(id=self._component)
        widget.json_trigger_value = json.dumps([{"event": "select", "value": {"id": node}}])
        return await self._run(message)

    async def _run(self, message: BackMsg) -> float:
        message.rerun_script.page_script_hash = self._page
        message.rerun_script.query_string = self._query
        assert self._socket is not None
        begin = time.perf_counter()
        await self._socket.send(message.SerializeToString())
        async with asyncio.timeout(self.patience):
            while not self._read(await self._socket.recv()):
                pass
        return (time.perf_counter() - begin) * 1e3

    def _read(self, frame: str | bytes) -> bool:
        """Take in one message; whether it says that the script finished."""
        assert isinstance(frame, bytes)
        self.received += len(frame)
        message = ForwardMsg()
        message.ParseFromString(frame)
        kind = message.WhichOneof("type")
        if kind == "navigation":
            self._page = message.navigation.page_script_hash
        elif kind == "delta":
            self._learn(message)
        elif kind == "script_finished" and message.script_finished not in {*FINE, AGAIN}:
            self.errors.append(ForwardMsg.ScriptFinishedStatus.Name(message.script_finished))
        elif kind == "page_info_changed":
            self._query = message.page_info_changed.query_string
        return kind == "script_finished" and message.script_finished != AGAIN

    def _learn(self, message: ForwardMsg) -> None:
        """Note where the graph is and what nodes it has; note errors that a visitor would see."""
        element = message.delta.new_element
        what = element.WhichOneof("type")
        if what == "exception":
            self.errors.append(element.exception.message)
        elif what == "alert" and element.alert.format == element.alert.ERROR:
            self.errors.append(element.alert.body)
        elif what == "bidi_component" and element.bidi_component.id.endswith("-graph"):
            self._component = element.bidi_component.id
            self._fragment = message.delta.fragment_id
            self.nodes = sorted(set(NODE.findall(element.bidi_component.json)))
