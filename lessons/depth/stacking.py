"""A stack of up to 200 layers: what the gradient is at each of them, as PyTorch computes it.

A layer is an activation and a linear map, ``W φ(x)``. With a residual addition it is
``x + W φ(x)``, and with batch norm the activation reads ``BN(x)``.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F  # noqa: N812 - everybody's name for it

from experiment.setting import Setting, with_network
from experiment.written.address import Experiment
from lessons.asking.exercise import Array, Exercise
from models.fields import Fields
from models.spec import INPUT, LayerSpec, ModelSpec

WIDTH, BATCH = 64, 64
SCALES: Mapping[str, float] = {
    "0.5": 0.5,
    "default": 1 / math.sqrt(3),
    "1": 1.0,
    "sqrt2": math.sqrt(2),
    "2": 2.0,
    "4": 4.0,
}
"""s, by its key: weights are drawn with the standard deviation s / sqrt(width). PyTorch's linear
layer draws them evenly between -1 and 1 over the root: the standard deviation is the second."""
ACTIVATIONS: Mapping[str, Callable[[Tensor], Tensor]] = {
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "relu": torch.relu,
}
KINDS = {"sigmoid": "Sigmoid", "tanh": "Tanh", "relu": "ReLU"}
"""In the palette of the playground."""
MOST_OPENED = 24
"""Layers of a stack that the playground opens: each is up to four boxes there."""
SMALLEST = {False: 2.0**-126, True: 2.0**-1022}
"""The smallest normal number, by whether it is in double precision."""


@dataclass(frozen=True, eq=False)
class Passed:
    """What passed through a stack; every array has a number for the input and for each layer."""

    gradients: Array
    """RMS of the gradient there, of the whole batch."""
    largest: Array
    """Its largest magnitude."""
    squares: Array
    """Mean of x^2."""
    finite: Array
    """Whether all values there are finite."""
    dead: Array
    """Whether all values there are zero."""
    slope: float
    """Mean of φ'(x)^2 over what the last activation reads."""

    @property
    def layers(self) -> int:
        """How many layers there are."""
        return len(self.gradients) - 1


@dataclass(frozen=True)
class Stack:
    """A stack at its initialisation; a seed draws weights, input and the gradient at its end."""

    layers: int = 50
    activation: str = "sigmoid"
    scale: str = "1"
    skip: bool = False
    """Whether each layer is added to what it reads."""
    norm: bool = False
    """Whether there is a batch norm before each activation, in training mode."""
    width: int = WIDTH
    double: bool = True
    seed: int = 0

    def run(self) -> Passed:
        """Run it forward and backward."""
        value, upstream, weights = self._drawn()
        read = value.requires_grad_()
        passed = [read]
        for weight in weights:
            given = F.batch_norm(read, None, None, training=True) if self.norm else read
            made = ACTIVATIONS[self.activation](given) @ weight.T
            read = read + made if self.skip else made
            passed.append(read)
        gradients = torch.autograd.grad(read, passed, upstream)
        last = given.detach().requires_grad_()
        (slopes,) = torch.autograd.grad(ACTIVATIONS[self.activation](last).sum(), last)
        values = [each.detach().double() for each in passed]
        return Passed(
            gradients=np.array([_rms(each) for each in gradients]),
            largest=np.array([float(each.abs().max()) for each in gradients]),
            squares=np.array([float(each.square().mean()) for each in values]),
            finite=np.array([bool(each.isfinite().all()) for each in values]),
            dead=np.array([not bool(each.any()) for each in values]),
            slope=float(slopes.double().square().mean()),
        )

    def _drawn(self) -> tuple[Tensor, Tensor, Tensor]:
        """Draw input, upstream gradient and weights, which other widths and seeds alone change.

        A deeper stack begins with the same layers, another s scales them, float32 rounds them.
        """
        draw = np.random.default_rng((self.seed, self.width))
        value, upstream = draw.standard_normal((2, BATCH, self.width))
        spread = SCALES[self.scale] / math.sqrt(self.width)
        weights = spread * draw.standard_normal((self.layers, self.width, self.width))
        kind = torch.float64 if self.double else torch.float32
        one, other, third = (torch.from_numpy(each).to(kind) for each in (value, upstream, weights))
        return one, other, third

    def exercises(self) -> Mapping[str, Callable[[Any], Exercise]]:
        """Ask for nothing."""
        return {}

    def in_playground(self) -> Experiment:
        """Open a stack of the same layers, the first of them where there are many.

        Its weights are those that PyTorch draws itself: so many numbers fit no link.
        """
        layers: list[LayerSpec] = []
        before = INPUT
        for at in range(1, min(self.layers, MOST_OPENED) + 1):
            layers += self._opened(at, before)
            before = layers[-1].name
        spec = ModelSpec(name="Depth", layers=tuple(layers))
        plain = Setting(input="random", loss="sum", seed=self.seed, input_gradient=True)
        return Experiment(with_network(plain, spec, (BATCH, self.width)))

    def _opened(self, at: int, before: str) -> list[LayerSpec]:
        size = {"in_features": self.width, "out_features": self.width, "bias": False}
        kinds: list[tuple[str, str, Mapping[str, Any]]] = []
        if self.norm:
            kinds.append((f"bn{at}", "BatchNorm1d", {"num_features": self.width}))
        kinds.append((f"{self.activation}{at}", KINDS[self.activation], {}))
        kinds.append((f"fc{at}", "Linear", size))
        made, reads = [], before
        for name, kind, fields in kinds:
            made.append(LayerSpec(name=name, kind=kind, inputs=(reads,), fields=Fields(fields)))
            reads = name
        if self.skip:
            made.append(LayerSpec(name=f"add{at}", kind="Add", inputs=(reads, before)))
        return made


def _rms(tensor: Tensor) -> float:
    """Return the root of the mean square; the squares are of parts of the largest number.

    Those of the numbers themselves could be too small or too large for any precision.
    """
    large = tensor.double().abs().max()
    if large == 0 or not large.isfinite():
        return float(large)
    return float(large * (tensor.double() / large).square().mean().sqrt())


def factor(gradients: Array, smallest: float = 0.0) -> float:
    """Return by what each layer multiplies a gradient on its way back: a least-squares fit.

    It is of the logarithm against the layer, over what is finite and not below ``smallest``.
    NaN where there are not two such layers.
    """
    kept = np.flatnonzero(np.isfinite(gradients) & (gradients > 0) & (gradients >= smallest))
    if len(kept) < 2:
        return math.nan
    slope, _begin = np.polyfit(kept, np.log10(gradients[kept]), 1)
    return float(10.0**-slope)
