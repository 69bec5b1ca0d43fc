"""What the maps of a node are called, and which stand side by side."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from experiment.asking.answers import Answers
from experiment.setting import of_preset
from experiment.view import View
from tests.experiment.runs import RUNS
from viz.hidden import is_hidden
from viz.language import english
from viz.maps.rows import Map
from viz.scene.channels import first_channels, is_largest_first
from viz.scene.choice import choose
from viz.scene.inspector import ABREAST, Chosen, Show, default_part, pickers, rows

SHOWS: tuple[Show, ...] = ("gradient", "values")


def chosen_at(model: str, layer: str, show: Show, *hidden: str) -> Chosen:
    setting = of_preset(model)
    live = Answers(RUNS, setting, hidden=hidden)
    chosen, complaints = choose(View(), setting.source.look_at, live, english)
    assert complaints == {}
    node = live.capture.node(live.capture.layer(layer).nodes[0])
    return replace(chosen, node=node, part=default_part(node), sample=0, channel=None, show=show)


def drawn(model: str, layer: str, show: Show) -> list[list[Map]]:
    return rows(chosen_at(model, layer, show))


@pytest.mark.parametrize(
    ("model", "layer", "titles"),
    [
        ("words", "embedding", ["Token ids", "Output value"]),
        ("unpool_max", "pool", ["Input value", "Output value", "Indices of winners"]),
        ("unpool_max", "unpool", ["Input value", "Indices of winners", "Output value"]),
        ("test", "conv1", ["Input value", "Output value"]),
    ],
)
def test_whole_numbers_are_called_by_what_they_count(
    model: str, layer: str, titles: list[str]
) -> None:
    (row,) = drawn(model, layer, "values")
    assert [each.title for each in row] == titles


def test_the_indices_of_a_pool_are_its_own_and_have_a_scale_of_their_own() -> None:
    (row,) = drawn("unpool_max", "pool", "values")
    array = row[2].array
    assert array is not None
    assert array.flatten().tolist() == [5, 7, 13, 15]
    assert row[2].group != row[1].group


def test_a_node_with_one_input_has_one_scale_for_what_arrives_and_what_it_hands_on() -> None:
    """A transposed weight's gradient is the same numbers, turned: equal numbers look equal."""
    chosen = chosen_at("test", "fc", "gradient")
    nodes = chosen.capture.layer("fc").nodes
    turned = next(node for node in map(chosen.capture.node, nodes) if node.name == "TBackward0")
    (left, right), *_ = rows(replace(chosen, node=turned, part=0))
    assert left.array is not None
    assert right.array is not None
    np.testing.assert_array_equal(left.array, right.array.T)
    assert left.group == right.group


def test_many_parameters_go_on_in_the_next_row() -> None:
    first, *others = drawn("attention", "attention", "gradient")
    assert [each.key for each in first] == ["downstream", "upstream"]
    assert [[each.title for each in row] for row in others] == [
        ["∂L/∂attention.in_proj_weight", "∂L/∂attention.in_proj_bias"],
        ["∂L/∂attention.out_proj.weight", "∂L/∂attention.out_proj.bias"],
    ]
    assert max(map(len, others)) == ABREAST


def test_what_is_handed_on_stands_left_in_plain_words_and_the_term_below() -> None:
    left, right = drawn("test", "upsample", "gradient")[0]
    assert [left.title, left.subtitle] == [
        "Handed on to conv1",
        "downstream ∂L/∂input · 2\u00d71\u00d72\u00d72",
    ]
    assert [right.title, right.subtitle] == [
        "Arrives from conv2",
        "upstream ∂L/∂output · 2\u00d71\u00d74\u00d74",
    ]


def test_a_parameters_gradient_has_no_scale_in_common_with_what_arrives() -> None:
    left, right = drawn("lenet", "conv1", "gradient")[0]
    assert left.title == "Handed on to conv1.weight"
    assert left.group != right.group


def test_of_layers_with_other_channels_below_than_above_only_those_below_are_picked() -> None:
    shown = drawn("lenet", "conv2", "gradient")
    assert [each.together for each in shown[0]] == [False, True]
    assert pickers(shown).channels == 6  # of 12 above


def test_the_channel_with_the_largest_gradient_of_each_sample_is_seen_first() -> None:
    for model, layer in (("lenet", "pool1"), ("residual", "relu1")):
        chosen = chosen_at(model, layer, "gradient")
        below = chosen.node.downstream[0]
        assert below is not None
        expected = [int(np.abs(each).max(axis=(1, 2)).argmax()) for each in below]
        assert first_channels(chosen) == expected
        assert first_channels(replace(chosen, show="values")) == expected
        assert is_largest_first(chosen)


SHOWN: list[tuple[str, Show]] = [
    ("pool1.downstream", "gradient"),
    ("pool1.downstream", "values"),
    ("pool1.upstream", "gradient"),
]


@pytest.mark.parametrize(("hidden", "show"), SHOWN)
def test_of_a_hidden_gradient_and_a_visible_one_the_visible_one_decides(
    hidden: str, show: Show
) -> None:
    chosen = chosen_at("lenet", "pool1", show, hidden)
    visible = (
        chosen.node.upstream[0] if hidden.endswith("downstream") else chosen.node.downstream[0]
    )
    assert visible is not None
    assert not is_hidden(visible)
    assert first_channels(chosen) == [int(np.abs(visible[0]).max(axis=(1, 2)).argmax())] == [2]
    assert is_largest_first(chosen)


def test_where_both_gradients_are_hidden_no_channel_is_said_to_have_the_largest() -> None:
    hidden = ("pool1.downstream", "pool1.upstream")
    assert first_channels(chosen_at("lenet", "pool1", "gradient", *hidden)) == [0]
    for show in SHOWS:
        assert not is_largest_first(chosen_at("lenet", "pool1", show, *hidden))


def test_where_all_channels_can_be_read_they_are_all_seen() -> None:
    assert first_channels(chosen_at("test", "upsample", "gradient")) == [None]
