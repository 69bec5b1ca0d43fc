"""A convolution on small whole numbers: run by PyTorch, predicted by a learner."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import torch
from torch import nn

from experiment.view import View
from experiment.written.address import Experiment
from lessons.asking.exercise import Array, Exercise, Mistake, corner, shifted
from lessons.by_hand.convolution import Convolution, rotate
from lessons.running.alone import alone
from lessons.running.numbers import whole
from lessons.running.trial import SettingError, Trial, run_layer
from viz.language import english

SIZES = (2, 3, 4, 5, 6, 7)
KERNELS = (1, 2, 3, 4)
STRIDES = (1, 2, 3)
PADDINGS = ("valid", "same", "1", "2")
DILATIONS = (1, 2)
CHANNELS = (1, 2, 3)
BATCHES = (1, 2)
MOST_CELLS = 726
"""Of one map: the output of two samples with three channels, where the padding is largest."""

FIRST_UPSTREAM = (1.0, -1.0, 2.0, 0.5)
"""Of seed 0, where four cells arrive: few enough to add in one's head, all different."""

SAME_WITH_A_STRIDE = english(
    "padding: 'same' keeps the size of the map, which a stride of {stride} cannot. Choose stride "
    "1, or a padding in cells."
)
TOO_FAR = english(
    "kernel: its taps reach over {reach} cells, and the padded map has {cells}. Choose a smaller "
    "kernel or dilation, or more padding."
)
"""Why a convolution cannot run."""


@dataclass(frozen=True)
class Convolving:
    """A convolution: its sizes, and a seed for its numbers. Seed 0 counts 1, 2, 3, ..."""

    size: int = 3
    width: int = 2
    """Cells of the kernel along one axis."""
    stride: int = 1
    padding: str = "valid"
    dilation: int = 1
    channels: int = 1
    out: int = 1
    batch: int = 1
    seed: int = 0

    @property
    def reach(self) -> int:
        """Cells from the first to the last tap of the kernel."""
        return (self.width - 1) * self.dilation + 1

    @property
    def margins(self) -> tuple[int, int]:
        """Zeros before and after the map; an odd number for ``same`` puts one more after."""
        if self.padding == "same":
            return (self.reach - 1) // 2, self.reach // 2
        return (0, 0) if self.padding == "valid" else (int(self.padding),) * 2

    @property
    def large(self) -> int:
        """Cells of the output along one axis."""
        return (self.size + sum(self.margins) - self.reach) // self.stride + 1

    def check(self) -> None:
        """Raise SettingError when PyTorch could not run this."""
        if self.padding == "same" and self.stride != 1:
            raise SettingError(SAME_WITH_A_STRIDE, stride=self.stride)
        if self.reach > self.size + sum(self.margins):
            raise SettingError(TOO_FAR, reach=self.reach, cells=self.size + sum(self.margins))

    def value(self) -> Array:
        """Return the input: batch x channels x size x size."""
        return self._numbers(0, (self.batch, self.channels, self.size, self.size))

    def weight(self) -> Array:
        """Return the kernel: out channels x channels x kernel x kernel."""
        return self._numbers(1, (self.out, self.channels, self.width, self.width))

    def bias(self) -> Array:
        """Return one constant an output channel."""
        if self.seed == 0:
            return np.arange(self.out, dtype=np.float32) + np.float32(0.5)
        return self._numbers(2, (self.out,))

    def upstream(self) -> Array:
        """Return the gradient that arrives at the output."""
        shape = (self.batch, self.out, self.large, self.large)
        if self.seed == 0 and math.prod(shape) == len(FIRST_UPSTREAM):
            return np.array(FIRST_UPSTREAM, np.float32).reshape(shape)
        return whole(4 * self.seed + 3, shape, 3)

    def _numbers(self, which: int, shape: tuple[int, ...]) -> Array:
        if self.seed == 0:
            return np.arange(1, math.prod(shape) + 1, dtype=np.float32).reshape(shape)
        return whole(4 * self.seed + which, shape, 4)

    @property
    def inner_padding(self) -> int:
        """What PyTorch's own layer pads with; 0 where the map is padded before."""
        before, after = self.margins
        return before if before == after else 0

    def by_hand(self) -> Convolution:
        """Return the layer from scratch, with the same numbers."""
        return Convolution(self.weight(), self.bias(), self.stride, self.margins, self.dilation)

    def inside(self, cells: Array) -> Array:
        """Cut off what ``run`` padded before the layer; elsewhere nothing."""
        before = self.margins[0] if self.margins[0] != self.margins[1] else 0
        last = before + self.size
        return cells[:, :, before:last, before:last]

    def run(self) -> Trial:
        """Run PyTorch's own layer forward and backward.

        Where ``same`` needs one more zero after the map than before it, the map is padded first,
        as PyTorch does it inside, and the gradients are those of the padded map.
        """
        self.check()
        layer: nn.Conv2d = nn.utils.skip_init(  # type: ignore[no-untyped-call]
            nn.Conv2d,
            self.channels,
            self.out,
            self.width,
            stride=self.stride,
            padding=self.inner_padding,
            dilation=self.dilation,
        )
        with torch.no_grad():
            layer.weight.copy_(torch.from_numpy(self.weight()))
            assert layer.bias is not None  # noqa: S101 - it has one by default
            layer.bias.copy_(torch.from_numpy(self.bias()))
        value = self.value()
        if self.margins[0] != self.margins[1]:
            value = self.by_hand().padded(value)
        return run_layer(layer, torch.from_numpy(value), torch.from_numpy(self.upstream()))

    def exercises(self) -> Mapping[str, Callable[[Trial], Exercise]]:
        """Ask for the output, the gradient of the kernel and the one that is handed on."""
        return {
            "output": partial(output_exercise, self),
            "kernel": partial(kernel_exercise, self),
            "downstream": partial(downstream_exercise, self),
        }

    def in_playground(self) -> Experiment:
        """Open one convolution with this input, kernel, bias and upstream.

        What is padded unevenly is padded before, as in the lesson. What cannot run opens the Test
        network at its own convolution.
        """
        try:
            self.check()
        except SettingError:
            return Experiment(view=View(node="n6"))
        uneven = self.margins[0] != self.margins[1]
        settings = {
            "in_channels": self.channels,
            "out_channels": self.out,
            "kernel_size": self.width,
            "stride": self.stride,
            "padding": "same" if self.padding == "same" and not uneven else self.inner_padding,
            "dilation": self.dilation,
        }
        value = self.by_hand().padded(self.value()) if uneven else self.value()
        parameters = {"layer.weight": self.weight(), "layer.bias": self.bias()}
        return alone("Conv2d", settings, value, self.upstream(), parameters)


def output_exercise(recipe: Convolving, trial: Trial) -> Exercise:
    """Predict the first channel of the output."""
    layer, value, truth = recipe.by_hand(), recipe.value(), trial.output[0, 0]
    turned = replace(layer, kernel=rotated(layer.kernel))
    stepless = replace(layer, stride=1).forward(value)[0, 0, : recipe.large, : recipe.large]
    alone = replace(layer, kernel=layer.kernel * _only_first(layer.kernel, 1))
    return corner(
        "output",
        truth,
        (
            Mistake("kernel turned", turned.forward(value)[0, 0]),
            Mistake("bias forgotten", truth - recipe.bias()[0]),
            Mistake("one channel", alone.forward(value)[0, 0]),
            Mistake("stride ignored", stepless),
        ),
    )


def kernel_exercise(recipe: Convolving, trial: Trial) -> Exercise:
    """Predict the gradient of the first kernel."""
    truth = trial.parameters["weight"].gradient[0, 0]
    upstream = trial.upstream
    gradient = partial(_kernel_gradient, recipe)
    return corner(
        "kernel",
        truth,
        (
            Mistake("upstream turned", gradient(rotated(upstream))),
            Mistake("result turned", rotate(truth)),
            Mistake("one sample", gradient(upstream * _only_first(upstream, 0))),
            Mistake("averaged", truth / (recipe.batch * recipe.large**2)),
            Mistake("one window", gradient(upstream * _first_cell(upstream))),
            Mistake("off by one", _one_cell_off(recipe)),
        ),
    )


def downstream_exercise(recipe: Convolving, trial: Trial) -> Exercise:
    """Predict the gradient of the first channel of the input."""
    truth = trial.downstream[0, 0]
    terms, kernel = _Windows(recipe, trial), recipe.weight()
    return corner(
        "downstream",
        truth,
        (
            Mistake("not turned", terms.downstream(rotated(kernel))),
            Mistake("overwritten", terms.overwritten()),
            Mistake("averaged", terms.averaged()),
            Mistake("one channel", terms.downstream(kernel * _only_first(kernel, 0))),
            Mistake("upstream turned", rotate(terms.downstream(rotated(kernel)))),
            Mistake("off by one", shifted(truth, 1)),
        ),
    )


def whole_gradient(recipe: Convolving, trial: Trial) -> Array:
    """Return the gradient of the padded map, as far as a window reaches, from a padded run.

    One channel of one sample: padded before the layer, so that autograd computes the margin too.
    """
    padded = replace(recipe, padding="valid", size=recipe.size + sum(recipe.margins))
    layer = torch.nn.functional.conv2d
    value = torch.from_numpy(recipe.by_hand().padded(recipe.value())).requires_grad_()
    output = layer(
        value, torch.from_numpy(recipe.weight()), stride=recipe.stride, dilation=recipe.dilation
    )
    (gradient,) = torch.autograd.grad(output, value, torch.tensor(trial.upstream))
    reached = (padded.large - 1) * recipe.stride + recipe.reach
    return gradient.numpy()[0, 0, :reached, :reached]


def rotated(kernel: Array) -> Array:
    """Turn every kernel of a layer by 180 degrees."""
    return kernel[:, :, ::-1, ::-1]


def _only_first(cells: Array, axis: int) -> Array:
    """1 at the first index of an axis, 0 at the others."""
    first = (np.arange(cells.shape[axis]) == 0).astype(np.float32)
    return np.expand_dims(first, tuple(each for each in range(cells.ndim) if each != axis))


def _first_cell(upstream: Array) -> Array:
    first = np.zeros(upstream.shape[2:], np.float32)
    first[0, 0] = 1
    return first


def _kernel_gradient(recipe: Convolving, upstream: Array) -> Array:
    gradient: Array = recipe.by_hand().backward(recipe.value(), upstream)[1][0, 0]
    return gradient


def _one_cell_off(recipe: Convolving) -> Array:
    """Lay the upstream over the padded input one row and one column too far."""
    layer = recipe.by_hand()
    beside, inner = shifted(layer.padded(recipe.value()), -1), replace(layer, padding=(0, 0))
    gradient: Array = inner.backward(beside, recipe.upstream())[1][0, 0]
    return gradient


@dataclass(frozen=True, eq=False)
class _Windows:
    """The windows that lie over each cell of the first input channel of the first sample."""

    recipe: Convolving
    trial: Trial

    def downstream(self, kernel: Array) -> Array:
        """Add what every window hands to its cells, with this kernel in the layer's place."""
        found = np.zeros(self.trial.downstream.shape[2:], np.float32)
        for place, part in self._parts(kernel):
            found[place] += part
        return found

    def overwritten(self) -> Array:
        """Keep only what the last window handed to a cell."""
        found = np.zeros(self.trial.downstream.shape[2:], np.float32)
        for place, part in self._parts(self.recipe.weight()):
            found[place] = part
        return found

    def averaged(self) -> Array:
        """Take the mean over the windows that cover a cell."""
        counts = np.zeros(self.trial.downstream.shape[2:], np.float32)
        for place, _ in self._parts(self.recipe.weight()):
            counts[place] += 1
        mean: Array = self.trial.downstream[0, 0] / np.maximum(counts, 1)
        return mean

    def _parts(self, kernel: Array) -> Iterator[tuple[tuple[int, int], float]]:
        """Each cell under each tap of each window, and upstream x tap, summed over channels."""
        height, width = self.trial.downstream.shape[2:]
        margin = self.recipe.inner_padding
        upstream, taps = self.trial.upstream[0], kernel[:, 0]
        steps = itertools.product(*(range(size) for size in (*upstream.shape[1:], *taps.shape[1:])))
        for i, j, a, b in steps:
            row = i * self.recipe.stride + a * self.recipe.dilation - margin
            column = j * self.recipe.stride + b * self.recipe.dilation - margin
            if 0 <= row < height and 0 <= column < width:
                yield (row, column), float((upstream[:, i, j] * taps[:, a, b]).sum())
