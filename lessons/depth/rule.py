"""The rule of one layer: the sum behind a cell, and what theory makes of such sums."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from experiment.written.address import Experiment
from lessons.asking.exercise import Array, Exercise
from lessons.choosing.study import Study
from lessons.depth.meanfield import theory
from lessons.depth.profiles import plain, times
from lessons.depth.settings import NAMES, SHOWN
from lessons.depth.stacking import SCALES
from lessons.running.alone import alone
from lessons.running.numbers import whole
from lessons.running.recipe import ran
from lessons.running.trial import LAYER, Trial, run_layer
from lessons.showing.figure import Figure, kernel_map
from lessons.showing.grid import Grid
from lessons.showing.shown import Shown, named
from viz.language import Say, english
from viz.theme import format_number

SIDE, LARGEST = 4, 3
TITLES = {
    "value": english("a"),
    "output": english("h = a W"),
    "upstream": english("Upstream ∂L/∂h"),
    "downstream": english("Downstream ∂L/∂a"),
}


class Product(nn.Module):
    """A linear layer of one node; ``nn.Linear`` turns its weight first, which is another one."""

    def __init__(self, weight: Tensor) -> None:
        super().__init__()
        self.weight = nn.Parameter(weight)

    def forward(self, value: Tensor) -> Tensor:
        """Multiply a row by the weight."""
        return value @ self.weight


@dataclass(frozen=True)
class Linear:
    """A linear layer of 4 to 4 small whole numbers; a seed draws them."""

    seed: int = 0

    def numbers(self) -> tuple[Array, Array, Array]:
        """Return input, weight and upstream gradient."""
        value = whole(3 * self.seed, (1, SIDE), LARGEST)
        weight = whole(3 * self.seed + 1, (SIDE, SIDE), LARGEST)
        return value, weight, whole(3 * self.seed + 2, (1, SIDE), LARGEST)

    def run(self) -> Trial:
        """Run the layer."""
        value, weight, upstream = map(torch.from_numpy, self.numbers())
        return run_layer(Product(weight), value, upstream)

    def exercises(self) -> Mapping[str, Callable[[Any], Exercise]]:
        """Ask for nothing."""
        return {}

    def in_playground(self) -> Experiment:
        """Open the layer."""
        value, weight, upstream = self.numbers()
        size = {"in_features": SIDE, "out_features": SIDE, "bias": False}
        return alone("Linear", size, value, upstream, {f"{LAYER}.weight": weight.T})


def linear(study: Study) -> Linear:
    """Return the layer."""
    return Linear(study.seed)


def summed(study: Study) -> Figure:
    """Show the gradients, and the weights between them."""
    trial = ran(linear(study))
    shown = Shown(trial, TITLES)
    weight = kernel_map(
        shown.key("weight"),
        english("Weights W"),
        trial.parameters["weight"].value,
        "kernel",
        symbol="w",
    )
    link = named(shown.backward())
    return Figure([[shown.downstream, shown.upstream, weight]], [link], arrow="backward")


def squares(study: Study) -> Mapping[str, str]:
    """Return s squared, and what there is to say of the stack."""
    own = plain(study)
    expected = theory(own)
    return {
        "s": SHOWN[own.scale],
        "square": format_number(SCALES[own.scale] ** 2, 3),
        "slope": times(expected.slope),
        "chi": times(float(expected.chi[-1])),
        "root": times(float(np.sqrt(expected.chi[-1]))),
        "activation": NAMES[own.activation],
    }


def judged(study: Study, say: Say) -> Grid:
    """List what theory says of the last layer beside what was measured there."""
    own = plain(study)
    passed, expected = ran(own), theory(own)
    last = passed.gradients[-2] / passed.gradients[-1]
    rows = (
        (say("mean of x² that it reads"), expected.squares[-2], passed.squares[-2]),
        (say("mean square of the slope"), expected.slope, passed.slope),
        (say("factor of the mean square: χ"), expected.chi[-1], last**2),
        (say("factor of the RMS: √χ"), np.sqrt(expected.chi[-1]), last),
    )
    heads = (say("of the last layer"), say("in theory"), say("measured"))
    told = [(name, times(float(one)), times(float(other))) for name, one, other in rows]
    return Grid(heads, told, frozenset({1, 2}))
