"""The lesson on depth: gradients by numpy, theory by closed forms, exercises by pencil."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import islice

import numpy as np
import pytest
import torch
from torch import nn

from experiment.written.address import from_address, to_address
from lessons.asking.exercise import Array
from lessons.blocks import Prose, Table, within
from lessons.catalogue import LESSONS
from lessons.depth import ends, initial, profiles, rule, trained
from lessons.depth.chain import Chain, two_exercise
from lessons.depth.meanfield import FUNCTIONS, expected, theory
from lessons.depth.settings import MOST_STEPS
from lessons.depth.skipping import Skips, skip_exercise
from lessons.depth.stacking import (
    ACTIVATIONS,
    BATCH,
    MOST_OPENED,
    SCALES,
    SMALLEST,
    Stack,
    factor,
)
from lessons.running.recipe import ran
from tests.experiment.runs import execute
from viz.language import english

LESSON = LESSONS["depth"]
STUDY = LESSON.beginning

# A stack


def by_hand(stack: Stack) -> list[Array]:
    """The gradient at every layer, by numpy alone."""
    draw = np.random.default_rng((stack.seed, stack.width))
    value, upstream = draw.standard_normal((2, BATCH, stack.width))
    weights = draw.standard_normal((stack.layers, stack.width, stack.width))
    weights *= SCALES[stack.scale] / math.sqrt(stack.width)
    kept, slopes, spreads = float(stack.skip), [], []
    for weight in weights:
        spread = np.sqrt(value.var(0) + 1e-5)
        given = (value - value.mean(0)) / spread if stack.norm else value
        made, slope = FUNCTIONS[stack.activation](given)
        slopes.append(slope)
        spreads.append((given, spread))
        value = kept * value + made @ weight.T
    found = [upstream]
    for weight, slope, (given, spread) in zip(
        weights[::-1], slopes[::-1], spreads[::-1], strict=True
    ):
        handed = (found[0] @ weight) * slope
        if stack.norm:
            along = (handed * given).mean(0)
            handed = (handed - handed.mean(0) - given * along) / spread
        found.insert(0, kept * found[0] + handed)
    return found


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("skip", [False, True])
@pytest.mark.parametrize("norm", [False, True])
def test_the_profile_is_that_of_a_backward_pass_by_hand(
    activation: str, skip: bool, norm: bool
) -> None:
    stack = Stack(6, activation, "sqrt2", skip, norm, width=8, seed=3)
    passed, gradients = stack.run(), by_hand(stack)
    sizes = [math.sqrt(float((each**2).mean())) for each in gradients]
    np.testing.assert_allclose(passed.gradients, sizes, rtol=1e-8)
    np.testing.assert_allclose(passed.largest, [abs(each).max() for each in gradients], rtol=1e-8)


def test_one_layer_has_the_slope_and_the_squares_of_its_input() -> None:
    stack = Stack(1, "tanh", "2", width=16, seed=1)
    draw = np.random.default_rng((1, 16))
    value = draw.standard_normal((2, BATCH, 16))[0]
    passed = stack.run()
    assert passed.slope == pytest.approx(float(((1 - np.tanh(value) ** 2) ** 2).mean()))
    assert passed.squares[0] == pytest.approx(float((value**2).mean()))


def test_a_run_leaves_threads_and_the_global_generator_as_they_were() -> None:
    torch.manual_seed(5)
    threads, wanted = torch.get_num_threads(), torch.random.get_rng_state()
    Stack(2).run()
    assert torch.get_num_threads() == threads
    assert torch.equal(torch.random.get_rng_state(), wanted)


def test_the_second_s_is_that_of_pytorchs_own_linear_layer() -> None:
    torch.manual_seed(0)
    weight = nn.Linear(400, 400).weight
    assert float(weight.detach().std()) * math.sqrt(400) == pytest.approx(
        SCALES["default"], rel=0.01
    )


def test_the_factor_of_a_straight_line_is_found_backward() -> None:
    assert factor(8.0 * 0.5 ** np.arange(5)) == pytest.approx(2.0)
    assert factor(np.array([0.0, 1e-50, 1.0, 4.0]), SMALLEST[False]) == pytest.approx(0.25)
    assert math.isnan(factor(np.array([0.0, 0.0, 1.0])))


def test_tiny_gradients_in_double_precision_are_not_lost_when_they_are_squared() -> None:
    passed = Stack(200, "sigmoid", "0.5").run()
    assert 1e-190 < passed.gradients[0] <= passed.largest[0] < 1e-170


# Theory


def test_the_expectations_of_a_relu_are_known_in_closed_form() -> None:
    found = expected("relu", 4.0)
    assert found.mean == pytest.approx(2 / math.sqrt(2 * math.pi), rel=1e-5)
    assert (found.square, found.slope) == pytest.approx((2.0, 0.5), rel=1e-9)


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("variance", [0.1, 1.0, 9.0])
def test_the_quadrature_gives_what_autograd_gives_on_many_random_numbers(
    activation: str, variance: float
) -> None:
    drawn = np.random.default_rng(7).standard_normal(400_000) * math.sqrt(variance)
    value = torch.from_numpy(drawn).requires_grad_()
    made = ACTIVATIONS[activation](value)
    (slopes,) = torch.autograd.grad(made.sum(), value)
    found = expected(activation, variance)
    assert found.square == pytest.approx(float(made.detach().square().mean()), rel=0.01)
    assert found.slope == pytest.approx(float(slopes.square().mean()), rel=0.01)
    assert found.mean == pytest.approx(float(made.detach().mean()), abs=0.02)


@pytest.mark.parametrize("scale", SCALES)
def test_chi_of_a_relu_is_half_of_s_squared_and_an_addition_adds_one(scale: str) -> None:
    half = SCALES[scale] ** 2 / 2
    np.testing.assert_allclose(theory(Stack(9, "relu", scale)).chi, half)
    np.testing.assert_allclose(theory(Stack(9, "relu", scale, skip=True)).chi, 1 + half)


@pytest.mark.parametrize(("activation", "scale"), [("tanh", "2"), ("sigmoid", "1")])
def test_the_variance_settles_where_it_maps_to_itself(activation: str, scale: str) -> None:
    found = theory(Stack(60, activation, scale)).squares[-1]
    assert SCALES[scale] ** 2 * expected(activation, found).square == pytest.approx(found)


def test_batch_norm_multiplies_by_pi_over_pi_minus_one_whatever_s_is() -> None:
    for scale in SCALES:
        chi = theory(Stack(5, "relu", scale, norm=True)).chi
        np.testing.assert_allclose(chi[1:], math.pi / (math.pi - 1), rtol=1e-4)
    for activation in ACTIVATIONS:
        assert (theory(Stack(5, activation, norm=True)).chi[1:] > 1).all()


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.parametrize("skip", [False, True])
def test_what_is_measured_lies_near_theory(activation: str, scale: str, skip: bool) -> None:
    for seed in (0, 1):
        stack = Stack(50, activation, scale, skip, seed=seed)
        wanted = factor(theory(stack).gradients)
        assert factor(stack.run().gradients) == pytest.approx(wanted, rel=0.06)


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_wider_stacks_lie_nearer_to_theory(activation: str) -> None:
    apart = {}
    for width in (8, 128):
        stack = Stack(50, activation, "sqrt2", width=width)
        found = ran(initial.Drawing(stack)).factors
        apart[width] = float(np.abs(np.log(found / factor(theory(stack).gradients))).max())
    assert apart[128] < apart[8] / 2


# What the text says


def test_a_sigmoid_layer_leaves_about_a_quarter_and_underflows_after_some_75() -> None:
    for seed in range(3):
        stack = Stack(200, "sigmoid", "1", double=False, seed=seed)
        passed = stack.run()
        assert factor(passed.gradients, SMALLEST[False]) == pytest.approx(0.236, abs=0.006)
        found = ends.end(passed, SMALLEST[False])
        assert found.kind == "under"
        assert found.zero is not None
        assert abs(found.zero - 75) <= 3
        assert passed.gradients[200 - found.zero] == 0 < passed.gradients[201 - found.zero]


def test_the_last_gradient_that_is_not_zero_is_subnormal() -> None:
    passed = Stack(200, "sigmoid", "1", double=False).run()
    found = ends.end(passed, SMALLEST[False])
    assert found.coarse is not None
    assert passed.largest[200 - found.coarse] < np.finfo(np.float32).tiny
    assert passed.largest[201 - found.coarse] >= np.finfo(np.float32).tiny


@pytest.mark.parametrize(
    ("activation", "scale", "kind"),
    [
        ("relu", "sqrt2", "fine"),
        ("relu", "0.5", "dead"),
        ("tanh", "0.5", "under"),
        ("sigmoid", "4", "coarse"),
        ("relu", "4", "values"),
    ],
)
def test_every_way_in_which_numbers_end_is_told(activation: str, scale: str, kind: str) -> None:
    study = STUDY.changed(step="zero", activation=activation, scale=scale)
    assert ends.single_end(study).kind == kind
    step = LESSON.step(study)
    told = [
        each.section
        for each in within(step.blocks)
        if isinstance(each, Prose) and each.section.startswith("zero ") and each.when(study)
    ]
    assert told == [f"zero {kind}"]
    assert ends.table(study, english).rows[1][1:] == (ends.NEVER,) * 3, "float64 holds"


def test_an_overflow_with_finite_values_is_told_apart() -> None:
    found = ends.End(coarse=None, zero=None, infinite=3, dead=None, values=None)
    assert found.kind == "over"


@pytest.mark.parametrize("seed", range(4))
def test_of_the_offered_s_root_two_keeps_a_relu_best(seed: int) -> None:
    recipe = initial.Keeping(seed)
    exercise = recipe.exercises()["keeps"](ran(recipe))
    options = list(initial.ASKED)
    assert options[int(exercise.truth.item())] == "root"
    assert {each.key for each in exercise.mistakes} == {"half", "one", "two"}


def test_no_s_keeps_a_sigmoid_and_one_keeps_a_tanh() -> None:
    for scale in SCALES:
        assert ran(initial.Drawing(Stack(50, "sigmoid", scale))).factors.max() < 0.7
    assert 0.95 < ran(initial.Drawing(Stack(50, "tanh", "1"))).factors.min() < 1


def test_with_additions_no_layer_shrinks_the_gradient() -> None:
    for activation in ACTIVATIONS:
        for scale in SCALES:
            stack = Stack(50, activation, scale, skip=True)
            assert (theory(stack).chi > 1).all()
            assert factor(stack.run().gradients) > 1


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_batch_norm_cancels_s_and_the_gradient_grows(activation: str) -> None:
    found = [factor(Stack(50, activation, scale, norm=True).run().gradients) for scale in SCALES]
    assert min(found) > 1
    assert max(found) / min(found) < 1.02


def test_with_batch_norm_sigmoid_and_tanh_grow_faster_than_theory_says() -> None:
    for row in initial.norms(STUDY, english).rows[:2]:
        _name, lowest, _highest, wanted = row
        assert float(lowest) > float(wanted)


def test_the_theory_table_has_what_was_measured_at_the_last_layer() -> None:
    study = STUDY.changed(activation="relu", scale="sqrt2")
    grid = rule.judged(study, english)
    assert [row[1] for row in grid.rows][1:] == ["0.5", "1", "1"]
    passed = ran(profiles.plain(study))
    last = passed.gradients[49] / passed.gradients[50]
    assert float(grid.rows[3][2]) == pytest.approx(last, rel=0.01)
    assert float(grid.rows[2][2]) == pytest.approx(last**2, rel=0.01)
    assert last == pytest.approx(1, rel=0.1)


# Exercises


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


# The layer, the descent, the playground


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
