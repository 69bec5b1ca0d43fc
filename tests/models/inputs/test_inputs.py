"""What networks are fed: every cell of it."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from sklearn.datasets import load_digits

from models.inputs import INPUTS, TOKENS
from models.inputs.pictures import digit_labels
from models.inputs.shape import MAX_CELLS, InputError

NUMBERS = [name for name in INPUTS if name != TOKENS]
"""Kinds of input of any network that calculates with its input."""
POINTS = ("two_moons", "spirals")
"""Kinds that have two columns."""


def test_counting_is_arange_in_reading_order() -> None:
    expected = torch.arange(1, 9).float().view(2, 1, 2, 2)
    assert torch.equal(INPUTS["arange"].make((2, 1, 2, 2)), expected)


@pytest.mark.parametrize(
    ("kind", "shape", "expected"),
    [
        ("zeros", (2, 2), [[0, 0], [0, 0]]),
        ("ones", (3,), [1, 1, 1]),
        ("checkerboard", (1, 2, 3), [[[1, 0, 1], [0, 1, 0]]]),
        ("checkerboard", (3,), [1, 0, 1]),
        ("ramp", (2, 3), [[0, 0.5, 1], [0, 0.5, 1]]),
        ("impulse", (1, 1, 3, 3), [[[[0, 0, 0], [0, 1, 0], [0, 0, 0]]]]),
        ("impulse", (4,), [0, 0, 1, 0]),
        ("corners", (4, 2), [[0, 0], [0, 1], [1, 0], [1, 1]]),
        ("corners", (1, 5, 2), [[[0, 0], [0, 1], [1, 0], [1, 1], [0, 0]]]),
        ("corners", (2,), [0, 0]),
        ("corners", (2, 70), [[0] * 70, [0] * 69 + [1]]),
    ],
)
def test_patterns_have_the_cells_they_promise(
    kind: str, shape: tuple[int, ...], expected: list[object]
) -> None:
    assert INPUTS[kind].make(shape).tolist() == expected


@pytest.mark.parametrize("kind", NUMBERS)
def test_every_input_is_new_writable_float32_of_the_asked_shape(kind: str) -> None:
    shape = (8, 2) if kind in POINTS else (2, 3, 8, 8)
    first = INPUTS[kind].make(shape)
    assert first.shape == shape
    assert first.dtype == torch.float32
    kept = first.clone()
    first.add_(1)
    assert torch.equal(INPUTS[kind].make(shape), kept)


@pytest.mark.parametrize("kind", NUMBERS)
def test_the_seed_matters_exactly_where_it_says_so(kind: str) -> None:
    entry, shape = INPUTS[kind], (8, 2) if kind in POINTS else (1, 1, 8, 8)
    same = torch.equal(entry.make(shape, 1), entry.make(shape, 2))
    assert same is not entry.seeded


def test_random_is_torch_randn_of_its_seed_without_the_global_generator() -> None:
    before = torch.get_rng_state()
    values = INPUTS["random"].make((2, 5), seed=3)
    assert torch.equal(torch.get_rng_state(), before)
    with torch.random.fork_rng():
        torch.manual_seed(3)
        assert torch.equal(values, torch.randn(2, 5))


def test_a_digit_is_the_stored_image_scaled_to_one() -> None:
    images = load_digits().images
    batch = INPUTS["digit"].make((2, 1, 8, 8)).numpy()
    assert np.array_equal(batch[0, 0], images[3] / 16)
    assert np.array_equal(batch[1, 0], images[4] / 16)
    assert digit_labels(2) == (3, 4)
    row = INPUTS["digit"].make((2, 64)).numpy()
    assert np.array_equal(row[0], images[3].reshape(64) / 16)


def test_a_digit_is_enlarged_by_copying_cells() -> None:
    small, large = INPUTS["digit"].make((1, 1, 8, 8)), INPUTS["digit"].make((1, 1, 24, 24))
    assert torch.equal(large[..., ::3, ::3], small)
    assert torch.equal(large[..., 2::3, 1::3], small)


def test_the_seed_chooses_a_digit_and_wraps_around() -> None:
    images = load_digits().images
    values = INPUTS["any_digit"].make((2, 1, 8, 8), seed=len(images) - 1).numpy()
    assert np.array_equal(values[0, 0], images[-1] / 16)
    assert np.array_equal(values[1, 0], images[0] / 16)


@pytest.mark.parametrize("shape", [(1, 1, 8, 16), (1, 1, 12, 12), (1, 63), (1, 8, 8, 1)])
def test_a_digit_does_not_fit_every_shape(shape: tuple[int, ...]) -> None:
    with pytest.raises(InputError, match="height and width must be one multiple of 8"):
        INPUTS["digit"].make(shape)


@pytest.mark.parametrize(
    ("shape", "message"),
    [
        ((), "an input has 1 to 5 dimensions of at least 1 cell. It is a single number."),
        ((2, 0), "It is 2x0."),
        ((1,) * 6, "It is 6 dimensions."),
        ((MAX_CELLS + 1,), "at most 4,000,000 cells. 4000001 has more"),
        ((2**40, 2**40), "has more; use a smaller batch or a smaller map."),
    ],
)
def test_an_impossible_shape_is_refused_before_anything_is_made(
    shape: tuple[int, ...], message: str
) -> None:
    for entry in INPUTS.values():
        with pytest.raises(InputError) as caught:
            entry.make(shape)
        assert message in str(caught.value)


def test_the_largest_shape_is_accepted() -> None:
    assert INPUTS["zeros"].make((MAX_CELLS,)).numel() == MAX_CELLS
