"""Three bugs of a layer by hand: what comes, what PyTorch gives, and where nobody sees them."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from lessons.asking.grading import grade
from lessons.convolution_backward.bugged import BUGS, ThreeBugs, pictured, told
from lessons.convolution_backward.bugs import convolve, convolve_same, hand_on
from lessons.convolution_backward.steps import LESSON
from viz.language import english

IMAGE = np.arange(1.0, 17.0).reshape(4, 4)
KERNEL = np.array([[1.0, 2.0], [3.0, 4.0]])


def test_a_stride_changes_nothing() -> None:
    made = convolve(IMAGE, KERNEL, 0.5, 2)
    # 1*1 + 2*2 + 5*3 + 6*4 + 0.5, and 10 more a cell further, for the kernel adds up to 10
    assert made.tolist() == [[44.5, 54.5, 64.5], [84.5, 94.5, 104.5], [124.5, 134.5, 144.5]]
    expected = torch.nn.functional.conv2d(
        torch.from_numpy(IMAGE)[None, None],
        torch.from_numpy(KERNEL)[None, None],
        torch.tensor([0.5], dtype=torch.float64),
        stride=2,
    )
    assert expected[0, 0].tolist() == [[44.5, 64.5], [124.5, 144.5]]


def test_an_even_kernel_makes_the_map_smaller_by_one() -> None:
    image = np.arange(1.0, 10.0).reshape(3, 3)
    made = convolve_same(image, KERNEL, 0.5)
    assert made.tolist() == [[37.5, 47.5], [67.5, 77.5]]
    padded = torch.nn.functional.pad(torch.from_numpy(image)[None, None], (0, 1, 0, 1))
    expected = torch.nn.functional.conv2d(padded, torch.from_numpy(KERNEL)[None, None]) + 0.5
    found = ThreeBugs().run()["same"]
    assert found.expected.tolist() == expected[0, 0].tolist()
    assert found.expected[2].tolist() == [23.5, 26.5, 9.5]  # 7 + 2*8, 8 + 2*9, 9, and 0.5


def test_the_gradient_of_the_padded_image_comes_back_whole() -> None:
    upstream = np.array([[1.0, -1.0], [2.0, 0.5]])
    assert hand_on(upstream, KERNEL).tolist() == [[1, 1, -2], [5, 5.5, -3], [6, 9.5, 2]]
    found = ThreeBugs().run()["uncut"]
    assert (found.made.shape, found.expected.shape) == ((5, 5), (3, 3))
    np.testing.assert_array_equal(found.made[1:-1, 1:-1], found.expected)


@pytest.mark.parametrize("seed", [0, 1, 2, 9])
def test_every_bug_shows_in_the_shape_and_is_silent_elsewhere(seed: int) -> None:
    found = ThreeBugs(seed).run()
    assert list(found) == list(BUGS)
    shapes = {bug: (each.made.shape, each.expected.shape) for bug, each in found.items()}
    assert shapes == {
        "stride": ((3, 3), (2, 2)),
        "same": ((2, 2), (3, 3)),
        "uncut": ((5, 5), (3, 3)),
    }
    for each in found.values():
        np.testing.assert_array_equal(*each.silent)
        assert each.silent[0].size >= 4
    study = LESSON.beginning.changed(seed=seed)
    assert [row[1:] for row in told(study, english).rows] == [
        ("3×3", "2×2", "✓"),
        ("2×2", "3×3", "✓"),
        ("5×5", "3×3", "✓"),
    ]


@pytest.mark.parametrize("seed", [0, 4])
@pytest.mark.parametrize(("bug", "count"), [("stride", 4), ("same", 4), ("uncut", 9)])
def test_cells_that_light_up_together_hold_the_same_number(bug: str, count: int, seed: int) -> None:
    figure = pictured(bug)(LESSON.beginning.changed(seed=seed))
    (lights,) = figure.lights
    by_hand, theirs = figure.array(lights.from_map), figure.array(lights.to_map)
    assert len(lights.cells) == count
    pairs = by_hand.reshape(-1)[lights.cells], theirs.reshape(-1)[lights.places]
    np.testing.assert_array_equal(*pairs)


@pytest.mark.parametrize(
    ("typed", "mistake"), [(("2", "2"), "as asked"), (("4", "4"), "as the image")]
)
def test_a_wrong_shape_gets_the_name_of_its_mistake(typed: tuple[str, str], mistake: str) -> None:
    exercise = LESSON.exercises(LESSON.beginning)["bugged"]
    assert exercise.heads == ("height", "width")
    assert grade(exercise, ("3", "3")).solved
    assert grade(exercise, typed).mistake == mistake
