"""A dilated 3x3 convolution of a small map: its taps spread, and the map keeps its size."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import torch
from torch import nn

from experiment.written.address import Experiment
from lessons.asking.exercise import Array, Exercise
from lessons.choosing.study import Study
from lessons.dilation.windows import Window
from lessons.running.alone import alone
from lessons.running.numbers import whole
from lessons.running.recipe import ran
from lessons.running.trial import LAYER, Trial, run_layer
from lessons.showing.figure import Figure
from lessons.showing.shown import Shown

SIDE, KERNEL = 7, 3


@dataclass(frozen=True)
class Taps:
    """A 3x3 convolution without a bias; a seed draws its numbers."""

    dilation: int = 2
    seed: int = 0

    @property
    def window(self) -> Window:
        """Its window, padded so that the map keeps its size."""
        return Window(KERNEL, dilation=self.dilation, padding=self.dilation)

    def value(self) -> Array:
        """Return the map."""
        return whole(3 * self.seed, (1, 1, SIDE, SIDE))

    def weight(self) -> Array:
        """Return the kernel."""
        return whole(3 * self.seed + 1, (1, 1, KERNEL, KERNEL), 3)

    def upstream(self) -> Array:
        """Return the gradient that arrives."""
        return whole(3 * self.seed + 2, (1, 1, SIDE, SIDE))

    def run(self) -> Trial:
        """Run PyTorch's own convolution forward and backward."""
        layer = nn.Conv2d(
            1, 1, KERNEL, dilation=self.dilation, padding=self.dilation, bias=False, device="meta"
        )
        layer.weight = nn.Parameter(torch.from_numpy(self.weight()))
        return run_layer(layer, torch.from_numpy(self.value()), torch.from_numpy(self.upstream()))

    def exercises(self) -> Mapping[str, Callable[[Trial], Exercise]]:
        """Nothing is asked."""
        return {}

    def in_playground(self) -> Experiment:
        """Open the same convolution."""
        settings = {
            "in_channels": 1,
            "out_channels": 1,
            "kernel_size": KERNEL,
            "dilation": self.dilation,
            "padding": self.dilation,
            "bias": False,
        }
        parameters = {f"{LAYER}.weight": self.weight()}
        return alone("Conv2d", settings, self.value(), self.upstream(), parameters)


def taps(study: Study) -> Taps:
    """Return the convolution that is set."""
    return Taps(study["dilation"], study.seed)


def spread(study: Study) -> Figure:
    """Show which nine cells of the map a cell of the output is made of."""
    return Shown(ran(taps(study))).output_sum


def reach(study: Study) -> Mapping[str, str]:
    """Return the dilation and the cells between the first tap and the last."""
    recipe = taps(study)
    return {"dilation": str(recipe.dilation), "reach": str(recipe.window.reach)}
