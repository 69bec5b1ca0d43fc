"""What is asked of classes and of the order of a round."""

from __future__ import annotations

import math

import numpy as np
import pytest

from experiment.written.address import from_address, to_address
from lessons.by_hand import network
from lessons.by_hand.losses import MeanSquare
from lessons.catalogue import LESSONS
from lessons.running.recipe import ran
from lessons.training_step.classes import Classes, scores_exercise
from lessons.training_step.order import LINES, RIGHT, TRIED, Ordered, order_exercise, outcomes
from tests.experiment.runs import execute
from viz.language import english

STUDY = LESSONS["training_step"].beginning


def test_the_gradient_of_scores_and_every_mistake_are_what_a_pencil_gives() -> None:
    found = ran(Classes())
    assert np.allclose(found.chances, [[0.3, 0.1, 0.6], [0.3, 0.5, 0.2]])
    assert found.one_hot.tolist() == [[0, 0, 1], [1, 0, 0]]
    exercise = scores_exercise(found)
    given = {each.key: each.cells for each in exercise.mistakes}
    assert np.allclose(exercise.truth, [[0.15, 0.05, -0.2], [-0.35, 0.25, 0.1]])
    assert np.allclose(given["not divided"], [[0.3, 0.1, -0.4], [-0.7, 0.5, 0.2]])
    assert np.allclose(given["turned round"], [[-0.15, -0.05, 0.2], [0.35, -0.25, -0.1]])
    assert np.allclose(
        given["squared error"], [[0.1, 1 / 30, -0.4 / 3], [-0.7 / 3, 0.5 / 3, 0.2 / 3]]
    )


@pytest.mark.parametrize("seed", range(20))
def test_the_gradient_of_scores_is_p_less_y_by_the_batch_and_its_rows_add_up_to_nothing(
    seed: int,
) -> None:
    recipe, found = Classes(seed), ran(Classes(seed))
    scores = recipe.scores().astype(np.float64)
    chances = [[math.exp(s) / sum(map(math.exp, row)) for s in row] for row in scores.tolist()]
    right = np.eye(3)[recipe.target()]
    np.testing.assert_allclose(found.gradient, (np.array(chances) - right) / 2, atol=1e-6)
    np.testing.assert_allclose(found.gradient.sum(1), 0, atol=1e-6)


def test_the_playground_begins_the_way_back_with_the_same_gradient() -> None:
    experiment, problems = from_address(to_address(Classes(5).in_playground()))
    assert problems == ()
    (layer,) = execute(experiment.setting).capture.layers
    assert layer.upstreams[0] is not None
    np.testing.assert_allclose(layer.upstreams[0], ran(Classes(5)).gradient, atol=1e-7)


@pytest.mark.parametrize("seed", range(6))
def test_every_order_moves_the_weight_as_its_feedback_says(seed: int) -> None:
    recipe = Ordered(seed)
    drawn, after = recipe.small.numbers, ran(recipe)
    weight = network.every(drawn.network)["hidden.weight"]
    new, old = (
        network.run(drawn.network, MeanSquare(), x, drawn.target).parameters["hidden"][0]
        for x in (drawn.x, drawn.before)
    )
    expected = {
        "right": weight - 0.01 * new,
        "cleared last": weight - 0.01 * (new + old),
        "cleared too late": weight,
        "stepped too early": weight,
        "cleared meanwhile": weight - 0.01 * new,
    }
    assert tuple(after) == TRIED == tuple(expected)
    for name, cells in expected.items():
        np.testing.assert_allclose(after[name], cells, atol=1e-6)
    assert len(outcomes(STUDY.changed(seed=seed), english).rows) == len(TRIED)


@pytest.mark.parametrize("seed", range(40))
def test_the_lines_never_stand_in_the_right_order_before(seed: int) -> None:
    exercise = order_exercise(Ordered(seed), {})
    assert sorted(exercise.items) == sorted(LINES.values())
    assert list(exercise.items) != [LINES[name] for name in RIGHT]
    assert [exercise.items[int(place)] for place in exercise.truth] == [LINES[n] for n in RIGHT]
