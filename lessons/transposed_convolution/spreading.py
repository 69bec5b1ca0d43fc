"""A transposed convolution of a 2x2 map on small whole numbers, forward and backward."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F  # noqa: N812 - everybody's name for it

from experiment.written.address import Experiment
from lessons.asking.exercise import Array, Exercise, Mistake
from lessons.by_hand.convolution import rotate, slide, stuff
from lessons.running.alone import alone
from lessons.running.numbers import whole
from lessons.running.trial import Trial, run_layer
from lessons.transposed_convolution.convolved import (
    ONE_CHANNEL,
    WIDTH,
    counting,
    skipped,
    with_weight,
)

SIDE = 2
STRIDE = 2
ASKED = 3
"""Rows and columns of the corner that is asked for: all copies meet in its last cell."""
Place = tuple[slice, slice]


@dataclass(frozen=True)
class Spreading:
    """A 3x3 kernel laid out for each cell of a 2x2 map; a seed draws the numbers.

    Seed 0 has a map of ones and a kernel of 1 to 9, so one sees the kernel in the result.
    """

    seed: int = 0
    stride: int = STRIDE

    @property
    def large(self) -> int:
        """Cells of the output along one axis."""
        return (SIDE - 1) * self.stride + WIDTH

    def value(self) -> Array:
        """Return the map."""
        shape = (1, 1, SIDE, SIDE)
        return whole(4 * self.seed, shape, 3) if self.seed else np.ones(shape, np.float32)

    def weight(self) -> Array:
        """Return the kernel."""
        return counting((1, 1, WIDTH, WIDTH), self.seed, 1, 4)

    def upstream(self) -> Array:
        """Return the gradient that arrives at the large map."""
        return whole(4 * self.seed + 2, (1, 1, self.large, self.large), 3)

    def run(self) -> Trial:
        """Run PyTorch's own layer forward and backward."""
        layer = skipped(nn.ConvTranspose2d, WIDTH, stride=self.stride)
        return run_layer(
            with_weight(layer, self.weight()),
            torch.from_numpy(self.value()),
            torch.from_numpy(self.upstream()),
        )

    def exercises(self) -> Mapping[str, Callable[[Trial], Exercise]]:
        """Ask for a corner of the large map, and for the gradient of the small one."""
        return {
            "spread": partial(spread_exercise, self),
            "gradient": partial(gradient_exercise, self),
        }

    def in_playground(self) -> Experiment:
        """Open one transposed convolution."""
        settings = {**ONE_CHANNEL, "kernel_size": WIDTH, "stride": self.stride}
        weight = {"layer.weight": self.weight()}
        return alone("ConvTranspose2d", settings, self.value(), self.upstream(), weight)

    # Two ways to compute it

    def copies(self, kernel: Array) -> Iterator[tuple[Place, Array]]:
        """Yield where each cell lays its copy of a kernel, and that copy."""
        for (i, j), cell in np.ndenumerate(self.value()[0, 0]):
            top, left = i * self.stride, j * self.stride
            yield (slice(top, top + WIDTH), slice(left, left + WIDTH)), cell * kernel

    def laid(self, kernel: Array) -> Array:
        """Lay all copies of a kernel and add up where they overlap."""
        found = np.zeros((self.large, self.large), np.float32)
        for place, copy in self.copies(kernel):
            found[place] += copy
        return found

    def met(self) -> Array:
        """Count how many copies meet in each cell."""
        found = np.zeros((self.large, self.large), np.float32)
        for place, _copy in self.copies(self.weight()[0, 0]):
            found[place] += 1
        return found

    def padded(self) -> Array:
        """Return the map with the zeros of the stride between its cells, and more around."""
        return np.pad(stuff(self.value()[0, 0], self.stride), WIDTH - 1)

    def turned(self) -> Array:
        """Return the kernel, turned by 180 degrees."""
        return np.ascontiguousarray(rotate(self.weight()[0, 0]))

    def convolved(self) -> Array:
        """Run PyTorch's ordinary convolution over the zeros with the turned kernel."""
        padded, turned = torch.from_numpy(self.padded()), torch.from_numpy(self.turned())
        made: Array = F.conv2d(padded[None, None], turned[None, None])[0, 0].numpy()
        return made


# What is asked


def spread_exercise(recipe: Spreading, trial: Trial) -> Exercise:
    """Predict the top left corner of the large map."""
    kernel, corner = recipe.weight()[0, 0], (slice(ASKED), slice(ASKED))
    whole_map = trial.output[0, 0]
    last = np.zeros_like(whole_map)
    for place, copy in recipe.copies(kernel):
        last[place] = copy
    together = replace(recipe, stride=1).laid(kernel)
    wrong = {
        "overwritten": last,
        "averaged": whole_map / np.maximum(recipe.met(), 1),
        "kernel turned": recipe.laid(recipe.turned()),
        "zeros around": together,
    }
    return Exercise(
        "spread",
        whole_map[corner],
        tuple(Mistake(key, cells[corner]) for key, cells in wrong.items()),
        whole_map.shape,
    )


def gradient_exercise(recipe: Spreading, trial: Trial) -> Exercise:
    """Predict the gradient of the small map."""
    kernel, upstream = recipe.weight()[0, 0], recipe.upstream()[0, 0]

    def read(arrived: Array, window: Array, stride: int = recipe.stride) -> Array:
        return slide(arrived, window)[::stride, ::stride][:SIDE, :SIDE]

    wrong = {
        "kernel turned": read(upstream, recipe.turned()),
        "stride forgotten": read(upstream, kernel, 1),
        "overlaps shared": read(upstream / np.maximum(recipe.met(), 1), kernel),
        "zeros between": read(stuff(upstream, recipe.stride), kernel, 1),
    }
    mistakes = tuple(Mistake(key, cells) for key, cells in wrong.items())
    return Exercise("gradient", trial.downstream[0, 0], mistakes)
