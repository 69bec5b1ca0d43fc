"""A small MLP that learns to read digits: how it begins, how far it steps, on how many digits."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np

from experiment.setting import Setting, with_network
from experiment.training.training import Training as InPlayground
from experiment.written.address import Experiment
from lessons.asking.exercise import Array, Exercise, choice
from lessons.by_hand import network
from lessons.by_hand.layers import Linear, Relu
from lessons.by_hand.losses import CrossEntropy
from lessons.by_hand.network import Network
from lessons.running.recipe import ran
from models.cell_edits import NO_EDITS
from models.fields import Fields
from models.inputs.pictures import DIGIT_SIDE, digit_labels, digits
from models.spec import LayerSpec, ModelSpec
from viz.language import english

COUNT, PIXELS, HIDDEN, CLASSES = 300, DIGIT_SIDE**2, 16, 10
STEPS = 60
SPREAD = 0.1
RATE = 0.3
STARTS: Mapping[str, str] = {
    "zeros": english("zeros"),
    "uniform": english("U(−0.1, 0.1)"),
    "normal": english("N(0, 1)"),
    "xavier": english("Xavier"),
    "he": english("He"),
}
RATES = ("0.001", "0.5", "10")
"""To choose from: from much too small to much too large."""


@cache
def seen() -> tuple[Array, Array]:
    """Return the digits and what they show."""
    cells = digits((COUNT, PIXELS), 0).numpy().astype(np.float64)
    cells.setflags(write=False)
    return cells, np.array(digit_labels(COUNT, 0))


def weights(start: str, draw: np.random.Generator, out: int, into: int) -> Array:
    """Draw a weight matrix."""
    ways: Mapping[str, Callable[[], Array]] = {
        "zeros": lambda: np.zeros((out, into)),
        "uniform": lambda: draw.uniform(-SPREAD, SPREAD, (out, into)),
        "normal": lambda: draw.standard_normal((out, into)),
        "xavier": lambda: draw.uniform(-1, 1, (out, into)) * (6 / (into + out)) ** 0.5,
        "he": lambda: draw.standard_normal((out, into)) * (2 / into) ** 0.5,
    }
    return ways[start]()


def begun(start: str, seed: int) -> Network:
    """Return the network before the first step; its biases are 0."""
    draw = np.random.default_rng((seed, HIDDEN))
    return {
        "hidden": Linear(weights(start, draw, HIDDEN, PIXELS), np.zeros(HIDDEN)),
        "relu": Relu(),
        "out": Linear(weights(start, draw, CLASSES, HIDDEN), np.zeros(CLASSES)),
    }


@dataclass(frozen=True, eq=False)
class Trained:
    """What some steps came to."""

    losses: tuple[float, ...]
    """Of all digits: before the first step, and after every step."""
    first: Mapping[str, tuple[Array, ...]]
    """The gradients of the parameters in the first step."""
    after: Network


@dataclass(frozen=True)
class Training:
    """Plain gradient descent; a seed draws parameters and mini-batches."""

    start: str = "he"
    rate: float = RATE
    batch: int = 0
    """Digits a step; 0 for all of them."""
    summed: bool = False
    """Whether a step goes along the gradient of the sum of losses, not of their mean."""
    seed: int = 0

    def chosen(self, draw: np.random.Generator) -> Array:
        """Return the digits of a step."""
        return draw.integers(COUNT, size=self.batch) if self.batch else np.arange(COUNT)

    def run(self) -> Trained:
        """Take the steps with the layers written with numpy."""
        layers, loss, (x, target) = begun(self.start, self.seed), CrossEntropy(), seen()
        draw = np.random.default_rng((self.seed, COUNT))
        losses: list[float] = []
        first: Mapping[str, tuple[Array, ...]] = {}
        for step in range(STEPS):
            losses.append(_measured(layers))
            chosen = self.chosen(draw)
            made = network.run(layers, loss, x[chosen], target[chosen]).parameters
            if self.summed:
                made = {name: tuple(len(chosen) * g for g in own) for name, own in made.items()}
            first = first if step else made
            layers = network.stepped(layers, made, self.rate)
        return Trained((*losses, _measured(layers)), first, layers)

    def exercises(self) -> Mapping[str, Callable[[Any], Exercise]]:
        """Nothing is asked."""
        return {}

    def in_playground(self) -> Experiment:
        """Open the network as it begins here, and take as many steps on all digits."""
        layers = (
            LayerSpec(name="hidden", kind="Linear", fields=_features(PIXELS, HIDDEN)),
            LayerSpec(name="relu", kind="ReLU", inputs=("hidden",)),
            LayerSpec(
                name="out", kind="Linear", inputs=("relu",), fields=_features(HIDDEN, CLASSES)
            ),
        )
        edits = NO_EDITS
        for name, cells in network.every(begun(self.start, self.seed)).items():
            edits = edits.with_cells(name, dict(enumerate(cells.reshape(-1).tolist())))
        plain = Setting(input="any_digit", loss="cross_entropy", target="own_label")
        spec = ModelSpec(name="MLP", layers=layers)
        opened = replace(with_network(plain, spec, (COUNT, PIXELS)), edits=edits)
        plan = InPlayground(train=True, train_rate=self.rate, train_steps=STEPS, train_run=STEPS)
        return Experiment(opened, training=plan)


def _features(wide: int, many: int) -> Fields:
    return Fields({"in_features": wide, "out_features": many})


def _measured(layers: Network) -> float:
    x, target = seen()
    scores = x
    for layer in layers.values():
        scores = layer.forward(scores)
    return CrossEntropy().forward(scores, target)


@dataclass(frozen=True)
class Rates:
    """The same network with several learning rates."""

    seed: int = 0

    def run(self) -> Mapping[str, Trained]:
        """Take the steps with each of them."""
        return {rate: ran(Training(rate=float(rate), seed=self.seed)) for rate in RATES}

    def exercises(self) -> Mapping[str, Callable[[Mapping[str, Trained]], Exercise]]:
        """Ask with which one the loss falls lowest."""
        return {"lowest": lowest_exercise}

    def in_playground(self) -> Experiment:
        """Open the network as it begins here."""
        return Training(seed=self.seed).in_playground()


def lowest_exercise(found: Mapping[str, Trained]) -> Exercise:
    """Ask which learning rate brings the loss lowest."""
    options = {rate: f"`{rate}`" for rate in RATES}
    return choice("lowest", options, min(found, key=lambda rate: found[rate].losses[-1]))
