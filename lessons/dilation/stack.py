"""Three convolutions in a row: what one cell of the last map sees of the input."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import torch
from torch import Tensor, nn

from experiment.setting import Setting, with_network
from experiment.written.address import Experiment
from lessons.asking.exercise import Array, Exercise, Mistake
from lessons.dilation.windows import Window, fields
from models.fields import Fields
from models.spec import INPUT, LayerSpec, ModelSpec
from viz.language import english

SIDE = 17
"""Of the map, in which the largest of these fields just fits."""
THREE = ("124", "123", "222", "111")
"""Dilations of three convolutions, a digit each."""
RATES = (*THREE, "11111111")
"""The same, and eight plain convolutions, whose field is 17."""
EFFECTIVE = 0.5
"""Part of the gradient that the effective field holds."""


@dataclass(frozen=True, eq=False)
class Seen:
    """What one cell in the middle of each map sees."""

    fields: list[int]
    """Cells from the first to the last with a gradient, after each convolution: measured."""
    gradient: Array
    """Of the middle cell of the last map, at the input."""

    @property
    def inside(self) -> Array:
        """The gradient within the field."""
        margin = (len(self.gradient) - self.fields[-1]) // 2
        kept = slice(margin, len(self.gradient) - margin)
        return self.gradient[kept, kept]

    @property
    def holes(self) -> int:
        """Count cells within the field whose gradient is 0."""
        return int((self.inside == 0).sum())

    @property
    def gathers(self) -> bool:
        """Whether the middle cell has a larger gradient than any other."""
        middle = len(self.inside) // 2
        largest = np.argwhere(self.inside == self.inside.max())
        return bool(np.array_equal(largest, [[middle, middle]]))

    @property
    def effective(self) -> int:
        """Return the side of the smallest centred square with EFFECTIVE of the gradient."""
        size, middle = len(self.gradient), len(self.gradient) // 2
        total = np.abs(self.gradient).sum()
        for reach in range(middle + 1):
            kept = slice(middle - reach, middle + reach + 1)
            if np.abs(self.gradient[kept, kept]).sum() >= EFFECTIVE * total:
                return 2 * reach + 1
        return size


def convolutions(windows: Sequence[Window]) -> nn.Sequential:
    """Return convolutions whose kernels hold ones: a gradient then counts the ways to a cell."""
    return nn.Sequential(*(_ones(window) for window in windows))


def _ones(window: Window) -> nn.Conv2d:
    step = {"stride": window.stride, "dilation": window.dilation, "padding": window.padding}
    layer = nn.Conv2d(1, 1, window.kernel, **step, bias=False, device="meta")  # type: ignore[arg-type]
    ones = torch.ones(1, 1, window.kernel, window.kernel, dtype=torch.float64)
    layer.weight = nn.Parameter(ones, requires_grad=False)
    return layer


def seen(windows: Sequence[Window], side: int) -> Seen:
    """Measure by autograd what the middle cell of each map sees of a map of this side."""
    layers, found = convolutions(windows), []
    for count in range(1, len(windows) + 1):
        found.append(middle_gradient(layers[:count], side))
    return Seen([extent(each) for each in found], found[-1])


def middle_gradient(layers: Callable[[Tensor], Tensor], side: int) -> Array:
    """Return the gradient of the middle cell of what the layers return, at their input."""
    with torch.enable_grad():
        x = torch.zeros(1, 1, side, side, dtype=torch.float64, requires_grad=True)
        y = layers(x)
        (gradient,) = torch.autograd.grad(y[0, 0, y.shape[-2] // 2, y.shape[-1] // 2], x)
    return np.asarray(gradient[0, 0].numpy())


def extent(gradient: Array) -> int:
    """Count rows from the first to the last that hold a gradient."""
    rows = np.flatnonzero((gradient != 0).any(axis=1))
    return int(rows[-1] - rows[0] + 1)


@dataclass(frozen=True)
class Stack:
    """Plain 3x3 convolutions with these dilations, padded so that the map keeps its size."""

    rates: tuple[int, ...] = (1, 2, 4)

    @property
    def windows(self) -> list[Window]:
        """Their windows."""
        return [Window(3, dilation=rate, padding=rate) for rate in self.rates]

    def run(self) -> Seen:
        """Measure the fields."""
        return seen(self.windows, SIDE)

    def exercises(self) -> Mapping[str, Callable[[Seen], Exercise]]:
        """Ask for the fields."""
        return {"field": partial(field_exercise, self)}

    def in_playground(self) -> Experiment:
        """Open the convolutions, with one output cell asked for and random kernels."""
        return cell_asked("Dilations", self.windows, SIDE)


def cell_asked(name: str, windows: Sequence[Window], side: int) -> Experiment:
    """Open a chain of convolutions in the playground, whose loss is the middle output cell."""
    layers: list[LayerSpec] = []
    for count, window in enumerate(windows, 1):
        given = {
            "in_channels": 1,
            "out_channels": 1,
            "kernel_size": window.kernel,
            "stride": window.stride,
            "padding": window.padding,
            "dilation": window.dilation,
        }
        reads = layers[-1].name if layers else INPUT
        layers.append(
            LayerSpec(name=f"conv{count}", kind="Conv2d", inputs=(reads,), fields=Fields(given))
        )
    plain = Setting(input="random", loss="cell", target="middle_cell", input_gradient=True)
    spec = ModelSpec(name=name, layers=tuple(layers))
    return Experiment(with_network(plain, spec, (1, 1, side, side)))


def field_exercise(recipe: Stack, found: Seen) -> Exercise:
    """Predict the field after each of the convolutions."""
    rates = np.array(recipe.rates, float)
    undilated = fields([replace(window, dilation=1) for window in recipe.windows])
    return Exercise(
        "field",
        np.array(found.fields, float),
        (
            Mistake("dilations ignored", np.array(undilated, float)),
            Mistake("reaches added", np.cumsum(2 * rates + 1)),
            Mistake("own reach", 2 * rates + 1),
            Mistake("one side", 1 + np.cumsum(rates)),
        ),
        heads=(english("first"), english("second"), english("third")),
    )


def rates_of(digits: str) -> tuple[int, ...]:
    """Read dilations."""
    return tuple(map(int, digits))


def spaced(digits: str) -> str:
    """Write dilations with spaces between."""
    return " ".join(digits)
