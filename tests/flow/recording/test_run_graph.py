"""The drawn graph is torchviz's: the same boxes, the same arrows, the same labels."""

from __future__ import annotations

from collections import Counter

import pytest
import torch
from torch import Tensor, nn

import flow
from flow import Run
from flow.record import Edge
from tests.flow.networks import CASES, Branches, Case, Pair, chain, squared_mean
from tests.flow.words.drawn import drawn_by_torchviz, owners_of_saved

pytestmark = pytest.mark.filterwarnings(
    "ignore:distutils Version classes are deprecated:DeprecationWarning"  # torchviz asks them
)


def run_case(case: Case) -> Run:
    return flow.run(case.build(), case.input(), loss=squared_mean)


def arrows(edges: tuple[Edge, ...]) -> list[tuple[str, str, str]]:
    """Edges as torchviz styles them, saved tensors named after the node that saved them."""
    renamed = owners_of_saved(edges)
    return [
        (
            renamed.get(edge.source, edge.source),
            renamed.get(edge.target, edge.target),
            edge.kind if edge.kind in ("saved", "view") else "",
        )
        for edge in edges
    ]


def assert_edges_are_torchvizs(run: Run) -> None:
    assert Counter(arrows(run.capture.edges)) == Counter(drawn_by_torchviz(run).arrows)


def assert_picture_is_torchvizs(run: Run, *, saved: bool, attributes: bool) -> None:
    """The same boxes, labels, colours and arrows in the same order, so the same layout."""
    picture = run.picture(saved=saved, attributes=attributes)
    expected = drawn_by_torchviz(run, saved=saved, attributes=attributes)
    renamed = owners_of_saved(picture.edges)
    assert arrows(picture.edges) == expected.arrows
    assert [
        (renamed.get(node.id, node.id), (node.label, node.fill)) for node in picture.nodes
    ] == list(expected.boxes.items())


@pytest.mark.parametrize("name", CASES)
def test_edges_are_those_make_dot_draws(name: str) -> None:
    assert_edges_are_torchvizs(run_case(CASES[name]))


@pytest.mark.parametrize("saved", [False, True])
@pytest.mark.parametrize("attributes", [False, True])
@pytest.mark.parametrize("name", CASES)
def test_pictures_have_the_boxes_arrows_and_labels_of_make_dot(
    name: str, saved: bool, attributes: bool
) -> None:
    assert_picture_is_torchvizs(run_case(CASES[name]), saved=saved, attributes=attributes)


@pytest.mark.parametrize("name", CASES)
def test_node_ids_count_in_execution_order_and_name_the_live_nodes(name: str) -> None:
    run = run_case(CASES[name])
    assert run._live is not None
    assert [node.id for node in run.capture.nodes] == [
        f"n{index}" for index in range(len(run.capture.nodes))
    ]
    assert [node.name for node in run.capture.nodes] == [
        type(node).__name__ for node in run._live.graph.nodes
    ]


def test_targets_of_nodes_are_the_gradient_arrows() -> None:
    capture = run_case(CASES["residual"]).capture
    from_nodes = Counter(
        (target, node.id) for node in capture.nodes for target in node.targets if target is not None
    )
    assert from_nodes == Counter(
        (edge.source, edge.target) for edge in capture.edges if edge.kind == "gradient"
    )


def test_several_outputs_and_a_viewed_output_are_drawn_as_make_dot_draws_them() -> None:
    run = flow.run(Pair(), torch.ones(2, 3), upstream=(torch.ones(2, 4), torch.ones(4, 2)))
    assert_edges_are_torchvizs(run)
    assert Edge("o0", "b0", "view") not in run.capture.edges
    assert Edge("b0", "o1", "view") in run.capture.edges
    for saved in (False, True):
        assert_picture_is_torchvizs(run, saved=saved, attributes=saved)


class Outputs(nn.Module):
    """Returns what a function makes of the input and a weight."""

    def __init__(self, made: str) -> None:
        super().__init__()
        self.made = made
        self.weight = nn.Parameter(torch.arange(4.0))

    def forward(self, x: Tensor) -> tuple[Tensor, ...]:
        y = x * self.weight
        return {
            "a parameter itself": (y, self.weight),
            "a view of a parameter": (y, self.weight.view(2, 2)),
            "one tensor twice": (y, y),
            "a tensor and its view": (y, y.view(2, 2)),
            "a constant": (y, torch.zeros(2)),
            "a tensor and what it came from": (torch.tanh(y), y),
        }[self.made]


@pytest.mark.parametrize(
    "made",
    [
        "a parameter itself",
        "a view of a parameter",
        "one tensor twice",
        "a tensor and its view",
        "a constant",
        "a tensor and what it came from",
    ],
)
def test_odd_outputs_are_drawn_as_make_dot_draws_them(made: str) -> None:
    module = Outputs(made)
    vectors = tuple(torch.ones_like(one) for one in module(torch.ones(4)))
    run = flow.run(module, torch.ones(4), upstream=vectors)
    assert_edges_are_torchvizs(run)
    assert_picture_is_torchvizs(run, saved=True, attributes=True)


@pytest.mark.parametrize("name", ["custom", "upsampled"])
def test_a_picture_drawn_again_has_the_same_ids(name: str) -> None:
    run = run_case(CASES[name])
    plain, full = run.picture(), run.picture(saved=True)
    again = [run.picture(saved=True), run.picture(), run.picture(saved=True)]
    assert [sorted(one.edges) for one in again] == [
        sorted(full.edges),
        sorted(plain.edges),
        sorted(full.edges),
    ]
    assert sorted(plain.edges) == sorted(run.capture.edges)
    assert set(plain.edges) <= set(full.edges)


def test_two_runs_name_everything_alike() -> None:
    first, second = run_case(CASES["custom"]), run_case(CASES["custom"])
    assert first.capture.edges == second.capture.edges
    pictures = [run.picture(saved=True, attributes=True) for run in (first, second)]
    assert pictures[0].edges == pictures[1].edges
    assert [(n.id, n.label) for n in pictures[0].nodes] == [
        (n.id, n.label) for n in pictures[1].nodes
    ]


def test_a_chain_too_deep_for_torchviz_is_captured_and_drawn() -> None:
    with run_case(Case(lambda: chain(1000), (1, 2))) as run:
        picture = run.picture(saved=True)
        # addmm, t, tanh and two leaves for each pair; the loss has two
        assert len(run.capture.nodes) == 1000 * 5 + 2
        assert len(run.capture.layers) == 2000
        assert {node.id for node in run.capture.nodes} <= {node.id for node in picture.nodes}
        assert set(run.capture.edges) <= set(picture.edges)
        with pytest.raises(RecursionError):
            drawn_by_torchviz(run)


def test_leaf_boxes_carry_the_names_of_parameters_and_input() -> None:
    labels = {node.label for node in run_case(CASES["in place"]).picture().nodes}
    assert {"conv1.weight\n (2, 1, 3, 3)", "conv3.bias\n (1)", "(input)\n (1, 1, 4, 4)"} <= labels
    tied = {node.label for node in run_case(CASES["tied"]).picture().nodes}
    assert "a.weight = b.weight\n (3, 3)" in tied


def test_an_unused_output_of_split_is_no_box() -> None:
    run = flow.run(Branches(), torch.ones(1, 4), loss=squared_mean)
    names = Counter(node.name for node in run.capture.nodes)
    assert names["SplitBackward0"] == 1
    assert names["AddmmBackward0"] == 1
