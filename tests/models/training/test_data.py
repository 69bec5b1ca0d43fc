"""Data sets to train on: who takes them, what they hold, and the order of batches."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import torch

from models.inputs import INPUTS
from models.inputs.pictures import digit_labels, digits
from models.inputs.points import POINTS
from models.inputs.shape import InputError
from models.training.data import DATA, batches
from models.training.optimizers import OPTIMIZERS
from models.training.plan import Plan


@pytest.mark.parametrize(
    ("data", "shape", "output", "suits"),
    [
        ("digits", (1, 1, 16, 16), (1, 10), True),
        ("digits", (1, 64), (1, 12), True),
        ("digits", (1, 1, 16, 16), (1, 9), False),
        ("digits", (1, 3, 16, 16), (1, 10), False),
        ("digits", (1, 1, 12, 12), (1, 10), False),
        ("digits", (1, 8, 8), (1, 10), False),
        ("digits", (1, 1, 16, 16), (1, 10, 4, 4), False),
        ("two_moons", (4, 2), (4, 2), True),
        ("two_moons", (4, 2), (4, 1), False),
        ("two_moons", (2,), (2, 2), False),
        ("spirals", (4, 2), (4, 3), True),
        ("spirals", (4, 2), (4, 2), False),
        ("spirals", (4, 3), (4, 3), False),
    ],
)
def test_a_data_set_is_offered_where_it_fits(
    data: str, shape: tuple[int, ...], output: tuple[int, ...], suits: bool
) -> None:
    assert DATA[data].suits(shape, output) is suits


def test_digits_are_those_of_scikit_learn_enlarged() -> None:
    numbers = [3, 1796, 3]
    samples = DATA["digits"].pick((1, 1, 16, 16), 0, numbers)
    small = [digits((1, 1, 8, 8), number)[0, 0] for number in numbers]
    expected = torch.stack([torch.kron(each, torch.ones(2, 2)) for each in small])[:, None]
    assert torch.equal(samples.inputs, expected)
    assert samples.classes.tolist() == [digit_labels(1, number)[0] for number in numbers]


@pytest.mark.parametrize(("data", "classes"), [("two_moons", 2), ("spirals", 3)])
def test_points_are_those_of_the_input_of_that_name_and_their_classes_go_in_turn(
    data: str, classes: int
) -> None:
    samples = DATA[data].pick((16, 2), 5, range(16))
    assert torch.equal(samples.inputs, INPUTS[data].make((16, 2), 5))
    assert samples.classes.tolist() == [at % classes for at in range(16)]
    assert not torch.equal(samples.inputs, INPUTS[data].make((16, 2), 6))


def test_a_larger_batch_of_points_begins_with_the_smaller_one_and_then_again() -> None:
    for data in ("two_moons", "spirals"):
        few, many = INPUTS[data].make((5, 2), 1), INPUTS[data].make((POINTS + 5, 2), 1)
        assert torch.equal(many[:5], few)
        assert torch.equal(many[POINTS:], few)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_a_moon_is_half_a_circle_of_radius_one(seed: int) -> None:
    points = INPUTS["two_moons"].make((POINTS, 2), seed).numpy()
    for number, middle in ((0, (-0.5, -0.25)), (1, (0.5, 0.25))):
        away = points[number::2] - middle
        radii = np.linalg.norm(away, axis=1)
        assert radii.mean() == pytest.approx(1, abs=0.05)
        assert radii.std() < 0.2
        side = away[:, 1] if number == 0 else -away[:, 1]
        assert (side > -0.5).all()


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_arms_of_the_spiral_are_a_third_of_a_turn_apart(seed: int) -> None:
    points = INPUTS["spirals"].make((POINTS, 2), seed).numpy().astype(np.float64)
    radius = np.linalg.norm(points, axis=1)
    assert radius.max() <= 1
    turned = np.arctan2(points[:, 1], points[:, 0]) - 4 * radius
    for number in range(3):
        off = turned[number::3] - 2 * np.pi / 3 * number
        off = (off + np.pi) % (2 * np.pi) - np.pi
        assert abs(off.mean()) < 0.1
        assert off.std() == pytest.approx(0.15, abs=0.05)


@pytest.mark.parametrize("shape", [(2,), (3, 3), (1, 2, 2)])
def test_points_need_two_columns(shape: tuple[int, ...]) -> None:
    with pytest.raises(InputError, match="one row a point"):
        INPUTS["spirals"].make(shape)


def test_every_pass_through_the_data_has_every_sample_once_in_another_order() -> None:
    drawn = list(itertools.islice(batches(10, 3, 4), 6))
    assert [len(each) for each in drawn] == [3] * 6
    first, second = (list(itertools.chain(*part)) for part in (drawn[:3], drawn[3:]))
    assert len(set(first)) == len(set(second)) == 9
    assert first != second
    assert list(itertools.islice(batches(10, 3, 4), 6)) == drawn
    assert list(itertools.islice(batches(10, 3, 5), 6)) != drawn


def test_a_batch_larger_than_the_data_is_the_data() -> None:
    assert sorted(next(batches(5, 64, 0))) == [0, 1, 2, 3, 4]


def test_optimizers_are_torchs_own() -> None:
    weight = torch.nn.Parameter(torch.zeros(1))
    plan = Plan(rate=0.5, momentum=0.7)
    found = {name: kind.make([weight], plan) for name, kind in OPTIMIZERS.items()}
    assert {name: type(each) for name, each in found.items()} == {
        "sgd": torch.optim.SGD,
        "momentum": torch.optim.SGD,
        "adam": torch.optim.Adam,
    }
    assert [each.defaults["lr"] for each in found.values()] == [0.5] * 3
    assert [found[name].defaults["momentum"] for name in ("sgd", "momentum")] == [0, 0.7]
    assert [kind.has_momentum for kind in OPTIMIZERS.values()] == [False, True, False]
