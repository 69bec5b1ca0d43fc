"""A global average pooling of two small maps, and the weights of a linear layer behind it."""

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
from lessons.running.numbers import whole
from lessons.running.trial import Trial, run_layer

SHAPE = (1, 2, 2, 2)
CELLS = 8


@dataclass(frozen=True)
class Pooled:
    """Two maps; the weights of a class are what arrives at their means."""

    seed: int = 0

    def value(self) -> Array:
        """Return the maps."""
        return np.abs(whole(2 * self.seed, SHAPE))

    def upstream(self) -> Array:
        """Return the weights of the class: the gradient of its score at the means."""
        return whole(2 * self.seed + 1, (1, 2, 1, 1))

    def run(self) -> Trial:
        """Run the pooling, and go back."""
        arrays = self.value(), self.upstream()
        return run_layer(nn.AdaptiveAvgPool2d(1), *map(torch.from_numpy, arrays))

    def exercises(self) -> Mapping[str, Callable[[Any], Exercise]]:
        """Nothing is asked."""
        return {}

    def in_playground(self) -> Experiment:
        """Open the pooling."""
        return alone("AdaptiveAvgPool2d", {"output_size": 1}, self.value(), self.upstream())
