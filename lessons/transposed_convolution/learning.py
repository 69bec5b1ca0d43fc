"""A transposed convolution that learns to enlarge digits, one step of descent after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812 - everybody's name for it

from experiment.written.address import Experiment
from lessons.asking.exercise import Array, Exercise
from lessons.running.alone import alone
from lessons.transposed_convolution.convolved import ONE_CHANNEL, skipped, with_weight
from models.inputs.pictures import DIGIT_SIDE, digits

COUNT = 1797
"""Digits that there are."""
EVERY = 6
"""One of so many is held out: no step ever sees it."""
KERNELS = (2, 3, 4, 5, 6)
STRIDE = 2
MOST_STEPS = 400
BATCH, RATE, MOMENTUM = 64, 0.5, 0.9
SPREAD = 0.1
"""Standard deviation of the kernel before the first step."""
FIXED = ("nearest", "bilinear")
"""Ways to enlarge without parameters, by their modes."""


@dataclass(frozen=True, eq=False)
class Digits:
    """Digits of 8x8, and halved by averaging."""

    large: Tensor
    small: Tensor


def _halved(large: Tensor) -> Digits:
    return Digits(large, F.avg_pool2d(large, 2))


@cache
def seen() -> Digits:
    """Return the digits to learn from."""
    every = torch.arange(COUNT) % EVERY
    return _halved(digits((COUNT, 1, DIGIT_SIDE, DIGIT_SIDE), 0)[every != 0])


@cache
def held_out() -> Digits:
    """Return the digits to measure with."""
    every = torch.arange(COUNT) % EVERY
    return _halved(digits((COUNT, 1, DIGIT_SIDE, DIGIT_SIDE), 0)[every == 0])


def settings(kernel: int) -> Mapping[str, int]:
    """Return the arguments that make a map of n cells one of 2 n cells along each axis."""
    return {"stride": STRIDE, "padding": (kernel - 1) // 2, "output_padding": kernel % 2}


def enlarger(weight: Array) -> nn.Module:
    """Return a layer with this kernel that makes maps twice as large."""
    width = weight.shape[-1]
    return with_weight(skipped(nn.ConvTranspose2d, width, **settings(width)), weight)


def enlarged(weight: Array, small: Tensor) -> Tensor:
    """Make maps twice as large with this kernel."""
    with torch.no_grad():
        made: Tensor = enlarger(weight)(small)
    return made


def first_kernel(width: int, seed: int) -> Array:
    """Return the kernel before the first step."""
    draw = np.random.default_rng((seed, width))
    return (SPREAD * draw.standard_normal((1, 1, width, width))).astype(np.float32)


@cache
def error_of(mode: str) -> float:
    """Return the mean squared error of a way without parameters on the digits held out."""
    digit = held_out()
    return float(F.mse_loss(F.interpolate(digit.small, scale_factor=2, mode=mode), digit.large))


def error_with(weight: Array) -> float:
    """Return the mean squared error of a kernel on the digits held out."""
    digit = held_out()
    return float(F.mse_loss(enlarged(weight, digit.small), digit.large))


@dataclass(frozen=True, eq=False)
class Frame:
    """What a step came to."""

    loss: float
    """Of its batch, before the step."""
    error: float
    """Mean squared error of the digits held out, after the step."""
    weight: Array
    """The kernel after it."""


@dataclass(frozen=True)
class Learning:
    """Plain stochastic gradient descent with momentum; a seed draws kernel and batches."""

    kernel: int = 4
    seed: int = 0

    def steps(self) -> Iterator[Frame]:
        """Take one step of descent a time, and measure."""
        for loss, weight in self.descended():
            yield Frame(loss, error_with(weight), weight)

    def descended(self) -> Iterator[tuple[float, Array]]:
        """Yield the loss of a step's batch, and the kernel after the step."""
        digit = seen()
        layer = enlarger(first_kernel(self.kernel, self.seed))
        descent = torch.optim.SGD(layer.parameters(), lr=RATE, momentum=MOMENTUM)
        draw = np.random.default_rng((self.seed, BATCH))
        for _ in range(MOST_STEPS):
            chosen = torch.from_numpy(draw.integers(len(digit.large), size=BATCH))
            loss = F.mse_loss(layer(digit.small[chosen]), digit.large[chosen])
            descent.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            descent.step()
            (weight,) = (each.detach().numpy().copy() for each in layer.parameters())
            yield float(loss.detach()), weight


@dataclass(frozen=True)
class Learnt:
    """The kernel after some steps, and a digit that it enlarges."""

    kernel: int = 4
    seed: int = 0
    count: int = MOST_STEPS
    digit: int = 0
    """Place among the digits held out."""

    def run(self) -> Array:
        """Return the kernel after the steps."""
        weight = first_kernel(self.kernel, self.seed)
        for _loss, after in islice(Learning(self.kernel, self.seed).descended(), self.count):
            weight = after
        return weight

    def small(self) -> Tensor:
        """Return the halved digit."""
        return held_out().small[[self.digit % len(held_out().small)]]

    def exercises(self) -> Mapping[str, Callable[[Any], Exercise]]:
        """Nothing is asked."""
        return {}

    def in_playground(self) -> Experiment:
        """Open the layer with its kernel before the first step, on the halved digit."""
        weight = first_kernel(self.kernel, self.seed)
        sizes = {**ONE_CHANNEL, "kernel_size": self.kernel, **settings(self.kernel)}
        upstream = np.ones((1, 1, DIGIT_SIDE, DIGIT_SIDE), np.float32)
        parameters = {"layer.weight": weight}
        return alone("ConvTranspose2d", sizes, self.small().numpy(), upstream, parameters)
