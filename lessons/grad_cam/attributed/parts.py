"""Gradient times input: how much of a score the pixels and the biases add up to.

A network of convolutions, ReLUs, max pooling, means and linear layers is linear around an input,
so its score is the sum of every input and every bias times its gradient.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import torch

from experiment.written.address import Experiment
from lessons.asking.exercise import Array, Exercise
from lessons.grad_cam.digit.network import CHANNELS, WEIGHTS, DigitNet, loaded, trained
from lessons.grad_cam.digit.reading import BEGINNING, Reading, class_of

LAYERS = (*CHANNELS, "head")


@dataclass(frozen=True, eq=False)
class Parts:
    """What a score is the sum of."""

    image: Array
    gradient: Array
    """At every pixel."""
    biases: Mapping[str, float]
    """What the biases of each layer add."""
    score: float
    target: int

    @property
    def product(self) -> Array:
        """Each pixel times its gradient."""
        return self.image * self.gradient

    @property
    def pixels(self) -> float:
        """What all pixels add."""
        return float(self.product.sum(dtype=float))


@dataclass(frozen=True)
class Parted:
    """A digit and a class of it; the biases as they were learnt, or all 0."""

    reading: Reading = BEGINNING
    biased: bool = True

    def run(self) -> Parts:
        """Take the gradient of a score at all pixels and at all biases."""
        image = self.reading.image().requires_grad_()
        with torch.no_grad():
            scores = trained()(image)[0].numpy()
        target = class_of(self.reading.target, scores)
        network = own_network(biased=self.biased)
        biases = [network.get_submodule(name).get_parameter("bias") for name in LAYERS]
        score = network(image)[0, target]
        first, *rest = torch.autograd.grad(score, [image, *biases])
        pairs = zip(LAYERS, biases, rest, strict=True)
        added = {name: float((bias.detach() * slope).sum()) for name, bias, slope in pairs}
        cells = image.detach()[0, 0].numpy()
        return Parts(cells, first[0, 0].numpy(), added, float(score.detach()), target)

    def exercises(self) -> Mapping[str, Callable[[Any], Exercise]]:
        """Nothing is asked."""
        return {}

    def in_playground(self) -> Experiment:
        """Open the same digit."""
        return self.reading.in_playground()


def own_network(*, biased: bool) -> DigitNet:
    """Return a network of one's own, whose biases ask for a gradient."""
    network = loaded(WEIGHTS)
    for name in LAYERS:
        bias = network.get_submodule(name).get_parameter("bias")
        if not biased:
            bias.zero_()
        bias.requires_grad_()
    return network
