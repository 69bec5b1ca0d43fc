"""The workbench in a notebook, by anywidget; the run in the kernel answers what it asks.

A question is a custom message ``{id, name, parts}`` (see ``viz.answering.questions``). Its answer
is ``{id, packet}`` with the bytes as its one buffer, or ``{id, sentence}`` where there is none.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from typing import Any

import anywidget
import traitlets

from flow.record import Capture
from viz.answering.live import Live, Run
from viz.answering.questions import PACKET, answered, parse
from viz.answering.readers import shown
from viz.answering.sent import Unanswerable
from viz.front_code import ALONE, FOLDER, sheet
from viz.language import english
from viz.scene.choice import first_node
from viz.words.front import front_words

LOGGER = logging.getLogger(__name__)
MOST_PARTS = 16
"""Of a question; none has a use for more."""
LONGEST = 2_000
"""Characters of one part."""
ID = re.compile(r"[A-Za-z0-9 ]{1,40}", re.ASCII)
APOLOGY = "Something went wrong while this was computed; the kernel's log says what."
UNREADABLE = "A question has an id, a name and parts, which are texts; something else came."
WAITING = (
    "The kernel has not answered yet. It may be busy with another cell; if it was restarted, run "
    "this cell again."
)
SHOWS = ("gradient", "values", "parameters")


class Workbench(anywidget.AnyWidget):
    """The workbench on one run, which it holds until ``close()``."""

    _esm = ALONE.read_text(encoding="utf-8")
    _given = traitlets.Dict().tag(sync=True)
    """What the front end begins with: style sheets and words."""
    view = traitlets.Dict().tag(sync=True)
    """What is looked at: ``node``, ``step`` (None: nobody steps), ``part``, ``sample``, ``channel``
    (None: all) and ``show``. Set some of them to look elsewhere."""
    cell = traitlets.Dict(allow_none=True, default_value=None).tag(sync=True)
    """The pinned cell, ``map`` and ``index``; None where none is."""

    def __init__(self, run: Run, *, sample: int = 0, channel: int | None = None) -> None:
        self._live = Live(run)
        super().__init__(
            view={"sample": sample, "channel": channel},
            _given={
                "light": sheet(FOLDER / "alone" / "light.css"),
                "dark": sheet(FOLDER / "alone" / "dark.css"),
                "sheet": sheet(FOLDER / "notebook" / "notebook.css"),
                "waiting": WAITING,
                "words": front_words(english),
            },
        )
        self.on_msg(self._asked)

    @traitlets.validate("view")
    def _complete(self, proposal: Mapping[str, Any]) -> dict[str, Any]:
        """Fill in what is not said; TraitError says what cannot be looked at."""
        begun = {
            "node": first_node(("", ""), self._live.capture),
            "step": None,
            "part": None,
            "sample": 0,
            "channel": None,
            "show": "gradient",
        }
        view = {**begun, **proposal["value"]}
        problem = _problem(view, begun, self._live.capture)
        if problem:
            raise traitlets.TraitError(f"view: {problem}")
        return view

    def _asked(self, _widget: object, content: object, _buffers: object) -> None:
        """Answer a question, or say why not."""
        head, buffers = reply(self._live, content)
        self.send(head, buffers)


def reply(live: Live, content: object) -> tuple[dict[str, Any], list[bytes]]:
    """Return the answer to a message, and its bytes."""
    name, parts, head = _read(content)
    if not name:
        return {**head, "sentence": UNREADABLE}, []
    try:
        found, media = answered(live, parse(name, parts))
    except Unanswerable as reason:
        return {**head, "sentence": str(reason)}, []
    except Exception:
        LOGGER.exception("A question found no answer")
        return {**head, "sentence": APOLOGY}, []
    return {**head, "packet": media == PACKET}, [found]


def _read(content: object) -> tuple[str, dict[str, str], dict[str, str]]:
    """Return name and parts of a question and how its answer begins; no name of anything else."""
    said: Mapping[str, Any] = content if isinstance(content, dict) else {}
    id, name, parts = (said.get(each) for each in ("id", "name", "parts"))  # noqa: A001
    if not (isinstance(id, str) and ID.fullmatch(id)):
        return "", {}, {"id": ""}
    if not (isinstance(name, str) and isinstance(parts, dict) and len(parts) <= MOST_PARTS):
        return "", {}, {"id": id}
    texts = [name, *parts, *parts.values()]
    if not all(isinstance(each, str) and len(each) <= LONGEST for each in texts):
        return "", {}, {"id": id}
    return name, parts, {"id": id}


def _problem(view: Mapping[str, Any], begun: Mapping[str, Any], capture: Capture) -> str:
    """Say what of a view does not exist; nothing where all of it does."""
    ids = [node.id for node in capture.nodes]
    last = len(ids) - 1
    for name, value in view.items():
        if name not in begun:
            return f"there is no {shown(str(name))}, but {', '.join(begun)}."
        if name == "node" and value not in ids:
            return f"node: {shown(str(value))} does not exist, the last of this run is n{last}."
        if name == "show" and value not in SHOWS:
            return f"show: it must be one of {', '.join(SHOWS)}; {shown(str(value))} came."
        if name in ("node", "show") or (value is None and name != "sample"):
            continue
        if not isinstance(value, int) or value < 0:
            return f"{name}: it must be a whole number from 0 on; {shown(str(value))} came."
    if view["step"] is not None and view["step"] > last:
        return f"step: {view['step']} does not exist, the last one is {last}."
    return ""
