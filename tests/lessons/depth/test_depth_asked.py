"""The lesson on depth: its exercises by pencil, its descent, what the playground opens."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import islice

import numpy as np
import pytest

from experiment.written.address import from_address, to_address
from lessons.blocks import Prose, Table, within
from lessons.catalogue import LESSONS
from lessons.depth import profiles, rule, trained
from lessons.depth.chain import Chain, two_exercise
from lessons.depth.settings import MOST_STEPS
from lessons.depth.skipping import Skips, skip_exercise
from lessons.depth.stacking import (
    ACTIVATIONS,
    MOST_OPENED,
    SCALES,
    Stack,
)
from tests.experiment.runs import execute
from viz.language import english

LESSON = LESSONS["depth"]
STUDY = LESSON.beginning


@pytest.mark.parametrize("seed", range(8))
def test_the_chain_is_a_product_of_weights_and_slopes(seed: int) -> None:
    recipe = Chain(seed)
    walked = recipe.run()
    np.testing.assert_allclose(walked.made, recipe.levels(), rtol=1e-9)
    a, b, c = (recipe.weight * level * (1 - level) for level in recipe.levels())
    np.testing.assert_allclose(walked.gradients, [100 * a * b * c, 100 * b * c, 100 * c])


def test_the_first_chain_by_pencil_with_every_mistake() -> None:
    # 0.9, 0.8, 0.5 with w = 2: factors 0.18, 0.32, 0.5
    exercise = two_exercise(Chain(), Chain().run())
    np.testing.assert_allclose(exercise.truth, [2.88, 16, 50])
    mistakes = {each.key: each.cells.round(6).tolist() for each in exercise.mistakes}
    assert mistakes == {
        "value": [288, 160, 100],
        "weight forgotten": [0.36, 4, 25],
        "one short": [16, 50, 100],
        "own alone": [18, 32, 50],
        "added": [100, 82, 50],
    }


def test_the_first_blocks_by_pencil_with_every_mistake() -> None:
    # w = 3, -2, 2; the second ReLU is closed; 2 arrives
    assert Skips().weights().tolist() == [3, -2, 2]
    exercise = skip_exercise(Skips(), Skips().run())
    assert exercise.truth.tolist() == [24, 6, 6]
    mistakes = {each.key: each.cells.tolist() for each in exercise.mistakes}
    assert mistakes == {
        "without the one": [0, 0, 4],
        "relu forgotten": [-24, -6, 6],
        "added": [12, 6, 6],
        "skip alone": [2, 2, 2],
        "one short": [6, 6, 2],
    }


@pytest.mark.parametrize("seed", range(8))
def test_one_block_is_closed_and_reads_what_the_table_says(seed: int) -> None:
    recipe = Skips(seed)
    skipped = recipe.run()
    assert skipped.read[:3].tolist() == recipe.inputs().tolist()
    assert (recipe.inputs() < 0).sum() == 1


def test_the_layer_of_the_rule_multiplies_by_the_weights() -> None:
    _value, weight, upstream = rule.Linear(3).numbers()
    trial = rule.Linear(3).run()
    assert trial.node == "MmBackward0"
    np.testing.assert_array_equal(trial.downstream, upstream @ weight.T)


@pytest.mark.parametrize("layers", [10, 30, 50])
def test_the_plain_network_as_pytorch_begins_it_stays_at_guessing_and_others_move(
    layers: int,
) -> None:
    for seed in (0, 1):
        frames = list(islice(trained.Learning(layers, seed).steps(), MOST_STEPS))
        first, last = frames[0].losses, frames[-1].losses
        assert first[0] == pytest.approx(math.log(2), abs=1e-3)
        assert last[0] == pytest.approx(math.log(2), abs=1e-3)
        assert last[2] < 0.3 < first[2]
        if layers == 50:
            assert last[1] > 4 * last[2], "with s alone it learns, but far less"


def test_the_first_loss_is_that_of_the_network_by_hand() -> None:
    recipe = trained.Learning(2, 4)
    places, classes = (each.numpy() for each in recipe.points())
    frame = next(recipe.steps())
    for kind, loss in zip(trained.KINDS, frame.losses, strict=True):
        into, *stack, out = (each.detach().numpy() for each in recipe.begin(kind))
        read = places @ into.T
        for weight in stack:
            read = (read if kind == "skip" else 0) + np.maximum(read, 0) @ weight.T
        scores = (read @ out.T)[:, 0]
        wanted = np.logaddexp(0, np.where(classes > 0, -scores, scores)).mean()
        assert loss == pytest.approx(float(wanted), rel=1e-5)


def test_the_playground_runs_the_chain_and_the_blocks_with_the_same_gradients() -> None:
    for recipe, names in ((Chain(2), ("sigmoid{}", "linear0")), (Skips(2), ("relu{}", "add0"))):
        experiment, problems = from_address(to_address(recipe.in_playground()))
        assert problems == ()
        capture = execute(experiment.setting).capture
        walked = recipe.run()
        for at in range(1, 3):
            value = capture.layer(names[0].format(at)).inputs[0]
            assert value is not None
            assert value.item() == pytest.approx(walked.read[at], abs=0.01)
        arrived = capture.layer(names[1]).upstreams[0]
        assert arrived is not None
        assert arrived.item() == pytest.approx(walked.gradients[1], rel=0.01)


def test_the_playground_opens_the_first_layers_of_a_deep_stack() -> None:
    experiment = Stack(200, "tanh", skip=True, norm=True).in_playground()
    assert from_address(to_address(experiment)) == (experiment, ())
    kinds = [each.kind for each in experiment.setting.network.layers]
    assert kinds == ["BatchNorm1d", "Tanh", "Linear", "Add"] * MOST_OPENED


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("scale", SCALES)
def test_tables_and_texts_have_a_number_wherever_one_is_set(activation: str, scale: str) -> None:
    study = STUDY.changed(activation=activation, scale=scale, act_a=activation, scale_b=scale)
    for step in LESSON.steps:
        for block in within(step.blocks):
            if isinstance(block, Table) and step.key not in ("zero", "two", "skip"):
                cells = [cell for row in block.grid(study, english).rows for cell in row]
                assert not {"NaN", "inf", "\N{EN DASH}"} & set(cells), step.key
            if isinstance(block, Prose) and block.when(study):
                assert not {"NaN", "inf"} & set(block.numbers(study).values())


def test_a_stack_of_two_is_the_one_that_its_switches_say() -> None:
    study = STUDY.changed(parts_a=(True, True), act_a="tanh", scale_a="2", layers=10, seed=4)
    wanted = Stack(10, "tanh", "2", skip=True, norm=True, seed=4)
    assert profiles.together(study)["A"] == wanted
    assert profiles.together(study)["B"] == replace(
        wanted, activation="relu", scale="default", norm=False
    )
