"""Nearest upsampling and its opposite, max pooling, on small whole numbers."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np
import torch
from torch import nn

from experiment.view import View
from experiment.written.address import Experiment
from lessons.asking.exercise import Array, Exercise, Mistake, shifted
from lessons.running.alone import alone
from lessons.running.numbers import whole
from lessons.running.trial import SettingError, Trial, run_layer
from viz.language import english

SMALLEST_SCALE, LARGEST_SCALE = 1.1, 4.0
SIZES = (2, 3, 4)
"""Cells of the small map along one axis."""

NOT_COPIED = english(
    "scale: {cells} cells times {scale}, rounded down, are {cells} cells, so nothing is copied. "
    "Choose a scale from {least} on."
)
NOT_COPIED_HERE = english(
    "scale: {cells} cells times {scale}, rounded down, are {cells} cells, so nothing is copied. "
    "Choose a scale from {least} on, or {fitting} cells a side."
)
"""Why nothing would be enlarged."""


@dataclass(frozen=True)
class Enlarging:
    """A nearest upsampling: the scale, how many cells a side, one axis or two, which numbers."""

    scale: float = 2.0
    size: int = 2
    flat: bool = False
    """Whether the map is a row (1-D)."""
    seed: int = 0

    @property
    def large(self) -> int:
        """Cells of the large map along one axis, as PyTorch rounds it."""
        return math.floor(self.size * self.scale)

    def check(self) -> None:
        """Raise SettingError when the large map is no larger: then nothing is copied."""
        if self.large == self.size:
            least = 1 + math.ceil(100 / self.size) / 100
            fitting = [str(size) for size in SIZES if math.floor(size * self.scale) > size]
            numbers: dict[str, int | str] = {
                "scale": f"{self.scale:g}",
                "least": f"{least:g}",
                "cells": self.size,
            }
            if fitting:
                raise SettingError(NOT_COPIED_HERE, **numbers, fitting=fitting[0])
            raise SettingError(NOT_COPIED, **numbers)

    def value(self) -> Array:
        """Return the small map: 1, 2, 3, ... in reading order."""
        shape = (1, 1, self.size) if self.flat else (1, 1, self.size, self.size)
        return np.arange(1, math.prod(shape) + 1, dtype=np.float32).reshape(shape)

    def upstream(self) -> Array:
        """Return the gradient that arrives at the large map."""
        shape = (1, 1, self.large) if self.flat else (1, 1, self.large, self.large)
        return whole(self.seed, shape)

    def run(self) -> Trial:
        """Run PyTorch's own upsampling forward and backward."""
        self.check()
        layer = nn.Upsample(scale_factor=self.scale, mode="nearest")
        return run_layer(layer, torch.from_numpy(self.value()), torch.from_numpy(self.upstream()))

    def exercises(self) -> Mapping[str, Callable[[Trial], Exercise]]:
        """Ask for the gradient of the small map."""
        return {"predict": partial(enlarging_exercise, self)}

    def in_playground(self) -> Experiment:
        """Open one upsampling; what copies nothing opens the Test network at its own."""
        try:
            self.check()
        except SettingError:
            return Experiment(view=View(node="n9"))
        settings = {"scale_factor": self.scale, "mode": "nearest"}
        return alone("Upsample", settings, self.value(), self.upstream())


def copied_from(recipe: Enlarging, shift: float = 0.0) -> Array:
    """Return for every large cell the row-major place of the small cell that it copies.

    Along one axis that is floor((i + shift) / scale). ``shift`` 0 is PyTorch's ``nearest``, 0.5
    its ``nearest-exact``.
    """
    along = np.floor((np.arange(recipe.large) + shift) / recipe.scale).astype(int)
    places: Array = along if recipe.flat else along[:, None] * recipe.size + along
    return places


def gathered(recipe: Enlarging, gather: str, shift: float = 0.0, late: int = 0) -> Array:
    """Gather the upstream cells of each small cell's copies: ``sum``, ``mean``, ``first``, ``max``.

    Shaped like one channel of the small map; a row is 1 x size. A cell without copies gets 0.
    ``late`` cells, filled with 0, are put before the upstream: so many too early its blocks begin.
    """
    arrived = shifted(recipe.upstream(), late, (-1,) if recipe.flat else (-2, -1))
    places, upstream = copied_from(recipe, shift).reshape(-1), arrived.reshape(-1)
    rows = 1 if recipe.flat else recipe.size
    found = [upstream[places == place] for place in range(rows * recipe.size)]
    return np.array([GATHERS[gather](cells) for cells in found]).reshape(rows, -1)


GATHERS: dict[str, Callable[[Array], float]] = {
    "sum": lambda cells: float(cells.sum()),
    "mean": lambda cells: float(cells.mean()) if cells.size else 0.0,
    "first": lambda cells: float(cells[0]) if cells.size else 0.0,
    "max": lambda cells: float(cells.max()) if cells.size else 0.0,
}
"""Ways to make one gradient of those of the copies."""


def enlarging_exercise(recipe: Enlarging, trial: Trial) -> Exercise:
    """Predict the gradient of the small map."""
    rows = 1 if recipe.flat else recipe.size
    return Exercise(
        "predict",
        trial.downstream.reshape(rows, recipe.size),
        (
            Mistake("averaged", gathered(recipe, "mean")),
            Mistake("one copy", gathered(recipe, "first")),
            Mistake("largest", gathered(recipe, "max")),
            Mistake("centred", gathered(recipe, "sum", 0.5)),
            Mistake("off by one", gathered(recipe, "sum", late=1)),
        ),
    )


def predictions(upstream: Array) -> dict[str, Array]:
    """Return what each of GATHERS makes of an upstream gradient whose blocks are 2x2.

    ``upstream`` is samples x channels x height x width; the cells of a block are added one after
    the other in reading order, as the engine adds them.
    """
    copies = [upstream[..., row::2, column::2] for row in (0, 1) for column in (0, 1)]
    total = copies[0] + copies[1] + copies[2] + copies[3]
    return {"sum": total, "mean": total / 4, "first": copies[0], "max": np.max(copies, axis=0)}


@dataclass(frozen=True)
class Pooling:
    """A 2x2 max pooling of a 4x4 map with a tie; seed 0 counts as a textbook would."""

    seed: int = 0

    def value(self) -> Array:
        """Return the map: one window has two largest cells, all others have one.

        Seed 0 has two windows with a tie, the second of three cells.
        """
        if self.seed == 0:
            cells = [[1, 2, 5, 6], [3, 4, 8, 7], [9, 9, 1, 0], [2, 3, 1, 1]]
            return np.array(cells, np.float32).reshape(1, 1, 4, 4)
        draw = np.random.default_rng(self.seed)
        windows = np.stack([draw.permutation(9)[:4] + 1 for _ in range(4)])
        tied = windows[draw.integers(4)]
        order = np.argsort(tied)
        tied[order[-2]] = tied[order[-1]]
        return windows.reshape(2, 2, 2, 2).transpose(0, 2, 1, 3).reshape(1, 1, 4, 4).astype("f4")

    def upstream(self) -> Array:
        """Return the gradient that arrives at the pooled map."""
        if self.seed == 0:
            return np.arange(1, 5, dtype=np.float32).reshape(1, 1, 2, 2)
        return whole(self.seed, (1, 1, 2, 2))

    def run(self) -> Trial:
        """Run PyTorch's own max pooling forward and backward."""
        value, upstream = torch.from_numpy(self.value()), torch.from_numpy(self.upstream())
        return run_layer(nn.MaxPool2d(2), value, upstream)

    def exercises(self) -> Mapping[str, Callable[[Trial], Exercise]]:
        """Ask where the gradient goes."""
        return {"router": partial(pooling_exercise, self)}

    def in_playground(self) -> Experiment:
        """Open one 2x2 max pooling."""
        return alone("MaxPool2d", {"kernel_size": 2}, self.value(), self.upstream())


def pooling_exercise(recipe: Pooling, trial: Trial) -> Exercise:
    """Predict where the gradient goes."""
    value = recipe.value()[0, 0]
    copied = np.kron(recipe.upstream()[0, 0], np.ones((2, 2)))
    blocks = value.reshape(2, 2, 2, 2)
    largest = np.kron(blocks.max((1, 3)), np.ones((2, 2)))
    winners = value == largest
    tied = np.kron(winners.reshape(2, 2, 2, 2).sum((1, 3)), np.ones((2, 2)))
    reading = np.arange(16).reshape(4, 4)
    last = np.where(winners, reading, -1).reshape(2, 2, 2, 2).max((1, 3))
    return Exercise(
        "router",
        trial.downstream[0, 0],
        (
            Mistake("both winners", copied * winners),
            Mistake("tie shared", copied * winners / tied),
            Mistake("last winner", copied * np.isin(reading, last)),
            Mistake("spread evenly", copied / 4),
            Mistake("copied to all", copied),
        ),
    )
