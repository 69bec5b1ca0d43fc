"""The sums that are asked for later add up to the cells that a browser draws meanwhile."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from experiment.asking.questions import answer
from experiment.setting import Setting, of_preset
from models.presets import PRESETS
from tests.experiment.runs import RUNS, answers
from tests.viz.reading import drawn, read, sums
from viz.answering.questions import parse

ROUNDING = 1e-5
"""Of the sizes of all terms of a sum in float32: some hundred of them, each off by 6e-8."""

Maps = dict[str, dict[str, Any]]


def asked(setting: Setting, name: str, **parts: str) -> Any:
    return read(answer(RUNS, setting, parse(name, parts))[0])


def maps_of(shown: dict[str, Any]) -> Maps:
    return {each["key"]: each for row in shown["rows"] for each in row}


def check_sums(links: list[dict[str, Any]], maps: Maps, sample: int, channel: int | None) -> int:
    """Compare every sum that came with the cell that is drawn; return how many there were."""
    count = 0
    for key, found in sums(links, maps, sample, channel).items():
        cells = drawn(maps[key], sample, channel)
        assert found.keys() <= {*range(len(cells))}
        for cell, terms in found.items():
            rounding = ROUNDING * sum(map(abs, terms))
            assert sum(terms) == pytest.approx(float(cells[cell]), rel=ROUNDING, abs=rounding)
            count += 1
    return count


@pytest.mark.parametrize("preset", PRESETS)
def test_sums_add_up_to_what_is_drawn_of_every_node(preset: str) -> None:
    setting = of_preset(preset)
    scene, added = asked(setting, "scene"), 0
    for node, page in scene["nodes"].items():
        for tab, shown in page["pages"].items():
            sample = max(0, shown["samples"] - 1)
            parts = {"node": node, "page": tab, "sample": str(sample)}
            links = asked(setting, "sums", **parts)["links"]
            # What a layer's output is made of, only asking tells.
            if tab != "values" or not shown["sums"]:
                assert bool(links) == shown["sums"]
            if tab == "parameters":
                assert not links
            added += check_sums(links, maps_of(shown), sample, None)
    assert added > 5


def test_the_sums_of_a_channel_are_those_of_its_cells() -> None:
    setting = of_preset("lenet")
    scene = asked(setting, "scene")
    for node in ("n12", "n13", "n14", "n17"):
        shown = scene["nodes"][node]["pages"]["gradient 0"]
        maps = maps_of(shown)
        assert shown["channels"] > 1
        one = shown["channels"] - 1
        parts = {"node": node, "page": "gradient 0", "sample": "0"}
        links = asked(setting, "sums", **parts, channel=str(one))["links"]
        downstream = [link for link in links if link["from"] == "downstream"]
        cells = drawn(maps["downstream"], 0, one)
        assert check_sums(downstream, maps, 0, one) == len(cells)


def test_the_rule_stands_between_the_maps_and_an_arrow_shows_the_way() -> None:
    setting = of_preset("test")
    live, scene = answers(setting), asked(setting, "scene")
    upsampling = next(n for n in live.capture.nodes if n.name.startswith("Upsample"))
    rule = live.rule(upsampling)
    assert rule is not None
    pages = scene["nodes"][upsampling.id]["pages"]
    assert pages["gradient 0"]["between"] == [rule.sentence]
    assert pages["gradient 0"]["arrow"] == "backward"
    assert pages["values"]["between"] == []
    leaf = next(node for node in live.capture.nodes if node.is_leaf)
    stored = scene["nodes"][leaf.id]["pages"]["gradient 0"]
    assert (stored["between"], stored["arrow"], stored["sums"]) == ([], "", True)


# Single cells


def test_a_cell_is_answered_with_the_sum_that_it_is() -> None:
    setting = of_preset("test")
    live, scene = answers(setting), asked(setting, "scene")
    upsampling = next(n for n in live.capture.nodes if n.name.startswith("Upsample"))
    handed, arrived = upsampling.downstream[0], upsampling.upstream[0]
    assert handed is not None
    assert arrived is not None
    parts = {"node": upsampling.id, "page": "gradient 0", "sample": "1"}
    found = asked(setting, "cell", **parts, map="downstream", index="1x0x1x0")["answer"]
    assert (found["map"], found["index"]) == ("downstream", [1, 0, 1, 0])
    maps = maps_of(scene["nodes"][upsampling.id]["pages"]["gradient 0"])
    (terms,) = sums(found["links"], maps, 1, None).values()
    assert terms == {2: arrived[1, 0, 2:, :2].reshape(-1).tolist()}
    assert sum(terms[2]) == pytest.approx(float(handed[1, 0, 1, 0]))
    reached = asked(setting, "cell", **parts, map="upstream", index="1x0x0x3")["answer"]
    (link,) = reached["links"]
    assert link["cells"].tolist() == [1]
    assert link["places"].tolist() == [3]


def test_a_cell_behind_which_there_is_no_sum_has_no_answer() -> None:
    parts = {"node": "n1", "page": "parameters", "map": "value:fc.weight", "index": "0x0"}
    assert asked(of_preset("test"), "cell", **parts)["answer"] is None


def test_the_sum_of_a_number_is_asked_without_an_index() -> None:
    parts = {"node": "n0", "page": "gradient 0", "map": "upstream"}
    found = asked(replace(of_preset("test"), seed=1), "cell", **parts)["answer"]
    assert found["index"] == []
    assert found["links"] or found["note"]
