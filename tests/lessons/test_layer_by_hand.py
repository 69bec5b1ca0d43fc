"""The convolution from scratch against PyTorch, scipy and numbers worked out by hand."""

from __future__ import annotations

import itertools
import re
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from scipy.signal import convolve2d, correlate2d

from lessons.by_hand import convolution as by_hand
from lessons.by_hand.convolution import (
    Convolution,
    StrideError,
    full,
    rotate,
    slide,
    stuff,
)
from lessons.convolution_backward.recipe import (
    BATCHES,
    DILATIONS,
    KERNELS,
    PADDINGS,
    STRIDES,
    Convolving,
)
from lessons.running.trial import SettingError

IMAGE = np.arange(1.0, 10.0).reshape(3, 3)
KERNEL = np.array([[1.0, 2.0], [3.0, 4.0]])
UPSTREAM = np.array([[1.0, -1.0], [2.0, 0.5]])


def test_the_three_by_three_image_gives_what_a_pencil_gives() -> None:
    layer = Convolution(KERNEL[None, None], np.array([0.5]))
    x, upstream = IMAGE[None, None], UPSTREAM[None, None]
    assert layer.forward(x)[0, 0].tolist() == [[37.5, 47.5], [67.5, 77.5]]
    downstream, kernel, bias = layer.backward(x, upstream)
    assert kernel[0, 0].tolist() == [[9.5, 12.0], [17.0, 19.5]]
    assert bias.tolist() == [2.5]
    assert downstream[0, 0].tolist() == [[1, 1, -2], [5, 5.5, -3], [6, 9.5, 2]]


def test_sliding_is_scipys_correlation_and_turned_it_is_its_convolution() -> None:
    draw = np.random.default_rng(1)
    image, window = draw.normal(size=(6, 5)), draw.normal(size=(3, 2))
    np.testing.assert_allclose(slide(image, window), correlate2d(image, window, "valid"))
    np.testing.assert_allclose(full(image, rotate(window)), convolve2d(image, window, "full"))


def test_turning_the_slid_upstream_gives_the_same_and_turning_the_padded_one_is_upside_down() -> (
    None
):
    expected = full(UPSTREAM, rotate(KERNEL))
    np.testing.assert_array_equal(full(KERNEL, rotate(UPSTREAM)), expected)
    third = full(rotate(UPSTREAM), KERNEL)
    assert not np.array_equal(third, expected)
    np.testing.assert_array_equal(rotate(third), expected)


@pytest.mark.parametrize(("stride", "zeros"), [(2, "1 zero between"), (3, "2 zeros between")])
def test_a_full_convolution_with_a_stride_is_refused_with_the_reason(
    stride: int, zeros: str
) -> None:
    with pytest.raises(StrideError, match=rf"the stride must be 1, {stride} came.*Put {zeros}"):
        full(IMAGE, KERNEL, stride)


def test_stuffing_puts_zeros_between_and_not_around() -> None:
    assert stuff(KERNEL, 2).tolist() == [[1, 0, 2], [0, 0, 0], [3, 0, 4]]
    assert stuff(KERNEL, 1).tolist() == KERNEL.tolist()


def possible(size: int) -> list[Convolving]:
    """Every setting that PyTorch can run on a map of this size."""
    found = []
    for width, stride, padding, dilation, channels, batch in itertools.product(
        KERNELS, STRIDES, PADDINGS, DILATIONS, (1, 2), BATCHES
    ):
        recipe = Convolving(size, width, stride, padding, dilation, channels, 3 - channels, batch)
        try:
            recipe.check()
        except SettingError:
            continue
        found.append(recipe)
    return found


@pytest.mark.parametrize("size", [2, 5])
def test_it_equals_pytorch_to_the_bit_wherever_pytorch_can_run(size: int) -> None:
    recipes = possible(size)
    assert len(recipes) > 50
    for recipe in recipes:
        layer = recipe.by_hand()
        x, weight, bias = (
            torch.tensor(each, requires_grad=True)
            for each in (recipe.value(), recipe.weight(), recipe.bias())
        )
        padding: Any = (
            recipe.padding if recipe.padding in ("valid", "same") else int(recipe.padding)
        )
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "Using padding='same'")
            output = torch.nn.functional.conv2d(
                x, weight, bias, recipe.stride, padding, recipe.dilation
            )
        gradients = torch.autograd.grad(
            output, (x, weight, bias), torch.from_numpy(recipe.upstream())
        )
        np.testing.assert_array_equal(layer.forward(recipe.value()), output.detach().numpy())
        for mine, theirs in zip(
            layer.backward(recipe.value(), recipe.upstream()), gradients, strict=True
        ):
            np.testing.assert_array_equal(mine, theirs.numpy(), str(recipe))


def test_the_shown_file_is_short_and_uses_numpy_alone() -> None:
    source = Path(by_hand.__file__).read_text(encoding="utf-8")
    assert len(source.splitlines()) < 120
    imported = set(re.findall(r"^(?:from|import) (\w+)", source, re.MULTILINE))
    assert imported == {"__future__", "dataclasses", "typing", "numpy"}
