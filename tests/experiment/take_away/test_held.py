"""A file without a server: which answers of a run it holds, and what is said of the others."""

from __future__ import annotations

import base64
import json
import re
import zlib
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from experiment import source
from experiment.asking.answers import Answers
from experiment.asking.questions import answer
from experiment.running.runs import Runs
from experiment.setting import Setting, of_preset
from experiment.take_away.offline import offline_page
from experiment.view import View
from models.own import Given, Own
from models.presets import PRESETS
from tests.experiment.runs import RUNS, answers
from tests.viz.reading import drawn, read
from viz.answering.questions import parse

LARGEST = 1_000_000
"""Bytes of a file."""
DATA = re.compile(r'<script type="application/json" id="backlight">(.*?)</script>', re.DOTALL)
HOSTILE = "</script><!--<img src=x onerror=alert(1)>"


def written(live: Answers, view: View) -> str:
    return offline_page(live, view, "http://127.0.0.1:8501/", "en", "backlight")


class File:
    """What stands in the file of a setting."""

    def __init__(self, setting: Setting, view: View | None = None) -> None:
        self.setting = setting
        self.text = written(answers(setting), view or View())
        (found,) = DATA.findall(self.text)
        self.data = json.loads(found)
        self.answers = {
            question: zlib.decompress(base64.b64decode(packed))
            for kind in ("packets", "texts")
            for question, packed in self.data[kind].items()
        }

    @property
    def scene(self) -> Any:
        (found,) = (each for each in self.answers if each.startswith("scene "))
        return read(self.answers[found])

    def of(self, name: str) -> list[dict[str, str]]:
        """Return the parts of all questions of a name."""
        parts = re.compile(r" (\w+)=")
        found = []
        for question in self.answers:
            if question.split()[0] == name:
                split = parts.split(question)[1:]
                found.append(dict(zip(split[::2], split[1::2], strict=True)))
        return found

    def asked(self, name: str, **parts: str) -> bytes:
        """Return what a server answers."""
        return answer(RUNS, self.setting, parse(name, parts))[0]


LARGE = replace(of_preset("unet"), input_shape=(1, 1, 256, 256), input="random")


@pytest.mark.parametrize("preset", PRESETS)
def test_the_file_of_a_preset_holds_every_node_and_what_a_server_would_answer(preset: str) -> None:
    file = File(of_preset(preset))
    assert len(file.text.encode()) < LARGEST
    nodes = [node.id for node in answers(file.setting).capture.nodes]
    assert [*file.scene["nodes"]] == nodes
    assert [parts["node"] for parts in file.of("proof")] == nodes
    assert file.answers["graph"] == file.asked("graph")
    for name in ("proof", "sums"):
        for parts in file.of(name):
            question = " ".join([name, *sorted(f"{key}={text}" for key, text in parts.items())])
            assert file.answers[question] == file.asked(name, **parts)


def seen_first(page: dict[str, Any], sample: int) -> str:
    """The channel of a sample that is seen first; empty for all."""
    channel = page["first_channels"][sample] if page["first_channels"][sample:] else None
    return "" if channel is None else str(channel)


@pytest.mark.parametrize("preset", ["test", "lenet", "unet"])
def test_all_sums_of_a_small_run_are_in_its_file(preset: str) -> None:
    file = File(of_preset(preset))
    wanted = {
        (node, tab, str(sample), seen_first(shown, sample))
        for node, page in file.scene["nodes"].items()
        for tab, shown in page["pages"].items()
        if shown["sums"]
        for sample in range(max(1, shown["samples"]))
    }
    held = {
        (parts["node"], parts["page"], parts["sample"], parts.get("channel", ""))
        for parts in file.of("sums")
    }
    assert held >= wanted


def test_where_sums_are_too_large_what_is_shown_comes_first() -> None:
    plain = File(of_preset("dilated_blocks"))
    held = [parts["node"] for parts in plain.of("sums")]
    (lacking, *_) = (
        node
        for node, page in plain.scene["nodes"].items()
        if page["pages"]["values"]["sums"] and node not in held
    )
    shown = File(plain.setting, View(node=lacking, show="values"))
    assert {"node": lacking, "page": "values", "sample": "0"} in shown.of("sums")
    assert shown.data["view"]["node"] == lacking
    assert len(shown.text.encode()) < LARGEST


def test_the_file_of_a_large_run_holds_what_is_shown_and_says_so() -> None:
    file = File(LARGE, View(node="n9", channel=2))
    assert len(file.text.encode()) < LARGEST
    assert [*file.scene["nodes"]] == ["n9"]
    assert file.of("nodes") == []
    assert file.of("sums") == [{"node": "n9", "page": "gradient 0", "sample": "0", "channel": "2"}]
    sentence = file.data["refusals"]["nodes"]
    assert "holds one node: n9 MaxUnpool2DBackward0 unpool1." in sentence
    node = answers(LARGE).capture.node("n9")
    wanted = {"upstream": node.upstream[0], "downstream": node.downstream[0]}
    maps = {
        each["key"]: each
        for row in file.scene["nodes"]["n9"]["pages"]["gradient 0"]["rows"]
        for each in row
    }
    for parts in file.of("cells"):
        question = " ".join(["cells", *sorted(f"{key}={text}" for key, text in parts.items())])
        cells, array = read(file.answers[question]), wanted.pop(parts["map"])
        assert array is not None
        assert np.array_equal(cells["values"], array[0, 2].reshape(-1))
        assert len(drawn(maps[parts["map"]], 0, 2)) < cells["values"].size
    assert wanted == {}


def test_what_is_shown_of_a_large_run_and_has_no_room_is_not_in_its_file() -> None:
    file = File(LARGE, View(node="n9", channel="all"))
    assert len(file.text.encode()) < LARGEST
    assert [parts["map"] for parts in file.of("cells")] == ["downstream"]


def test_the_file_begins_with_what_exists_and_nothing_is_being_changed() -> None:
    asked = View(node="n900", sample=7, channel=9, part=4, hand="input", plane=(0,), editing=True)
    begins = File(of_preset("test"), asked).data["view"]
    assert begins == {
        **View(node="n9", part=0).plain(),
        "node": File(of_preset("test")).scene["first"],
    }
    assert File(of_preset("test"), View(step=3)).data["view"]["step"] == 3
    assert File(of_preset("test"), View(step=3)).data["view"]["node"] == "n3"


def test_changes_by_hand_are_shown_where_they_are_shown_in_the_app() -> None:
    edited = replace(of_preset("test"), edits=of_preset("test").edits.with_cells("input", {0: 5.0}))
    file = File(edited, View(compare=True))
    node = file.data["view"]["node"]
    assert file.answers[f"scene node={node}"] == file.asked("scene", node=node, changes="1")
    assert file.answers[f"scene node={node}"] != file.asked("scene", node=node)


def test_hostile_names_of_a_network_stay_in_the_data(monkeypatch: pytest.MonkeyPatch) -> None:
    network = nn.Sequential()
    network.add_module(HOSTILE.replace(".", ""), nn.Linear(2, 2))
    own = Own(HOSTILE, (Given((1, 2)),), maker=lambda: network)
    monkeypatch.setattr(source, "configured", lambda: own)
    torch.manual_seed(0)
    text = written(Answers(Runs(), of_preset(source.OWN)), View())
    assert "<img" not in text
    assert text.lower().count("<script") == text.lower().count("</script") == 2
    assert text.count("<!--") == 0
    (found,) = DATA.findall(text)
    assert json.loads(found)["packets"]
    assert "&lt;img src=x onerror=alert(1)&gt;" in text
