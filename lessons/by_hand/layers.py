"""Layers written with numpy: each computes values forward and gradients backward.

``backward`` takes what went in and the gradient that arrives at what came out. It returns the
gradient of what went in, then those of the layer's parameters, in the order of its fields. Vectors
are sample x feature, maps are sample x channel x height x width.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


class Layer(Protocol):
    """What a network is a row of. A convolution is in ``lessons.by_hand.convolution``."""

    def forward(self, x: Array) -> Array:
        """Compute the output."""

    def backward(self, x: Array, upstream: Array) -> tuple[Array, ...]:
        """Return the gradient of the input, then those of the parameters."""


@dataclass(frozen=True, eq=False)
class Linear:
    """Every output feature adds up all input features, each times a weight."""

    weight: Array
    """Output feature x input feature, as PyTorch has it."""
    bias: Array

    def forward(self, x: Array) -> Array:
        """Multiply, add up, add the bias."""
        return x @ self.weight.T + self.bias

    def backward(self, x: Array, upstream: Array) -> tuple[Array, ...]:
        """Send gradients back along the weights; a weight adds up upstream times input."""
        return upstream @ self.weight, upstream.T @ x, upstream.sum(0)


@dataclass(frozen=True)
class Relu:
    """Keep what is above 0."""

    def forward(self, x: Array) -> Array:
        """Put 0 for what is not."""
        return np.maximum(x, 0)

    def backward(self, x: Array, upstream: Array) -> tuple[Array, ...]:
        """Let a gradient pass where the input was above 0."""
        return (upstream * (x > 0),)


@dataclass(frozen=True)
class MaxPool:
    """The largest cell of every window; windows touch each other."""

    side: int = 2

    def forward(self, x: Array) -> Array:
        """Take the largest cell of every window."""
        largest: Array = self.windows(x).max(-1)
        return largest

    def backward(self, x: Array, upstream: Array) -> tuple[Array, ...]:
        """Hand each gradient to the cell that was the largest; of equal ones, to the first."""
        downstream = np.zeros_like(x)
        for (n, c, i, j), place in np.ndenumerate(self.windows(x).argmax(-1)):
            row, column = divmod(int(place), self.side)
            downstream[n, c, i * self.side + row, j * self.side + column] = upstream[n, c, i, j]
        return (downstream,)

    def windows(self, x: Array) -> Array:
        """Put the cells of every window in a row."""
        batch, channels, height, width = x.shape
        rows, columns, side = height // self.side, width // self.side, self.side
        cut = x[:, :, : rows * side, : columns * side]
        split = cut.reshape(batch, channels, rows, side, columns, side)
        return split.swapaxes(3, 4).reshape(batch, channels, rows, columns, side**2)


@dataclass(frozen=True)
class Flatten:
    """Write the maps of a sample in one row."""

    def forward(self, x: Array) -> Array:
        """Keep the first axis, and join the others."""
        return x.reshape(len(x), -1)

    def backward(self, x: Array, upstream: Array) -> tuple[Array, ...]:
        """Put every cell back in its place."""
        return (upstream.reshape(x.shape),)
