"""A 4x4 map, convolved, and what a transposed convolution with the same kernel makes of that."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812 - everybody's name for it

from experiment.written.address import Experiment
from lessons.asking.exercise import Array, Exercise, choice
from lessons.running.alone import alone, together
from lessons.running.numbers import whole
from lessons.running.trial import Trial, run_layer
from models.fields import Fields
from models.spec import INPUT, LayerSpec
from viz.language import english

SIDE, WIDTH, SMALL = 4, 3, 2
"""Cells along one axis of the map, of the kernel, and of the convolved map."""
LARGEST = 2
"""Of the map: sums of nine products stay small."""
GUESSES: Mapping[str, str] = {
    "again": english("x again"),
    "border": english("x again, except at its border"),
    "smaller": english("a map that is smaller than y"),
    "other": english("a map of x's size, with other values"),
}
"""What a transposed convolution of the convolved map may give."""


@dataclass(frozen=True, eq=False)
class Convolved:
    """A convolution, and a transposed one of what it made."""

    conv: Trial
    """Of the map, with an upstream gradient of its own."""
    up: Trial
    """Of the convolved map."""
    matrix: Array
    """The convolution as a matrix: a row for each cell that it makes."""
    transposed: Array
    """The transposed convolution of the upstream gradient."""


def unrolled(kernel: Array, side: int, padding: int = 0) -> Array:
    """Return a convolution as a matrix, cells that are made x cells of the map.

    A column is what PyTorch makes of a map with a 1 in one place and 0 in the others.
    """
    units = torch.eye(side**2, dtype=torch.from_numpy(kernel).dtype).view(-1, 1, side, side)
    made = F.conv2d(units, torch.from_numpy(kernel), padding=padding)
    columns: Array = made.flatten(1).T.numpy()
    return columns


def counting(shape: tuple[int, ...], seed: int, which: int, largest: int) -> Array:
    """Return 1, 2, 3, ... for seed 0, and other small whole numbers else."""
    if seed == 0:
        return np.arange(1, np.prod(shape) + 1, dtype=np.float32).reshape(shape)
    return whole(4 * seed + which, shape, largest)


def with_weight(layer: nn.Module, weight: Array) -> nn.Module:
    """Give a layer this kernel."""
    own = layer.weight
    assert isinstance(own, Tensor)  # noqa: S101 - convolutions have one
    with torch.no_grad():
        own.copy_(torch.from_numpy(weight))
    return layer


@dataclass(frozen=True)
class Convolving:
    """A 3x3 convolution of a 4x4 map; a seed draws its numbers."""

    seed: int = 0

    def value(self) -> Array:
        """Return the map."""
        return whole(4 * self.seed, (1, 1, SIDE, SIDE), LARGEST)

    def weight(self) -> Array:
        """Return the kernel."""
        return counting((1, 1, WIDTH, WIDTH), self.seed, 1, 4)

    def upstream(self) -> Array:
        """Return the gradient that arrives at the convolved map."""
        return whole(4 * self.seed + 2, (1, 1, SMALL, SMALL), 3)

    def run(self) -> Convolved:
        """Run PyTorch's own layers."""
        convolve = with_weight(skipped(nn.Conv2d, WIDTH), self.weight())
        enlarge = with_weight(skipped(nn.ConvTranspose2d, WIDTH), self.weight())
        upstream = torch.from_numpy(self.upstream())
        conv = run_layer(convolve, torch.from_numpy(self.value()), upstream)
        up = run_layer(enlarge, torch.tensor(conv.output), torch.ones(1, 1, SIDE, SIDE))
        with torch.no_grad():
            transposed = enlarge(upstream).numpy()
        return Convolved(conv, up, unrolled(self.weight(), SIDE), transposed)

    def exercises(self) -> Mapping[str, Callable[[Any], Exercise]]:
        """Nothing is asked."""
        return {}

    def in_playground(self) -> Experiment:
        """Open the convolution."""
        settings = {**ONE_CHANNEL, "kernel_size": WIDTH}
        weight = {"layer.weight": self.weight()}
        return alone("Conv2d", settings, self.value(), self.upstream(), weight)


ONE_CHANNEL = {"in_channels": 1, "out_channels": 1, "bias": False}


def skipped(kind: Callable[..., nn.Module], width: int, **settings: int) -> nn.Module:
    """Return a layer with one channel and without a bias, whose kernel nobody drew yet."""
    layer: nn.Module = nn.utils.skip_init(  # type: ignore[no-untyped-call]
        kind, 1, 1, width, bias=False, **settings
    )
    return layer


@dataclass(frozen=True)
class Undoing(Convolving):
    """The same, and what is asked about it."""

    def exercises(self) -> Mapping[str, Callable[[Convolved], Exercise]]:
        """Ask what the transposed convolution gives back."""
        return {"undo": undo_exercise}

    def in_playground(self) -> Experiment:
        """Open the convolution and the transposed one."""
        fields = Fields({**ONE_CHANNEL, "kernel_size": WIDTH})
        layers = (
            LayerSpec(name="conv", kind="Conv2d", inputs=(INPUT,), fields=fields),
            LayerSpec(name="up", kind="ConvTranspose2d", inputs=("conv",), fields=fields),
        )
        weights = {f"{name}.weight": self.weight() for name in ("conv", "up")}
        return together(layers, self.value(), np.ones((1, 1, SIDE, SIDE), np.float32), weights)


def undo_exercise(run: Convolved) -> Exercise:
    """Choose what comes."""
    return choice("undo", GUESSES, came(run.conv.value[0, 0], run.up.output[0, 0]))


def came(value: Array, output: Array) -> str:
    """Return which guess is true of a map and of what came after both convolutions."""
    if output.shape != value.shape:
        return "smaller"
    if (output == value).all():
        return "again"
    inner = (slice(1, -1), slice(1, -1))
    return "border" if (output[inner] == value[inner]).all() else "other"
