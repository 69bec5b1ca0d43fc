"""The rule of one layer: the sum behind a cell, and what theory makes of such sums."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import nn

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
from lessons.showing.figure import Figure
from lessons.showing.grid import Grid
from lessons.showing.shown import Shown
from viz.language import Say, english
from viz.theme import format_number

SIDE, LARGEST = 4, 3
TITLES = {
    "value": english("a"),
    "output": english("W a"),
    "upstream": english("Upstream ∂L/∂(W a)"),
    "downstream": english("Downstream ∂L/∂a"),
}


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
        with torch.device("meta"):  # its own random numbers are not drawn
            layer = nn.Linear(SIDE, SIDE, bias=False)
        layer.weight = nn.Parameter(weight)
        return run_layer(layer, value, upstream)

    def exercises(self) -> Mapping[str, Callable[[Any], Exercise]]:
        """Ask for nothing."""
        return {}

    def in_playground(self) -> Experiment:
        """Open the layer."""
        value, weight, upstream = self.numbers()
        size = {"in_features": SIDE, "out_features": SIDE, "bias": False}
        return alone("Linear", size, value, upstream, {f"{LAYER}.weight": weight})


def linear(study: Study) -> Linear:
    """Return the layer."""
    return Linear(study.seed)


def summed(study: Study) -> Figure:
    """Show the gradients, and the weights between them."""
    return Shown(ran(linear(study)), TITLES).downstream_sum


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
