"""Maps of pixels: against captum, finite differences, sums, and ranks of scipy."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
import torch
from captum.attr import InputXGradient, IntegratedGradients, Saliency
from scipy.stats import spearmanr

from lessons.asking.exercise import Array
from lessons.catalogue import LESSONS
from lessons.grad_cam import readings, tables
from lessons.grad_cam.attributed import control, path, smooth
from lessons.grad_cam.attributed.control import Control, Ranking, forgetful, rank_correlation
from lessons.grad_cam.attributed.parts import Parted
from lessons.grad_cam.attributed.path import Integrating
from lessons.grad_cam.attributed.smooth import Smoothing
from lessons.grad_cam.digit.network import trained
from lessons.grad_cam.digit.reading import Reading
from lessons.grad_cam.digit.training import halves
from lessons.running.recipe import ran
from tests.lessons.grad_cam.plain import sequence
from viz.language import english

STUDY = LESSONS["grad_cam"].beginning
READINGS = [Reading(0), Reading(9, "second"), Reading(80, "3")]


def near(one: Array, other: Array) -> bool:
    scale = float(np.abs(other).max())
    return bool(np.abs(one - other).max() <= 1e-4 * max(scale, 1e-12))


@pytest.mark.parametrize("reading", READINGS)
def test_saliency_is_that_of_other_code(reading: Reading) -> None:
    found, image = ran(reading), reading.image()
    leaf = image.requires_grad_()
    other = Saliency(sequence()).attribute(leaf, target=found.target, abs=False)
    assert near(found.gradient, other[0, 0].numpy())


@pytest.mark.parametrize("reading", READINGS)
def test_the_gradient_of_a_score_is_its_rise_when_a_pixel_gets_more_ink(reading: Reading) -> None:
    found, net, step = ran(reading), sequence().double(), 1e-6
    image = reading.image().double()
    for row, column in ((2, 3), (4, 2), (0, 0)):
        more, less = image.clone(), image.clone()
        more[0, 0, row, column] += step
        less[0, 0, row, column] -= step
        with torch.no_grad():
            rise = (net(more) - net(less))[0, found.target] / (2 * step)
        assert found.gradient[row, column] == pytest.approx(float(rise), abs=5e-3, rel=1e-3)


@pytest.mark.parametrize("reading", READINGS)
def test_the_gradient_of_a_probability_follows_from_those_of_all_scores(reading: Reading) -> None:
    found = ran(reading)
    net = sequence().double()
    image = reading.image().double().requires_grad_()
    (oracle,) = torch.autograd.grad(net(image).softmax(1)[0, found.target], image)
    assert near(found.of_chance, oracle[0, 0].numpy())
    assert near(found.by_rule, oracle[0, 0].numpy())
    assert found.rest == pytest.approx(1 - found.chances[found.target], abs=1e-12)


def test_a_sure_network_has_a_probability_without_a_gradient_worth_drawing() -> None:
    found = ran(Reading(0))
    assert found.rest < 1e-4
    assert np.abs(found.of_chance).max() < 1e-3 < np.abs(found.gradient).max()


@pytest.mark.parametrize("reading", READINGS)
def test_gradient_times_input_is_that_of_other_code(reading: Reading) -> None:
    found = ran(Parted(reading))
    leaf = reading.image().requires_grad_()
    other = InputXGradient(sequence()).attribute(leaf, target=found.target)
    assert near(found.product, other[0, 0].detach().numpy())


@pytest.mark.parametrize("biased", [True, False])
@pytest.mark.parametrize("seed", range(0, 300, 37))
def test_pixels_and_biases_make_the_score_and_without_biases_the_pixels_do(
    seed: int, *, biased: bool
) -> None:
    found = ran(Parted(Reading(seed), biased))
    total = found.pixels + sum(found.biases.values())
    assert total == pytest.approx(found.score, abs=1e-4)
    if not biased:
        assert found.pixels == pytest.approx(found.score, abs=1e-4)
        assert set(found.biases.values()) == {0.0}


def test_the_table_of_parts_adds_up_as_it_says() -> None:
    rows = tables.parts(STUDY, english).rows
    *parts, total, score = (float(each[1].replace("−", "-")) for each in rows)
    assert sum(parts) == pytest.approx(total, abs=0.01)
    assert total == score


@pytest.mark.parametrize("reading", READINGS)
@pytest.mark.parametrize("count", [2, 4, 64])
def test_integrated_gradients_are_those_of_other_code(reading: Reading, count: int) -> None:
    found, image = ran(Integrating(reading, count)), reading.image()
    other = IntegratedGradients(sequence()).attribute(
        image,
        baselines=torch.zeros_like(image),
        target=ran(reading).target,
        n_steps=count,
        method="riemann_middle",
    )
    assert near(found.attributions, other[0, 0].detach().numpy())
    assert found.sums[count] == pytest.approx(float(other.detach().sum()), rel=1e-3, abs=1e-3)


@pytest.mark.parametrize("reading", READINGS)
def test_all_attributions_come_near_the_rise_of_the_score(reading: Reading) -> None:
    found = ran(Integrating(reading))
    with torch.no_grad():
        pair = torch.cat([reading.image(), torch.zeros(1, 1, 8, 8)])
        high, low = sequence()(pair)[:, ran(reading).target].tolist()
    assert found.rise == pytest.approx(high - low, abs=1e-4)
    assert abs(found.sums[64] - found.rise) < max(0.4, 0.05 * abs(found.rise))
    assert abs(found.sums[64] - found.rise) < abs(found.sums[1] - found.rise)


def test_more_parts_need_not_be_nearer() -> None:
    sums, rise = (ran(Integrating()).sums, ran(Integrating()).rise)
    gaps = [abs(sums[count] - rise) for count in path.COUNTS]
    assert any(after > before for before, after in pairwise(gaps))
    assert readings.of_way(STUDY.changed(parts=1))["sum"] != readings.of_way(STUDY)["sum"]


@pytest.mark.parametrize("count", smooth.COUNTS)
def test_a_smooth_gradient_is_the_mean_over_noisy_copies(count: int) -> None:
    recipe = Smoothing(Reading(9), count, "0.4")
    target, net = ran(recipe.reading).target, sequence()
    draw = np.random.default_rng((9, 0)).standard_normal((64, 1, 8, 8))
    total = np.zeros((8, 8))
    for each in (0.4 * draw).astype(np.float32)[:count]:
        noisy = (recipe.reading.image() + torch.from_numpy(each)).requires_grad_()
        (gradient,) = torch.autograd.grad(net(noisy)[0, target], noisy)
        total += gradient[0, 0].numpy()
    assert near(ran(recipe).mean, total / count)


def test_noise_is_the_same_wherever_a_link_is_opened_and_leaves_the_global_numbers_alone() -> None:
    before = torch.random.get_rng_state()
    one, other = Smoothing().run(), Smoothing().run()
    assert (one.mean == other.mean).all()
    assert torch.equal(before, torch.random.get_rng_state())


def test_the_agreement_of_two_means_is_the_correlation_of_what_shares_no_noise() -> None:
    recipe, pair = Smoothing(), []
    for which in (0, 1):
        copies = recipe.reading.image() + torch.from_numpy(recipe.noise(which))[:16]
        leaves = copies.requires_grad_()
        (gradient,) = torch.autograd.grad(sequence()(leaves)[:, 0].sum(), leaves)
        pair.append(gradient.mean(0).numpy().ravel())
    assert ran(recipe).agreement[16] == pytest.approx(np.corrcoef(np.stack(pair))[0, 1], abs=1e-4)
    assert not np.allclose(recipe.noise(0), recipe.noise(1))


@pytest.mark.parametrize("seed", range(4))
def test_a_rank_correlation_is_that_of_scipy(seed: int) -> None:
    draw = np.random.default_rng(seed)
    one, other = draw.integers(0, 6, (2, 8, 8))
    assert rank_correlation(one, other) == pytest.approx(spearmanr(one.flat, other.flat)[0])
    assert rank_correlation(one, one) == pytest.approx(1)
    assert rank_correlation(one, np.zeros((8, 8))) == 0


@pytest.mark.parametrize("count", control.STAGES)
def test_layers_forget_from_the_head_on(count: int) -> None:
    known, found = trained().state_dict(), forgetful(count, 0).state_dict()
    same = [name for name in known if torch.equal(known[name], found[name])]
    assert {name.split(".")[0] for name in same} == set(
        ("conv1", "conv2", "conv3", "head")[: 4 - count]
    )


def test_the_control_measures_each_map_against_the_trained_one() -> None:
    found, alike = ran(Control(Reading(), 4)), ran(Ranking())
    assert all(each == pytest.approx(1) for each in alike[0].values())
    assert near(found.trained["gradient"], np.abs(ran(Reading()).gradient))
    assert all(abs(alike[4][name]) < 0.5 for name in control.METHODS)
    images = Reading(0).image()
    net = forgetful(4, 0)
    leaf = images.clone().requires_grad_()
    (gradient,) = torch.autograd.grad(net(leaf)[0, 0], leaf)
    assert near(found.forgot["times input"], (gradient * images)[0, 0].numpy())


def test_what_the_texts_say_follows_the_class_and_the_digit() -> None:
    for study in (STUDY, STUDY.changed(seed=9, target="second")):
        found = readings.read(study)
        told = readings.of_ink(study)
        assert told["target"] == str(found.target)
        place = int(told["row"]), int(told["column"])
        assert np.abs(found.gradient)[place] == np.abs(found.gradient).max()
        assert int(told["all"]) == int((found.image == 0).sum())


def test_one_part_takes_the_gradient_half_way() -> None:
    found, image = ran(Integrating(Reading(9), 1)), Reading(9).image()
    half = (image / 2).requires_grad_()
    target = ran(Reading(9)).target
    (gradient,) = torch.autograd.grad(sequence()(half)[0, target], half)
    assert near(found.attributions, (image * gradient)[0, 0].numpy())


def test_a_rank_correlation_in_the_table_is_the_mean_over_its_digits() -> None:
    images = halves()[1].images[: control.COUNT]
    net, forgot = sequence(), forgetful(1, 0)
    targets, found = net(images).argmax(1), []
    for image, target in zip(images, targets, strict=True):
        pair = []
        for each in (net, forgot):
            leaf = image[None].clone().requires_grad_()
            (gradient,) = torch.autograd.grad(each(leaf)[0, target], leaf)
            pair.append(gradient.abs().numpy().ravel())
        found.append(spearmanr(*pair)[0])
    assert ran(Ranking())[1]["gradient"] == pytest.approx(np.mean(found), abs=0.01)


def test_the_text_names_the_correlation_that_is_furthest_from_none() -> None:
    (last,) = [row[1:] for row in tables.control(STUDY, english).rows if row[0] == "all"]
    furthest = max(last, key=lambda said: abs(float(said.replace("\u2212", "-"))))
    assert readings.of_control(STUDY)["most"] == furthest
