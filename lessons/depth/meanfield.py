"""What theory says of a stack: mean field, for wide layers with random weights, untrained.

Of layers so wide that sums over a layer are their expectations, the values that a layer reads are
normally distributed, and the mean square of the gradient is multiplied by the expectation of the
squared factors (Schoenholz et al. 2017, "Deep Information Propagation"; with batch norm the limit
of a large batch of independent samples, Yang et al. 2019, "A Mean Field Theory of Batch
Normalization"). All is computed by quadrature here, nothing is taken from a run.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from lessons.asking.exercise import Array
from lessons.depth.stacking import SCALES, Stack

FARTHEST, POINTS = 10.0, 4000
"""The quadrature: midpoints of a grid, none of which is the kink of a ReLU at 0."""


def _sigmoid(value: Array) -> tuple[Array, Array]:
    made = 0.5 * (1 + np.tanh(value / 2))
    return made, made * (1 - made)


def _tanh(value: Array) -> tuple[Array, Array]:
    made = np.tanh(value)
    return made, 1 - made**2


def _relu(value: Array) -> tuple[Array, Array]:
    return np.maximum(value, 0), (value > 0).astype(float)


FUNCTIONS: Mapping[str, Callable[[Array], tuple[Array, Array]]] = {
    "sigmoid": _sigmoid,
    "tanh": _tanh,
    "relu": _relu,
}
"""Each activation with its derivative."""


@dataclass(frozen=True)
class Expected:
    """Expectations over x of a normal distribution with mean 0."""

    mean: float
    """E[φ(x)]."""
    square: float
    """E[φ(x)^2]."""
    slope: float
    """E[φ'(x)^2]."""

    @property
    def variance(self) -> float:
        """Of φ(x)."""
        return self.square - self.mean**2


def expected(activation: str, variance: float) -> Expected:
    """Return the expectations where x has this variance."""
    points = FARTHEST * ((2 * np.arange(POINTS) + 1) / POINTS - 1)
    weights = np.exp(-(points**2) / 2)
    weights /= weights.sum()
    made, slopes = FUNCTIONS[activation](np.sqrt(variance) * points)
    return Expected(*(float(weights @ each) for each in (made, made**2, slopes**2)))


@dataclass(frozen=True, eq=False)
class Theory:
    """What is expected of a stack."""

    gradients: Array
    """RMS of the gradient at the input and at each layer; 1 at the last."""
    chi: Array
    """By what each layer multiplies the mean square of the gradient."""
    squares: Array
    """Mean of x^2 at the input and at each layer; without batch norm only."""
    slope: float
    """E[φ'(x)^2] at the last layer."""


@lru_cache(maxsize=256)
def theory(stack: Stack) -> Theory:
    """Follow the variance from layer to layer, and the gradient back."""
    squared = SCALES[stack.scale] ** 2
    kept = 1.0 if stack.skip else 0.0
    size = 1.0
    sizes, chi, found = [size], [], Expected(0.0, 0.0, 0.0)
    for _ in range(stack.layers):
        found = expected(stack.activation, 1.0 if stack.norm else size)
        chi.append(kept + squared * found.slope / (size if stack.norm else 1.0))
        # with batch norm it is the variance within the batch that the next one divides by
        size = kept * size + squared * (found.variance if stack.norm else found.square)
        sizes.append(size)
    behind = np.cumsum(np.log(chi)[::-1])[::-1]
    gradients = np.exp(np.append(behind, 0.0) / 2)
    return Theory(gradients, np.array(chi), np.array(sizes), found.slope)
