"""What a browser may ask of a run: read from texts, bounded, and answered.

A question comes as a name and parts, each a text: in an address, where the parts stand under names
of their own beside those of the setting (``?model=lenet&of.node=n3&of.page=values``), or in a
notebook's message. A ``Question`` is a plain frozen value, so that another process can answer it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, NoReturn

from flow.errors import ClosedRunError, ExplainError
from flow.record import Shape
from viz.answering.parameter import parameters
from viz.answering.readers import all_or_whole, flag, matching, must, shown, whole
from viz.answering.sent import Answering, Place, Sent, Unanswerable
from viz.graphs.layout import LayoutError
from viz.hidden import HIDDEN_MEANING, HIDDEN_NAMES, names_in
from viz.language import ENGLISH, Say, known, retold, speaking
from viz.scene.map_page import MOST_CELLS

BEFORE = "of."
"""Stands before the name of a part in an address, so that none can be one of a setting."""
MAX_INDEX = 10**6
"""Bounds what may be asked for; what exists is checked against the run."""
NODE = re.compile(r"n\d{1,6}", re.ASCII)
MOST_NODES = 64
"""Nodes that can be asked for at once."""
LARGEST_PLACE = 2**33
"""Of a cell in its array: 32 GB of cells come before it."""
NODES = re.compile(rf"n\d{{1,6}}(,n\d{{1,6}}){{0,{MOST_NODES - 1}}}", re.ASCII)
PAGE = re.compile(r"gradient \d{1,6}|values|parameters", re.ASCII)
MAP = re.compile(r".{1,1000}")
TENSOR = re.compile(r"[A-Za-z][\w.]{0,127}", re.ASCII)
TYPED = re.compile(r".{0,1600}", re.DOTALL)
INDEX = re.compile(r"(\d{1,10}(x\d{1,10}){0,15})?", re.ASCII)

PACKET, JSON = "application/octet-stream", "application/json"


def _nodes(text: str, say: Say) -> tuple[Any, str]:
    """Accept ids of nodes, separated by commas."""
    if NODES.fullmatch(text):
        return tuple(text.split(",")), ""
    return (), must(say, "at most {most} ids of nodes such as n5,n6", text, most=MOST_NODES)


def _index(text: str, say: Say) -> tuple[Any, str]:
    """Accept the index of a cell; that of a single number is empty."""
    if INDEX.fullmatch(text):
        return tuple(map(int, text.split("x"))) if text else (), ""
    return (), must(say, "an index such as 0x1x3x3", text)


def _language(text: str, _say: Say) -> tuple[Any, str]:
    """Accept any language; one that there is no catalogue of is English."""
    return known(text), ""


@dataclass(frozen=True)
class Parts:
    """What a question is about. ``ASKED`` says which parts each has a use for."""

    node: Annotated[str, matching(NODE, "a node's id such as n5")] = ""
    nodes: Annotated[tuple[str, ...], _nodes] = ()
    page: Annotated[str, matching(PAGE, "'gradient 0' or so, 'values' or 'parameters'")] = ""
    sample: Annotated[int, whole(MAX_INDEX)] = 0
    channel: Annotated[int | None, all_or_whole(MAX_INDEX)] = None
    map: Annotated[str, matching(MAP, "the key of a map")] = ""
    index: Annotated[Shape, _index] = ()
    start: Annotated[int, whole(LARGEST_PLACE)] = 0
    count: Annotated[int, whole(MOST_CELLS, 1)] = MOST_CELLS
    step: Annotated[int, whole(MAX_INDEX)] = 0
    tensor: Annotated[str, matching(TENSOR, "a tensor's name such as input or conv1.weight")] = ""
    plane: Annotated[Shape, _index] = ()
    saved: Annotated[bool, flag] = False
    attributes: Annotated[bool, flag] = False
    tint: Annotated[bool, flag] = False
    collapsed: Annotated[bool, flag] = False
    changes: Annotated[bool, flag] = False
    """Whether what the changes by hand did is shown too: below the maps, and in the boxes."""
    typed: Annotated[str, matching(TYPED, "up to 64 cells with _ between")] = ""
    language: Annotated[str, _language] = ENGLISH
    hidden: Annotated[str, matching(HIDDEN_NAMES, HIDDEN_MEANING)] = ""
    """Names of what is hidden from whoever asks."""

    @property
    def conceals(self) -> tuple[str, ...]:
        """The names of what is hidden, one by one."""
        return names_in(self.hidden)

    @property
    def place(self) -> Place:
        """Where in a run it asks."""
        return Place(self.node, self.page, self.sample, self.channel)


@dataclass(frozen=True)
class Asked:
    """One kind of question: who answers it, and which parts it must have and may have."""

    answer: Callable[[Sent, Parts], bytes]
    media: str
    needs: frozenset[str] = frozenset()
    takes: frozenset[str] = frozenset()


def _asked(
    answer: Callable[[Sent, Parts], bytes], media: str, needs: str = "", takes: str = ""
) -> Asked:
    return Asked(answer, media, frozenset(needs.split()), frozenset(takes.split()))


ALWAYS = frozenset({"language", "hidden"})
"""Parts that every question may have: to whom it is answered."""
ASKED: Mapping[str, Asked] = {
    "scene": _asked(
        lambda sent, of: sent.scene(of.node, changes=of.changes), PACKET, takes="node changes"
    ),
    "nodes": _asked(
        lambda sent, of: sent.nodes(of.nodes, changes=of.changes), PACKET, "nodes", "changes"
    ),
    "cells": _asked(
        lambda sent, of: sent.cells(of.place, of.map, of.start, of.count, changes=of.changes),
        PACKET,
        "node page map",
        "start count changes",
    ),
    "sums": _asked(lambda sent, of: sent.sums(of.place), PACKET, "node page", "sample channel"),
    "cell": _asked(
        lambda sent, of: sent.cell(of.place, of.map, of.index),
        PACKET,
        "node page map",
        "sample channel index",
    ),
    "check": _asked(
        lambda sent, of: sent.check(of.place, of.map, of.typed),
        JSON,
        "node page map typed",
        "sample channel",
    ),
    "proof": _asked(lambda sent, of: sent.proof(of.node), JSON, "node"),
    "graph": _asked(lambda sent, of: sent.graph(of), JSON, takes="saved attributes tint collapsed"),
    "thumbnails": _asked(
        lambda sent, of: sent.thumbnails(of.sample, changes=of.changes),
        PACKET,
        "sample",
        "changes",
    ),
    "steps": _asked(lambda sent, of: sent.steps(of.step), JSON, takes="step"),
    "canvas": _asked(lambda sent, of: sent.canvas(of.tensor, of.plane), PACKET, "tensor", "plane"),
}
DRAWN = frozenset({"scene", "nodes", "cells", "canvas"})
"""The questions whose answers hold maps, or the canvas of one."""


@dataclass(frozen=True)
class Question:
    """One question, as ``parse`` reads it."""

    name: str
    parts: Parts = Parts()


def parse(name: str, said: Mapping[str, str]) -> Question:
    """Read a question from what was said under ``of.``, by the names that follow there.

    Parts that it has no use for stay at their default, so that equal questions are equal. Raises
    Unanswerable, whose sentence says what must hold and what came.
    """
    language = known(said.get("language", ENGLISH))
    say = speaking(language)
    if name not in ASKED:
        _refuse(say, "there is no question {came}, but {names}.", name, names=", ".join(ASKED))
    asked, readers = ASKED[name], parameters(Parts)
    values: dict[str, Any] = {}
    for part, text in said.items():
        if part not in readers:
            _refuse(say, "{came}: no question has such a part.", BEFORE + part)
        if part in asked.needs | asked.takes | ALWAYS:
            values[part], problem = readers[part].read(text, say)
            if problem:
                raise Unanswerable(f"{BEFORE}{part}: {problem}")
    for part in sorted(asked.needs - values.keys()):
        _refuse(say, "{came}: the question {name} needs it.", BEFORE + part, name=name)
    return Question(name, Parts(**values))


def _refuse(say: Say, sentence: str, came: str, **words: object) -> NoReturn:
    raise Unanswerable(say(sentence).format(came=shown(came), **words))


def draws(question: Question) -> bool:
    """Whether a page waits for the answer to draw with: a map, or the canvas of one."""
    return question.name in DRAWN


def answered(run: Answering, question: Question) -> tuple[bytes, str]:
    """Return the answer of a run and its media type.

    Raises Unanswerable where there is none, and what the run itself raises.
    """
    asked = ASKED[question.name]
    try:
        return asked.answer(Sent(run, question.parts.language), question.parts), asked.media
    except (LayoutError, ExplainError, ClosedRunError) as reason:
        say = speaking(question.parts.language)
        raise Unanswerable(retold(str(reason), say)) from reason
