"""What the maps of a node are called, and which stand side by side."""

from __future__ import annotations

from dataclasses import replace

import pytest

from experiment.setting import of_preset
from experiment.view import View
from tests.experiment.runs import answers
from viz.language import english
from viz.maps.rows import Map
from viz.scene.choice import choose
from viz.scene.inspector import ABREAST, Show, rows


def drawn(model: str, layer: str, show: Show) -> list[list[Map]]:
    setting = of_preset(model)
    live = answers(setting)
    chosen, complaints = choose(View(), setting.source.look_at, live, english)
    assert complaints == {}
    node = live.capture.node(live.capture.layer(layer).nodes[0])
    return rows(replace(chosen, node=node, part=0, show=show))


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


def test_many_parameters_go_on_in_the_next_row() -> None:
    first, *others = drawn("attention", "attention", "gradient")
    assert [each.key for each in first] == ["upstream", "downstream"]
    assert [[each.title for each in row] for row in others] == [
        ["∂L/∂attention.in_proj_weight", "∂L/∂attention.in_proj_bias"],
        ["∂L/∂attention.out_proj.weight", "∂L/∂attention.out_proj.bias"],
    ]
    assert max(map(len, others)) == ABREAST
