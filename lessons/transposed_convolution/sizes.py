"""How large what comes out is: asked, and what a stride loses on the way down."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import torch
from torch import nn

from experiment.written.address import Experiment
from lessons.asking.exercise import Array, Exercise, shape
from lessons.running.alone import alone
from lessons.running.numbers import whole
from lessons.running.trial import SettingError, Trial, run_layer
from lessons.transposed_convolution.convolved import ONE_CHANNEL, skipped, with_weight
from viz.language import english

MAPS = ("2x3", "3x4", "4x4", "5x3")
KERNELS, STRIDES, PADDINGS, EXTRAS, DILATIONS = (
    (1, 2, 3, 4),
    (1, 2, 3),
    (0, 1, 2),
    (0, 1, 2),
    (1, 2),
)
LOST = tuple(range(3, 11))
"""Input sizes that a strided convolution makes small."""
LOST_KERNEL = 3
Sizes = tuple[int, int]

TOO_MUCH_ADDED = english(
    "output_padding: it must be smaller than the stride or the dilation. It is {extra}, and the "
    "larger of the two is {limit}. Choose {most} or less, or a larger stride."
)
ADDED_WITHOUT_NEED = english(
    "output_padding: it must be smaller than the stride or the dilation. It is {extra}, and both "
    "are 1. Choose 0, or a larger stride."
)
NOTHING_LEFT = english(
    "padding: at least one cell must be left, and with padding {padding} on every side nothing "
    "would be. Choose less padding or a larger kernel."
)
"""Why a layer cannot run."""


@dataclass(frozen=True)
class Sizing:
    """A transposed convolution of a map that need not be square."""

    size: str = "3x4"
    """Of the map: height x width."""
    seed: int = 0
    width: int = 3
    """Cells of the kernel along one axis."""
    stride: int = 2
    padding: int = 1
    extra: int = 0
    """``output_padding``."""
    dilation: int = 1

    @property
    def sides(self) -> Sizes:
        """Height and width of the map."""
        height, width = map(int, self.size.split("x"))
        return height, width

    @property
    def reach(self) -> int:
        """Cells from the first to the last tap of the kernel."""
        return (self.width - 1) * self.dilation + 1

    @property
    def large(self) -> Sizes:
        """Height and width of what comes out, if anything does."""
        height, width = ((side - 1) * self.stride + self._more for side in self.sides)
        return height, width

    @property
    def _more(self) -> int:
        return self.reach - 2 * self.padding + self.extra

    def check(self) -> None:
        """Raise SettingError where PyTorch refuses."""
        limit = max(self.stride, self.dilation)
        if self.extra >= limit:
            words = ADDED_WITHOUT_NEED if limit == 1 else TOO_MUCH_ADDED
            raise SettingError(words, extra=self.extra, limit=limit, most=limit - 1)
        if min(self.large) <= 0:
            raise SettingError(NOTHING_LEFT, padding=self.padding)

    def value(self) -> Array:
        """Return the map."""
        return whole(2 * self.seed, (1, 1, *self.sides), 3)

    def weight(self) -> Array:
        """Return the kernel."""
        return whole(2 * self.seed + 1, (1, 1, self.width, self.width), 3)

    @property
    def settings(self) -> Mapping[str, int]:
        """The layer's arguments beside its kernel."""
        return {
            "stride": self.stride,
            "padding": self.padding,
            "output_padding": self.extra,
            "dilation": self.dilation,
        }

    def run(self) -> Trial:
        """Run PyTorch's own layer."""
        self.check()
        layer = skipped(nn.ConvTranspose2d, self.width, **self.settings)
        return run_layer(
            with_weight(layer, self.weight()),
            torch.from_numpy(self.value()),
            torch.ones(1, 1, *self.large),
        )

    def exercises(self) -> Mapping[str, Callable[[Trial], Exercise]]:
        """Ask for height and width."""
        return {"size": partial(size_exercise, self)}

    def in_playground(self) -> Experiment:
        """Open the layer; what cannot run opens it without padding."""
        try:
            self.check()
        except SettingError:
            return replace(self, padding=0, extra=0).in_playground()
        settings = {**ONE_CHANNEL, "kernel_size": self.width, **self.settings}
        upstream = np.ones((1, 1, *self.large), np.float32)
        weight = {"layer.weight": self.weight()}
        return alone("ConvTranspose2d", settings, self.value(), upstream, weight)


def size_exercise(recipe: Sizing, trial: Trial) -> Exercise:
    """Predict height and width of what comes out."""
    large = recipe.large

    def by(change: Callable[[int], int], sizes: Sizes) -> Sizes:
        return change(sizes[0]), change(sizes[1])

    reduced = by(lambda n: n + 2 * recipe.padding - recipe.reach, recipe.sides)
    wrong = {
        "size of a convolution": by(lambda n: n // recipe.stride + 1, reduced),
        "times the stride": by(lambda n: n * recipe.stride, recipe.sides),
        "output padding forgotten": replace(recipe, extra=0).large,
        "padding added": by(lambda n: n + 4 * recipe.padding, large),
        "dilation forgotten": replace(recipe, dilation=1).large,
    }
    return shape("size", trial.output.shape[2:], wrong)


# What a stride loses


@dataclass(frozen=True)
class Way:
    """A size, made small by a convolution and large again by a transposed one."""

    size: int
    small: int
    back: int
    """Without ``output_padding``."""
    needed: int
    """The ``output_padding`` that gives the size again."""


def ways(stride: int) -> list[Way]:
    """Send rows and columns of every size there and back, through PyTorch's own layers."""
    return [_way(size, stride) for size in LOST]


def _way(size: int, stride: int) -> Way:
    small = skipped(nn.Conv2d, LOST_KERNEL, stride=stride)(torch.zeros(1, 1, size, size))
    back = [
        skipped(nn.ConvTranspose2d, LOST_KERNEL, stride=stride, output_padding=extra)(small)
        for extra in range(stride)
    ]
    sizes = [each.shape[-1] for each in back]
    return Way(size, small.shape[-1], sizes[0], sizes.index(size))
