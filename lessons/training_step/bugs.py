"""Bugs that learners write into layers by hand: each runs without an error, and none is seen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from lessons.asking.exercise import Array
from lessons.by_hand.layers import Layer, Linear, Relu
from lessons.by_hand.losses import Loss, MeanSquare
from lessons.by_hand.network import Network
from viz.language import english


@dataclass(frozen=True)
class Turned(MeanSquare):
    """Takes the target less the output."""

    def backward(self, output: Array, target: Array) -> Array:
        """Take twice the distance; the mean divides it by the number of cells."""
        return 2 * (target - output) / output.size


@dataclass(frozen=True)
class Added(MeanSquare):
    """Forgets that the loss is a mean."""

    def backward(self, output: Array, target: Array) -> Array:
        """Take twice the distance."""
        return 2 * (output - target)


@dataclass(frozen=True)
class Masked(Relu):
    """Looks at the wrong number."""

    def backward(self, x: Array, upstream: Array) -> tuple[Array, ...]:
        """Let a gradient pass where it is above 0 itself."""
        return (np.where(upstream > 0, upstream, np.zeros_like(x)),)


@dataclass(frozen=True, eq=False)
class Transposed(Linear):
    """Multiplies in the wrong order."""

    def backward(self, x: Array, upstream: Array) -> tuple[Array, ...]:
        """Multiply input and upstream the other way round."""
        return upstream @ self.weight, x.T @ upstream, upstream.sum(0)


@dataclass(frozen=True, eq=False)
class FirstSample(Linear):
    """Forgets that a bias is added in every sample."""

    def backward(self, x: Array, upstream: Array) -> tuple[Array, ...]:
        """Take the first sample for the bias."""
        return upstream @ self.weight, upstream.T @ x, upstream[0]


BUGS: Mapping[str, str] = {
    "none": english("none"),
    "sign": english("target − output"),
    "sum": english("no mean"),
    "mask": english("ReLU asks the gradient"),
    "transposed": english("weight gradient transposed"),
    "first": english("bias of one sample"),
}
CODE: Mapping[str, Callable[..., Any]] = {
    "none": Linear.backward,
    "sign": Turned.backward,
    "sum": Added.backward,
    "mask": Masked.backward,
    "transposed": Transposed.backward,
    "first": FirstSample.backward,
}
"""What one reads of each."""


def planted(layers: Network, bug: str) -> tuple[Network, Loss]:
    """Return network and loss with a bug in them, or as they are."""
    hidden = layers["hidden"]
    assert isinstance(hidden, Linear)  # noqa: S101 - it is the small network's
    wrong: dict[str, Mapping[str, Layer]] = {
        "mask": {"relu": Masked()},
        "transposed": {"hidden": Transposed(hidden.weight, hidden.bias)},
        "first": {"hidden": FirstSample(hidden.weight, hidden.bias)},
    }
    losses: dict[str, Loss] = {"sign": Turned(), "sum": Added()}
    return {**layers, **wrong.get(bug, {})}, losses.get(bug, MeanSquare())
