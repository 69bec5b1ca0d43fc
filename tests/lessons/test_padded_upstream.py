"""The upstream with its zeros: every cell of a result is the window that its link says."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from lessons.asking.exercise import Array
from lessons.convolution_backward.padded import downstream_windows, padded, turned
from lessons.convolution_backward.recipe import DILATIONS, KERNELS, PADDINGS, STRIDES, Convolving
from lessons.convolution_backward.settings import WAYS
from lessons.convolution_backward.steps import LESSON
from lessons.convolution_backward.turning import turned as turned_maps
from lessons.running.trial import SettingError
from viz.maps.rows import pack
from viz.maps.sums import Link

SMALL = Convolving()


def summed(link: Link, upstream: Array, size: int) -> Array:
    found = np.zeros(size)
    terms_of = np.repeat(link.cells, np.diff(link.offsets))
    np.add.at(found, terms_of, link.coefficients * upstream.reshape(-1)[link.places])
    return found


def test_the_padded_upstream_has_zeros_around_and_between() -> None:
    upstream = np.array([[[[1.0, -1], [2, 0.5]]]])
    assert padded(SMALL, upstream)[0, 0].tolist() == [
        [0, 0, 0, 0],
        [0, 1, -1, 0],
        [0, 2, 0.5, 0],
        [0, 0, 0, 0],
    ]
    strided = Convolving(size=4, stride=2)
    assert padded(strided, upstream)[0, 0].tolist() == [
        [0, 0, 0, 0, 0],
        [0, 1, 0, -1, 0],
        [0, 0, 0, 0, 0],
        [0, 2, 0, 0.5, 0],
        [0, 0, 0, 0, 0],
    ]
    assert turned(SMALL)[0, 0].tolist() == [[4, 3], [2, 1]]
    dilated = turned(Convolving(dilation=2, size=4))[0, 0]
    assert dilated.tolist() == [[4, 0, 3], [0, 0, 0], [2, 0, 1]]


def test_a_downstream_cell_is_the_window_at_its_own_place_in_the_padded_upstream() -> None:
    (link,) = downstream_windows(SMALL, SMALL.run()).links
    # Cell (1, 1), the fifth: the window in the middle of the 4x4 map, under 4 3 / 2 1.
    there = slice(link.offsets[4], link.offsets[5])
    assert link.places[there].tolist() == [5, 6, 9, 10]
    assert link.coefficients[there].tolist() == [4, 3, 2, 1]
    assert [link.names[name] for name in link.name_of[there]] == [
        *("w[0,0,1,1]", "w[0,0,1,0]", "w[0,0,0,1]", "w[0,0,0,0]")
    ]
    assert link.taps is not None
    assert link.taps.places[there].tolist() == [0, 1, 2, 3]


def test_the_windows_add_up_to_autograds_gradient_wherever_pytorch_can_run() -> None:
    tried = 0
    for values in itertools.product((2, 5), KERNELS, STRIDES, PADDINGS, DILATIONS):
        recipe = Convolving(*values, channels=2, out=3, batch=2, seed=5)
        try:
            trial = recipe.run()
        except SettingError:
            continue
        figure = downstream_windows(recipe, trial)
        (link,) = figure.links
        found = summed(link, figure.array(link.to_map), trial.downstream.size)
        np.testing.assert_array_equal(found.reshape(trial.downstream.shape), trial.downstream)
        assert link.taps is not None
        kernel = figure.array(link.taps.map).reshape(-1)
        np.testing.assert_array_equal(kernel[link.taps.places], link.coefficients)
        tried += 1
    assert tried > 100


@pytest.mark.parametrize(
    "sizes",
    [
        {},
        {"size": 4, "stride": 2, "seed": 3},
        {"size": 6, "width": 3, "dilation": 2},
        {"size": 7, "width": 4, "padding": "2"},
        {"size": 2, "width": 1},
        {"size": 4, "width": 4},
    ],
)
def test_every_way_of_the_turning_step_adds_up_to_its_result(sizes: dict[str, object]) -> None:
    for way in WAYS:
        figure = turned_maps(LESSON.beginning.changed(**sizes, way=way))
        (link,) = figure.links
        result = figure.array(link.from_map)
        found = summed(link, figure.array(link.to_map), result.size)
        np.testing.assert_array_equal(found.reshape(result.shape), result)
        assert link.taps is not None
        taps = figure.array(link.taps.map).reshape(-1)
        np.testing.assert_array_equal(taps[link.taps.places], link.coefficients)


def test_the_links_of_the_largest_maps_reach_the_screen() -> None:
    recipe = Convolving(7, 4, 1, "2", 1, 3, 3, 2, seed=1)
    figure = downstream_windows(recipe, recipe.run())
    (link,) = figure.links
    assert len(link.places) > 10_000
    assert b'"large":true' not in pack(figure.rows, links=figure.links).replace(b" ", b"")
