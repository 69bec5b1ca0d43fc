"""What a browser draws from a scene is what was captured, under the words that stand there."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast, get_args

import numpy as np
import pytest

from experiment.asking.answers import Answers
from experiment.asking.questions import answer
from experiment.setting import Setting, of_preset
from flow.record import Array, Capture, NodeRecord
from models.cell_edits import Edits
from models.presets import PRESETS
from models.spec import INPUT
from tests.experiment.runs import RUNS, answers
from tests.viz.reading import drawn, read, start_of, tiling_of
from viz.answering.questions import parse
from viz.language import english
from viz.maps.heatmap import choices, tile
from viz.maps.rows import Map
from viz.scene import inspector
from viz.scene.finding import block_sums
from viz.scene.inspector import Chosen, Show
from viz.scene.node import FED


def sent(setting: Setting, name: str, **parts: str) -> Any:
    return read(answer(RUNS, setting, parse(name, parts))[0])


def captured(capture: Capture, node: NodeRecord, tab: str, key: str) -> Array | None:
    """Return the array that a map of this key stands for, found in the record itself."""
    layers = {each.name: each for each in capture.layers}
    owner = layers.get(node.layer)
    if key.startswith(("gradient:", "value:")):
        kind, _, name = key.partition(":")
        (record,) = (each for each in owner.parameters if each.name == name)  # type: ignore[union-attr]
        return record.gradient if kind == "gradient" else record.value
    if key == "downstream":
        return node.downstream[int(tab.split()[1])]
    if key == "value":
        return node.value
    if key.startswith("upstream"):
        live = [place for place, array in enumerate(node.upstream) if array is not None]
        place = int(key.removeprefix("upstream") or (live[0] if live else 0))
        return node.upstream[place]
    kind, place = key[:-1], int(key[-1])
    if owner is None:
        return capture.outputs[place]
    return (owner.inputs if kind == "input" else owner.outputs)[place]


def todays(live: Answers, node: str, tab: str, sample: int, channel: int | None) -> list[list[Map]]:
    """Return the maps as they are made for one choice."""
    show, _, part = tab.partition(" ")
    assert show in get_args(Show)
    record = live.capture.node(node)
    chosen = Chosen(
        live,
        live.capture,
        record,
        int(part or 0),
        sample,
        channel,
        cast(Show, show),
        english,
    )
    return inspector.rows(chosen)


@pytest.mark.parametrize("preset", PRESETS)
def test_whatever_is_chosen_the_browser_draws_the_captured_cells(preset: str) -> None:
    setting = of_preset(preset)
    live, scene = answers(setting), sent(setting, "scene")
    assert scene["whole"]
    assert [*scene["nodes"]] == [node.id for node in live.capture.nodes]
    looked_at = 0
    for id, page in scene["nodes"].items():  # noqa: A001
        node = live.capture.node(id)
        parts = [place for place, array in enumerate(node.downstream) if array is not None]
        assert [each["part"] for each in page["parts"]] == parts
        gradients = [f"gradient {part}" for part in parts or [0]]
        assert [*page["pages"]] == [*gradients, "values", "parameters"]
        for tab, shown in page["pages"].items():
            for sample in range(max(1, shown["samples"])):
                for channel in (None, *range(shown["channels"])):
                    expected = todays(live, id, tab, sample, channel)
                    assert [len(row) for row in shown["rows"]] == [len(row) for row in expected]
                    for row, maps in zip(shown["rows"], expected, strict=True):
                        for each, now in zip(row, maps, strict=True):
                            array = captured(live.capture, node, tab, each["key"])
                            check_map(each, now, array, sample, channel)
                            looked_at += 1
    assert looked_at > 5


def check_map(
    each: dict[str, Any], now: Map, array: Array | None, sample: int, channel: int | None
) -> None:
    words = ("key", "title", "subtitle", "group", "symbol")
    assert [each[name] for name in words] == [getattr(now, name) for name in words]
    if array is None:
        assert each["missing"] == now.missing
        assert each["values"] is each["all"] is each["one"] is each["shape"] is None
        return
    assert each["missing"] == ""
    assert each["shape"] == list(array.shape)
    offered = choices(array.shape, now.role)
    activation = now.role == "activation"
    assert each["samples"] == (offered.samples if activation else 0)
    assert each["channels"] == (offered.channels if activation and not now.together else 0)
    follows = activation and not now.together and channel is not None and channel < offered.channels
    tiles = tile(
        array.shape,
        now.role,
        sample if activation and sample < offered.samples else 0,
        channel if follows else None,
    )
    assert tiles == now.tiles
    assert start_of(each, sample, channel) == tiles.start
    layout = tiling_of(each, channel)
    for name in ("count", "tiles", "rows", "columns", "across"):
        assert layout[name] == getattr(tiles, name)
    assert layout["label_axes"] == list(tiles.label_axes)
    assert layout["note"] == ""
    cells = drawn(each, sample, channel)
    exact = array if array.dtype.kind == "f" else array.astype(np.float64)
    assert cells.tobytes() == tiles.block(exact).tobytes()


def test_the_words_of_a_node_are_the_inspectors() -> None:
    setting = of_preset("residual")
    live, scene = answers(setting), sent(setting, "scene")
    for id, page in scene["nodes"].items():  # noqa: A001
        node = live.capture.node(id)
        chosen = Chosen(live, live.capture, node, 0, 0, None, "gradient", english)
        assert page["title"] == inspector.title(chosen)
        assert page["subtitle"] == inspector.subtitle(chosen)
        assert page["order"] == int(id[1:]) + 1
        assert page["layer"] == node.layer
        assert page["first_part"] == inspector.default_part(node)
        for each in page["parts"]:
            assert each["label"] == inspector.part_label(chosen, each["part"])
        rule = live.rule(node)
        assert bool(page["formula"]) == (rule is not None)
    assert "<math" in scene["nodes"]["n5"]["formula"]


def test_who_handed_a_gradient_on_and_who_gets_it_stands_above_it() -> None:
    scene = sent(of_preset("test"), "scene")
    titles = {
        page["subtitle"].split(" · ")[-2]: [
            each["title"] for each in page["pages"][f"gradient {page['first_part']}"]["rows"][0]
        ]
        for page in scene["nodes"].values()
    }
    assert titles["MseLossBackward0"] == ["Handed on to fc", "Where it starts: ∂L/∂L = 1"]
    assert titles["UpsampleNearest2DBackward0"] == ["Handed on to conv1", "Arrives from conv2"]


# What a scene holds besides


def test_the_strip_has_every_box_and_the_steps_every_sentence() -> None:
    setting = of_preset("test")
    scene = sent(setting, "scene")
    capture = answers(setting).capture
    assert scene["count"] == len(capture.nodes) == len(scene["steps"]["sentences"])
    assert scene["first"] in scene["nodes"]
    leaves = [each.name for each in capture.layers if each.leaf]
    named = [box["name"] for box in scene["strip"]["boxes"]]
    assert named[0] == "input"
    assert named[-1] == "loss"
    assert [name for name in named if name in leaves] == leaves
    assert "colours" not in scene["steps"]
    assert scene["theme"]["accent"].startswith("#")
    assert scene["theme"]["light"].shape == ((2 * scene["theme"]["half"] + 1) * 4,)


def test_the_finding_is_said_at_its_two_layers_where_it_holds_to_the_last_bit() -> None:
    setting = of_preset("test")
    finding = sent(setting, "scene")["finding"]
    found = block_sums(answers(setting).capture)
    assert found is not None
    assert found.difference == 0
    assert finding["layers"] == ["upsample", "conv1"]
    assert finding["sentence"].endswith("to the last bit.")
    assert sent(of_preset("lenet"), "scene")["finding"] is None


# Changes by hand


def test_what_can_be_changed_by_hand_stands_on_the_tabs_that_show_it() -> None:
    assert FED == INPUT
    setting = replace(of_preset("test"), input_gradient=True)
    live, scene = answers(setting), sent(setting, "scene")
    hands = {
        node.parameter or node.layer: scene["nodes"][node.id]["hand"] for node in live.capture.nodes
    }
    assert {len(hand["gradient"]) for hand in hands.values()} == {0}
    assert hands["(input)"] == {"gradient": [], "values": ["input"], "parameters": ["input"]}
    weight = ["conv2.weight"]
    assert hands["conv2.weight"] == {"gradient": [], "values": weight, "parameters": weight}
    assert hands["conv2"]["values"] == []
    assert hands["conv2"]["parameters"][0] == "conv2.weight"
    assert hands["(loss)"] == {"gradient": [], "values": [], "parameters": []}


def test_changes_follow_each_row_where_they_are_asked_for() -> None:
    plain = of_preset("test")
    setting = replace(plain, edits=Edits().with_cells("conv2.weight", {3: 0.5}))
    now, before = answers(setting).capture, answers(plain).capture
    without, asked = sent(setting, "scene"), sent(setting, "scene", changes="1")
    assert sent(plain, "scene", changes="1")["nodes"].keys() == asked["nodes"].keys()
    differing = 0
    for id, page in asked["nodes"].items():  # noqa: A001
        for tab, shown in page["pages"].items():
            rows = without["nodes"][id]["pages"][tab]["rows"]
            maps = [each for row in shown["rows"] for each in row]
            changes = [each for each in maps if each["key"].startswith("change:")]
            assert [each["key"] for each in maps if each not in changes] == [
                each["key"] for row in rows for each in row
            ]
            for each in changes:
                key = each["key"].removeprefix("change:")
                arrays = [captured(run, run.node(id), tab, key) for run in (now, before)]
                if None in [None if array is None else 1 for array in arrays]:
                    assert each["missing"]
                    continue
                difference = arrays[0] - arrays[1]  # type: ignore[operator]
                if difference.size and each["values"] is not None:
                    assert each["values"].tobytes() == difference.tobytes()
                    assert each["title"].startswith("Δ ")
                    differing += bool(difference.any())
    assert differing > 5
    weight = next(node.id for node in now.nodes if node.parameter == "conv2.weight")
    (_row, (_gradient, value)) = asked["nodes"][weight]["pages"]["gradient 0"]["rows"]
    assert np.flatnonzero(value["values"]).tolist() == [3]
