"""A collapsed graph is bounded, keeps its direction and loses no node."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

import flow
from flow.record import INPUT, LOSS, Capture, Edge
from tests.viz.captures import capture, chain_capture, node, small_capture
from viz.graphs.collapse import BOX_LIMIT, Collapse, collapse, node_ranges


def titles(collapsed: Collapse) -> list[str]:
    return [group.title for group in collapsed.groups]


def assert_whole_and_forward(collapsed: Collapse, run: Capture) -> None:
    """Every node is in exactly one group, and every arrow leads to a later group."""
    held = [name for group in collapsed.groups for name in group.nodes]
    assert sorted(held) == sorted(each.id for each in run.nodes)
    place = {group.id: index for index, group in enumerate(collapsed.groups)}
    assert len(place) == len(collapsed.groups)
    assert all(place[edge.source] < place[edge.target] for edge in collapsed.picture.edges)


def test_one_box_a_layer_with_the_models_own_operations_between() -> None:
    collapsed = collapse(small_capture())
    assert [box.label.split("\n") for box in collapsed.picture.nodes] == [
        ["input", "1 node"],
        ["fc1", "Linear", "1 node"],
        ["model", "relu", "1 node"],
        ["fc2", "Linear", "2 nodes"],
        ["loss", "mse_loss", "1 node"],
    ]
    ids = ["g-input", "g-fc1", "g-model", "g-fc2", "g-loss"]
    assert [box.id for box in collapsed.picture.nodes] == ids
    assert collapsed.picture.edges == tuple(
        Edge(source, target)
        for source, target in zip(reversed(ids[:-1]), reversed(ids[1:]), strict=True)
    )
    assert collapsed.by_layer


def test_a_box_selects_its_first_node_in_backward_order_that_is_no_leaf() -> None:
    groups = {group.title: group for group in collapse(small_capture()).groups}
    assert (groups["fc2"].node, groups["fc2"].nodes) == ("n1", ("n1", "n2"))
    assert (groups["fc2"].layer, groups["model"].layer) == ("fc2", "")
    assert (groups["input"].node, groups["input"].layer) == ("n5", INPUT)
    assert groups["loss"].layer == LOSS


def test_input_and_loss_have_their_own_colours() -> None:
    kinds = {box.id: (box.kind, box.fill) for box in collapse(small_capture()).picture.nodes}
    assert kinds["g-input"] == ("leaf", "lightblue")
    assert kinds["g-loss"] == ("output", "darkolivegreen1")
    assert kinds["g-fc1"] == ("function", "lightgrey")


class Around(nn.Module):
    """A block with an operation of its own after its layers, and a way around them."""

    def __init__(self) -> None:
        super().__init__()
        self.first = nn.Linear(3, 3)
        self.second = nn.Linear(3, 3)

    def forward(self, x: Tensor) -> Tensor:
        return torch.relu(self.second(torch.tanh(self.first(x)))) + x


def mean_of_squares(output: Tensor) -> Tensor:
    return (output**2).mean()


@pytest.mark.parametrize("limit", [1, 2, 3, 5, 8, 13, 100])
def test_arrows_point_forward_and_the_limit_holds_on_a_real_network(limit: int) -> None:
    shared = nn.Linear(3, 3)
    network = nn.Sequential(Around(), shared, Around(), shared, Around())
    with flow.run(network, torch.ones(2, 3), loss=mean_of_squares) as run:
        collapsed = collapse(run.capture, limit)
    assert_whole_and_forward(collapsed, run.capture)
    assert len(collapsed.groups) <= limit


def test_too_many_layers_are_grouped_by_shorter_paths_first() -> None:
    units = [f"block{block}.unit{unit}" for block in range(6) for unit in range(4)]
    names = [f"{unit}.{part}" for unit in units for part in "ab"]
    run = chain_capture(names)
    assert titles(collapse(run, 49)) == [*names, "loss"]
    assert titles(collapse(run, 48)) == [*units, "loss"]
    assert titles(collapse(run, 25)) == [*units, "loss"]
    assert titles(collapse(run, 24)) == [*(f"block{block}" for block in range(6)), "loss"]
    assert collapse(run, 49).by_layer
    assert not collapse(run, 48).by_layer


def test_a_path_that_holds_nearly_everything_is_divided_along_its_own_layers() -> None:
    names = ["stem", *(f"body.{index}" for index in range(40)), "head.a", "head.b"]
    # 44 boxes are too many for 12, the 4 of (stem, body, head, loss) are too few. The spare 8
    # go where layers were joined: body gets 1 + 39 * 8 // 40 = 8, so 5 layers a box; head 1.
    assert titles(collapse(chain_capture(names), 12)) == [
        "stem",
        *(f"body.{first} … body.{first + 4}" for first in range(0, 40, 5)),
        "head.a … head.b",
        "loss",
    ]


def test_layers_with_one_path_are_joined_evenly_with_their_neighbours() -> None:
    collapsed = collapse(chain_capture([str(index) for index in range(100)]), 5)
    assert titles(collapsed) == ["0 … 24", "25 … 49", "50 … 74", "75 … 99", "loss"]
    assert [len(group.nodes) for group in collapsed.groups] == [25, 25, 25, 25, 1]
    assert collapsed.groups[0].kind == "25 layers"
    assert collapsed.groups[0].node == "n76"


@pytest.mark.parametrize("count", [119, 120, 121, 2_000, 10_000])
def test_ten_thousand_nodes_stay_within_the_limit_and_none_is_lost(count: int) -> None:
    run = chain_capture([f"body.{index}" for index in range(count)])
    collapsed = collapse(run)
    assert len(collapsed.groups) <= BOX_LIMIT
    assert_whole_and_forward(collapsed, run)
    assert len(collapsed.groups) > BOX_LIMIT / 3
    again = collapse(run).picture
    assert [(box.id, box.label) for box in again.nodes] == [
        (box.id, box.label) for box in collapsed.picture.nodes
    ]
    assert again.edges == collapsed.picture.edges


def test_a_shared_parameter_stands_with_its_first_use_so_arrows_point_forward() -> None:
    nodes = [
        node("MseLossBackward0", LOSS, id="n0"),
        node("MulBackward0", "late", id="n1"),
        node("MulBackward0", "early", id="n2"),
        node("AccumulateGrad", "late", id="n3", parameter="early.w = late.w"),
    ]
    edges = [Edge("n1", "n0"), Edge("n2", "n1"), Edge("n3", "n1"), Edge("n3", "n2")]
    run = capture(nodes, edges)
    collapsed = collapse(run)
    assert {group.title: group.nodes for group in collapsed.groups}["early"] == ("n2", "n3")
    assert_whole_and_forward(collapsed, run)


def test_ids_are_safe_and_unique_whatever_the_layers_are_called() -> None:
    run = chain_capture(['a"b', "a b", "a:b", "ä" * 80, "a->b"])
    ids = [group.id for group in collapse(run).groups]
    assert ids[:3] == ["g-a_b", "g-a_b-2", "g-a_b-3"]
    assert len(set(ids)) == 6
    assert all(set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789_.-") for name in ids)


def test_long_names_lose_their_middle() -> None:
    run = chain_capture(["start." + "x" * 60 + ".end"])
    first = collapse(run).picture.nodes[0].label.split("\n")[0]
    assert len(first) <= 32
    assert first.startswith("start.xxx")
    assert first.endswith("xxx.end")


def test_a_graph_of_leaves_alone_is_one_box() -> None:
    run = capture([node("AccumulateGrad", "scale", id="n0", parameter="scale")], [])
    assert [group.nodes for group in collapse(run).groups] == [("n0",)]


@pytest.mark.parametrize(
    ("nodes", "ranges"),
    [
        ([], []),
        (["n3"], [[3, 3]]),
        (["n9", "n3", "n5", "n4"], [[3, 5], [9, 9]]),
        (["n1", "n3", "n5"], [[1, 1], [3, 3], [5, 5]]),
    ],
)
def test_node_ids_are_written_as_ranges(nodes: list[str], ranges: list[list[int]]) -> None:
    assert node_ranges(nodes) == ranges
