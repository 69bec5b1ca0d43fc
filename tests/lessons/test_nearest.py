"""The upsampling lesson: copies, sums, the router, and what each mistake gives."""

from __future__ import annotations

import itertools
import warnings
from typing import Literal

import numpy as np
import pytest
import torch

from lessons.asking.grading import grade
from lessons.nearest_upsampling.figures import answers, block_sums, both_ways, kept, network
from lessons.nearest_upsampling.leaves import kept_gradients, warning, warning_of_a_map
from lessons.nearest_upsampling.recipe import (
    SIZES,
    Enlarging,
    Pooling,
    copied_from,
    enlarging_exercise,
    gathered,
    pooling_exercise,
    predictions,
)
from lessons.nearest_upsampling.steps import LESSON
from lessons.running.trial import SettingError
from tests.experiment.runs import answers as asked
from viz.language import english
from viz.scene.choice import choose
from viz.typed import same

SCALES = (1.25, 1.37, 1.5, 2.0, 2.5, 3.0, 4.0)
POSSIBLE = [
    Enlarging(scale, size, flat, seed)
    for scale, size, flat, seed in itertools.product(SCALES, SIZES, (False, True), (0, 7))
    if Enlarging(scale, size).large > size
]


def test_a_scale_of_two_adds_blocks_of_two_by_two() -> None:
    recipe = Enlarging()
    trial = recipe.run()
    blocks = trial.upstream.reshape(2, 2, 2, 2).sum((1, 3))
    np.testing.assert_array_equal(trial.downstream[0, 0], blocks)
    assert trial.table.names == ("1 (copy)",)


def test_a_scale_of_one_and_a_half_makes_unequal_copies() -> None:
    trial = Enlarging(1.5, 4, flat=True).run()
    assert trial.output.reshape(-1).tolist() == [1, 1, 2, 3, 3, 4]
    assert np.diff(trial.table.offsets).tolist() == [2, 1, 2, 1]
    u = trial.upstream.reshape(-1)
    assert trial.downstream.reshape(-1).tolist() == [u[0] + u[1], u[2], u[3] + u[4], u[5]]


def test_a_scale_of_one_and_a_quarter_copies_one_cell_twice() -> None:
    trial = Enlarging(1.25, 4, flat=True).run()
    assert trial.output.reshape(-1).tolist() == [1, 1, 2, 3, 4]


@pytest.mark.parametrize("recipe", POSSIBLE, ids=str)
def test_autograd_agrees_with_the_sum_over_floors_and_no_mistake_does(recipe: Enlarging) -> None:
    trial = recipe.run()
    exercise = enlarging_exercise(recipe, trial)
    np.testing.assert_array_equal(gathered(recipe, "sum"), exercise.truth)
    assert {"averaged", "one copy"} <= {each.key for each in exercise.possible}
    for each in exercise.possible:
        typed = tuple(f"{value:.6f}"[:12] for value in each.cells.reshape(-1))
        assert grade(exercise, typed).mistake == each.key


def test_blocks_that_begin_one_cell_too_early_give_what_a_pencil_gives() -> None:
    exercise = enlarging_exercise(Enlarging(), Enlarging().run())
    (found,) = (each for each in exercise.possible if each.key == "off by one")
    # -4 -2 -1 3 / 4 1 1 1 / 2 -4 -2 -5 / ...: -4, -2 - 1, 4 + 2 and 1 + 1 - 4 - 2
    assert found.cells.tolist() == [[-4, -3], [6, -4]]
    row = gathered(Enlarging(flat=True), "sum", late=1)
    u = Enlarging(flat=True).upstream().reshape(-1)
    assert row.tolist() == [[u[0], u[1] + u[2]]]


@pytest.mark.parametrize("recipe", POSSIBLE[::5], ids=str)
def test_the_mistake_called_centred_is_pytorchs_nearest_exact(recipe: Enlarging) -> None:
    value = torch.from_numpy(recipe.value()).requires_grad_()
    layer = torch.nn.Upsample(scale_factor=recipe.scale, mode="nearest-exact")
    (gradient,) = torch.autograd.grad(layer(value), value, torch.from_numpy(recipe.upstream()))
    expected = gathered(recipe, "sum", 0.5)
    np.testing.assert_array_equal(expected, gradient.numpy().reshape(expected.shape))


def test_a_scale_that_copies_nothing_is_refused() -> None:
    with pytest.raises(SettingError, match=r"2 cells times 1.25, rounded down, are 2 cells"):
        Enlarging(1.25, 2).run()
    for scale, size, advice in (
        (1.25, 2, r"a scale from 1\.5 on, or 4 cells a side\.$"),
        (1.33, 3, r"a scale from 1\.34 on, or 4 cells a side\.$"),
        (1.1, 4, r"a scale from 1\.25 on\.$"),
    ):
        with pytest.raises(SettingError, match=advice):
            Enlarging(scale, size).run()
    for scale, size in ((1.5, 2), (1.34, 3), (1.25, 4)):
        assert Enlarging(scale, size).run().output.size > size**2


def test_the_four_answers_of_the_question_are_told_apart() -> None:
    upstream = np.arange(1, 17, dtype=np.float32).reshape(1, 1, 4, 4)
    found = {name: array.reshape(-1).tolist() for name, array in predictions(upstream).items()}
    assert found == {
        "sum": [14, 22, 46, 54],
        "mean": [3.5, 5.5, 11.5, 13.5],
        "first": [1, 3, 9, 11],
        "max": [6, 8, 14, 16],
    }


def test_max_pooling_hands_everything_to_the_first_winner() -> None:
    trial = Pooling().run()
    assert trial.value[0, 0].tolist() == [[1, 2, 5, 6], [3, 4, 8, 7], [9, 9, 1, 0], [2, 3, 1, 1]]
    assert trial.output[0, 0].tolist() == [[4, 8], [9, 1]]
    assert trial.downstream[0, 0].tolist() == [
        [0, 0, 0, 0],
        [0, 1, 2, 0],
        [3, 0, 4, 0],
        [0, 0, 0, 0],
    ]


def test_each_mistake_of_the_router_gives_what_a_pencil_gives() -> None:
    recipe = Pooling()
    exercise = pooling_exercise(recipe, recipe.run())
    found = {each.key: each.cells[2:].tolist() for each in exercise.possible}
    assert found["both winners"] == [[3, 3, 4, 0], [0, 0, 4, 4]]
    assert found["tie shared"] == [[1.5, 1.5, 4 / 3, 0], [0, 0, 4 / 3, 4 / 3]]
    assert found["last winner"] == [[0, 3, 0, 0], [0, 0, 0, 4]]
    assert found["spread evenly"] == [[0.75, 0.75, 1, 1], [0.75, 0.75, 1, 1]]
    assert found["copied to all"] == [[3, 3, 4, 4], [3, 3, 4, 4]]


def test_the_first_pooling_has_two_ties() -> None:
    blocks = Pooling().value().reshape(2, 2, 2, 2).swapaxes(1, 2).reshape(4, 4)
    assert [int((block == block.max()).sum()) for block in blocks] == [1, 1, 2, 3]


@pytest.mark.parametrize("seed", range(30))
def test_every_pooling_has_a_tie_that_tells_the_mistakes_apart(seed: int) -> None:
    recipe = Pooling(seed)
    blocks = recipe.value().reshape(2, 2, 2, 2).swapaxes(1, 2).reshape(4, 4)
    assert any((block == block.max()).sum() > 1 for block in blocks)
    exercise = pooling_exercise(recipe, recipe.run())
    assert len(exercise.possible) == 5
    winners = exercise.truth != 0
    assert winners.sum() == 4
    assert same(recipe.value()[0, 0][winners].sum(), np.array(blocks.max(1).sum()))


def test_a_router_hands_on_as_many_numbers_as_came_and_a_scatter_hands_on_sums() -> None:
    figure = both_ways(LESSON.beginning)
    routed, scattered = (figure.array(f"downstream{name}") for name in ("", " enlarged"))
    came, copied = (figure.array(f"upstream{name}") for name in ("", " enlarged"))
    assert routed[routed != 0].tolist() == came.reshape(-1).tolist() == [1, 2, 3, 4]
    assert copied.tolist() == [
        [[[-4, -2, -1, 3], [4, 1, 1, 1], [2, -4, -2, -5], [-1, -2, -5, -3]]],
    ]
    assert scattered.tolist() == [[[[-1, 4], [-5, -15]]]]
    terms = [np.diff(link.offsets).max() for link in figure.links]
    assert terms == [1, 4]


def test_only_leaves_keep_their_gradient_unless_one_asks() -> None:
    without = {each.name: each for each in kept_gradients(0, retain=False)}
    asked = {each.name: each for each in kept_gradients(0, retain=True)}
    weights = {name for name in without if name.endswith((".weight", ".bias"))}
    maps = {name for name in without if name.endswith("(...)")}
    assert len(weights) == 6
    assert maps == {"conv1(...)", "upsample(...)", "conv2(...)", "flatten(...)", "fc(...)"}
    assert all(without[name].leaf and without[name].grad for name in weights)
    assert not any(without[name].leaf or without[name].grad for name in maps)
    assert all(asked[name].retains and asked[name].grad for name in maps)
    assert not asked["x"].grad


@pytest.mark.parametrize("size", SIZES)
def test_every_scale_with_two_decimals_copies_the_cells_that_pytorch_copies(size: int) -> None:
    for hundredths in range(110, 401):
        recipe = Enlarging(hundredths / 100, size, flat=True)
        layer = torch.nn.Upsample(scale_factor=recipe.scale, mode="nearest")
        copied = layer(torch.arange(float(size)).reshape(1, 1, size)).reshape(-1)
        assert copied_from(recipe).tolist() == copied.tolist(), recipe


def test_the_table_says_of_every_tensor_what_pytorch_says_of_it() -> None:
    rows = {row[0]: row[1:] for row in kept(LESSON.beginning, english).rows}
    assert rows["`x`"] == ("False", "True", "None")
    assert rows["`conv1.weight`"] == ("True", "True", "**a gradient**")
    assert rows["`upsample(...)`"] == ("True", "False", "None")
    asked = {row[0]: row[1:] for row in kept(LESSON.beginning.changed(retain=True), english).rows}
    assert asked["`upsample(...)`"] == ("True", "False", "**a gradient**")
    assert asked["`x`"] == rows["`x`"]


def intermediate() -> torch.Tensor:
    value = torch.ones(2, requires_grad=True) * 3
    torch.autograd.backward(value.sum())
    return value


@pytest.mark.parametrize("how", ["default", "error"])
def test_the_warning_on_screen_is_the_one_that_pytorch_gives(
    how: Literal["default", "error"],
) -> None:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        assert intermediate().grad is None
    (given,) = (str(each.message) for each in caught)
    with warnings.catch_warnings(record=True):
        warnings.simplefilter(how)
        before = list(warnings.filters)
        assert warning(intermediate()) == given
        assert list(warnings.filters) == before
    shown = warning_of_a_map(retain=False)
    assert given.startswith(f"{shown} (Triggered internally at ")
    assert shown.startswith("The .grad attribute of a Tensor that is not a leaf Tensor")
    assert "use .retain_grad()" in shown


def test_nothing_is_warned_of_where_a_gradient_is_kept_or_warnings_are_off() -> None:
    assert warning_of_a_map(retain=True) == ""
    assert warning(torch.ones(1, requires_grad=True)) == ""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert warning(intermediate()) == ""


@pytest.mark.parametrize("sample", [0, 1])
def test_the_sums_and_the_table_are_those_of_the_sample_that_is_looked_at(sample: int) -> None:
    study = LESSON.beginning.changed(step="experiment", sample=sample)
    experiment = network(study)
    look_at = experiment.setting.source.look_at
    chosen, complaints = choose(experiment.view, look_at, asked(experiment.setting), english)
    assert complaints == {}
    assert chosen.sample == sample
    upstream, downstream = chosen.node.upstream[0], chosen.node.downstream[0]
    assert upstream is not None
    assert downstream is not None
    assert upstream.shape[0] == 2
    drawn = block_sums(chosen)
    assert drawn.tiles is not None
    assert drawn.array is not None
    blocks = upstream.reshape(2, -1, upstream.shape[2] // 2, 2, upstream.shape[3] // 2, 2)
    expected = blocks.astype("f8").sum((3, 5))[sample]
    shown = drawn.tiles.block(drawn.array).reshape(expected.shape)
    np.testing.assert_allclose(shown, expected, rtol=1e-5, atol=1e-7)
    assert drawn.subtitle == "equal: difference 0"
    table = {row[0]: row[1:] for row in answers(study, chosen).rows}
    assert table["their sum"][0] == table["their sum"][1]
    assert float(table["one of them"][0].replace("−", "-")) == pytest.approx(
        float(upstream[sample].flat[0]), abs=1e-4
    )
    apart = np.abs(expected / 4 - downstream[sample]).max()
    assert float(table["their mean"][2]) == pytest.approx(apart, rel=1e-3)
