"""A CNN on digits, stacked from the layers written with numpy, beside PyTorch's."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import torch

from experiment.setting import Setting, with_network
from experiment.written.address import Experiment
from lessons.asking.exercise import Array, Exercise
from lessons.by_hand import network
from lessons.by_hand.convolution import Convolution
from lessons.by_hand.layers import Flatten, Linear, MaxPool, Relu
from lessons.by_hand.losses import CrossEntropy
from lessons.by_hand.network import Network, Pass
from lessons.training_step import twins
from lessons.training_step.compared import apart
from models.cell_edits import NO_EDITS
from models.fields import Fields
from models.inputs.pictures import DIGIT_SIDE, FIRST_DIGIT, digit_labels, digits
from models.sgd import Sgd
from models.spec import LayerSpec, ModelSpec

SAMPLES, CHANNELS, SIDE, CLASSES = 4, 2, 3, 10
POOLED = (DIGIT_SIDE - SIDE + 1) // 2
SPREAD = 0.1
"""Parameters begin between its negative and itself."""
KINDS: Mapping[str, type] = {"float32": np.float32, "float64": np.float64}
RATE = 0.1
"""Not larger: at 0.2 the loss of some draws bounces, which blows differences in rounding up."""
MOST_STEPS = 50


def stacked(draw: np.random.Generator, kind: type) -> Network:
    """Stack the layers; their parameters begin small and random."""

    def drawn(*shape: int) -> Array:
        cells = draw.uniform(-SPREAD, SPREAD, shape)
        return cells.astype(np.float32).astype(kind)

    return {
        "conv": Convolution(drawn(CHANNELS, 1, SIDE, SIDE), drawn(CHANNELS)),
        "relu": Relu(),
        "pool": MaxPool(),
        "flatten": Flatten(),
        "head": Linear(drawn(CLASSES, CHANNELS * POOLED**2), drawn(CLASSES)),
    }


@dataclass(frozen=True, eq=False)
class Both:
    """A pass by numpy and one by PyTorch, and all parameters after a step of each."""

    ours: Pass
    theirs: Pass
    after: tuple[Mapping[str, Array], Mapping[str, Array]]


@dataclass(frozen=True)
class Cnn:
    """Convolution, ReLU, max pooling, one linear layer; a seed draws its parameters."""

    kind: str = "float32"
    seed: int = 0

    @cached_property
    def network(self) -> Network:
        """Draw the parameters, small and random."""
        return stacked(np.random.default_rng((self.seed, SAMPLES)), KINDS[self.kind])

    @property
    def x(self) -> Array:
        """The digits."""
        shape = (SAMPLES, 1, DIGIT_SIDE, DIGIT_SIDE)
        return digits(shape, FIRST_DIGIT).numpy().astype(KINDS[self.kind])

    @property
    def target(self) -> Array:
        """What they show."""
        return np.array(digit_labels(SAMPLES, FIRST_DIGIT))

    def run(self) -> Both:
        """Run it by both, and take a step."""
        fed = (CrossEntropy(), self.x, self.target)
        ours = network.run(self.network, *fed)
        after = network.every(network.stepped(self.network, ours.parameters, RATE))
        theirs, _loss = twins.stepped(self.network, *fed, RATE)
        return Both(ours, twins.run(self.network, *fed), (after, theirs))

    def exercises(self) -> Mapping[str, Callable[[Any], Exercise]]:
        """Nothing is asked."""
        return {}

    def in_playground(self) -> Experiment:
        """Open the same network on the same digits, one step later."""
        spec = ModelSpec(name="CNN", layers=tuple(_layers()))
        edits = NO_EDITS
        for name, cells in network.every(self.network).items():
            edits = edits.with_cells(name, dict(enumerate(cells.reshape(-1).tolist())))
        plain = Setting(input="digit", loss="cross_entropy", target="own_label", sgd=Sgd(RATE, 1))
        return Experiment(replace(with_network(plain, spec, self.x.shape), edits=edits))


def _layers() -> Iterator[LayerSpec]:
    """Yield the layers as the playground has them."""
    kinds = {
        "conv": ("Conv2d", {"in_channels": 1, "out_channels": CHANNELS, "kernel_size": SIDE}),
        "relu": ("ReLU", {}),
        "pool": ("MaxPool2d", {"kernel_size": 2}),
        "flatten": ("Flatten", {}),
        "head": ("Linear", {"in_features": CHANNELS * POOLED**2, "out_features": CLASSES}),
    }
    before = "input"
    for name, (kind, fields) in kinds.items():
        yield LayerSpec(name=name, kind=kind, inputs=(before,), fields=Fields(fields))
        before = name


# Many steps


@dataclass(frozen=True)
class Frame:
    """What a step came to: both losses before it, and the largest difference after it."""

    ours: float
    theirs: float
    apart: float


@dataclass(frozen=True)
class Steps:
    """The same steps by numpy and by PyTorch."""

    kind: str = "float32"
    seed: int = 0

    def steps(self) -> Iterator[Frame]:
        """Take one step a time in both, and compare."""
        cnn = Cnn(self.kind, self.seed)
        layers, loss, x, target = cnn.network, CrossEntropy(), cnn.x, cnn.target
        module = twins.twin(layers)
        descent = torch.optim.SGD(module.parameters(), lr=RATE)
        for _ in range(MOST_STEPS):
            ours = network.run(layers, loss, x, target)
            layers = network.stepped(layers, ours.parameters, RATE)
            descent.zero_grad()
            theirs = twins.loss_of(loss, module(torch.from_numpy(x)), target)
            theirs.backward()  # type: ignore[no-untyped-call]
            descent.step()
            difference = apart(network.every(layers), twins.numbers(module))
            yield Frame(ours.loss, float(theirs.detach()), difference)
