"""A lesson's layer opens in the playground with the same numbers."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from experiment.written.address import Experiment, from_address, to_address
from flow.record import Array
from lessons.convolution_backward.recipe import Convolving
from lessons.nearest_upsampling.recipe import Enlarging, Pooling
from lessons.running.trial import Trial
from tests.experiment.runs import execute

FIRST = Convolving()


def same(ours: Array | None, wanted: Array) -> bool:
    return ours is not None and np.array_equal(ours, wanted)


@pytest.mark.parametrize(
    "recipe",
    [
        FIRST,
        replace(FIRST, size=5, stride=2, padding="1", seed=3),
        replace(FIRST, size=5, width=3, dilation=2, padding="same", channels=2, out=3, batch=2),
    ],
)
def test_the_playground_gives_the_gradients_of_the_lesson(recipe: Convolving) -> None:
    experiment, problems = from_address(to_address(recipe.in_playground()))
    assert problems == ()
    layer = execute(experiment.setting).capture.layer("layer")
    trial = recipe.run()
    assert same(layer.outputs[0], trial.output)
    assert same(layer.upstreams[0], trial.upstream)
    assert same(layer.downstream[0], recipe.inside(trial.downstream))
    gradients = {record.name: record.gradient for record in layer.parameters}
    assert same(gradients["layer.weight"], trial.parameters["weight"].gradient)
    assert same(gradients["layer.bias"], trial.parameters["bias"].gradient)


def test_what_cannot_run_opens_the_test_network() -> None:
    assert to_address(replace(FIRST, width=4).in_playground()) == {"v": "2", "node": "n6"}
    assert to_address(Enlarging(1.1, 2).in_playground()) == {"v": "2", "node": "n9"}


@pytest.mark.parametrize("size", [2, 3])
@pytest.mark.parametrize("dilation", [1, 3])
def test_an_uneven_padding_is_opened_as_the_lesson_shows_it(size: int, dilation: int) -> None:
    recipe = replace(FIRST, size=size, padding="same", dilation=dilation)
    layer = execute(recipe.in_playground().setting).capture.layer("layer")
    assert recipe.margins[0] != recipe.margins[1]
    assert same(layer.downstream[0], recipe.run().downstream)


@pytest.mark.parametrize(
    ("experiment", "trial"),
    [
        (recipe.in_playground(), recipe.run())
        for recipe in (
            Enlarging(),
            Enlarging(1.5, 3, seed=4),
            Enlarging(1.25, 4, flat=True),
            Pooling(),
            Pooling(7),
        )
    ],
)
def test_upsampling_and_pooling_open_with_the_numbers_of_the_lesson(
    experiment: Experiment, trial: Trial
) -> None:
    opened, problems = from_address(to_address(experiment))
    assert problems == ()
    layer = execute(opened.setting).capture.layer("layer")
    assert same(layer.outputs[0], trial.output)
    assert same(layer.upstreams[0], trial.upstream)
    assert same(layer.downstream[0], trial.downstream)
