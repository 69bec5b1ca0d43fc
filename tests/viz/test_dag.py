"""The picture of a network: boxes, arrows, shapes, and what a screen reader hears."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ElementTree

import pytest

from viz.graphs.layout import LayoutTooLarge
from viz.graphs.network import DAG_TEXT, DagNode, dag_data, draw_dag

SVG = "{http://www.w3.org/2000/svg}"

SKIP = (
    DagNode("0", "input", shape="1\u00d74", state="input"),
    DagNode("1", "fc", ("Linear", "20 parameters"), ("0",), "1\u00d74"),
    DagNode("2", "add", ("Add",), ("1", "0"), "1\u00d74"),
    DagNode("3", "bad", ("Linear",), ("2",), "", "broken"),
    DagNode("4", "last", ("ReLU",), ("3",), "", "unknown"),
    DagNode("output", "output", (), ("4",), "", "output"),
)


def groups(nodes: tuple[DagNode, ...], kind: str) -> list[ElementTree.Element]:
    root = ElementTree.fromstring(draw_dag(nodes).svg)  # noqa: S314 - our own drawing
    return [group for group in root.iter(f"{SVG}g") if kind in group.get("class", "")]


def texts(group: ElementTree.Element) -> list[str]:
    return [(text.text or "").strip() for text in group.iter(f"{SVG}text")]


def test_every_box_has_its_name_and_its_lines() -> None:
    found = {group.get("id"): texts(group) for group in groups(SKIP, "node")}
    assert found == {f"layer-{node.id}": [node.name, *node.lines] for node in SKIP}


def test_every_arrow_goes_from_what_is_read_and_carries_its_shape() -> None:
    found = {(group.findtext(f"{SVG}title") or "", *texts(group)) for group in groups(SKIP, "edge")}
    assert found == {
        ("0->1", "1\u00d74"),
        ("1->2", "1\u00d74"),
        ("0->2", "1\u00d74"),
        ("2->3", "1\u00d74"),
        ("3->4",),
        ("4->output",),
    }


def test_a_box_that_reads_another_twice_gets_two_arrows() -> None:
    nodes = (DagNode("0", "input"), DagNode("1", "mul", reads=("0", "0")))
    assert len(groups(nodes, "edge")) == 2
    assert dag_data(draw_dag(nodes), nodes, "")["nodes"][1]["title"] == "mul, reads input, input"


def test_boxes_stand_from_left_to_right_in_the_order_of_reading() -> None:
    places = []
    for group in groups(SKIP, "node"):
        points = group.find(f"{SVG}polygon")
        assert points is not None
        numbers = re.findall(r"([-\d.]+),", points.get("points", ""))
        places.append(min(map(float, numbers)))
    assert places == sorted(places)


@pytest.mark.parametrize(
    "name", ["<script>alert(1)</script>", '"];x', "a\\nb", "&amp;", "<b>bold</b>", "한글"]
)
def test_a_name_is_data_and_stands_as_it_was_typed(name: str) -> None:
    nodes = (DagNode("0", name),)
    (group,) = groups(nodes, "node")
    assert texts(group) == [name]
    assert "<script" not in draw_dag(nodes).svg


def test_the_data_say_what_each_box_is() -> None:
    data = json.loads(json.dumps(dag_data(draw_dag(SKIP), SKIP, "3")))
    assert [node["title"] for node in data["nodes"]] == [
        "input, 1\u00d74",
        "fc, Linear, 20 parameters, reads input, 1\u00d74",
        "add, Add, reads fc, input, 1\u00d74",
        "bad, Linear, reads add, cannot work",
        "last, ReLU, reads bad, not reached",
        "output, reads last",
    ]
    assert [node["state"] for node in data["nodes"]] == [node.state for node in SKIP]
    assert data["chosen"] == "3"
    assert data["label"] == "The network, 6 boxes"


def test_every_word_can_be_translated() -> None:
    marked = {key: f"~{value}" for key, value in DAG_TEXT.items()}
    data = dag_data(draw_dag(SKIP), SKIP, "", marked)
    assert data["label"] == "~The network, 6 boxes"
    assert data["nodes"][3]["title"] == "bad, Linear, ~reads add, ~cannot work"


def test_a_network_that_would_take_too_long_is_not_laid_out() -> None:
    nodes = tuple(
        DagNode(str(place), "n", reads=tuple(map(str, range(place)))) for place in range(60)
    )
    with pytest.raises(LayoutTooLarge):
        draw_dag(nodes)
