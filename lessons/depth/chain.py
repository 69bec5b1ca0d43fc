"""A chain of three sigmoids without any matrix: the gradient is a product that one can work out."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np
import torch

from experiment.written.address import Experiment
from lessons.asking.exercise import Array, Exercise, Mistake
from lessons.choosing.study import Study
from lessons.running.alone import together
from lessons.running.recipe import ran
from lessons.showing.grid import Grid
from models.fields import Fields
from models.spec import INPUT, LayerSpec
from viz.language import Say, english
from viz.theme import format_number

LEVELS = (0.1, 0.2, 0.5, 0.8, 0.9)
"""What the sigmoids come to: their derivatives are 0.09, 0.16 and 0.25."""
WEIGHTS = (2.0, -2.0, 3.0, 4.0, -3.0)
COUNT = 3
UPSTREAM = 100.0
VALUE = "\N{GREEK SMALL LETTER SIGMA}(x)"
SLOPE = "\N{GREEK SMALL LETTER SIGMA}\N{PRIME}(x)"
HEADS = (english("∂L/∂x₀"), english("∂L/∂x₁"), english("∂L/∂x₂"))


@dataclass(frozen=True, eq=False)
class Walked:
    """What the sigmoids read, what they gave, and the gradient of what each read."""

    read: Array
    made: Array
    gradients: Array


@dataclass(frozen=True)
class Chain:
    """Three layers of ``w sigmoid(x) + b``, each of one number; a seed draws them."""

    seed: int = 0

    @property
    def weight(self) -> float:
        """The weight of all layers."""
        return WEIGHTS[self.seed % len(WEIGHTS)]

    def levels(self) -> Array:
        """Return what the sigmoids are to come to, no two neighbours of them of one slope."""
        draw = np.random.default_rng(self.seed)
        while True:
            found = draw.choice(LEVELS, COUNT)
            slopes = np.round(found * (1 - found), 6)
            if (np.diff(slopes) != 0).all():
                return np.asarray(found)

    def inputs(self) -> Array:
        """Return what the sigmoids read."""
        levels = self.levels()
        return np.asarray(np.log(levels / (1 - levels)))

    def biases(self) -> Array:
        """Return the biases, with which each layer gives what the next sigmoid is to read."""
        reached = self.weight * self.levels()
        return np.asarray(np.append(self.inputs()[1:] - reached[:-1], 0.0))

    def run(self) -> Walked:
        """Run it with PyTorch."""
        value = torch.tensor(float(self.inputs()[0]), dtype=torch.float64, requires_grad=True)
        read, made = [value], []
        for bias in self.biases():
            made.append(torch.sigmoid(read[-1]))
            read.append(self.weight * made[-1] + float(bias))
        upstream = torch.tensor(UPSTREAM, dtype=torch.float64)
        gradients = torch.autograd.grad(read[-1], read[:-1], upstream)
        arrays = (
            np.array([float(one.detach()) for one in each]) for each in (read, made, gradients)
        )
        return Walked(*arrays)

    def exercises(self) -> Mapping[str, Callable[[Walked], Exercise]]:
        """Ask for the gradient of what each sigmoid reads."""
        return {"two": partial(two_exercise, self)}

    def in_playground(self) -> Experiment:
        """Open the chain with these numbers."""
        layers: list[LayerSpec] = []
        numbers: dict[str, Array] = {}
        before = INPUT
        size = Fields({"in_features": 1, "out_features": 1})
        for at, bias in enumerate(self.biases()):
            sigmoid, linear = f"sigmoid{at}", f"linear{at}"
            layers += [
                LayerSpec(name=sigmoid, kind="Sigmoid", inputs=(before,)),
                LayerSpec(name=linear, kind="Linear", inputs=(sigmoid,), fields=size),
            ]
            numbers[f"{linear}.weight"] = np.array([[round(self.weight, 3)]])
            numbers[f"{linear}.bias"] = np.array([round(float(bias), 3)])
            before = linear
        value = np.array([[round(float(self.inputs()[0]), 3)]])
        return together(layers, value, np.array([[UPSTREAM]]), numbers)


def two_exercise(recipe: Chain, walked: Walked) -> Exercise:
    """Predict the gradient of what each sigmoid reads."""
    levels, weight = recipe.levels(), recipe.weight
    slopes = levels * (1 - levels)
    right = passed(weight * slopes)
    return Exercise(
        "two",
        walked.gradients,
        (
            Mistake("value", passed(weight * levels)),
            Mistake("weight forgotten", passed(slopes)),
            Mistake("one short", np.append(right[1:], UPSTREAM)),
            Mistake("own alone", UPSTREAM * weight * slopes),
            Mistake("added", UPSTREAM * np.cumsum((weight * slopes)[::-1])[::-1]),
        ),
        heads=HEADS,
    )


def passed(factors: Array) -> Array:
    """Multiply the upstream gradient by the factors from the last one on."""
    return np.asarray(UPSTREAM * np.cumprod(factors[::-1])[::-1])


# What is shown


def chain(study: Study) -> Chain:
    """Return the chain."""
    return Chain(study.seed)


def of_chain(study: Study) -> Mapping[str, str]:
    """Return the weight and the upstream gradient."""
    return {"weight": format_number(chain(study).weight), "upstream": format_number(UPSTREAM)}


def of_product(study: Study) -> Mapping[str, str]:
    """Return the product behind the first gradient."""
    recipe = chain(study)
    slopes = recipe.levels() * (1 - recipe.levels())
    factors = (f"({format_number(recipe.weight)} · {format_number(each)})" for each in slopes[::-1])
    total = ran(recipe).gradients[0]
    largest = UPSTREAM * (abs(recipe.weight) / 4) ** COUNT
    return {
        "product": " · ".join((format_number(UPSTREAM), *factors)),
        "total": format_number(total),
        "largest": format_number(largest),
        **of_chain(study),
    }


def known(study: Study, say: Say) -> Grid:
    """List what each sigmoid read and what it gave."""
    walked = ran(chain(study))
    rows = [
        (str(at + 1), f"x{'₀₁₂'[at]} = {format_number(read)}", format_number(made))
        for at, (read, made) in enumerate(zip(walked.read[:COUNT], walked.made, strict=True))
    ]
    return Grid((say("layer"), say("reads"), VALUE), rows, frozenset({2}))


def answered(study: Study, say: Say) -> Grid:
    """List the slope of each sigmoid, its factor, and the gradient."""
    recipe, walked = chain(study), ran(chain(study))
    rows = []
    for at, made in enumerate(walked.made):
        slope = float(made * (1 - made))
        numbers = (made, slope, recipe.weight * slope, walked.gradients[at])
        rows.append((str(at + 1), *(format_number(float(each)) for each in numbers)))
    heads = (say("layer"), VALUE, SLOPE, f"w · {SLOPE}", "∂L/∂x")
    return Grid(heads, rows, frozenset({1, 2, 3, 4}))


def slope_of_sigmoid(_study: Study, _say: Say) -> tuple[tuple[float, float], ...]:
    """Return points of the derivative of the sigmoid."""
    places = np.linspace(-6, 6, 121)
    return tuple((float(x), math.exp(-x) / (1 + math.exp(-x)) ** 2) for x in places)
