"""A lesson's convolution opens in the playground with the same numbers."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from flow.record import Array
from lessons.convolving import Convolving
from pages.parts.execute import execute
from pages.parts.experiment import from_url
from pages.parts.lesson_playground import convolution

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
    experiment, problems = from_url(convolution(recipe).to_url())
    assert problems == ()
    layer = execute(experiment.setting).capture.layer("conv")
    trial = recipe.run()
    assert same(layer.outputs[0], trial.output)
    assert same(layer.upstreams[0], trial.upstream)
    assert same(layer.downstream[0], recipe.inside(trial.downstream))
    gradients = {record.name: record.gradient for record in layer.parameters}
    assert same(gradients["conv.weight"], trial.parameters["weight"].gradient)
    assert same(gradients["conv.bias"], trial.parameters["bias"].gradient)


def test_what_cannot_run_opens_the_test_network() -> None:
    for recipe in (replace(FIRST, width=4), replace(FIRST, padding="same")):
        assert convolution(recipe).to_url() == {"v": "1", "node": "n6"}
