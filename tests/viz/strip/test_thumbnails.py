"""The small pictures are the arrays themselves, as far as colours can tell."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from torch import nn

import flow
from experiment.setting import of_preset
from tests.experiment.runs import answers
from tests.viz.reading import read
from viz.answering.questions import answered, parse
from viz.answering.sent import Unanswerable
from viz.strip.strip import STRIP_TEXT, Strip
from viz.strip.thumbnails import (
    FIRST_BYTES,
    FULL,
    FURTHER_BYTES,
    ODD,
    SMALLEST_SIDE,
    Thumbnail,
    columns_of,
    of_sample,
    pictures,
    signed_largest,
)


def strip_of(model: nn.Module, inputs: torch.Tensor) -> Strip:
    with flow.run(model, inputs, loss=lambda output: (output**2).mean()) as run:
        return Strip(run.capture, STRIP_TEXT)


def drawn(strip: Strip, name: str, sample: int = 0) -> tuple[Thumbnail, Thumbnail]:
    """Return the pictures of a box: of its value and of its gradient."""
    found = list(pictures(strip.way, sample, strip.batch))
    value, gradient = found[[stop.name for stop in strip.way].index(name)]
    assert value is not None
    assert gradient is not None
    return value, gradient


@pytest.mark.parametrize(
    ("size", "columns"),
    [(1, 1), (4, 2), (6, 3), (7, 7), (10, 5), (24, 6), (108, 12), (127, 12), (128, 16), (256, 16)],
)
def test_a_vector_is_the_most_nearly_square_rectangle(size: int, columns: int) -> None:
    assert columns_of(size) == columns


def test_a_picture_is_the_channel_with_the_largest_gradient_on_its_own_scale() -> None:
    torch.manual_seed(0)
    strip = strip_of(
        nn.Sequential(nn.Conv2d(1, 3, 3), nn.Flatten(), nn.Linear(48, 1)), torch.rand(2, 1, 6, 6)
    )
    stop = strip.way[1]
    for sample in (0, 1):
        assert stop.value is not None
        assert stop.gradient is not None
        gradient, value = stop.gradient[sample], stop.value[sample]
        channel = int(np.abs(gradient).max(axis=(1, 2)).argmax())
        for picture, array in zip(drawn(strip, "0", sample), (value, gradient), strict=True):
            assert (picture.plane, picture.columns) == (channel, 4)
            plane = array[channel].reshape(-1)
            shares = plane / np.abs(plane).max()
            assert np.abs(picture.cells / FULL - shares).max() <= 0.5 / FULL + 1e-6
            assert picture.largest == array.reshape(-1)[np.abs(array).argmax()]
    flat = drawn(strip, "1", 1)[1]  # 48 cells of one sample
    assert (flat.cells.size, flat.columns, flat.plane) == (48, 8, -1)
    assert drawn(strip, "2", 1)[0].cells.size == 1


def test_where_samples_cannot_be_told_apart_the_whole_matrix_is_drawn() -> None:
    strip = strip_of(nn.Sequential(nn.Linear(3, 5)), torch.ones(4, 3))
    assert strip.batch == 0
    whole = drawn(strip, "0")[1]
    assert (whole.cells.size, whole.columns) == (20, 5)
    both = np.arange(6.0).reshape(2, 3)
    assert of_sample(both, 1, 2).tolist() == [3, 4, 5]
    assert of_sample(both, 1, 5) is both


class Spread(nn.Module):
    """A map too large to be drawn cell by cell, with one large negative cell."""

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        return inputs * torch.where(torch.arange(100) == 70, -5.0, 1.0)


def test_of_a_large_map_each_block_keeps_its_largest_cell_with_its_sign() -> None:
    inputs = torch.full((1, 1, 3, 100), 0.5, requires_grad=True)
    strip = strip_of(Spread(), inputs)
    value, _gradient = drawn(strip, "mul")
    assert value.columns == 25  # blocks of 4
    assert value.largest == -2.5
    wanted = np.full((3, 25), round(FULL / 5))
    wanted[:, 70 // 4] = -FULL
    assert value.cells.reshape(3, 25).tolist() == wanted.tolist()


def test_what_is_not_finite_zero_or_tiny_is_told_apart() -> None:
    inputs = torch.tensor([[1.0, float("nan"), -math.inf, 0.0, 1e-30]], requires_grad=True)
    strip = strip_of(nn.Hardtanh(-2, 2).requires_grad_(False), inputs)
    picture = next(iter(pictures(strip.way, 0, 0)))[0]
    assert picture is not None
    assert picture.cells.tolist() == [FULL, ODD, ODD, 0, 1]
    assert math.isnan(picture.largest)
    assert signed_largest(np.array([1.0, -3.0, 2.0])) == -3
    assert signed_largest(np.array([1.0, -math.inf])) == -math.inf


def test_a_run_is_sent_with_as_many_samples_as_have_room_and_others_are_asked_for() -> None:
    live = answers(of_preset("test"))
    scene, _ = answered(live, parse("scene", {}))
    sent = read(scene)["strip"]["pictures"]
    assert [each["sample"] for each in sent] == [0, 1]
    asked, _ = answered(live, parse("thumbnails", {"sample": "1"}))
    later = read(asked)
    for part in ("cells", "looks", "largest"):
        assert np.array_equal(later[part], sent[1][part], equal_nan=True)
    with pytest.raises(Unanswerable, match="sample: 2 does not exist, the last one here is 1"):
        answered(live, parse("thumbnails", {"sample": "2"}))


@pytest.mark.parametrize("layers", [3, 40])
def test_the_bytes_of_all_pictures_are_bounded(layers: int) -> None:
    model = nn.Sequential(*(nn.Conv2d(1, 1, 1) for _ in range(layers)))
    strip = strip_of(model, torch.rand(9, 1, 32, 32))
    sizes = [
        sum(each.cells.size for box in sample for each in box if each is not None)
        for sample in strip.pictures
    ]
    assert sizes[0] <= FIRST_BYTES
    assert len(sizes) == 1 or sum(sizes) <= FURTHER_BYTES
    assert len(sizes) == (2 if layers == 3 else 1)
    assert SMALLEST_SIDE**2 * 2 * 1000 < FIRST_BYTES


class Fourier(nn.Module):
    """Complex numbers from real ones."""

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        return torch.fft.fft(inputs)


class Real(nn.Module):
    """Real numbers from complex ones."""

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        return inputs.real + 2 * inputs.imag


def test_complex_numbers_are_drawn_by_their_magnitudes() -> None:
    inputs = torch.tensor([[1.0, 2.0, -3.0, 5.0]], requires_grad=True)
    strip = strip_of(nn.Sequential(Fourier(), Real()), inputs)
    value, gradient = drawn(strip, "0")
    wanted = np.abs(np.fft.fft([1.0, 2.0, -3.0, 5.0]))
    assert value.largest == pytest.approx(wanted.max())
    assert value.cells.tolist() == np.rint(FULL * wanted / wanted.max()).tolist()
    assert gradient.cells.min() >= 0
