"""Grad-CAM step by step: against captum, PyTorch's interpolation and the weights of CAM."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from captum.attr import LayerGradCam
from torch.nn import functional as F  # noqa: N812 - everybody's name for it

from lessons.asking.exercise import Array
from lessons.catalogue import LESSONS
from lessons.grad_cam import figures, pictures, readings, tables
from lessons.grad_cam.digit.network import LAST, trained
from lessons.grad_cam.digit.reading import Read, Reading
from lessons.grad_cam.maps.weighing import (
    enlarged,
    grad_cam,
    shares,
    weighted_sum,
    weights,
)
from lessons.running.recipe import ran
from lessons.showing.figure import Figure
from tests.lessons.grad_cam.plain import PLACES, sequence
from viz.language import english
from viz.maps.sums import Link

STUDY = LESSONS["grad_cam"].beginning
SETTINGS = [
    (seed, target, layer)
    for seed, target in ((0, "first"), (9, "second"), (80, "3"))
    for layer in PLACES
]


def summed(link: Link, array: Array, count: int) -> Array:
    """What the sums of a link come to, term by term."""
    found = np.zeros(count)
    for at, cell in enumerate(link.cells):
        there = slice(int(link.offsets[at]), int(link.offsets[at + 1]))
        found[cell] = (link.coefficients[there] * array.ravel()[link.places[there]]).sum()
    return found


@pytest.mark.parametrize(("seed", "target", "layer"), SETTINGS)
def test_grad_cam_is_that_of_other_code(seed: int, target: str, layer: str) -> None:
    found: Read = ran(Reading(seed, target, layer))
    net = sequence()
    other = LayerGradCam(net, net[PLACES[layer]])
    image = Reading(seed).image()
    for relu, mine in (
        (False, weighted_sum(found.maps, found.map_gradients)),
        (True, grad_cam(found.maps, found.map_gradients)),
    ):
        cells = other.attribute(image, target=found.target, relu_attributions=relu)[0, 0]
        assert np.allclose(mine, cells.detach().numpy(), atol=1e-4, rtol=1e-4)


def test_a_weight_is_the_mean_of_its_channel() -> None:
    gradient = np.array([[[1.0, 2], [3, 6]], [[-4, 0], [0, 0]]])
    maps = np.array([[[1.0, 0], [0, 2]], [[5, 1], [0, 0]]])
    assert weights(gradient).tolist() == [3, -1]
    assert weighted_sum(maps, gradient).tolist() == [[-2, -1], [0, 6]]
    assert grad_cam(maps, gradient).tolist() == [[0, 0], [0, 6]]


def test_bilinear_shares_of_a_corner_and_of_an_inner_pixel() -> None:
    found = shares(4, 8, "bilinear")
    assert found.shape == (64, 16)
    assert {int(at): float(found[0][at]) for at in np.flatnonzero(found[0])} == {0: 1.0}
    inner = {int(at): float(found[9][at]) for at in np.flatnonzero(found[9])}
    assert inner == {0: 0.5625, 1: 0.1875, 4: 0.1875, 5: 0.0625}
    assert np.allclose(found.sum(1), 1)


@pytest.mark.parametrize("mode", ["nearest", "bilinear"])
@pytest.mark.parametrize("layer", list(PLACES))
def test_the_sums_between_the_maps_are_what_stands_in_them(mode: str, layer: str) -> None:
    study = STUDY.changed(mode=mode, layer=layer, target="5")
    figure = figures.resized(study)
    fine, coarse = figure.array("fine"), figure.array("coarse")
    assert np.allclose(summed(figure.links[0], coarse, fine.size), fine.ravel(), atol=1e-5)
    grid = torch.from_numpy(coarse)
    how = {"align_corners": False} if mode == "bilinear" else {}
    assert np.allclose(F.interpolate(grid, size=(8, 8), mode=mode, **how).numpy(), fine, atol=1e-6)
    figure = figures.summed(study)
    total, maps = figure.array("sum"), figure.array("maps")
    assert np.allclose(summed(figure.links[0], maps, total.size), total.ravel(), atol=1e-4)
    assert (figure.array("kept") == np.maximum(total, 0)).all()


def test_numbers_stand_in_the_cells_of_a_map_that_has_few_only() -> None:
    deep, early = figures.summed(STUDY), figures.summed(STUDY.changed(layer="conv1"))
    assert with_numbers(deep) >= {"sum", "kept"}, "4x4 cells"
    assert not with_numbers(early) & {"sum", "kept"}, "8x8 cells"
    assert with_numbers(figures.resized(STUDY)) == {"coarse"}
    assert with_numbers(figures.softened(STUDY)) == set()


def with_numbers(figure: Figure) -> set[str]:
    return {each.key for row in figure.rows for each in row if each.written}


def test_no_step_speaks_of_grad_cam_before_it_is_told() -> None:
    keys = [step.key for step in LESSONS["grad_cam"].steps]
    assert keys.index("alpha") < keys.index("cam") < keys.index("random") < keys.index("ranks")


@pytest.mark.parametrize("seed", [0, 9, 80])
@pytest.mark.parametrize("target", ["first", "second", "7"])
def test_the_weights_of_cam_are_those_of_grad_cam_times_the_cells(seed: int, target: str) -> None:
    found = ran(Reading(seed, target, LAST))
    linear = sequence().get_parameter("9.weight")[found.target].detach().numpy()
    assert np.allclose(16 * weights(found.map_gradients), linear, rtol=1e-6, atol=1e-7)
    cam = np.tensordot(linear, found.maps, 1)
    total = weighted_sum(found.maps, found.map_gradients)
    assert np.allclose(16 * total, cam, rtol=1e-5, atol=1e-4)
    marks = [
        row[3] for row in tables.compared(STUDY.changed(seed=seed, target=target), english).rows
    ]
    assert set(marks) <= {"✓", "≈"}


def test_before_the_last_layer_the_weights_depend_on_the_digit() -> None:
    one, other = (weights(ran(Reading(seed, "3", "conv2")).map_gradients) for seed in (0, 9))
    assert np.abs(one - other).max() > 0.005
    one, other = (weights(ran(Reading(seed, "3", LAST)).map_gradients) for seed in (0, 9))
    assert np.allclose(one, other, atol=1e-7)


def test_what_is_said_of_the_relu_follows_the_cells() -> None:
    stub = np.array([[[1.0, 0], [0, 2]], [[5, 1], [0, 0]]])
    assert np.maximum(weighted_sum(stub, -stub), 0).sum() == 0
    for layer in PLACES:
        study = STUDY.changed(layer=layer, target="second")
        told, total = readings.of_sum(study), figures.summed(study).array("sum")
        assert int(told["negative"]) == int((total < 0).sum())
        assert float(told["kept"].replace("−", "-")) == pytest.approx(
            float(total[total > 0].sum()), rel=0.01
        )


def test_bars_and_overlay_show_the_same_numbers() -> None:
    found = ran(Reading())
    (bars,) = tables.alphas(STUDY, english).curves
    assert [y for _x, y in bars.points] == pytest.approx(weights(found.map_gradients).tolist())
    layers = pictures.over(STUDY, english)
    large = enlarged(grad_cam(found.maps, found.map_gradients), 8, "bilinear")
    assert layers[1].cells is not None
    assert (layers[1].cells == large).all()
    scores = tables.scores(STUDY, english).curves[0]
    with torch.no_grad():
        oracle = trained()(Reading().image())[0].tolist()
    assert [y for _x, y in scores.points] == pytest.approx(oracle, abs=1e-4)
    assert pictures.paper(np.array([[0.0, 1.0, 1.5]])).tolist() == [[255, 0, 0]]
