"""Four cells of a plane: a point between them, and all cells of the map made twice as large."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812 - everybody's name for it

from experiment.written.address import Experiment
from lessons.asking.exercise import Array, Exercise
from lessons.running.alone import alone
from lessons.running.trial import Trial, run_layer

CELLS = (((1, 2), (3, 4)), ((6, 10), (9, 12)))
"""The maps to choose from."""
LARGE = 4
"""Rows and columns of the large map."""


@dataclass(frozen=True)
class Plane:
    """A bilinear upsampling of a 2x2 map to 4x4."""

    which: int = 0
    """Place in CELLS."""
    aligned: bool = False

    def value(self) -> Array:
        """Return the small map."""
        return np.array(CELLS[self.which], np.float32)[None, None]

    def upstream(self) -> Array:
        """Return the gradient that arrives: ones."""
        return np.ones((1, 1, LARGE, LARGE), np.float32)

    def run(self) -> Trial:
        """Run PyTorch's own upsampling forward and backward."""
        layer = nn.Upsample(scale_factor=2.0, mode="bilinear", align_corners=self.aligned)
        return run_layer(layer, torch.from_numpy(self.value()), torch.from_numpy(self.upstream()))

    def in_two_passes(self, *, x_first: bool) -> Array:
        """Run PyTorch's linear upsampling along one axis, then along the other."""
        value = torch.from_numpy(self.value()[0])
        rows = value if x_first else value.mT
        once = self._along(rows).mT
        twice = self._along(once)
        passed: Array = (twice.mT if x_first else twice).numpy()[None]
        return passed

    def exercises(self) -> Mapping[str, Callable[[Trial], Exercise]]:
        """Ask nothing."""
        return {}

    def in_playground(self) -> Experiment:
        """Open one upsampling."""
        settings = {"scale_factor": 2.0, "mode": "bilinear", "align_corners": self.aligned}
        return alone("Upsample", settings, self.value(), self.upstream())

    def _along(self, rows: Tensor) -> Tensor:
        """Resize the last axis; the rows are the channels of one sample."""
        return F.interpolate(rows, size=LARGE, mode="linear", align_corners=self.aligned)


@dataclass(frozen=True)
class Helped:
    """A point in a 2x2 map, found by way of the helper points P and Q."""

    points: Array
    """P and Q."""
    star: Array


def helped(cells: Array, across: float, down: float, *, x_first: bool) -> Helped:
    """Return PyTorch's ``lerp`` of the helper points.

    ``across`` and ``down`` are the distances to the left column and to the upper row of the 2x2
    ``cells``. Along x first, P and Q stand in the two rows; along y first, in the two columns.
    """
    found = torch.from_numpy(cells).double()
    first, second = (across, down) if x_first else (down, across)
    start, end = found.unbind(1 if x_first else 0)
    points = torch.lerp(start, end, first)
    star = torch.lerp(points[0], points[1], second)
    return Helped(points.numpy(), star.numpy())
