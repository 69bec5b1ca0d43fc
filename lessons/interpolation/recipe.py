"""Two cells made into several, and four cells copied: one-dimensional, on a few small numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F  # noqa: N812 - everybody's name for it

from experiment.written.address import Experiment
from lessons.asking.exercise import Array, Exercise, Mistake
from lessons.interpolation.positions import Shares, positions, shares
from lessons.running.alone import alone
from lessons.running.trial import Trial, run_layer

OLD = 2
"""Cells of the short row."""
COPIED = 4
"""Cells of the row that is copied."""
FIRST_UPSTREAM = (4.0, 8.0, 12.0, -4.0)
ROUNDING = 1e-6
"""Of distances between cells."""
SMALLEST_SCALE, LARGEST_SCALE = 1.25, 4.0


@dataclass(frozen=True)
class Resampling:
    """A linear upsampling of two cells; seed 0 counts as a textbook would."""

    seed: int = 0
    new: int = 4
    aligned: bool = False

    def value(self) -> Array:
        """Return the two cells, which differ: 10 and 20, or other tens."""
        if self.seed == 0:
            return np.array([[[10, 20]]], np.float32)
        tens = np.random.default_rng(self.seed).permutation(9)[:OLD] + 1
        return (10 * tens).astype(np.float32).reshape(1, 1, OLD)

    def upstream(self) -> Array:
        """Return the gradient that arrives: different multiples of 4, so quarters are whole."""
        if self.seed == 0 and self.new == len(FIRST_UPSTREAM):
            return np.array([[FIRST_UPSTREAM]], np.float32)
        drawn = np.random.default_rng(self.seed + 1).permutation(21)[: self.new] - 10
        return (4 * drawn).astype(np.float32).reshape(1, 1, self.new)

    @property
    def layer(self) -> nn.Module:
        """PyTorch's own upsampling."""
        return nn.Upsample(
            scale_factor=self.new / OLD, mode="linear", align_corners=self.aligned or None
        )

    def run(self) -> Trial:
        """Run it forward and backward."""
        return run_layer(
            self.layer, torch.from_numpy(self.value()), torch.from_numpy(self.upstream())
        )

    def matrix(self) -> Array:
        """Return A of output = A input, new x old: what PyTorch makes of a 1 in each place."""
        ones = torch.eye(OLD)[:, None]
        matrix: Array = self.layer(ones)[:, 0].numpy().T
        return matrix

    def positions(self) -> Array:
        """Return where the new cells stand over the old ones."""
        return positions(self.new, OLD, aligned=self.aligned)

    def shares(self) -> Shares:
        """Return the neighbours of the new cells."""
        return shares(self.positions(), OLD)

    def exercises(self) -> Mapping[str, Callable[[Trial], Exercise]]:
        """Ask for the new cells, and for the gradient of the old ones."""
        return {
            "cells": partial(cells_exercise, self),
            "gradient": partial(gradient_exercise, self),
        }

    def in_playground(self) -> Experiment:
        """Open one upsampling."""
        settings = {
            "scale_factor": self.new / OLD,
            "mode": "linear",
            "align_corners": self.aligned,
        }
        return alone("Upsample", settings, self.value(), self.upstream())


def cells_exercise(recipe: Resampling, trial: Trial) -> Exercise:
    """Predict the new cells."""
    old, found = recipe.value()[0, 0], recipe.shares()
    aligned = replace(recipe, aligned=True).shares()
    unclamped = shares(recipe.positions(), OLD, clamped=False)
    return Exercise(
        "cells",
        trial.output[0],
        (
            Mistake("corners aligned", aligned.mixed(old)[None]),
            Mistake("copied", np.repeat(old, recipe.new // OLD)[None]),
            Mistake("not clamped", unclamped.mixed(old)[None]),
            Mistake("shares swapped", found.swapped.mixed(old)[None]),
        ),
    )


def gradient_exercise(recipe: Resampling, trial: Trial) -> Exercise:
    """Predict the gradient of the two old cells."""
    upstream, found = recipe.upstream()[0, 0], recipe.shares()
    aligned = replace(recipe, aligned=True).shares()
    paid = found.paid(upstream, OLD)
    return Exercise(
        "gradient",
        trial.downstream[0],
        (
            Mistake("averaged backward", (paid / found.paid(np.ones(recipe.new), OLD))[None]),
            Mistake("nearest pays", upstream.reshape(OLD, -1).sum(1)[None]),
            Mistake("shares exchanged", paid[None, ::-1]),
            Mistake("shares swapped backward", found.swapped.paid(upstream, OLD)[None]),
            Mistake("corners aligned backward", aligned.paid(upstream, OLD)[None]),
        ),
    )


@dataclass(frozen=True)
class Copied:
    """A row of four cells, and of which of them the copies are that each mode makes."""

    positions: Array
    """Where the new cells stand."""
    nearest: Array
    exact: Array

    @property
    def farther(self) -> int:
        """How many new cells copy another cell by ``nearest`` than the one that is closest."""
        return int(np.count_nonzero(self._excess > ROUNDING))

    @property
    def halfway(self) -> int:
        """How many new cells have two cells that are closest."""
        return int(np.count_nonzero(np.abs(self.positions % 1 - 0.5) < ROUNDING))

    @property
    def _excess(self) -> Array:
        """By how much what ``nearest`` copies is farther than what ``nearest-exact`` copies."""
        excess: Array = np.abs(self.positions - self.nearest) - np.abs(self.positions - self.exact)
        return excess


@dataclass(frozen=True)
class Copying:
    """A row of four cells that ``nearest`` and ``nearest-exact`` copy."""

    scale: float = 1.25

    def value(self) -> Array:
        """Return the row: 10, 20, 30, 40."""
        return 10 * np.arange(1, COPIED + 1, dtype=np.float32).reshape(1, 1, COPIED)

    def run(self) -> Copied:
        """Ask PyTorch for the number of the cell that each new cell copies."""
        numbers = torch.arange(float(COPIED)).reshape(1, 1, COPIED)
        nearest, exact = (
            F.interpolate(numbers, scale_factor=self.scale, mode=mode)[0, 0].numpy().astype(int)
            for mode in ("nearest", "nearest-exact")
        )
        return Copied((np.arange(nearest.size) + 0.5) / self.scale - 0.5, nearest, exact)

    def exercises(self) -> Mapping[str, Callable[[Copied], Exercise]]:
        """Ask nothing."""
        return {}

    def in_playground(self) -> Experiment:
        """Open one upsampling; twice as many cells are opened with a scale of exactly 2.

        At a scale of 2.1, say, torch's backward reads other cells than its forward.
        """
        new = int(COPIED * self.scale)
        upstream = np.ones((1, 1, new), np.float32)
        scale = 2.0 if new == 2 * COPIED else self.scale
        settings = {"scale_factor": scale, "mode": "nearest"}
        return alone("Upsample", settings, self.value(), upstream)
