"""A max pooling whose windows overlap: one cell wins several of them, so its index comes again.

Unpooling then writes one value several times to one place. Backward, each of the equal pooled cells
fetches all of that place's gradient, and the pool adds them up.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812 - everybody's name for it

from experiment.written.address import Experiment
from lessons.asking.exercise import Array, Exercise
from lessons.running.numbers import whole
from lessons.unpooling.recipe import SIDE, Restored, restore, unpooled
from models.fields import Value

NUDGE = 2.0**-10
"""Small beside the distances between whole numbers, and exact in binary."""
PEAK = 20.0
MIDDLE = (5, 6, 9, 10)
"""Cells that every 3x3 window of a 4x4 map holds."""


@dataclass(frozen=True, eq=False)
class Overlapped:
    """A run, and what the loss does when a cell is nudged."""

    restored: Restored
    won: Array
    """How many windows each cell won."""
    nudged: Array
    """How the loss moves with each cell, measured by moving it: in float64."""

    @property
    def chained(self) -> Array:
        """Return what autograd hands to the map."""
        return self.restored.pool.downstream


@dataclass(frozen=True)
class Overlapping:
    """A max pooling of stride 1 and its unpooling, on a map with one large cell in the middle."""

    window: int = 3
    seed: int = 0

    def value(self) -> Array:
        """Return 1 to 15 around a 20; seed 0 has them in reading order."""
        others: Array = np.arange(1, SIDE**2)
        place = MIDDLE[0]
        if self.seed:
            draw = np.random.default_rng(self.seed)
            others, place = draw.permutation(others), int(draw.choice(MIDDLE))
        cells = np.insert(others.astype(np.float32), place, PEAK)
        return cells.reshape(1, 1, SIDE, SIDE)

    def upstream(self) -> Array:
        """Return the gradient that arrives at the restored map."""
        return whole(self.seed + 1, (1, 1, SIDE, SIDE))

    def run(self) -> Overlapped:
        """Run PyTorch's own layers, and nudge every cell."""
        pool = nn.MaxPool2d(self.window, 1, return_indices=True)
        unpool = nn.MaxUnpool2d(self.window, 1)
        restored = restore(self.value(), self.upstream(), unpool, pool)
        won = np.bincount(restored.indices.astype(int).reshape(-1), minlength=SIDE**2)
        return Overlapped(restored, won.reshape(1, 1, SIDE, SIDE), self._nudged())

    def _nudged(self) -> Array:
        value = torch.from_numpy(self.value()).double()
        moves = NUDGE * torch.eye(SIDE**2, dtype=torch.float64).view(-1, 1, SIDE, SIDE)
        slopes = (self._losses(value + moves) - self._losses(value - moves)) / (2 * NUDGE)
        return np.asarray(slopes.view(1, 1, SIDE, SIDE).numpy())

    def _losses(self, values: Tensor) -> Tensor:
        """Return the loss of each of several maps: the upstream gradient times what is restored."""
        pooled, indices = F.max_pool2d(values, self.window, 1, return_indices=True)
        window = [self.window, self.window]
        restored = F.max_unpool2d(pooled, indices, window, [1, 1], output_size=(SIDE, SIDE))
        return (restored * torch.from_numpy(self.upstream()).double()).sum((1, 2, 3))

    def exercises(self) -> Mapping[str, Callable[[Any], Exercise]]:
        """Nothing is asked."""
        return {}

    def in_playground(self) -> Experiment:
        """Open the pooling and the unpooling."""
        fields: dict[str, Value] = {"kernel_size": self.window, "stride": 1}
        return unpooled(fields, fields, self.value(), self.upstream())
