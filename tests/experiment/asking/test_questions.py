"""What may be asked: bounded, refused in words, and answered alike by whoever is asked."""

from __future__ import annotations

import json
import multiprocessing
import pickle
import struct
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

import flow
from experiment.asking.answers import Answers
from experiment.asking.questions import answer
from experiment.running.runs import Runs
from experiment.setting import Setting, of_preset, with_network
from experiment.training.training import Training
from experiment.view import View
from models.presets.preset import layer
from models.spec import INPUT, ModelSpec
from tests.experiment.runs import RUNS, answers
from tests.viz.reading import drawn, read
from viz.answering.parameter import parameters
from viz.answering.questions import (
    ASKED,
    BEFORE,
    JSON,
    PACKET,
    Parts,
    Question,
    draws,
    parse,
)
from viz.answering.sent import Unanswerable
from viz.scene import map_page, node, whole
from viz.strip.steps import SENTENCE_LIMIT

TEST = of_preset("test")


def question(name: str, **parts: str) -> Question:
    return parse(name, parts)


def raw(setting: Setting, asked: Question, runs: Runs = RUNS) -> bytes:
    return answer(runs, setting, asked)[0]


def asked(setting: Setting, name: str, **parts: str) -> Any:
    found, media = answer(RUNS, setting, question(name, **parts))
    return read(found) if media == PACKET else json.loads(found)


def refused(setting: Setting, name: str, **parts: str) -> str:
    with pytest.raises(Unanswerable) as refusal:
        asked(setting, name, **parts)
    return str(refusal.value)


def deep(layers: int) -> Setting:
    """Return a network whose pass has four nodes a layer, and an array or two for each."""
    names = [INPUT, *(f"fc{place}" for place in range(layers))]
    spec = ModelSpec(
        name="Deep",
        layers=tuple(
            layer(name, "Linear", before, in_features=4, out_features=4)
            for before, name in pairwise(names)
        ),
    )
    return with_network(replace(of_preset("mlp"), input="random"), spec, (2, 4))


def broad() -> Setting:
    """Return a run of few nodes whose gradients have 2 million cells."""
    names = [INPUT, "conv1", "conv2"]
    layers = tuple(
        layer(name, "Conv2d", before, in_channels=8, out_channels=8, kernel_size=3, padding=1)
        for before, name in pairwise(names)
    )
    begun = replace(of_preset("lenet"), input="random", loss="sum")
    return with_network(begun, ModelSpec(name="Broad", layers=layers), (64, 8, 64, 64))


# Bounds


def test_a_deep_network_is_sent_its_first_node_or_the_asked_one() -> None:
    setting = deep(150)
    count = len(answers(setting).capture.nodes)
    scene = asked(setting, "scene")
    assert not scene["whole"]
    assert [*scene["nodes"]] == [scene["first"]]
    assert scene["count"] == count > 500
    assert len(scene["strip"]["boxes"]) > 150
    assert len(scene["steps"]["sentences"]) == min(SENTENCE_LIMIT, count)
    other = asked(setting, "scene", node="n300")
    assert [*other["nodes"]] == ["n300"]
    assert other["first"] == scene["first"]
    few = asked(setting, "nodes", nodes="n300,n2")["nodes"]
    assert [*few] == ["n300", "n2"]
    assert few["n300"].keys() == other["nodes"]["n300"].keys()


def test_no_scene_takes_more_than_is_allowed() -> None:
    for setting in (deep(150), deep(90), broad(), of_preset("attention")):
        found = raw(setting, question("scene"))
        assert len(found) <= whole.MOST_BYTES
        assert read(found)["whole"] == (setting.model == "attention")


def test_of_large_arrays_the_first_cells_are_sent_and_the_others_can_be_asked_for() -> None:
    setting = broad()
    capture = answers(setting).capture
    record = next(
        n for n in capture.nodes if n.upstream[0] is not None and n.upstream[0].size > 2**20
    )
    found = raw(setting, question("nodes", nodes=record.id))
    assert node.MOST_BYTES / 2 < len(found) < node.MOST_BYTES + 100_000
    (page,) = read(found)["nodes"].values()
    each = page["pages"]["gradient 0"]["rows"][0][1]
    array = record.upstream[0]
    assert array is not None
    assert len(each["values"]) < array.size
    assert each["values"].tobytes() == array.reshape(-1)[: len(each["values"])].tobytes()
    place = {"node": record.id, "page": "gradient 0", "map": "upstream"}
    start = 63 * each["strides"][0]
    more = asked(setting, "cells", **place, start=str(start), count=str(each["all"]["count"]))
    assert more["start"] == start
    assert more["values"].tobytes() == array[63].tobytes()
    end = asked(setting, "cells", **place, start=str(array.size - 2), count="400")
    assert end["values"].tolist() == array.reshape(-1)[-2:].tolist()


def test_a_picture_keeps_its_first_channels_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(map_page, "MOST_CELLS", 200)
    setting = replace(of_preset("lenet"), seed=5)
    shown = asked(setting, "nodes", nodes="n18")["nodes"]["n18"]["pages"]["gradient 0"]
    each = shown["rows"][0][0]
    assert each["shape"] == [1, 6, 12, 12]
    assert (each["all"]["tiles"], each["all"]["count"]) == (1, 144)
    assert each["all"]["note"] == "showing 1 of 6 channels"
    assert each["one"]["note"] == ""
    assert len(drawn(each, 0, 5)) == 144
    assert len(each["values"]) == 6 * 144


def test_one_array_is_written_once() -> None:
    found = raw(TEST, question("scene"))
    scene = read(found)
    maps = [
        each
        for page in scene["nodes"].values()
        for tab in page["pages"].values()
        for row in tab["rows"]
        for each in row
        if each["values"] is not None
    ]
    places = {each["values"].__array_interface__["data"][0] for each in maps}
    bias = [each for each in maps if each["key"] == "value:conv2.bias"]
    assert len({each["values"].__array_interface__["data"][0] for each in bias}) == 1
    assert len(bias) > 1
    assert len(places) < len(maps) / 2


# Refusals

HOSTILE = [
    ("scene", {"node": "n99"}, "node: n99 does not exist, the last of this run is n12."),
    ("scene", {"node": "../n1"}, "of.node: it must be a node's id such as n5; `../n1` came."),
    ("nodes", {}, "`of.nodes`: the question nodes needs it."),
    ("nodes", {"nodes": "n1,n99"}, "node: n99 does not exist, the last of this run is n12."),
    (
        "nodes",
        {"nodes": ",".join(["n1"] * 65)},
        "of.nodes: it must be at most 64 ids of nodes such as n5,n6;",
    ),
    ("sums", {"node": "n9"}, "`of.page`: the question sums needs it."),
    (
        "sums",
        {"node": "n9", "page": "gradient 7"},
        "page: n9 has no gradient 7, but gradient 0, values, parameters.",
    ),
    ("sums", {"node": "n9", "page": "gradient -1"}, "of.page: it must be 'gradient 0' or so,"),
    (
        "sums",
        {"node": "n9", "page": "gradient 0", "sample": "2"},
        "sample: 2 does not exist, the last one here is 1.",
    ),
    (
        "sums",
        {"node": "n9", "page": "gradient 0", "sample": "-1"},
        "of.sample: it must be a whole number from 0 to 1000000; `-1` came.",
    ),
    (
        "sums",
        {"node": "n9", "page": "gradient 0", "sample": "NaN"},
        "of.sample: it must be a whole number from 0 to 1000000; `NaN` came.",
    ),
    (
        "sums",
        {"node": "n9", "page": "gradient 0", "channel": "1"},
        "channel: 1 does not exist, there are 1 to choose from here.",
    ),
    (
        "sums",
        {"node": "n9", "page": "gradient 0", "channel": "1" * 400},
        "of.channel: it must be 'all' or a whole number from 0 to 1000000;",
    ),
    (
        "cell",
        {"node": "n9", "page": "gradient 0", "map": "downstream", "index": "0x0x2x0"},
        "index: downstream has the shape [2, 1, 2, 2], which has no cell [0, 0, 2, 0].",
    ),
    (
        "cell",
        {"node": "n9", "page": "gradient 0", "map": "downstream", "index": "0x0"},
        "index: downstream has the shape [2, 1, 2, 2], which has no cell [0, 0].",
    ),
    (
        "cell",
        {"node": "n9", "page": "gradient 0", "map": "downstream", "index": "0x0x-1x0"},
        "of.index: it must be an index such as 0x1x3x3; `0x0x-1x0` came.",
    ),
    (
        "cell",
        {"node": "n9", "page": "gradient 0", "map": "__class__", "index": "0"},
        "map: there is no `__class__` here, but downstream, upstream.",
    ),
    (
        "cells",
        {"node": "n9", "page": "gradient 0", "map": "upstream", "start": "32"},
        "start: 32 is none of the 32 cells of upstream, which count from 0.",
    ),
    (
        "cells",
        {"node": "n9", "page": "gradient 0", "map": "upstream", "count": "9999999999"},
        "of.count: it must be a whole number from 1 to 524288; `9999999999` came.",
    ),
    ("proof", {"node": "n13"}, "node: n13 does not exist, the last of this run is n12."),
    ("steps", {"step": "13"}, "step: 13 does not exist, the last one is 12."),
    ("steps", {"step": "inf"}, "of.step: it must be a whole number from 0 to 1000000; `inf` came."),
    ("graph", {"tint": "yes"}, "of.tint: it must be 0 or 1; `yes` came."),
    ("graph", {"colour": "red"}, "`of.colour`: no question has such a part."),
    ("secrets", {}, "there is no question `secrets`, but scene, nodes, cells, sums, cell, check,"),
]


@pytest.mark.parametrize(("name", "parts", "sentence"), HOSTILE)
def test_what_does_not_exist_is_refused_in_words_and_nothing_is_computed(
    name: str, parts: dict[str, str], sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert len(answers(TEST).capture.nodes) == 13

    def never(*_given: object, **_named: object) -> None:
        raise AssertionError("this was computed")

    for way in ("table", "explain", "reach", "forward", "forward_reach", "check", "picture"):
        monkeypatch.setattr(flow.Run, way, never)
    said = refused(TEST, name, **parts)
    assert said == sentence if sentence.endswith(".") else said.startswith(sentence)


def test_what_cannot_be_read_is_refused_before_anything_runs() -> None:
    for name, parts, sentence in HOSTILE:
        if sentence.startswith(("of.", "`of.", "there is no question")):
            with pytest.raises(Unanswerable):
                question(name, **parts)


def test_the_parts_of_a_question_are_no_parts_of_an_experiment() -> None:
    known = {*parameters(Setting), *parameters(View), *parameters(Training)}
    assert not known & {BEFORE + part for part in parameters(Parts)}


def test_what_a_question_has_no_use_for_does_not_tell_it_apart() -> None:
    plain = question("proof", node="n4")
    assert question("proof", node="n4", sample="5", language="xx") == plain
    assert hash(plain) == hash(pickle.loads(pickle.dumps(plain)))  # noqa: S301 - we wrote it
    assert question("proof", node="n5") != plain


@pytest.mark.parametrize("language", ["xx", "../../etc", "", "ko\0", "de-XX", "a" * 10_000])
def test_an_unknown_language_is_english(language: str) -> None:
    assert question("scene", language=language) == question("scene")


def test_a_language_is_spoken_of_which_there_is_a_catalogue(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("viz.language.FOLDER", tmp_path)
    catalogue = tmp_path / "qaa" / "LC_MESSAGES" / "backlight.mo"
    catalogue.parent.mkdir(parents=True)
    catalogue.write_bytes(catalogue_of({"Proof": "증명", "input": "입력"}))
    assert question("scene", language="qaa-XX").parts.language == "qaa"
    strip = asked(TEST, "scene", language="qaa")["strip"]
    assert strip["boxes"][0]["name"] == "입력"
    assert strip["verdict"][0]["text"] == "Nothing vanishes here."


def catalogue_of(words: dict[str, str]) -> bytes:
    """Write a gettext catalogue: its head, where each text stands, and the texts."""
    pairs = sorted({"": "Content-Type: text/plain; charset=UTF-8\n", **words}.items())
    texts = [text.encode() for column in zip(*pairs, strict=True) for text in column]
    at, places = 28 + 8 * len(texts), []
    for text in texts:
        places += [len(text), at]
        at += len(text) + 1
    head = [0x950412DE, 0, len(pairs), 28, 28 + 8 * len(pairs), 0, 0]
    numbers = struct.pack(f"<{len(head) + len(places)}I", *head, *places)
    return numbers + b"".join(text + b"\0" for text in texts)


# Answers in words


def test_a_proof_says_each_comparison_and_where_the_gradient_went() -> None:
    live = answers(TEST)
    (upsampling,) = (n for n in live.capture.nodes if n.name.startswith("Upsample"))
    found, proof = live.proof(upsampling.id), asked(TEST, "proof", node=upsampling.id)
    assert proof["label"] == "Proof"
    assert [each["name"] for each in proof["checks"]] == [check.name for check in found.checks]
    states = {True: "passed", False: "failed", None: "skipped"}
    assert [each["state"] for each in proof["checks"]] == [
        states[check.passed] for check in found.checks
    ]
    assert [each["sentence"] for each in proof["checks"]] == [
        check.sentence for check in found.checks
    ]
    assert proof["checks"][0]["figures"].startswith("Δ ")
    assert proof["handovers"]["0"]["name"] == "= upstream of conv1"
    assert proof["handovers"]["0"]["figures"] == "Δ 0"
    assert proof["handovers"]["0"]["state"] == "passed"
    assert proof["line"] == "Checked in three ways, all agree."
    assert proof["handovers"]["0"]["line"] == "Checked in four ways, all agree."


def test_the_graph_is_drawn_as_it_is_asked_for() -> None:
    drawing = answers(TEST).graph("en", View(tint=True))
    found = asked(TEST, "graph", tint="1")
    assert found["svg"] == drawing["svg"]
    assert [each["id"] for each in found["nodes"]] == [each["id"] for each in drawing["nodes"]]
    assert found["legend"] == json.loads(json.dumps(drawing["legend"]))
    assert found["legend"] != asked(TEST, "graph")["legend"]
    assert found.keys() == {"svg", "nodes", "note", "legend"}


def test_the_sentences_around_a_late_step_are_asked_for() -> None:
    setting = deep(170)
    scene = asked(setting, "scene")
    assert scene["count"] > SENTENCE_LIMIT
    assert scene["steps"]["first"] == 0
    late = asked(setting, "steps", step=str(scene["count"] - 1))
    assert late["first"] > 0
    assert late["first"] + len(late["sentences"]) == scene["count"]
    overlap = scene["steps"]["sentences"][late["first"] :]
    assert late["sentences"][: len(overlap)] == overlap


# Whoever asks

SAME = [
    question("scene"),
    question("scene", changes="1"),
    question("nodes", nodes="n6,n9"),
    question("cells", node="n6", page="values", map="input0"),
    question("sums", node="n6", page="gradient 0", sample="1"),
    question("sums", node="n9", page="values"),
    question("cell", node="n9", page="gradient 0", map="downstream", index="1x0x1x0"),
    question("proof", node="n6"),
    question("graph", saved="1"),
    question("steps", step="3"),
]


def all_answers(setting: Setting, runs: Runs | None = None) -> list[bytes]:
    """Answer every question; picklable, so that another process can do it."""
    return [raw(setting, asked, runs or Runs()) for asked in SAME]


def test_threads_and_processes_answer_alike_to_the_bit() -> None:
    expected = all_answers(TEST)
    assert len({*expected}) >= len(SAME) - 1  # without changes by hand, they change no scene
    shared = Runs()
    with ThreadPoolExecutor(8) as pool:
        for found in pool.map(lambda _: all_answers(TEST, shared), range(8)):
            assert found == expected
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context) as pool:
        assert pool.submit(all_answers, TEST).result() == expected


def test_an_answer_is_kept_and_weighs_in_its_run() -> None:
    runs = Runs()
    live = Answers(runs, TEST)
    assert live.capture.nodes
    before = runs._shelf[TEST.key].size
    first = raw(TEST, question("scene"), runs)
    assert raw(TEST, question("scene"), runs) is first
    assert runs._shelf[TEST.key].size - before >= len(first)
    sums = question("sums", node="n6", page="gradient 0")
    assert raw(TEST, sums, runs) is raw(TEST, sums, runs)


def test_a_page_waits_for_what_holds_its_maps_alone() -> None:
    drawn_from = {"scene", "nodes", "cells", "canvas"}
    assert {name for name in ASKED if draws(Question(name))} == drawn_from


def test_every_answer_has_its_media_type() -> None:
    found = {asked.name: answer(RUNS, TEST, asked)[1] for asked in SAME}
    assert {name for name, media in found.items() if media == JSON} == {"proof", "graph", "steps"}
    assert {*found.values()} == {JSON, PACKET}
