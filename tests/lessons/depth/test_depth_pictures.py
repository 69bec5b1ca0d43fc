"""The pictures of the lesson on depth: what is measured, the fitted line and theory in one."""

from __future__ import annotations

import math

import numpy as np
import pytest

from lessons.catalogue import LESSONS
from lessons.depth import profiles
from lessons.depth.meanfield import theory
from lessons.depth.settings import LAYERS
from viz.language import english
from viz.pictures.line import Curve

STUDY = LESSONS["depth"].beginning


def slope(curve: Curve) -> float:
    """By least squares as numpy solves them, over what is drawn."""
    drawn = np.array([point for point in curve.points if math.isfinite(point[1])])
    columns = np.stack([drawn[:, 0], np.ones(len(drawn))], 1)
    return float(np.linalg.lstsq(columns, drawn[:, 1])[0][0])


@pytest.mark.parametrize("layers", LAYERS)
@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "relu"])
def test_one_picture_has_the_profile_its_fitted_line_and_theory(
    activation: str, layers: int
) -> None:
    study = STUDY.changed(activation=activation, layers=layers)
    measured, fitted, expected = profiles.deepened(study, english).curves
    assert [measured.title, fitted.title, expected.title] == ["measured", "fitted", "theory"]
    assert len(measured.points) == layers + 1
    assert measured.points[-1] == expected.points[-1], "both begin with the same gradient"
    rows = profiles.listed_deep(study, english).rows
    for curve, (_name, told, factor) in zip((fitted, expected), rows, strict=True):
        assert float(told) == pytest.approx(slope(curve), rel=0.01)
        assert float(factor) == pytest.approx(10 ** -slope(curve), rel=0.01)
    if layers < 100 or activation != "sigmoid":
        assert slope(fitted) == pytest.approx(slope(measured))


@pytest.mark.parametrize("parts", [(False, False), (True, False), (False, True), (True, True)])
def test_with_all_switches_each_stack_has_its_fitted_line_and_its_theory(
    parts: tuple[bool, bool],
) -> None:
    study = STUDY.changed(parts_b=parts, act_b="tanh", layers=20)
    drawn = {
        curve.title: curve for curve in profiles.fits(profiles.together, study, english).curves
    }
    assert len(drawn) == 6
    for (name, stack), row in zip(
        profiles.together(study).items(),
        profiles.listed(profiles.together, study, english).rows,
        strict=True,
    ):
        fitted, expected = drawn[f"{name}, fitted"], drawn[f"{name}, in theory"]
        assert slope(fitted) == pytest.approx(slope(drawn[name]))
        assert float(row[1]) == pytest.approx(10 ** -slope(fitted), rel=0.01)
        back = np.log10(theory(stack).gradients)
        assert [y for _x, y in expected.points] == pytest.approx(back + drawn[name].points[-1][1])


def test_the_sixth_curve_which_has_the_colour_of_the_first_is_of_the_same_stack() -> None:
    curves = profiles.fits(profiles.together, STUDY, english).curves
    assert [curves[0].title, curves[5].title] == ["A", "A, fitted"]


@pytest.mark.parametrize("layers", [2, 5, 10])
def test_the_axis_of_a_few_layers_has_no_half_layers(layers: int) -> None:
    ticks = profiles.deepened(STUDY.changed(layers=layers), english).ticks
    assert list(ticks) == list(range(layers + 1))
