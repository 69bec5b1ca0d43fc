"""Three residual blocks without any matrix: the gradient is a product of 1 + w, or of 1 alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np
import torch

from experiment.written.address import Experiment
from lessons.asking.exercise import Array, Exercise, Mistake
from lessons.choosing.study import Study
from lessons.depth.chain import COUNT, HEADS
from lessons.running.alone import together
from lessons.running.recipe import ran
from lessons.showing.grid import Grid
from models.fields import Fields
from models.spec import INPUT, LayerSpec
from viz.language import Say
from viz.theme import format_number

WEIGHTS = (-3, -2, 1, 2, 3)
SLOPE = "relu\N{PRIME}(x)"
UPSTREAMS = (2, -1, 3, -2, 1)


@dataclass(frozen=True, eq=False)
class Skipped:
    """What the blocks read, and the gradient of it."""

    read: Array
    gradients: Array


@dataclass(frozen=True)
class Skips:
    """Three blocks of ``x + w relu(x) + b``, each of one number; a seed draws them."""

    seed: int = 0

    @property
    def upstream(self) -> float:
        """The gradient at the output."""
        return float(UPSTREAMS[self.seed % len(UPSTREAMS)])

    @property
    def closed(self) -> int:
        """Which block reads a negative number, so that its ReLU hands on nothing."""
        return (self.seed + 1) % COUNT

    def weights(self) -> Array:
        """Return the weights, no two alike."""
        draw = np.random.default_rng((self.seed, 1))
        drawn: Array = draw.choice(WEIGHTS, COUNT, replace=False).astype(float)
        return drawn

    def inputs(self) -> Array:
        """Return what the blocks read."""
        sizes = np.random.default_rng((self.seed, 2)).integers(1, 6, COUNT).astype(float)
        return np.where(np.arange(COUNT) == self.closed, -sizes, sizes)

    def biases(self) -> Array:
        """Return the biases, with which each block gives what the next one is to read."""
        read = self.inputs()
        made = read + self.weights() * np.maximum(read, 0)
        return np.asarray(np.append(read[1:], made[-1]) - made)

    def run(self) -> Skipped:
        """Run it with PyTorch."""
        value = torch.tensor(self.inputs()[0], dtype=torch.float64, requires_grad=True)
        read = [value]
        for weight, bias in zip(self.weights(), self.biases(), strict=True):
            last = read[-1]
            read.append(last + float(weight) * torch.relu(last) + float(bias))
        upstream = torch.tensor(self.upstream, dtype=torch.float64)
        gradients = torch.autograd.grad(read[-1], read[:-1], upstream)
        one, other = (np.array([float(x.detach()) for x in each]) for each in (read, gradients))
        return Skipped(one, other)

    def exercises(self) -> Mapping[str, Callable[[Skipped], Exercise]]:
        """Ask for the gradient of what each block reads."""
        return {"skip": partial(skip_exercise, self)}

    def in_playground(self) -> Experiment:
        """Open the blocks with these numbers."""
        layers: list[LayerSpec] = []
        numbers: dict[str, Array] = {}
        before = INPUT
        size = Fields({"in_features": 1, "out_features": 1})
        for at, (weight, bias) in enumerate(zip(self.weights(), self.biases(), strict=True)):
            relu, linear, add = f"relu{at}", f"linear{at}", f"add{at}"
            layers += [
                LayerSpec(name=relu, kind="ReLU", inputs=(before,)),
                LayerSpec(name=linear, kind="Linear", inputs=(relu,), fields=size),
                LayerSpec(name=add, kind="Add", inputs=(linear, before)),
            ]
            numbers |= {
                f"{linear}.weight": np.array([[weight]]),
                f"{linear}.bias": np.array([bias]),
            }
            before = add
        value, upstream = np.array([[self.inputs()[0]]]), np.array([[self.upstream]])
        return together(layers, value, upstream, numbers)


def skip_exercise(recipe: Skips, skipped: Skipped) -> Exercise:
    """Predict the gradient of what each block reads."""
    weights, upstream = recipe.weights(), recipe.upstream
    slopes = weights * (recipe.inputs() > 0)

    def passed(factors: Array) -> Array:
        return np.asarray(upstream * np.cumprod(factors[::-1])[::-1])

    right = passed(1 + slopes)
    return Exercise(
        "skip",
        skipped.gradients,
        (
            Mistake("without the one", passed(slopes)),
            Mistake("relu forgotten", passed(1 + weights)),
            Mistake("added", upstream * (1 + np.cumsum(slopes[::-1])[::-1])),
            Mistake("skip alone", np.full(COUNT, upstream)),
            Mistake("one short", np.append(right[1:], upstream)),
        ),
        heads=HEADS,
    )


# What is shown


def skips(study: Study) -> Skips:
    """Return the blocks."""
    return Skips(study.seed)


def of_skips(study: Study) -> Mapping[str, str]:
    """Return the upstream gradient."""
    return {"upstream": format_number(skips(study).upstream)}


def known(study: Study, say: Say) -> Grid:
    """List what each block reads, and its weight."""
    recipe = skips(study)
    rows = [
        (str(at + 1), f"x{'₀₁₂'[at]} = {format_number(read)}", format_number(weight))
        for at, (read, weight) in enumerate(zip(recipe.inputs(), recipe.weights(), strict=True))
    ]
    return Grid((say("block"), say("reads"), "w"), rows, frozenset({2}))


def answered(study: Study, say: Say) -> Grid:
    """List the factor of each block with the addition and without, and the gradient."""
    recipe, skipped = skips(study), ran(skips(study))
    rows = []
    slopes = recipe.weights() * (recipe.inputs() > 0)
    for at, slope in enumerate(slopes):
        numbers = (slope + 0.0, 1 + slope, skipped.gradients[at])
        rows.append((str(at + 1), *(format_number(float(each)) for each in numbers)))
    heads = (say("block"), f"w · {SLOPE}", f"1 + w · {SLOPE}", "∂L/∂x")
    return Grid(heads, rows, frozenset({1, 2, 3}))
