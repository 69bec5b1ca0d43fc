"""The lesson on depth: the gradients of its stacks by numpy, its theory by closed forms."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from torch import nn

from lessons.asking.exercise import Array
from lessons.depth import initial
from lessons.depth.meanfield import FUNCTIONS, expected, theory
from lessons.depth.stacking import (
    ACTIVATIONS,
    BATCH,
    SCALES,
    SMALLEST,
    Stack,
    factor,
)
from lessons.running.recipe import ran


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


def test_a_run_leaves_the_global_generator_as_it_was() -> None:
    torch.manual_seed(5)
    wanted = torch.random.get_rng_state()
    Stack(2).run()
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
