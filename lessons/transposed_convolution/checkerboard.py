"""How many copies of a kernel meet in each cell: a kernel of ones, laid out over ones."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import nn

from experiment.written.address import Experiment
from lessons.asking.exercise import Array, Exercise
from lessons.running.alone import alone
from lessons.running.trial import Trial, run_layer
from lessons.transposed_convolution.convolved import ONE_CHANNEL, skipped, with_weight

SIDE = 5
WIDTHS = (2, 3, 4, 5)


@dataclass(frozen=True)
class Checkerboard:
    """A transposed convolution whose output counts the copies that meet in a cell."""

    width: int = 3
    stride: int = 2

    @property
    def large(self) -> int:
        """Cells of the output along one axis."""
        return (SIDE - 1) * self.stride + self.width

    @property
    def is_even(self) -> bool:
        """Whether equally many copies meet everywhere but at the border."""
        return self.width % self.stride == 0

    @property
    def has_holes(self) -> bool:
        """Whether copies do not even touch, so that some cells between them get none."""
        return self.width < self.stride

    def value(self) -> Array:
        """Return a map of ones."""
        return np.ones((1, 1, SIDE, SIDE), np.float32)

    def weight(self) -> Array:
        """Return a kernel of ones."""
        return np.ones((1, 1, self.width, self.width), np.float32)

    def upstream(self) -> Array:
        """Return a gradient of ones."""
        return np.ones((1, 1, self.large, self.large), np.float32)

    def run(self) -> Trial:
        """Run PyTorch's own layer."""
        layer = skipped(nn.ConvTranspose2d, self.width, stride=self.stride)
        return run_layer(
            with_weight(layer, self.weight()),
            torch.from_numpy(self.value()),
            torch.from_numpy(self.upstream()),
        )

    def read(self) -> Array:
        """Return the gradient that a Conv2d of this kernel and stride hands on, of ones.

        That is how many of its windows read each cell.
        """
        layer = with_weight(skipped(nn.Conv2d, self.width, stride=self.stride), self.weight())
        value = torch.ones(1, 1, self.large, self.large)
        return run_layer(layer, value, torch.from_numpy(self.value())).downstream

    def inside(self, output: Array) -> Array:
        """Return the cells where no copy is missing for want of a neighbour."""
        kept = slice(self.width - 1, (SIDE - 1) * self.stride + 1)
        return output[..., kept, kept]

    def exercises(self) -> Mapping[str, Callable[[Any], Exercise]]:
        """Nothing is asked."""
        return {}

    def in_playground(self) -> Experiment:
        """Open the layer."""
        settings = {**ONE_CHANNEL, "kernel_size": self.width, "stride": self.stride}
        weight = {"layer.weight": self.weight()}
        return alone("ConvTranspose2d", settings, self.value(), self.upstream(), weight)
