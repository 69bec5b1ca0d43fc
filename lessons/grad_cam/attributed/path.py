"""Integrated gradients: from white paper to the digit (Sundararajan et al., 2017).

The integral is a sum over the middles of equal parts of the way.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from experiment.written.address import Experiment
from lessons.asking.exercise import Array, Exercise
from lessons.grad_cam.digit.network import trained
from lessons.grad_cam.digit.reading import BEGINNING, Reading, pixel_gradients
from lessons.running.recipe import ran

COUNTS = (1, 2, 4, 8, 16, 32, 64)
"""Parts of the way that one may ask for."""


@dataclass(frozen=True, eq=False)
class Integral:
    """What came of it."""

    attributions: Array
    """Of every pixel, with as many parts as were asked for."""
    sums: Mapping[int, float]
    """By the number of parts, what all attributions add up to."""
    rise: float
    """The score of the digit minus that of white paper."""


@dataclass(frozen=True)
class Integrating:
    """A digit, a class of it, and the parts of the way."""

    reading: Reading = BEGINNING
    count: int = 16

    def run(self) -> Integral:
        """Integrate with every number of parts."""
        target, image = ran(self.reading).target, self.reading.image()
        found = {count: attributions(self.reading, count, target) for count in COUNTS}
        with torch.no_grad():
            scores = trained()(torch.cat([image, torch.zeros_like(image)]))[:, target]
        sums = {count: float(each.sum(dtype=float)) for count, each in found.items()}
        return Integral(found[self.count], sums, float(scores[0] - scores[1]))

    def exercises(self) -> Mapping[str, Callable[[Any], Exercise]]:
        """Nothing is asked."""
        return {}

    def in_playground(self) -> Experiment:
        """Open the same digit."""
        return self.reading.in_playground()


def attributions(reading: Reading, count: int, target: int) -> Array:
    """Return each pixel times its mean gradient on the way."""
    image = reading.image()
    middles = torch.from_numpy(((np.arange(count) + 0.5) / count).astype(np.float32))
    gradients = pixel_gradients(trained(), middles.view(-1, 1, 1, 1) * image, target)
    found: Array = image[0, 0].numpy() * gradients.mean(0)
    return found
