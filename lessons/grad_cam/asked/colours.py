"""A picture of three channels: its gradient becomes one number a pixel."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np
import torch
from torch import nn

from experiment.written.address import Experiment
from lessons.asking.exercise import Array, Exercise, Mistake
from lessons.running.alone import alone
from lessons.running.numbers import whole
from lessons.running.trial import Trial, run_layer

SIDE = 2
KERNEL = {"in_channels": 3, "out_channels": 1, "kernel_size": SIDE, "bias": False}


@dataclass(frozen=True)
class Coloured:
    """A red, a green and a blue map of 2x2, and a convolution that makes one score of them."""

    seed: int = 0

    def value(self) -> Array:
        """Return the picture."""
        return np.abs(whole(3 * self.seed, (1, 3, SIDE, SIDE)))

    def kernel(self) -> Array:
        """Return the kernel, which the gradient of the score is."""
        return whole(3 * self.seed + 1, (1, 3, SIDE, SIDE), 9)

    def upstream(self) -> Array:
        """Return the gradient of the score with respect to itself."""
        return np.ones((1, 1, 1, 1), np.float32)

    def run(self) -> Trial:
        """Run the convolution, and go back from the score."""
        layer = nn.Conv2d(3, 1, SIDE, bias=False)
        with torch.no_grad():
            layer.weight.copy_(torch.from_numpy(self.kernel()))
        return run_layer(layer, torch.from_numpy(self.value()), torch.from_numpy(self.upstream()))

    def exercises(self) -> Mapping[str, Callable[[Trial], Exercise]]:
        """Ask for the saliency of every pixel."""
        return {"channels": partial(channels_exercise, self)}

    def in_playground(self) -> Experiment:
        """Open the convolution."""
        parameters = {"layer.weight": self.kernel()}
        return alone("Conv2d", KERNEL, self.value(), self.upstream(), parameters)


def channels_exercise(recipe: Coloured, trial: Trial) -> Exercise:
    """Predict the largest magnitude over the channels."""
    kernel = recipe.kernel()[0]
    mistakes = (
        Mistake("signed", kernel.max(0)),
        Mistake("sum", np.abs(kernel).sum(0)),
        Mistake("late", np.abs(kernel.sum(0))),
        Mistake("mean", np.abs(kernel).mean(0)),
    )
    return Exercise("channels", np.abs(trial.downstream[0]).max(0), mistakes)
