"""A picture with an edge, and a kernel that finds it: for the eye, nothing is asked about it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lessons.asking.exercise import Array
from lessons.convolution_backward.recipe import Convolving

BRIGHT, DARK = 5.0, 1.0
EDGE = 3
"""The column at which the dark part begins."""


@dataclass(frozen=True)
class Sliding(Convolving):
    """A convolution of a picture that is bright on the left and dark on the right."""

    size: int = 5

    def value(self) -> Array:
        """Return the picture."""
        row = np.where(np.arange(self.size) < EDGE, BRIGHT, DARK)
        return np.tile(row, (1, 1, self.size, 1)).astype(np.float32)

    def weight(self) -> Array:
        """Return 1 on the left, -1 on the right and 0 between: parts of one brightness cancel.

        A kernel of a single cell copies.
        """
        side = np.sign((self.width - 1) / 2 - np.arange(self.width))
        row = side if self.width > 1 else np.ones(1)
        return np.tile(row, (1, 1, self.width, 1)).astype(np.float32)

    def bias(self) -> Array:
        """Return no constant: where nothing is found, the output is 0."""
        return np.zeros(1, np.float32)
