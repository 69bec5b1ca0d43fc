"""What learns on digits: numpy beside loops that anybody writes with PyTorch."""

from __future__ import annotations

from itertools import islice

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812 - everybody's name for it

from experiment.training.suiting import refusal
from experiment.training.work import TrainingWork
from experiment.written.address import from_address, to_address
from lessons.by_hand import network
from lessons.catalogue import LESSONS
from lessons.running.recipe import ran
from lessons.training_step.digits import beside, curves
from lessons.training_step.digits.cnn import MOST_STEPS, RATE, SPREAD, Cnn, Frame, Steps
from lessons.training_step.digits.training import (
    COUNT,
    HIDDEN,
    RATES,
    STARTS,
    STEPS,
    Rates,
    Training,
    begun,
    seen,
)
from tests.experiment.runs import execute
from viz.language import english
from viz.pictures.line import line_data

STUDY = LESSONS["training_step"].beginning


def filled(model: nn.Module, layers: network.Network) -> nn.Module:
    cells = network.every(layers).values()
    for parameter, own in zip(model.parameters(), cells, strict=True):
        parameter.data = torch.from_numpy(own.copy())
    return model


def descended(model: nn.Module, x: Tensor, target: Tensor, rate: float, steps: int) -> list[float]:
    losses = []
    for _ in range(steps):
        loss = F.cross_entropy(model(x), target)
        gradients = torch.autograd.grad(loss, list(model.parameters()))
        with torch.no_grad():
            for parameter, gradient in zip(model.parameters(), gradients, strict=True):
                parameter.sub_(rate * gradient)
        losses.append(float(loss.detach()))
    return losses


# The CNN


def cnn_of_torch(recipe: Cnn) -> tuple[nn.Module, Tensor, Tensor]:
    model = nn.Sequential(
        nn.Conv2d(1, 2, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(18, 10)
    )
    return (
        filled(model, recipe.network),
        torch.from_numpy(recipe.x),
        torch.from_numpy(recipe.target),
    )


def frames(kind: str, seed: int = 0) -> list[Frame]:
    return list(Steps(kind, seed).steps())


def test_fifty_steps_lead_where_a_loop_of_pytorch_leads() -> None:
    found = frames("float64")
    model, x, target = cnn_of_torch(Cnn("float64"))
    losses = descended(model, x, target, RATE, MOST_STEPS)
    assert len(found) == MOST_STEPS == 50
    np.testing.assert_allclose([each.ours for each in found], losses, rtol=1e-9)
    np.testing.assert_allclose([each.theirs for each in found], losses, rtol=1e-9)
    assert losses[-1] < losses[0] / 2


@pytest.mark.parametrize("seed", [0, 24, 36])
def test_the_two_part_a_little_and_far_less_in_float64(seed: int) -> None:
    single, double = frames("float32", seed), frames("float64", seed)
    for found in (single, double):
        assert 0 < found[0].apart < found[-1].apart
    assert single[0].apart < 1e-7
    assert single[-1].apart < 1e-6, "at a rate of 0.2, seeds 24 and 36 came 0.004 apart"
    assert max(abs(each.ours - each.theirs) for each in single) < 1e-5, "no eye tells the curves"
    assert double[-1].apart < 1e-14
    assert double[-1].apart < single[-1].apart / 1e5


@pytest.mark.parametrize("kind", ["float32", "float64"])
def test_the_tables_find_no_difference_beyond_rounding(kind: str) -> None:
    study = STUDY.changed(kind=kind)
    for grid in (beside.layers(study, english), beside.parameters(study, english)):
        assert grid.rows
        assert {cell[-1] for row in grid.rows for cell in row[-2:]} <= {"✓", "≈"}
    assert [row[0] for row in beside.layers(study, english).rows] == [
        *("`input`", "`conv`", "`relu`", "`pool`", "`flatten`", "`head`")
    ]


def test_its_gradients_are_those_of_autograd() -> None:
    found = ran(Cnn("float64"))
    model, x, target = cnn_of_torch(Cnn("float64"))
    loss = F.cross_entropy(model(x), target)
    wanted = torch.autograd.grad(loss, list(model.parameters()))
    own = [each for gradients in found.ours.parameters.values() for each in gradients]
    order = ["conv", "relu", "pool", "flatten", "head"]
    assert list(found.ours.parameters) in (order, order[::-1])
    by_name = [*found.ours.parameters["conv"], *found.ours.parameters["head"]]
    assert len(own) == len(by_name) == len(wanted)
    for ours, theirs in zip(by_name, wanted, strict=True):
        np.testing.assert_allclose(ours, theirs.numpy(), atol=1e-14)


def test_its_parameters_begin_small_and_random() -> None:
    cells = np.concatenate([each.reshape(-1) for each in network.every(Cnn().network).values()])
    assert cells.size == 18 + 2 + 180 + 10
    assert np.abs(cells).max() <= SPREAD
    assert cells.std() == pytest.approx(SPREAD / 3**0.5, rel=0.1)


def test_the_playground_opens_the_cnn_one_step_later() -> None:
    experiment, problems = from_address(to_address(Cnn(seed=2).in_playground()))
    assert problems == ()
    capture = execute(experiment.setting).capture
    (_ours, theirs) = ran(Cnn(seed=2)).after
    opened = {each.name: each.value for layer in capture.layers for each in layer.parameters}
    for name, cells in theirs.items():
        np.testing.assert_allclose(opened[name], cells, atol=1e-7)


@pytest.mark.parametrize("start", STARTS)
def test_the_playground_opens_the_mlp_as_it_begins_and_trains_it_alike(start: str) -> None:
    recipe = Training(start, seed=3)
    experiment, problems = from_address(to_address(recipe.in_playground()))
    assert problems == ()
    plan = experiment.training.plan
    assert refusal(experiment.setting, plan) == ""
    losses = [step.loss for step in TrainingWork(experiment.setting, plan).steps()]
    assert len(losses) == experiment.training.wanted == STEPS
    np.testing.assert_allclose(losses, recipe.run().losses[:-1], rtol=2e-3)


def test_the_playground_opens_what_all_learning_rates_begin_with() -> None:
    opened = Rates(seed=4).in_playground().setting
    capture = execute(opened).capture
    values = {each.name: each.value for layer in capture.layers for each in layer.parameters}
    for name, cells in network.every(begun("he", 4)).items():
        np.testing.assert_allclose(values[name], cells, rtol=1e-6)


def test_the_curves_follow_the_steps_and_the_table_says_which() -> None:
    found = list(islice(Steps().steps(), 12))
    line = beside.both(STUDY, found, english)
    assert [len(curve.points) for curve in line.curves] == [12, 12]
    assert beside.differences(STUDY, found, english).heads[1:] == ("1", "10", "12")
    assert line_data(beside.both(STUDY, [], english), None)["curves"][0]["points"] == []


# The MLP


@pytest.mark.parametrize("start", STARTS)
def test_the_mlp_learns_as_a_loop_of_pytorch_does(start: str) -> None:
    x, target = map(torch.tensor, seen())
    model = nn.Sequential(nn.Linear(64, HIDDEN), nn.ReLU(), nn.Linear(HIDDEN, 10))
    losses = descended(filled(model, begun(start, 4)), x, target, 0.3, STEPS + 1)
    found = ran(Training(start, 0.3, seed=4))
    np.testing.assert_allclose(found.losses, losses, rtol=1e-6)


def test_the_ways_to_begin_have_the_spread_that_they_say() -> None:
    stds = {
        "zeros": 0,
        "uniform": 0.1 / 3**0.5,
        "normal": 1,
        "xavier": (2 / (64 + 16)) ** 0.5,
        "he": (2 / 64) ** 0.5,
    }
    for start, std in stds.items():
        cells = network.every(begun(start, 0))["hidden.weight"]
        assert cells.shape == (HIDDEN, 64)
        assert cells.std() == pytest.approx(std, rel=0.08)
    assert np.abs(network.every(begun("xavier", 0))["hidden.weight"]).max() <= (6 / 80) ** 0.5


@pytest.mark.parametrize("seed", range(8))
def test_what_is_said_of_the_ways_to_begin_is_so(seed: int) -> None:
    found = {start: ran(Training(start, seed=seed)) for start in STARTS}
    zeros = found["zeros"]
    assert all((cells == 0).all() for cells in zeros.first["hidden"])
    after = network.every(zeros.after)
    assert not after["hidden.weight"].any()
    assert not after["out.weight"].any()
    assert after["out.bias"].any(), "a bias learns"
    assert curves.units(zeros) == "1 / 16"
    for start in ("uniform", "normal", "xavier", "he"):
        assert curves.units(found[start]) == "16 / 16"
        assert found[start].losses[-1] < zeros.losses[-1]
    assert found["uniform"].losses[0] == pytest.approx(np.log(10), abs=0.05)
    assert found["normal"].losses[0] > 2 * max(
        found[start].losses[0] for start in STARTS if start != "normal"
    )
    assert found["normal"].losses[0] > curves.HIGHEST


@pytest.mark.parametrize("seed", range(12))
def test_what_is_said_of_the_rates_is_so(seed: int) -> None:
    found = ran(Rates(seed))
    first, last = ({rate: found[rate].losses[at] for rate in RATES} for at in (0, -1))
    assert min(last, key=lambda rate: last[rate]) == "0.5"
    assert len(set(first.values())) == 1
    assert first["0.001"] - last["0.001"] < 0.15
    assert last["0.5"] < first["0.5"] / 4
    assert max(found["10"].losses) > 2 * first["10"]


@pytest.mark.parametrize("count", curves.BATCHES)
def test_the_sum_is_n_times_the_mean_and_a_smaller_rate_makes_up_for_it(count: int) -> None:
    mean = ran(Training(rate=0.1, batch=count))
    both = ran(Training(rate=0.1 / count, batch=count, summed=True))
    np.testing.assert_allclose(both.losses, mean.losses, rtol=1e-9)
    for name in ("hidden", "out"):
        for ours, theirs in zip(both.first[name], mean.first[name], strict=True):
            np.testing.assert_allclose(ours, count * theirs, rtol=1e-12)
    grid = curves.sizes(STUDY.changed(batch=count), english)
    lengths = [float(row[1]) for row in grid.rows]
    assert lengths[1] == lengths[2] == pytest.approx(count * lengths[0], rel=0.01)


def test_a_mini_batch_is_drawn_and_all_digits_are_taken_where_none_is() -> None:
    draw = np.random.default_rng(0)
    assert Training().chosen(draw).tolist() == list(range(COUNT))
    assert Training(batch=16).chosen(draw).shape == (16,)


def test_pictures_have_a_curve_a_way_and_bars_count_the_weights() -> None:
    assert len(curves.of_rates(STUDY, english).curves) == len(RATES)
    assert [curve.dashed for curve in curves.of_starts(STUDY, english).curves] == [
        start != "zeros" for start in STARTS
    ]
    (bars,) = curves.histogram(STUDY, english).curves
    assert max(height for _x, height in bars.points) == HIDDEN * 64, "all are 0"
    assert bars.title == "zeros", "the legend names the bars"
    assert len(curves.of_batches(STUDY, english).curves) == 3
