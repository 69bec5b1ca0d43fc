"""SmoothGrad: the mean gradient of noisy copies of an image (Smilkov et al., 2017)."""

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

COUNTS = (1, 4, 16, 64)
"""Noisy copies that one may ask for."""


@dataclass(frozen=True, eq=False)
class Smoothed:
    """What came of it."""

    noisy: Array
    """The first copy."""
    first: Array
    """Its gradient."""
    mean: Array
    """Of the gradients of as many copies as were asked for."""
    agreement: Mapping[int, float]
    """By the number of copies, the correlation of two means that share no noise."""


@dataclass(frozen=True)
class Smoothing:
    """A digit, a class of it, the number of copies and the deviation of their noise."""

    reading: Reading = BEGINNING
    count: int = 16
    sigma: str = "0.2"

    def noise(self, which: int) -> Array:
        """Return noise for all copies; fewer copies get the first of it. ``which`` draws other."""
        draw = np.random.default_rng((self.reading.seed, which))
        drawn = draw.standard_normal((COUNTS[-1], 1, *self.reading.image().shape[-2:]))
        return (float(self.sigma) * drawn).astype(np.float32)

    def run(self) -> Smoothed:
        """Take the gradients of all copies, twice, with noise of their own."""
        target, image = ran(self.reading).target, self.reading.image()
        copies = [image + torch.from_numpy(self.noise(which)) for which in (0, 1)]
        one, other = (pixel_gradients(trained(), each, target) for each in copies)
        agreement = {
            count: correlation(one[:count].mean(0), other[:count].mean(0)) for count in COUNTS
        }
        noisy = copies[0][0, 0].numpy()
        return Smoothed(noisy, one[0], one[: self.count].mean(0), agreement)

    def exercises(self) -> Mapping[str, Callable[[Any], Exercise]]:
        """Nothing is asked."""
        return {}

    def in_playground(self) -> Experiment:
        """Open the same digit."""
        return self.reading.in_playground()


def correlation(one: Array, other: Array) -> float:
    """Return Pearson's correlation of the cells of two maps."""
    return float(np.corrcoef(np.stack([one.ravel(), other.ravel()]))[0, 1])
