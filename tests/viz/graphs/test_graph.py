"""The drawn SVG holds exactly the boxes, arrows, labels and colours of the picture."""

from __future__ import annotations

import json
from collections import Counter

import numpy as np
import pytest
import torch
from torch import Tensor, nn

import flow
from flow.record import Capture, Edge, GraphPicture
from tests.viz.captures import (
    capture,
    chain_capture,
    fan_in_edges,
    node,
    picture,
    small_capture,
)
from tests.viz.graphs.read_drawing import SVG, Drawn, parse
from viz.front_code import FOLDER
from viz.graphs.autograd import GRAPH_TEXT, Drawing, DrawOptions, draw, graph_data
from viz.graphs.layout import Layout, LayoutTimeout, lay_out
from viz.graphs.tint import GREY, PALE
from viz.theme import ACCENT, NON_FINITE

pytestmark = pytest.mark.filterwarnings(
    "ignore:distutils Version classes:DeprecationWarning"  # torchviz's own import
)
VIEW = FOLDER / "graph"


def assert_shows(drawing: Drawing, expected: GraphPicture) -> None:
    drawn = Drawn(drawing.svg)
    assert set(drawn.labels) == {box.id for box in expected.nodes}
    assert drawn.edges == Counter(f"{edge.source}->{edge.target}" for edge in expected.edges)


def mean_of_squares(output: Tensor) -> Tensor:
    return (output**2).mean()


class Residual(nn.Module):
    """A convolution with a way around it."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(1, 1, 3, padding=1)
        self.norm = nn.BatchNorm2d(1)

    def forward(self, x: Tensor) -> Tensor:
        return torch.relu(x + self.norm(self.conv(x)))


@pytest.mark.parametrize("saved", [False, True])
def test_boxes_and_arrows_are_those_of_the_picture_on_a_real_network(saved: bool) -> None:
    network = nn.Sequential(Residual(), Residual(), nn.Flatten(), nn.Linear(4, 1))
    inputs = torch.arange(8.0).reshape(2, 1, 2, 2)
    with flow.run(network, inputs, loss=mean_of_squares) as run:
        expected = run.picture(saved=saved, attributes=saved)
        drawing = draw(expected, run.capture)
    assert_shows(drawing, expected)
    assert not drawing.collapsed
    shown = Drawn(drawing.svg).labels
    for box in expected.nodes:
        written = box.label.split("\n")
        assert shown[box.id].split("\n") == [line for line in written if line]


HOSTILE_LABELS = [
    'say "hello"',
    "<script>alert(1)</script>",
    "<b>bold</b>",
    r"back\slash \N \G \l \n",
    "ends with \\",
    "&amp; &lt; &#65; R&D",
    "Gewicht_ä 重み ∂L/∂x 🙂",
    "a -> b [label=x]; }",
    "node",
    "]]> --> <!-- ",
]


@pytest.mark.parametrize("label", HOSTILE_LABELS)
def test_labels_are_shown_as_written(label: str) -> None:
    expected = picture([Edge("v1", "n0", "leaf")], {"v1": f"{label}\n (1, 2)", "n0": label})
    drawing = draw(expected, small_capture())
    assert Drawn(drawing.svg).labels == {"v1": f"{label}\n (1, 2)", "n0": label}


def test_characters_that_xml_cannot_hold_are_shown_as_replaced() -> None:
    expected = picture([Edge("v1", "n0", "leaf")], {"v1": "a\x00b\x1b\ud800c"})
    assert Drawn(draw(expected, small_capture()).svg).labels["v1"] == "a\ufffdb\ufffd\ufffdc"


def test_colours_and_lines_are_torchvizs() -> None:
    edges = [
        Edge("n0", "o0", "output"),
        Edge("b0", "o0", "view"),
        Edge("n1", "n0"),
        Edge("v1", "n1", "leaf"),
        Edge("n0", "s0", "saved"),
    ]
    drawn = Drawn(draw(picture(edges), small_capture()).svg)
    assert drawn.fills == {
        "n0": "lightgrey",
        "n1": "lightgrey",
        "v1": "lightblue",
        "s0": "orange",
        "o0": "#caff70",
        "b0": "#a2cd5a",
    }
    heads = {"n0->o0": 1, "b0->o0": 1, "n1->n0": 1, "v1->n1": 1, "n0->s0": 0}
    assert drawn.heads == heads
    assert drawn.dotted == {"b0->o0"}


def test_the_same_picture_gives_the_same_bytes() -> None:
    expected = picture(small_capture().edges)
    assert draw(expected, small_capture()).svg == draw(expected, small_capture()).svg


def test_the_label_font_is_one_whose_widths_the_engine_knows() -> None:
    svg = draw(picture(small_capture().edges), small_capture()).svg
    fonts = {part.get("font-family") for part in parse(svg).iter(f"{SVG}text")}
    assert fonts <= {"Courier", "Courier,monospace"}


def test_every_label_fits_its_box() -> None:
    """A Courier character is 0.6 of the font size wide."""
    with flow.run(Residual(), torch.ones(1, 1, 2, 2), loss=mean_of_squares) as run:
        svg = draw(run.picture(saved=True, attributes=True), run.capture).svg
    for part in parse(svg).iter(f"{SVG}g"):
        if not part.get("class", "").startswith("node"):
            continue
        shape = part.find(f"{SVG}polygon")
        assert shape is not None
        xs = [float(point.split(",")[0]) for point in shape.get("points", "").split()]
        longest = max(len(text.text or "") for text in part.findall(f"{SVG}text"))
        assert longest * 6 <= max(xs) - min(xs) + 0.5


def test_a_saved_leaf_does_not_turn_the_picture_upside_down() -> None:
    edges = [Edge("n1", "n0"), Edge("v1", "n1", "leaf"), Edge("n0", "v1", "saved")]
    svg = draw(picture(edges), small_capture()).svg
    heights = {}
    for part in parse(svg).iter(f"{SVG}text"):
        heights[part.text] = float(part.get("y", "nan"))
    assert heights["v1"] < heights["n1"] < heights["n0"]


def test_the_tint_runs_on_a_log_scale_from_pale_to_accent() -> None:
    peaks = {"n0": [1e-8], "n1": [1e-4], "n2": [1.0], "n3": [0.0], "n4": None, "n5": [np.nan]}
    names = [node("AddBackward0", "", cells, name) for name, cells in peaks.items()]
    edges = [Edge(f"n{index}", f"n{index - 1}") for index in range(1, 6)]
    drawing = draw(picture(edges), capture(names, edges), DrawOptions(tint=True))
    fills = {name: str(fill) for name, fill in Drawn(drawing.svg).fills.items()}
    assert fills["n0"] == PALE
    assert fills["n2"] == ACCENT
    assert fills["n3"] == fills["n4"] == GREY
    assert fills["n5"] == NON_FINITE
    # 1e-4 is half way between 1e-8 and 1 on a log scale: the mean of both colours.
    halves = [int(fills["n1"][place : place + 2], 16) for place in (1, 3, 5)]
    assert halves == pytest.approx([(0xEC + 0x5B) / 2, (0xE8 + 0x3D) / 2, (0xFE + 0xF5) / 2], abs=1)
    assert Drawn(drawing.svg).inks["n2"] == "#ffffff"
    assert "from 1e−8 (pale) to 1 (full)" in drawing.legend.fill
    assert (drawing.legend.stops[0], drawing.legend.stops[-1]) == (PALE, ACCENT)


def test_tinting_changes_fills_only() -> None:
    expected = picture(small_capture().edges)
    plain = draw(expected, small_capture())
    tinted = draw(expected, small_capture(), DrawOptions(tint=True))
    assert_shows(tinted, expected)
    assert Drawn(tinted.svg).labels == Drawn(plain.svg).labels
    assert Drawn(tinted.svg).fills["v2"] == "lightblue"
    assert (plain.legend.fill, plain.legend.stops) == ("", ())


def test_every_box_says_what_it_is_and_which_node_it_selects() -> None:
    edges = [*small_capture().edges, Edge("n1", "s0", "saved")]
    labels = {"v2": "fc2.bias\n (1)", "o0": "\n ()", "s0": "mat1\n (2, 3)"}
    boxes = {box.id: box for box in draw(picture(edges, labels), small_capture()).boxes}
    assert list(boxes) == ["n0", "n1", "n2", "n3", "n4", "n5", "o0", "s0", "v2", "v5"]
    assert boxes["n1"].title == "AddmmBackward0, layer fc2, node 2 of 6"
    assert (boxes["n1"].node, boxes["n1"].order, boxes["n1"].peak) == ("n1", 2, "0.1")
    assert boxes["n1"].shape == "2\N{MULTIPLICATION SIGN}1"
    assert boxes["n2"].name == "AccumulateGrad fc2.bias"
    assert boxes["n3"].title == "ReluBackward0, layer model, node 4 of 6"
    assert boxes["v2"].title == "leaf tensor fc2.bias, shape 1"
    assert (boxes["v2"].node, boxes["o0"].node, boxes["s0"].node) == ("n2", "n0", "n1")
    assert boxes["s0"].name == "saved tensor mat1 (2, 3)"
    assert boxes["n0"].layer == "(loss)"


def test_a_layout_that_takes_too_long_is_drawn_by_layer_and_says_so() -> None:
    calls = []

    def slow_once(source: str, timeout: float) -> Layout:
        calls.append(timeout)
        if len(calls) == 1:
            raise LayoutTimeout("too long")
        return lay_out(source, timeout)

    options = DrawOptions(timeout=600.0)
    drawing = draw(picture(small_capture().edges), small_capture(), options, slow_once)
    assert calls == [600.0, 600.0]
    assert drawing.collapsed
    assert drawing.note == (
        "The full graph of 9 nodes takes too long to lay out, so it is collapsed by layer."
    )
    assert set(Drawn(drawing.svg).labels) == {"g-input", "g-fc1", "g-model", "g-fc2", "g-loss"}


def test_no_time_at_all_stops_even_the_smallest_collapsed_picture() -> None:
    with pytest.raises(LayoutTimeout):
        draw(picture(small_capture().edges), small_capture(), DrawOptions(timeout=1e-6))


def dense_capture(length: int) -> Capture:
    """Make a block in which every node reads all earlier ones, three nodes a layer."""
    nodes = [
        node("AddBackward0", f"block.{(length - 1 - place) // 3}", [1.0], f"n{place}")
        for place in range(length)
    ]
    return capture(nodes, fan_in_edges(length))


def test_a_dense_block_is_over_the_budget_and_drawn_by_layer_without_a_try() -> None:
    dense = dense_capture(60)
    drawing = draw(picture(dense.edges), dense)
    assert drawing.collapsed
    assert "60 nodes takes too long" in drawing.note
    # 20 layers, each read by all later ones.
    assert len(Drawn(drawing.svg).labels) == 20
    assert len(Drawn(drawing.svg).edges) == 20 * 19 // 2


def test_a_collapsed_picture_that_is_still_too_dense_gets_fewer_boxes() -> None:
    dense = dense_capture(150)
    drawing = draw(picture(dense.edges), dense)
    assert len(drawing.boxes) == 25
    assert drawing.note.endswith("collapsed into 25 blocks of layers.")


def test_what_torchviz_could_not_draw_is_drawn_collapsed() -> None:
    deep = chain_capture([f"body.{index}" for index in range(2_000)])
    drawing = draw(None, deep)
    assert drawing.note == (
        "The full graph of 2,001 nodes is too deep for torchviz, so it is collapsed"
        f" into {len(drawing.boxes)} blocks of layers."
    )
    held = [
        number
        for box in drawing.boxes
        for low, high in box.ranges
        for number in range(low, high + 1)
    ]
    assert sorted(held) == list(range(2_001))


def test_collapsing_on_request_makes_no_excuse() -> None:
    drawing = draw(picture(small_capture().edges), small_capture(), DrawOptions(collapsed=True))
    assert drawing.note == "Collapsed by layer."


def test_the_browser_gets_a_drawing_as_json() -> None:
    drawing = draw(picture(small_capture().edges), small_capture(), DrawOptions(tint=True))
    data = json.loads(json.dumps(graph_data(drawing), allow_nan=False))
    assert data["svg"] == drawing.svg
    assert data["legend"]["arrows"] == drawing.legend.arrows
    assert [row["id"] for row in data["nodes"]] == [box.id for box in drawing.boxes]


def test_every_sentence_can_be_translated() -> None:
    marked = {key: f"~{value}" for key, value in GRAPH_TEXT.items()}
    options = DrawOptions(collapsed=True, tint=True, text=marked)
    drawing = draw(picture(small_capture().edges), small_capture(), options)
    assert drawing.note.startswith("~")
    assert drawing.legend.fill.startswith("~")
    assert drawing.legend.arrows.startswith("~")
    assert all(box.title.startswith("~") for box in drawing.boxes)
    assert all(box.help.startswith("~") for box in drawing.boxes)
    full = draw(picture(small_capture().edges), small_capture(), DrawOptions(text=marked))
    assert {key.says[0] for key in full.legend.keys} == {"~"}
    assert all(box.help.startswith("~") for box in full.boxes)


def test_a_picture_with_unknown_nodes_is_drawn_without_a_selection() -> None:
    drawing = draw(picture([Edge("n8", "n7")]), small_capture())
    assert [(box.id, box.node, box.order) for box in drawing.boxes] == [
        ("n8", "", 0),
        ("n7", "", 0),
    ]
