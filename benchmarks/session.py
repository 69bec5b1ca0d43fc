"""One visitor without a browser: speaks Streamlit's websocket protocol, and asks for answers."""

from __future__ import annotations

import asyncio
import json
import struct
import time
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any
from urllib.parse import urlencode

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.BidiComponent_pb2 import BidiComponent
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

from benchmarks.connection import Connection

LOOPBACK = "http://127.0.0.1:"
WORKBENCH = "backlight_workbench"
PLAYGROUND = "playground"
"""Address of the page that has it."""
SETTLED_AFTER = 0.25
"""Seconds after which the workbench tells the page of a choice."""
AGAIN = ForwardMsg.FINISHED_EARLY_FOR_RERUN
"""The script asked for another run of itself, or of a part; that one answers."""
FINE = {ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY}


@dataclass(frozen=True)
class Workbench:
    """The workbench as it is mounted: where the page hears it, and what it was told."""

    component: str
    fragment: str
    told: dict[str, Any]


@dataclass(frozen=True)
class Chosen:
    """A choice: milliseconds until what is asked for afterwards had come."""

    answers: float
    """Sums and proof, and before them the maps where they had not been sent."""
    maps: float | None
    """The maps, where they had not been sent with the scene."""


@dataclass
class Session:
    """A connection and what it has learnt from the server's messages, as the browser would."""

    url: str
    patience: float = 60.0
    errors: list[str] = field(default_factory=list)
    received: int = 0
    drawn: dict[str, BidiComponent] = field(default_factory=dict)
    """What each component of the page was given last, by the component's id."""
    _workbench: Workbench | None = None
    _scene: dict[str, Any] = field(default_factory=dict)
    _page: str = ""
    _query: str = ""
    _socket: ClientConnection | None = None

    def __post_init__(self) -> None:
        """Prepare to ask questions."""
        self._http = Connection(self.url)

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
        self._http.close()
        if self._socket is not None:
            await self._socket.close()

    @property
    def nodes(self) -> list[str]:
        """The nodes that can be chosen."""
        return [f"n{number}" for number in range(self._scene.get("count", 0))]

    async def open(self, query: str = "", page: str = PLAYGROUND) -> float:
        """Load a page at an address; milliseconds until the scene of its run had come.

        Where there is no workbench, until its script finished.
        """
        self._query, self._page = query, ""
        begin = time.perf_counter()
        message = BackMsg()
        message.rerun_script.page_name = page
        await self._run(message)
        if self._workbench is not None:
            self._scene = header(await self._ask("scene"))
        return _since(begin)

    async def look(self) -> None:
        """Ask for what a browser asks for as soon as the maps stand: the graph, sums, a proof."""
        if self._scene:
            await self._ask("graph")
            await self._explain(self._scene["first"])

    async def choose(self, node: str) -> Chosen:
        """Choose a node; the page is told of it a little later, as by a browser."""
        told = asyncio.ensure_future(self._tell(node))
        begin, maps = time.perf_counter(), None
        if node not in self._scene["nodes"]:
            self._scene["nodes"] |= header(await self._ask("nodes", nodes=node)).get("nodes", {})
            maps = _since(begin)
        await self._explain(node)
        answers = _since(begin)
        if not self._scene["whole"]:
            await self._fetch_neighbours(node)
        await told
        return Chosen(answers, maps)

    async def turn(self, lesson: str, place: int) -> float:
        """Turn to a step of the lesson that is open; milliseconds until it was drawn."""
        begin, message = time.perf_counter(), BackMsg()
        widget = message.rerun_script.widget_states.widgets.add()
        widget.id = next(each for each in self.drawn if each.endswith(f"-{lesson}_onward"))
        said = {"value": place, "since": time.time_ns() // 1_000_000}
        widget.json_value = json.dumps({"said": said})
        await self._run(message)
        if json.loads(self.drawn[widget.id].json)["value"] != place:
            self.errors.append(f"Step {place} of {lesson} has not come.")
        return _since(begin)

    async def _explain(self, node: str) -> None:
        """Ask for what stands behind the gradient maps of a node."""
        found = self._scene["nodes"].get(node)
        if found is None:
            return  # an error has been noted
        page = f"gradient {found['first_part']}"
        if found["pages"][page]["sums"]:
            await self._ask("sums", sample=0, node=node, page=page)
        await self._ask("proof", node=node)

    async def _fetch_neighbours(self, node: str) -> None:
        """Ask for the nodes before and after one, unless others are served."""
        number = int(node[1:])
        for next_one in (f"n{number + 1}", f"n{number - 1}"):
            if next_one in self.nodes and next_one not in self._scene["nodes"]:
                came = await self._ask("nodes", nodes=next_one, prefetch=1)
                self._scene["nodes"] |= header(came).get("nodes", {})

    async def _ask(self, name: str, **of: object) -> bytes:
        """Ask a question about the run that is shown; note an error a visitor would see."""
        assert self._workbench is not None
        told = self._workbench.told
        parts = {f"of.{key}": value for key, value in {**of, "language": told["language"]}.items()}
        query = "&".join(filter(None, (told["query"], urlencode(parts))))
        async with asyncio.timeout(self.patience):
            came = await self._http.get(f"/{told['answers']}{name}?{query}")
        self.received += len(came.body)
        if came.status == 200:
            return came.body
        if "prefetch" not in of:
            self.errors.append(f"{name}: {came.status} {came.body.decode()}")
        return b""

    async def _tell(self, node: str) -> None:
        """Say what is looked at; note an error where the page has not heard it."""
        assert self._workbench is not None
        await asyncio.sleep(SETTLED_AFTER)
        message = BackMsg()
        message.rerun_script.fragment_id = self._workbench.fragment
        widget = message.rerun_script.widget_states.widgets.add()
        widget.id = self._workbench.component
        told = self._workbench.told
        said = {key: told[key] for key in ("base", "decided", "edits")}
        said |= {"run": None, "view": {"node": node}}
        widget.json_value = json.dumps({"said": {**said, "since": time.time_ns() // 1_000_000}})
        await self._run(message)
        if (self._workbench.told["heard"] or {"view": {}})["view"].get("node") != node:
            self.errors.append(f"The page has not heard of {node}.")

    async def _run(self, message: BackMsg) -> None:
        """Send a message and read until the script finished."""
        message.rerun_script.page_script_hash = self._page
        message.rerun_script.query_string = self._query
        assert self._socket is not None
        await self._socket.send(message.SerializeToString())
        async with asyncio.timeout(self.patience):
            while not self._read(await self._socket.recv()):
                pass

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
        """Note what the workbench is told; note errors that a visitor would see."""
        element = message.delta.new_element
        what = element.WhichOneof("type")
        if what == "exception":
            self.errors.append(element.exception.message)
        elif what == "alert" and element.alert.format == element.alert.ERROR:
            self.errors.append(element.alert.body)
        elif what == "bidi_component":
            component = element.bidi_component
            self.drawn[component.id] = component
            if component.component_name == WORKBENCH:
                self._workbench = _mounted(component, message.delta.fragment_id)


def _mounted(component: BidiComponent, fragment: str) -> Workbench:
    return Workbench(component.id, fragment, json.loads(component.json))


def header(packet: bytes) -> dict[str, Any]:
    """Read the header of a packet, see ``viz.maps.packet``; empty where there is no packet."""
    if not packet:
        return {}
    (length,) = struct.unpack_from("<I", packet)
    found: dict[str, Any] = json.loads(packet[4 : 4 + length])
    return found


def _since(begin: float) -> float:
    """Return the milliseconds since then."""
    return (time.perf_counter() - begin) * 1e3
