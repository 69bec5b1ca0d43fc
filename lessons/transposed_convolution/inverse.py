"""A digit, blurred by a convolution; what its inverse restores, and what its transpose gives."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch.nn import functional as F  # noqa: N812 - everybody's name for it

from experiment.written.address import Experiment
from lessons.asking.exercise import Array, Exercise
from lessons.running.alone import alone
from lessons.transposed_convolution.convolved import ONE_CHANNEL, unrolled
from models.inputs.pictures import DIGIT_SIDE, FIRST_DIGIT, digits
from viz.language import english

KERNELS: Mapping[str, Array] = {
    "blur": np.array([[1, 2, 1], [2, 4, 2], [1, 2, 1]]) / 16,
    "sharpen": np.array([[0.0, -1, 0], [-1, 5, -1], [0, -1, 0]]),
    "edges": np.array([[1.0, 0, -1], [2, 0, -2], [1, 0, -1]]),
    "box": np.ones((3, 3)) / 9,
}
KERNEL_WORDS = {
    "blur": english("blur"),
    "sharpen": english("sharpen"),
    "edges": english("edges"),
    "box": english("box"),
}
NOISES = ("0", "0.001", "0.01", "0.1")
"""Standard deviations of what is added to the blurred picture."""

ZERO = 1e-10
"""Of the largest singular value: what is smaller is rounding."""


@dataclass(frozen=True, eq=False)
class Restored:
    """Pictures of 8x8 cells in float64."""

    picture: Array
    blurred: Array
    """With its noise."""
    inverted: Array
    """By the inverse of the matrix; by its pseudo-inverse where there is none."""
    transposed: Array
    rank: int
    condition: float
    """Largest singular value by the smallest; infinite where the matrix is singular."""
    growth: float
    """Largest singular value by the smallest that is not 0: the pseudo-inverse divides by it."""

    @property
    def is_singular(self) -> bool:
        """Whether no inverse exists."""
        return self.rank < self.picture.size

    @property
    def factor(self) -> float:
        """The one factor that brings the transposed picture nearest to the digit."""
        made = self.transposed
        return float((made * self.picture).sum() / (made * made).sum())

    @property
    def scaled(self) -> Array:
        """The transposed picture times that factor, so that its size tells nothing."""
        return self.factor * self.transposed

    def error(self, again: Array) -> float:
        """Return the largest error of a cell."""
        return float(np.abs(again - self.picture).max())


@dataclass(frozen=True)
class Blurring:
    """A 3x3 convolution with a zero around, which keeps the size; a seed chooses the digit."""

    kernel: str = "blur"
    noise: str = "0"
    seed: int = 0

    def weight(self) -> Array:
        """Return the kernel in float64."""
        return KERNELS[self.kernel][None, None].astype(np.float64)

    def value(self) -> Array:
        """Return the digit."""
        ink: Array = digits((1, 1, DIGIT_SIDE, DIGIT_SIDE), FIRST_DIGIT + self.seed).numpy()
        return ink

    def run(self) -> Restored:
        """Blur it with PyTorch, and try to come back with numpy."""
        matrix, picture = unrolled(self.weight(), DIGIT_SIDE, padding=1), self.value()
        made = F.conv2d(
            torch.from_numpy(picture).double(), torch.from_numpy(self.weight()), padding=1
        )
        noise = np.random.default_rng(self.seed).standard_normal(made.shape)
        blurred = made.numpy() + float(self.noise) * noise
        rank = int(np.linalg.matrix_rank(matrix, rtol=ZERO))
        is_singular = rank < picture.size
        inverse = np.linalg.pinv(matrix, rtol=ZERO) if is_singular else np.linalg.inv(matrix)
        strengths = np.linalg.svd(matrix, compute_uv=False)
        square = (DIGIT_SIDE, DIGIT_SIDE)
        return Restored(
            picture[0, 0].astype(np.float64),
            blurred.reshape(square),
            (inverse @ blurred.reshape(-1)).reshape(square),
            (matrix.T @ blurred.reshape(-1)).reshape(square),
            rank,
            float("inf") if is_singular else float(np.linalg.cond(matrix)),
            float(strengths[0] / strengths[rank - 1]),
        )

    def exercises(self) -> Mapping[str, Callable[[Any], Exercise]]:
        """Nothing is asked."""
        return {}

    def in_playground(self) -> Experiment:
        """Open the convolution."""
        settings = {**ONE_CHANNEL, "kernel_size": 3, "padding": 1}
        weight = {"layer.weight": self.weight().astype(np.float32)}
        upstream = np.ones_like(self.value())
        return alone("Conv2d", settings, self.value(), upstream, weight)
