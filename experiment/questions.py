"""What a browser may ask of a run: read from an address, bounded, and answered.

The parts of a question stand in the query beside those of the setting, under names of their own:
``?model=lenet&of.node=n3&of.page=values``. A ``Question`` is a plain frozen value, so that another
process can answer it too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, NoReturn

import flow
from experiment.answers import Answers
from experiment.parameter import parameters
from experiment.readers import all_or_whole, flag, matching, must, read_plane, shown, whole
from experiment.runs import Runs
from experiment.sent import Place, Sent, Unanswerable
from experiment.setting import Setting
from experiment.turnstile import Tell, untold
from experiment.view import MAX_INDEX, NODE, View
from flow.record import Shape
from models.edits import NAME
from viz.graphs.layout import LayoutError
from viz.language import ENGLISH, Say, known, speaking
from viz.scene.map_page import MOST_CELLS

BEFORE = "of."
"""Stands before the name of a part in an address, so that none can be one of a setting."""
MOST_NODES = 64
"""Nodes that can be asked for at once."""
LARGEST_PLACE = 2**33
"""Of a cell in its array: 32 GB of cells come before it."""
NODES = re.compile(rf"n\d{{1,6}}(,n\d{{1,6}}){{0,{MOST_NODES - 1}}}", re.ASCII)
PAGE = re.compile(r"gradient \d{1,6}|values|parameters", re.ASCII)
MAP = re.compile(r".{1,1000}")
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


def _text(text: str, _say: Say) -> tuple[Any, str]:
    """Accept any text, which whoever answers reads."""
    return text, ""


def _language(text: str, _say: Say) -> tuple[Any, str]:
    """Accept any language; one that we do not speak is English."""
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
    draft: Annotated[str, _text] = ""
    tensor: Annotated[str, matching(NAME, "a tensor's name such as input or conv1.weight")] = ""
    plane: Annotated[Shape, read_plane] = ()
    saved: Annotated[bool, flag] = False
    attributes: Annotated[bool, flag] = False
    tint: Annotated[bool, flag] = False
    collapsed: Annotated[bool, flag] = False
    changes: Annotated[bool, flag] = False
    """Whether maps also show what the changes by hand did to them."""
    language: Annotated[str, _language] = ENGLISH

    @property
    def place(self) -> Place:
        """Where in a run it asks."""
        return Place(self.node, self.page, self.sample, self.channel)

    @property
    def looks(self) -> View:
        """How the graph is drawn."""
        return View(
            saved=self.saved,
            attributes=self.attributes,
            tint=self.tint,
            collapsed=self.collapsed,
        )


@dataclass(frozen=True)
class Asked:
    """One kind of question: who answers it, and which parts it must have and may have."""

    answer: Callable[[Sent, Parts], bytes]
    media: str
    needs: frozenset[str] = frozenset()
    takes: frozenset[str] = frozenset()
    of_run: bool = True
    """Whether it is about the run of the setting, which then must be affordable."""


def _asked(
    answer: Callable[[Sent, Parts], bytes],
    media: str,
    needs: str = "",
    takes: str = "",
    *,
    of_run: bool = True,
) -> Asked:
    return Asked(answer, media, frozenset(needs.split()), frozenset(takes.split()), of_run)


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
    "proof": _asked(lambda sent, of: sent.proof(of.node), JSON, "node"),
    "graph": _asked(
        lambda sent, of: sent.graph(of.looks), JSON, takes="saved attributes tint collapsed"
    ),
    "steps": _asked(lambda sent, of: sent.steps(of.step), JSON, takes="step"),
    "kinds": _asked(lambda sent, _of: sent.kinds(), JSON, of_run=False),
    "draft": _asked(lambda sent, of: sent.draft(of.draft), JSON, takes="draft", of_run=False),
    "canvas": _asked(lambda sent, of: sent.canvas(of.tensor, of.plane), PACKET, "tensor", "plane"),
}


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
        if part in asked.needs | asked.takes | {"language"}:
            values[part], problem = readers[part].read(text, say)
            if problem:
                raise Unanswerable(f"{BEFORE}{part}: {problem}")
    for part in sorted(asked.needs - values.keys()):
        _refuse(say, "{came}: the question {name} needs it.", BEFORE + part, name=name)
    return Question(name, Parts(**values))


def _refuse(say: Say, sentence: str, came: str, **words: object) -> NoReturn:
    raise Unanswerable(say(sentence).format(came=shown(came), **words))


def draws(question: Question) -> bool:
    """Whether a page waits for it to draw with: maps, what is changed by hand, a draft."""
    asked = ASKED[question.name]
    return question.name == "canvas" or "changes" in asked.takes or not asked.of_run


def of_run(question: Question) -> bool:
    """Whether it is about the run of the setting."""
    return ASKED[question.name].of_run


def answer(
    runs: Runs, setting: Setting, question: Question, tell: Tell = untold
) -> tuple[bytes, str]:
    """Return the answer and its media type.

    Raises Unanswerable where there is none, Refused where the setting cannot run, and Busy.
    """
    asked = ASKED[question.name]
    sent = Sent(Answers(runs, setting, tell), question.parts.language)
    try:
        return asked.answer(sent, question.parts), asked.media
    except (LayoutError, flow.ExplainError) as reason:
        raise Unanswerable(str(reason)) from reason
