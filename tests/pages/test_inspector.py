"""What the maps of a node are called, and which stand side by side."""

from __future__ import annotations

import pytest

from pages.parts.choice import choose
from pages.parts.execute import execute
from pages.parts.experiment import Show, of_preset
from pages.parts.inspector import ABREAST, rows
from viz.maps import Map


def drawn(model: str, layer: str, show: Show) -> list[list[Map]]:
    experiment = of_preset(model)
    capture = execute(experiment.setting).capture
    chosen, complaints = choose(experiment, capture)
    assert complaints == {}
    node = capture.node(capture.layer(layer).nodes[0])
    return rows(type(chosen)(capture, node, 0, 0, None), show)


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
    assert array.flatten().tolist() == [0, 2, 8, 10]
    assert row[2].group != row[1].group


def test_many_parameters_go_on_in_the_next_row() -> None:
    first, *others = drawn("attention", "attention", "gradient")
    assert [each.key for each in first] == ["upstream", "downstream"]
    assert [[each.title for each in row] for row in others] == [
        ["∂L/∂attention.in_proj_weight", "∂L/∂attention.in_proj_bias"],
        ["∂L/∂attention.out_proj.weight", "∂L/∂attention.out_proj.bias"],
    ]
    assert max(map(len, others)) == ABREAST
