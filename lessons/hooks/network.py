"""The small CNN of the lesson: two convolutions with a ReLU between, and a head that scores."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import count

import numpy as np
import torch
from torch import nn

from experiment.written.address import Experiment
from flow.record import INPUT as INPUT_NAME
from lessons.asking.exercise import Array
from lessons.running.alone import together
from lessons.running.numbers import whole
from models.fields import Fields
from models.spec import INPUT, LayerSpec

KERNELS: Mapping[str, int] = {"conv1": 2, "conv2": 1, "head": 2}
"""A side of each kernel."""
LAYERS = ("conv1", "relu", "conv2", "head")
PLACES = (INPUT_NAME, *LAYERS)
"""Where a gradient passes, from the input to the score."""
WEIGHTS = tuple(f"{name}.weight" for name in KERNELS)
SIDE = 3
"""Of the input. The maps after it are 2x2, the score is one number."""
LARGEST = 3


@dataclass(frozen=True, eq=False)
class Numbers:
    """The input and the kernels."""

    value: Array
    kernels: Mapping[str, Array]


@lru_cache(maxsize=128)
def numbers(seed: int) -> Numbers:
    """Draw small whole numbers, with which the ReLU stops a part of the gradient."""
    for attempt in count():
        draws = np.random.default_rng((seed, attempt)).integers(0, 2**31, 1 + len(KERNELS))
        value = whole(int(draws[0]), (1, 1, SIDE, SIDE), LARGEST)
        kernels = {
            name: whole(int(draw), (1, 1, side, side), LARGEST)
            for draw, (name, side) in zip(draws[1:], KERNELS.items(), strict=True)
        }
        if _is_telling(value, kernels):
            return Numbers(value, kernels)
    raise AssertionError  # counting has no end


def _is_telling(value: Array, kernels: Mapping[str, Array]) -> bool:
    """Whether two or three cells pass the ReLU, and conv2 does more than copy."""
    first = convolved(value[0, 0], kernels["conv1"][0, 0])
    passing = first > 0
    return bool(
        passing.sum() in (2, 3)
        and abs(kernels["conv2"].item()) > 1
        and np.unique(kernels["head"]).size >= LARGEST
        and weight_gradient(value[0, 0], passing * kernels["head"][0, 0]).all()
        and (first * passing * kernels["head"][0, 0]).sum()
    )


def convolved(image: Array, kernel: Array) -> Array:
    """Slide a kernel over an image, by hand."""
    side = len(image) - len(kernel) + 1
    shifts = np.ndindex(kernel.shape)
    return np.asarray(sum(kernel[i, j] * image[i : i + side, j : j + side] for i, j in shifts))


def weight_gradient(image: Array, upstream: Array) -> Array:
    """Return what a kernel gets: the upstream gradient, slid over the image."""
    return convolved(image, upstream)


class Small(nn.Sequential):
    """The network; its layers go by name."""

    conv1: nn.Conv2d
    relu: nn.ReLU
    conv2: nn.Conv2d
    head: nn.Conv2d


def build(seed: int, *, inplace: bool = False) -> Small:
    """Return the network with the numbers of a seed, all of its own."""
    network = Small()
    for name in LAYERS:
        if name == "relu":
            network.add_module(name, nn.ReLU(inplace))
            continue
        kernel = torch.from_numpy(numbers(seed).kernels[name].copy())
        with torch.device("meta"):  # its own random numbers are not drawn
            layer = nn.Conv2d(1, 1, kernel.shape[-1], bias=False)
        layer.weight = nn.Parameter(kernel)
        network.add_module(name, layer)
    return network


def value(seed: int, *, asks: bool = True) -> torch.Tensor:
    """Return the input, which asks for a gradient or not."""
    return torch.from_numpy(numbers(seed).value.copy()).requires_grad_(asks)


def in_playground(seed: int) -> Experiment:
    """Open the same numbers; the upstream gradient of the score is 1."""
    drawn = numbers(seed)
    layers = []
    for before, name in zip((INPUT, *LAYERS), LAYERS, strict=False):
        side = KERNELS.get(name, 0)
        conv = {"in_channels": 1, "out_channels": 1, "kernel_size": side, "bias": False}
        kind, fields = ("Conv2d", conv) if side else ("ReLU", {})
        layers.append(LayerSpec(name=name, kind=kind, inputs=(before,), fields=Fields(fields)))
    weights = {f"{name}.weight": kernel for name, kernel in drawn.kernels.items()}
    return together(layers, drawn.value, np.ones((1, 1, 1, 1), np.float32), weights)
