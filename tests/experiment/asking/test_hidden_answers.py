"""No answer, and no file, tells a number that is hidden; without hiding it, each of them does.

The numbers that are searched are those that no other array of the run holds: what is to be
predicted may stand in what it is predicted from.
"""

from __future__ import annotations

import base64
import json
import re
import zlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from functools import cache, cached_property

import numpy as np
import pytest

from experiment.asking.answers import Answers
from experiment.asking.questions import answer
from experiment.setting import Setting, of_preset
from experiment.take_away.offline import offline_page
from experiment.view import View
from flow.record import Array
from pages.take_away.menu import shown_arrays
from tests.experiment.runs import RUNS, execute
from tests.viz.reading import read
from viz.answering.questions import ASKED, parse
from viz.answering.sent import Unanswerable
from viz.arrays import captured, cells_csv, placed
from viz.language import english
from viz.scene import inspector
from viz.scene.choice import choose
from viz.strip.chart import profile_figure
from viz.strip.strip import STRIP_TEXT, Strip
from viz.theme import format_number

MOST_NUMBERS = 24
CASES = [
    ("test", "conv2.downstream"),
    ("test", "conv2.output"),
    ("test", "conv2.weight.grad"),
    ("lenet", "conv1.downstream"),
    ("residual", "conv2.downstream"),
    ("residual", "conv1.output"),
]
DATA = re.compile(r'<script type="application/json" id="backlight">(.*?)</script>', re.DOTALL)

STYLE = re.compile(r"<style.*?</style>|<script>.*?</script>", re.DOTALL)


@dataclass(frozen=True)
class Secret:
    """Numbers that only the hidden array and its equals hold."""

    numbers: Array

    @cached_property
    def patterns(self) -> set[bytes]:
        """Their bytes, and all their digits."""
        found = {each.tobytes() for each in self.numbers}
        found |= {np.float64(each).tobytes() for each in self.numbers}
        found |= {str(abs(each)).encode() for each in self.numbers}
        return found | {repr(abs(float(each))).encode() for each in self.numbers}

    @cached_property
    def short(self) -> re.Pattern[bytes]:
        """Their digits as they are written in sentences and lists."""
        written = "|".join(re.escape(shown(each)) for each in self.numbers)
        return re.compile(rf"(?<![\d.])(?:{written})(?!\d)".encode())

    def told(self, sent: bytes) -> bool:
        """Whether something tells one of them."""
        return any(each in sent for each in self.patterns) or bool(self.short.search(sent))


def shown(number: float) -> str:
    return format_number(abs(float(number)))


@cache
def setting_of(preset: str) -> Setting:
    return replace(of_preset(preset), input_gradient=True)


@cache
def secret_of(preset: str, name: str) -> Secret:
    """Find numbers that stand nowhere else, whichever way they are written."""
    capture = execute(setting_of(preset)).capture
    arrays = list(placed(capture))
    wanted = dict(arrays)[name]
    cells = np.sort(wanted, axis=None)
    others = [a for _, a in arrays if not np.array_equal(np.sort(a, axis=None), cells)]
    elsewhere = np.unique(np.concatenate([np.abs(other.ravel()) for other in others]))
    taken = {shown(each) for each in elsewhere.tolist()}
    # Short digits, such as those of 0.25, may stand for anything.
    alone = [each for each in wanted.ravel() if shown(each) not in taken and len(shown(each)) > 4]
    alone.sort(key=abs, reverse=True)  # the largest is the peak that many a sentence tells
    return Secret(np.array(alone[:MOST_NUMBERS], wanted.dtype))


def questions(live: Answers) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield all that a browser can ask of a run, of every map its first cells."""
    yield "scene", {}
    yield "graph", {"tint": "1", "saved": "1", "attributes": "1"}
    yield "graph", {"collapsed": "1", "tint": "1"}
    yield "steps", {"step": "0"}
    yield "thumbnails", {"sample": "0"}
    for tensor in ("input", *(each.name for each in live.capture.parameters)):
        yield "canvas", {"tensor": tensor}
    for node in live.capture.nodes:
        yield "nodes", {"nodes": node.id}
        yield "proof", {"node": node.id}
        sent = read(answer(RUNS, live.setting, parse("nodes", {"nodes": node.id}))[0])
        for tab, page in sent["nodes"][node.id]["pages"].items():
            at = {"node": node.id, "page": tab}
            channel = (page["first_channels"] or [None])[0]
            seen = at if channel is None else {**at, "channel": str(channel)}
            yield "sums", seen
            for each in (each for row in page["rows"] for each in row if each["shape"]):
                yield "cells", {**at, "map": each["key"]}
                index = "x".join(str(size // 2) for size in each["shape"])
                yield "cell", {**at, "map": each["key"], "index": index}
                yield "check", {**seen, "map": each["key"], "typed": "1_2"}


def asked(setting: Setting, name: str, parts: dict[str, str]) -> bytes:
    try:
        return answer(RUNS, setting, parse(name, parts))[0]
    except Unanswerable as reason:
        return str(reason).encode()


def telling(preset: str, name: str, hidden: str, only: Collection[str] = ASKED) -> set[str]:
    """Return the questions, and the files, in which a number is told."""
    setting, secret = setting_of(preset), secret_of(preset, name)
    live = Answers(RUNS, setting, hidden=(hidden,) if hidden else ())
    found = {
        question
        for question, parts in questions(Answers(RUNS, setting))
        if question in only and secret.told(asked(setting, question, {**parts, "hidden": hidden}))
    }
    arrays = captured(live.capture)
    if any(secret.told(array.tobytes()) for array in arrays.values()):
        found.add("npz")
    if secret.told(cells_csv(arrays).encode()):
        found.add("csv")
    if secret.told(in_file(live)):
        found.add("page")
    return found


def in_file(live: Answers) -> bytes:
    """Return all that stands in a file without a server, unpacked."""
    text = offline_page(live, View(), "http://127.0.0.1/", "en", "backlight")
    (data,) = DATA.findall(text)
    held = json.loads(data)
    said = STYLE.sub("", text)
    packed = [*held["packets"].values(), *held["texts"].values()]
    return b"".join([said.encode(), *(zlib.decompress(base64.b64decode(each)) for each in packed)])


@pytest.mark.parametrize(("preset", "name"), CASES)
def test_nothing_tells_a_hidden_number_and_without_hiding_it_much_does(
    preset: str, name: str
) -> None:
    assert len(secret_of(preset, name).numbers)
    assert telling(preset, name, name) == set()
    most = {"scene", "nodes", "cells", "npz", "csv", "page"}
    assert most <= telling(preset, name, "", only=most)


def test_the_graph_and_the_thumbnails_tell_it_too_unless_it_is_hidden() -> None:
    everywhere = {"graph", "thumbnails"}
    assert everywhere <= telling("test", "conv2.downstream", "")


def test_a_question_about_a_hidden_map_is_refused_with_a_sentence() -> None:
    at = {"node": "n6", "page": "gradient 0", "map": "downstream", "hidden": "conv2.downstream"}
    for name in ("cells", "cell"):
        assert asked(setting_of("test"), name, at) == b"map: downstream is hidden here."
    upstream = {**at, "map": "upstream", "typed": "1"}
    refused = asked(setting_of("test"), "check", upstream)
    assert refused == b"map: upstream is not hidden here."


def test_the_search_asks_every_question_there_is() -> None:
    live = Answers(RUNS, setting_of("test"))
    assert {name for name, _parts in questions(live)} == set(ASKED)


def test_figures_and_lists_of_files_leave_hidden_arrays_out() -> None:
    setting, secret = setting_of("test"), secret_of("test", "conv2.downstream")
    for hidden, tells in (("", True), ("conv2.downstream", False)):
        view = View(node="n6", hidden=hidden)
        live = Answers(RUNS, setting, hidden=view.conceals)
        chosen, _complaints = choose(view, ("", ""), live, english)
        arrays = shown_arrays(captured(live.capture), chosen, inspector.rows(chosen))
        assert ("conv2.downstream" in arrays) is tells
        figure = profile_figure(Strip(live.capture, STRIP_TEXT)).to_json()
        assert secret.told(figure.encode()) is tells


def check(typed: str, **more: str) -> list[str]:
    at = {"node": "n6", "page": "gradient 0", "map": "downstream", "hidden": "conv2.downstream"}
    marks: list[str] = json.loads(
        asked(setting_of("test"), "check", {**at, **more, "typed": typed})
    )["marks"]
    return marks


def test_what_is_typed_is_graded_cell_by_cell_as_closely_as_the_largest_cell_asks() -> None:
    handed = execute(setting_of("test")).capture.layer("conv2").downstream[0]
    assert handed is not None
    for sample in (0, 1):
        true = handed[sample, 0]
        step = 0.005 * np.abs(true).max()
        texts = [f"{each:.6f}" for each in true.ravel()]
        assert check("_".join(texts), sample=str(sample)) == ["right"] * 16
        off = [f"{each + 0.9 * step:.9f}" for each in true.ravel()]
        assert check("_".join(off), sample=str(sample)) == ["right"] * 16
        wrong = [f"{each + 1.1 * step:.9f}" for each in true.ravel()]
        assert check("_".join(wrong), sample=str(sample)) == ["wrong"] * 16
    assert check("_x") == ["empty", "unreadable", *["empty"] * 14]


def test_only_the_cells_at_the_top_left_of_a_large_map_are_asked_for() -> None:
    setting = setting_of("lenet")
    handed = execute(setting).capture.layer("conv1").downstream[0]
    assert handed is not None
    node = execute(setting).capture.layer("conv1").nodes[0]
    typed = "_".join(f"{each:.9f}" for each in handed[0, 0, :5, :5].ravel())
    parts = {"node": node, "page": "gradient 0", "map": "downstream", "typed": typed}
    sent = json.loads(asked(setting, "check", {**parts, "hidden": "conv1.downstream"}))
    assert sent["marks"] == ["right"] * 25


@pytest.mark.parametrize(
    ("hidden", "sentence"),
    [
        ("conv9.upstream", "Nothing is hidden as conv9.upstream: this run has no such map."),
        ("conv1.weight", "conv1.weight cannot be hidden: it is given"),
        ("input", "input cannot be hidden: it is given"),
        ("conv1.input", "conv1.input cannot be hidden: it is given"),
    ],
)
def test_what_cannot_be_hidden_is_said(hidden: str, sentence: str) -> None:
    sent = read(asked(setting_of("test"), "scene", {"hidden": hidden}))
    ((said),) = sent["hidden"]
    assert said["name"] == hidden
    assert said["sentence"].startswith(sentence)
    shown_maps = [
        each
        for node in sent["nodes"].values()
        for page in node["pages"].values()
        for row in page["rows"]
        for each in row
    ]
    assert not any(each["hidden"] for each in shown_maps)


@pytest.mark.parametrize(
    "hidden", ["a,b,c,d,e", "<script>", "x" * 161, "conv1.output,", ",", "a;b", "a\nb"]
)
def test_a_text_that_names_no_maps_is_refused(hidden: str) -> None:
    said = asked(setting_of("test"), "scene", {"hidden": hidden}).decode()
    assert said.startswith("of.hidden: it must be at most four names of maps")
