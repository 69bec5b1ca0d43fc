"""Losses written with numpy: one number, and the gradient with which the way back begins."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


class Loss(Protocol):
    """What is minimised."""

    def forward(self, output: Array, target: Array) -> float:
        """Return the loss of a batch."""

    def backward(self, output: Array, target: Array) -> Array:
        """Return its gradient, shaped like the output."""


@dataclass(frozen=True)
class MeanSquare:
    """The mean of all squared distances from the target."""

    def forward(self, output: Array, target: Array) -> float:
        """Square the distances, and take their mean."""
        return float(((output - target) ** 2).mean())

    def backward(self, output: Array, target: Array) -> Array:
        """Take twice the distance; the mean divides it by the number of cells."""
        return 2 * (output - target) / output.size


@dataclass(frozen=True)
class CrossEntropy:
    """How surprising the right classes are: the mean of -log p. Scores are sample x class."""

    def forward(self, output: Array, target: Array) -> float:
        """Look up the logarithm of each right class."""
        return float(-self.logs(output)[np.arange(len(target)), target].mean())

    def backward(self, output: Array, target: Array) -> Array:
        """Take p, less 1 at the right class; the mean divides it by the number of samples."""
        gradient = np.exp(self.logs(output))
        gradient[np.arange(len(target)), target] -= 1
        return gradient / len(target)

    def logs(self, scores: Array) -> Array:
        """Return log softmax; the largest score is taken off first, so that nothing overflows."""
        lower: Array = scores - scores.max(1, keepdims=True)
        logs: Array = lower - np.log(np.exp(lower).sum(1, keepdims=True))
        return logs
