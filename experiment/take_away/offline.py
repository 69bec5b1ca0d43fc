"""A run, gathered for one file that works without a server."""

from __future__ import annotations

import base64
import zlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from experiment.asking.answers import Answers
from experiment.asking.questions import answer
from experiment.setting import Setting
from experiment.view import View
from flow.record import Capture, LayerRecord
from models.inputs import INPUTS
from models.losses import LOSSES
from models.shapes import shape_text
from models.targets import TARGETS, chosen_cell
from viz.answering.questions import PACKET, parse
from viz.answering.sent import Sent, Unanswerable
from viz.hidden import BETWEEN, any_hidden
from viz.language import Say, speaking, translated
from viz.maps.packet import header
from viz.offline import OFFLINE_TEXT, Page, html
from viz.peak import peak, peak_text
from viz.scene.choice import choose
from viz.scene.inspector import Chosen, Show
from viz.strip.steps import SENTENCE_LIMIT
from viz.words.front import FrontWords, front_words

ROOM = 670_000
"""Characters of answers in the file, so that with everything else it stays below 1 MB."""
SMALL_RUN = 2**20
"""Bytes of a scene with every node, before it is compressed; of a larger run the file holds what is
shown."""
ONE_NODE = 2**17
"""Bytes of the scene of a larger one: the cells that are shown need room beside it."""
LOOKS = ("saved", "attributes", "tint", "collapsed")

Json = Mapping[str, Any]
Said = dict[str, str]
"""The parts of a question by name, as ``viz.answering.questions`` reads them."""


def offline_page(answers: Answers, view: View, link: str, language: str, file: str) -> str:
    """Return the HTML file of a run as it is looked at; pictures saved from it begin with ``file``.

    Of a small run it holds every node, and as many sums as have room.
    """
    setting, capture, say = answers.setting, answers.capture, speaking(language)
    chosen, _complaints = choose(view, setting.source.look_at, answers, say)
    text = translated(OFFLINE_TEXT, say)
    held = _Held(answers, language, view.compare, _sentences(text, chosen))
    _gather(held, view, chosen)
    return html(
        Page(
            title=f"Backlight · {setting.source.name}",
            facts=_facts(setting, capture, say),
            link=link,
            data={
                "run": {"query": "", "layers": False, "fixed": True, "file": file},
                "view": _begins(view, chosen).plain(),
                "packets": held.packets,
                "texts": held.texts,
                "refusals": held.refusals,
                "words": _words(say, text["absent"]),
            },
            layers=[_row(layer, text["hidden"]) for layer in capture.layers],
            text=text,
            language=language,
        )
    )


def _words(say: Say, absent: str) -> FrontWords:
    """Return the workbench's words; none may promise what only a server can do."""
    words = front_words(say)
    maps = {**words["maps"], "fetching": absent}
    return {**words, "maps": maps, "sum": {**words["sum"], "large": absent, "asking": absent}}


def _begins(view: View, chosen: Chosen) -> View:
    """Return what is looked at first: what exists of the view, and nothing is being changed."""
    return replace(
        view,
        node=chosen.node.id,
        step=None if view.step is None else chosen.order - 1,
        part=chosen.part,
        sample=chosen.sample,
        channel=view.channel if view.channel in (None, "all") else chosen.channel,
        editing=False,
        hand="",
        plane=(),
        hidden="",
    )


def _sentences(text: Mapping[str, str], chosen: Chosen) -> dict[str, str]:
    """Return what is said where there is no answer, by the name of the question."""
    node = " ".join(filter(None, (chosen.node.id, chosen.node.name, chosen.node.layer)))
    names = ("scene", "graph", "steps", "thumbnails", "sums", "cell", "cells", "proof")
    return {**dict.fromkeys(names, text["absent"]), "nodes": text["absent_nodes"].format(node=node)}


@dataclass
class _Held:
    """Answers by their question, as ``viz/front/offline/held.js`` reads them."""

    answers: Answers
    language: str
    changes: bool
    """Whether maps also show what the changes by hand did to them."""
    refusals: dict[str, str]
    """Why there is no answer, by the question or by its name alone."""
    packets: dict[str, str] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    room: int = ROOM

    def ask(self, name: str, said: Said) -> bool:
        """Keep an answer, or why there is none; return whether there was room."""
        key = _key(name, said)
        if key in {**self.packets, **self.texts}:
            return True
        how = {"language": self.language, "changes": "1" if self.changes else "0"}
        try:
            question = parse(name, {**said, **how, "hidden": BETWEEN.join(self.answers.hidden)})
            found, media = answer(self.answers.runs, self.answers.setting, question)
        except Unanswerable as reason:
            self.refusals[key] = str(reason)
            return True
        kept = self.packets if media == PACKET else self.texts
        return self.keep(kept, key, found)

    def keep(self, kept: dict[str, str], key: str, found: bytes) -> bool:
        """Keep an answer; return whether there was room."""
        packed = base64.b64encode(zlib.compress(found, level=9)).decode()
        if len(packed) > self.room:
            return False
        kept[key] = packed
        self.room -= len(packed)
        return True


def _key(name: str, said: Said) -> str:
    """Write a question in one way; whether changes are shown is one and the same for all."""
    return " ".join([name, *sorted(f"{part}={text}" for part, text in said.items())])


def _gather(held: _Held, view: View, chosen: Chosen) -> None:
    """Ask what the workbench would: of what is shown, then of what else it may come to show."""
    scene = _scene(held, view, chosen)
    node = scene["nodes"][chosen.node.id]
    seen = _place(node, chosen.show, chosen.part, chosen.sample, chosen.channel)
    held.ask("graph", {look: "1" for look in LOOKS if getattr(view, look)})
    if scene["count"] > SENTENCE_LIMIT and view.step is not None:
        held.ask("steps", {"step": str(chosen.order - 1)})
    if node["pages"][seen["page"]]["sums"]:
        held.ask("sums", seen)
    for run in _late(node, seen):
        held.ask("cells", run)
    sent = len(scene["strip"]["pictures"])
    for sample in (chosen.sample, *range(sent, scene["strip"]["samples"])):
        if sample >= sent and not held.ask("thumbnails", {"sample": str(sample)}):
            break
    for each in scene["nodes"]:
        held.ask("proof", {"node": each})
    if scene["whole"]:
        _gather_sums(held, scene["nodes"].values())


def _scene(held: _Held, view: View, chosen: Chosen) -> Json:
    """Keep the scene that the workbench asks for first, and return what it says."""
    sent, key = Sent(held.answers, held.language), _key("scene", {"node": chosen.node.id})
    for most in (SMALL_RUN, ONE_NODE):
        found = sent.scene(chosen.node.id, changes=view.compare, most=most)
        scene = header(found)
        if (scene["whole"] or most == ONE_NODE) and held.keep(held.packets, key, found):
            break
    return scene


def _place(
    node: Json, show: Show, part: int | None = None, sample: int = 0, channel: int | None = None
) -> Said:
    """Return where in a run that is, as the workbench says it."""
    first = f"gradient {node['first_part']}"
    tab = show if show != "gradient" or part is None else f"gradient {part}"
    said = {"node": node["id"], "page": tab if tab in node["pages"] else first}
    return {**said, "sample": str(sample), **_channel(channel)}


def _late(node: Json, seen: Said) -> Iterator[Said]:
    """Yield the runs of cells that are shown and are not in the scene: an array was too large."""
    sample, channel = int(seen["sample"]), seen.get("channel")
    for each in (each for row in node["pages"][seen["page"]]["rows"] for each in row):
        if each["values"] is None:
            continue
        one = channel is not None and int(channel) < each["channels"] and each["one"] is not None
        count = each["one" if one else "all"]["count"]
        per_sample, per_channel = each["strides"]
        start = (sample if sample < each["samples"] else 0) * per_sample
        start += int(channel or 0) * per_channel if one else 0
        if start + count > each["values"]["count"]:
            at = {"node": seen["node"], "page": seen["page"], "map": each["key"]}
            yield {**at, "start": str(start), "count": str(count)}


def _gather_sums(held: _Held, nodes: Collection[Json]) -> None:
    """Ask for what is first seen of every node, then for every tab and sample, then the rest."""
    tabs: tuple[Show, ...] = ("gradient", "values")
    for node, said in ((node, _place(node, show)) for show in tabs for node in nodes):
        page = node["pages"][said["page"]]
        if page["sums"]:
            held.ask("sums", {**said, **_channel(*_first_channel(page, 0))})
    for channels in (_first_channel, _every_channel):
        for node in nodes:
            for tab, page in node["pages"].items():
                for sample in range(max(1, page["samples"])) if page["sums"] else ():
                    for channel in channels(page, sample):
                        at = {"node": node["id"], "page": tab, "sample": str(sample)}
                        if not held.ask("sums", {**at, **_channel(channel)}):
                            return


def _first_channel(page: Json, sample: int) -> list[int | None]:
    """Return the channel of a sample that is seen first; None is all of them."""
    first = page["first_channels"]
    return [first[sample] if sample < len(first) else None]


def _every_channel(page: Json, _sample: int) -> list[int | None]:
    """Return all channels at once, then each."""
    return [None, *range(page["channels"])]


def _channel(channel: int | None) -> Said:
    """Write a channel as a question says it."""
    return {} if channel is None else {"channel": str(channel)}


def _facts(setting: Setting, capture: Capture, say: Say) -> list[str]:
    """Say what was run, in the order of the sidebar."""
    kind, loss = INPUTS.get(setting.input), LOSSES[setting.loss]
    fed = say(kind.label) if kind else setting.input
    facts = [
        f"{say('Input')}: {fed} ({shape_text(setting.shape)})",
        f"{say('Loss')}: {say(loss.label)}",
    ]
    if loss.targets:
        facts.append(f"{say('Target')}: {_target(setting.target, say)}")
    if capture.loss is not None:
        facts.append(say("loss = {value}").format(value=repr(capture.loss)))
    facts.append(f"{say('Seed')}: {setting.seed}")
    if setting.sgd.steps:
        steps = say("Steps of SGD: {count}, each with the learning rate {rate}")
        facts.append(steps.format(count=setting.sgd.steps, rate=setting.sgd.rate_text))
    return [*facts, f"{say('Device')}: {capture.device}"]


def _target(name: str, say: Say) -> str:
    """Return what a target is called, with the cell that is chosen."""
    cell = chosen_cell(name)
    if cell is None:
        return say(TARGETS[name].label).format(number=TARGETS[name].number)
    return say("Cell {place}").format(place=", ".join(map(str, cell)))


def _row(layer: LayerRecord, hidden: str) -> tuple[str, ...]:
    """Return what the table says of a layer, and where its numbers are hidden that word."""
    shape = " + ".join(shape_text(shape) for shape in layer.output_shapes)
    columns = (layer.outputs, layer.upstreams, layer.downstream)
    sizes = (hidden if any_hidden(arrays) else peak_text(peak(arrays), "-") for arrays in columns)
    return (layer.name, layer.kind, shape, *sizes)
