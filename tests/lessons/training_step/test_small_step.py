"""One step of the small network: numbers from a pencil, mistakes, planted bugs, the playground."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional as F  # noqa: N812 - everybody's name for it

from experiment.written.address import from_address, to_address
from lessons.asking.exercise import Array
from lessons.by_hand import network
from lessons.by_hand.losses import MeanSquare
from lessons.catalogue import LESSONS
from lessons.running.recipe import ran
from lessons.running.trial import run_layers
from lessons.showing.derivation import derivation
from lessons.training_step import bugs, compared, figures
from lessons.training_step.small import EVERY, RATES, WRONG, Small, after_exercise
from tests.experiment.runs import execute
from viz.language import english

LESSON = LESSONS["training_step"]
STUDY = LESSON.beginning
FIRST = Small()
SEEDS = range(12)

# By a pencil, seed 0. The weight is 3 1 | 2 -1, the bias 2 2; out is -3 2 with bias 2.
X = [[2, -1], [-1, 3]]
TARGET = [[-1], [-3]]
Z = [[2 * 3 - 1 + 2, 2 * 2 + 1 + 2], [-3 + 3 + 2, -2 - 3 + 2]]
H = [[7, 7], [2, 0]]
OUTPUT = [[-21 + 14 + 2], [-6 + 0 + 2]]
OF_OUTPUT = [[-5 + 1], [-4 + 3]]
OF_H = [[12, -8], [3, -2]]
OF_Z = [[12, -8], [3, 0]]
OF_X = [[12 * 3 - 8 * 2, 12 + 8], [9, 3]]
OF_WEIGHT = [[12 * 2 - 3, -12 + 9], [-16, 8]]


def test_every_value_and_every_gradient_is_what_a_pencil_gives() -> None:
    drawn, found = FIRST.numbers, ran(FIRST)
    assert {name: each.tolist() for name, each in network.every(drawn.network).items()} == {
        "hidden.weight": [[3, 1], [2, -1]],
        "hidden.bias": [2, 2],
        "out.weight": [[-3, 2]],
        "out.bias": [2],
    }
    assert (drawn.x.tolist(), drawn.target.tolist()) == (X, TARGET)
    assert [each.tolist() for each in found.whole.values] == [X, Z, H, OUTPUT]
    assert [each.tolist() for each in found.whole.gradients] == [OF_X, OF_Z, OF_H, OF_OUTPUT]
    assert found.whole.loss == (4**2 + 1**2) / 2
    own = [each.tolist() for name in ("hidden", "out") for each in found.whole.parameters[name]]
    assert own == [OF_WEIGHT, [12 + 3, -8], [[-28 - 2, -28]], [-5]]


def test_the_step_and_every_mistake_are_what_a_pencil_gives() -> None:
    exercise = after_exercise(FIRST, ran(FIRST))
    given = {each.key: each.cells for each in exercise.mistakes}
    assert np.allclose(exercise.truth, [[2.79, 1.03], [2.16, -1.08]], atol=1e-6)
    old = np.array([[24, -12], [-16, 8]])  # of x = 2 -1 | -3 2: z = 7 7 | -5 -6, o - y = -4 and 5
    expected: dict[str, Array] = {
        "wrong sign": np.array([[3.21, 0.97], [1.84, -0.92]]),
        "no learning rate": np.array([[3 - 21, 1 + 3], [2 + 16, -1 - 8]]),
        "summed over the batch": np.array([[2.58, 1.06], [2.32, -1.16]]),
        "one sample": np.array([[3 - 0.48, 1 + 0.24], [2 + 0.32, -1 - 0.16]]),
        "added to the old gradient": exercise.truth - 0.01 * old,
    }
    assert set(given) == set(expected)
    for key, cells in expected.items():
        assert np.allclose(given[key], cells, atol=1e-6), key


def loop(recipe: Small) -> nn.Sequential:
    """The same step as anybody writes it."""
    drawn = recipe.numbers
    model = nn.Sequential(nn.Linear(2, 2), nn.ReLU(), nn.Linear(2, 1))
    with torch.no_grad():
        for parameter, cells in zip(
            model.parameters(), network.every(drawn.network).values(), strict=True
        ):
            parameter.copy_(torch.from_numpy(cells))
    F.mse_loss(model(torch.from_numpy(drawn.x)), torch.from_numpy(drawn.target)).backward()
    with torch.no_grad():
        for parameter in model.parameters():
            assert parameter.grad is not None
            parameter.sub_(float(recipe.rate) * parameter.grad)
    return model


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("seed", SEEDS)
def test_numpy_and_the_optimizer_agree_with_a_loop_written_out(seed: int, rate: str) -> None:
    recipe = Small(seed, rate)
    found, drawn = ran(recipe), recipe.numbers
    expected = [each.detach().numpy() for each in loop(recipe).parameters()]
    made = network.run(drawn.network, MeanSquare(), drawn.x, drawn.target)
    after = network.every(network.stepped(drawn.network, made.parameters, float(rate)))
    for theirs, ours, wanted in zip(found.after.values(), after.values(), expected, strict=True):
        np.testing.assert_allclose(theirs, wanted, rtol=1e-5, atol=1e-6)
        np.testing.assert_allclose(ours, wanted, rtol=1e-5, atol=1e-6)
    for ours, wanted in zip(made.gradients, found.whole.gradients, strict=True):
        assert (ours == wanted).all(), "whole numbers need no rounding"
    if rate == "0.01":
        assert found.loss_after < found.whole.loss


def told(bug: str, seed: int) -> dict[str, tuple[str, str]]:
    grid = compared.every(STUDY.changed(bug=bug, seed=seed), english)
    return {row[0].strip("`"): (row[1][-1], row[2][-1:]) for row in grid.rows}


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("bug", bugs.BUGS)
def test_the_table_marks_what_a_bug_makes_wrong_and_nothing_else(bug: str, seed: int) -> None:
    marks = told(bug, seed)
    assert set(marks) == set(EVERY)
    assert {name for name, (gradient, _after) in marks.items() if gradient == "✗"} == set(
        WRONG[bug]
    )
    assert {name for name, (_gradient, after) in marks.items() if after == "✗"} == {
        name for name in WRONG[bug] if "." in name
    }


def test_without_a_bug_nothing_is_crossed_out_where_a_step_would_cancel_a_bias() -> None:
    grid = compared.every(STUDY.changed(seed=45, rate="0.1"), english)
    assert {cell[-1] for row in grid.rows for cell in row[1:] if cell} <= {"✓", "≈"}
    assert all(np.abs(cells).max() > 1e-4 for cells in ran(Small(45, "0.1")).after.values())


@pytest.mark.parametrize("seed", SEEDS)
def test_a_loss_that_went_up_is_explained_and_the_short_step_brings_it_down(seed: int) -> None:
    for rate in RATES:
        found = ran(Small(seed, rate))
        told = figures.overshot(STUDY.changed(seed=seed, rate=rate))
        assert told == (found.loss_after > found.whole.loss)
        assert not (told and rate == "0.01")


def test_a_summed_loss_doubles_every_gradient_and_a_turned_one_turns_it() -> None:
    for bug, factor in (("sum", 2), ("sign", -1)):
        made, _after = compared.by_hand(STUDY.changed(bug=bug))
        for ours, right in zip(made.gradients, ran(FIRST).whole.gradients, strict=True):
            assert (ours == factor * right).all()


def test_the_rule_is_written_with_both_samples() -> None:
    written = derivation(figures.hidden(ran(FIRST)), 0, "weight")
    assert written == {
        "index": "0,0",
        "value": "3",
        "terms": "2 · 12 + −1 · 3",
        "count": "2",
        "total": "21",
    }


def test_a_linear_layer_in_a_network_is_a_trial_of_its_own() -> None:
    model = nn.Sequential(nn.Linear(3, 2), nn.ReLU(), nn.Linear(2, 1, bias=False))
    trials = run_layers(model, [torch.ones(4, 3)], torch.ones(4, 1))
    assert list(trials) == ["0", "1", "2"]
    for name in ("0", "2"):
        weight = model.get_parameter(f"{name}.weight").detach().numpy()
        np.testing.assert_allclose(trials[name].downstream, trials[name].upstream @ weight)
        assert trials[name].table.shape == trials[name].downstream.shape


def test_the_loss_is_written_out() -> None:
    assert figures.of_loss(STUDY) == {"squares": "(−4)² + (−1)²", "count": "2", "loss": "8.5"}


@pytest.mark.parametrize("rate", RATES)
def test_the_playground_opens_the_same_step(rate: str) -> None:
    recipe = Small(3, rate)
    experiment, problems = from_address(to_address(recipe.in_playground()))
    assert problems == ()
    capture = execute(experiment.setting).capture
    opened: dict[str, Array] = {
        each.name: each.value for layer in capture.layers for each in layer.parameters
    }
    assert set(opened) == set(ran(recipe).after)
    for name, cells in ran(recipe).after.items():
        assert np.array_equal(opened[name], cells)
    assert capture.loss == pytest.approx(ran(recipe).loss_after, rel=1e-6)
