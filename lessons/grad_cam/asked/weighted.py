"""Two maps of 2x2 and a linear head with two scores: small enough for a pencil.

The two scores are equal, so each class has the probability one half, and the gradient of the
probability is made of whole numbers, too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import count

import numpy as np
import torch
from torch import nn

from experiment.written.address import Experiment
from lessons.asking.exercise import Array, Exercise, Mistake
from lessons.running.alone import together
from models.fields import Fields
from models.spec import INPUT, LayerSpec
from viz.language import english

CHANNELS, SIDE = 2, 2
SHAPE = (CHANNELS, SIDE, SIDE)
LARGEST = 4


@dataclass(frozen=True, eq=False)
class Numbers:
    """What is drawn."""

    maps: Array
    """2x2x2, none below 0: a ReLU made them."""
    head: Array
    """2 classes x 8 cells."""


@dataclass(frozen=True, eq=False)
class Weighed:
    """The two gradients at the maps, as autograd computes them."""

    maps: Array
    gradient: Array
    """Of the score of class 0."""
    of_chance: Array
    """Of its probability."""
    weights: Array
    """The mean of each channel's gradient."""
    cam: Array


@dataclass(frozen=True)
class Weighing:
    """Two maps and a head; a seed draws them."""

    seed: int = 0

    def run(self) -> Weighed:
        """Go back from the score, and from the probability, to the maps."""
        drawn = numbers(self.seed)
        maps = torch.from_numpy(drawn.maps)[None].requires_grad_()
        head = nn.Linear(drawn.maps.size, 2, bias=False)
        with torch.no_grad():
            head.weight.copy_(torch.from_numpy(drawn.head))
        scores = head(maps.flatten(1))
        (gradient,) = torch.autograd.grad(scores[0, 0], maps, retain_graph=True)
        (of_chance,) = torch.autograd.grad(scores.softmax(1)[0, 0], maps)
        weights = gradient.mean((-2, -1), keepdim=True)
        cam = (weights * maps.detach()).sum(1).relu()
        found = gradient, of_chance, weights[..., 0, 0], cam
        return Weighed(drawn.maps, *(each[0].numpy() for each in found))

    def exercises(self) -> Mapping[str, Callable[[Weighed], Exercise]]:
        """Ask for the weights, and for the map."""
        return {"alpha": partial(alpha_exercise, self), "cam": partial(cam_exercise, self)}

    def in_playground(self) -> Experiment:
        """Open the head on these maps; its loss asks for the first score."""
        drawn = numbers(self.seed)
        size = drawn.maps.size
        fields = Fields({"in_features": size, "out_features": 2, "bias": False})
        layers = (
            LayerSpec(name="flatten", kind="Flatten", inputs=(INPUT,), fields=Fields({})),
            LayerSpec(name="head", kind="Linear", inputs=("flatten",), fields=fields),
        )
        asked = np.array([[1, 0]], np.float32)
        return together(layers, drawn.maps[None], asked, {"head.weight": drawn.head})


@lru_cache(maxsize=128)
def numbers(seed: int) -> Numbers:
    """Draw numbers whose weights are whole and whose sum has both signs."""
    for attempt in count():
        draw = np.random.default_rng((seed, attempt))
        maps = draw.integers(0, LARGEST + 1, SHAPE)
        score = draw.integers(-LARGEST, LARGEST + 1, SHAPE)
        one, other = draw.choice(maps.size, 2, replace=False)
        apart = np.zeros(maps.size, int)
        apart[one], apart[other] = maps.flat[other], -maps.flat[one]
        if _is_telling(maps, score, apart.reshape(SHAPE)):
            head = np.stack([score.ravel(), score.ravel() - 4 * apart])
            return Numbers(maps.astype(np.float32), head.astype(np.float32))
    raise AssertionError  # counting has no end


def _is_telling(maps: Array, score: Array, apart: Array) -> bool:
    """Whether the weights are whole and differ in sign, and every way to be wrong shows."""
    weights = score.mean((1, 2))
    terms = weights[:, None, None] * maps
    total = terms.sum(0)
    ways = [total.clip(0), terms.clip(0).sum(0), maps.sum(0), np.abs(total), total]
    ways += [_cam(maps, score.max((1, 2))), _cam(maps, apart.mean((1, 2)))]
    distinct = {tuple(way.ravel()) for way in ways}
    means = [weights, score.max((1, 2)), score.sum((1, 2)), apart.mean((1, 2))]
    means.append(np.abs(score).mean((1, 2)))
    return bool(
        (score.sum((1, 2)) % 4 == 0).all()
        and weights[0] * weights[1] < 0
        and total.max() > 0 > total.min()
        and ways[-1].any()
        and not any(_has_pair(each, weights) for each in (score, apart))
        and np.count_nonzero(apart) == CHANNELS
        and len(distinct) == len(ways)
        and len({tuple(each) for each in means}) == len(means)
    )


def _has_pair(cells: Array, pair: Array) -> bool:
    """Whether two neighbours in reading order are this pair: it would be on screen already."""
    row = cells.ravel()
    return bool(((row[:-1] == pair[0]) & (row[1:] == pair[1])).any())


def _cam(maps: Array, weights: Array) -> Array:
    total: Array = (weights[:, None, None] * maps).sum(0)
    return total.clip(0)


def alpha_exercise(recipe: Weighing, run: Weighed) -> Exercise:
    """Predict the two weights."""
    gradient, of_chance = by_hand(recipe)
    mistakes = (
        Mistake("largest", gradient.max((1, 2))),
        Mistake("sum", gradient.sum((1, 2))),
        Mistake("probability", of_chance.mean((1, 2))),
        Mistake("absolute", np.abs(gradient).mean((1, 2))),
    )
    return Exercise("alpha", run.weights, mistakes, heads=(english("α[0]"), english("α[1]")))


def cam_exercise(recipe: Weighing, run: Weighed) -> Exercise:
    """Predict the map."""
    gradient, _of_chance = by_hand(recipe)
    maps = numbers(recipe.seed).maps
    weights = gradient.mean((1, 2))
    terms = weights[:, None, None] * maps
    mistakes = (
        Mistake("relu first", terms.clip(0).sum(0)),
        Mistake("absolute", np.abs(terms.sum(0))),
        Mistake("no relu", terms.sum(0)),
        Mistake("not weighted", maps.sum(0)),
        Mistake("largest", _cam(maps, gradient.max((1, 2)))),
    )
    return Exercise("cam", run.cam, mistakes)


def by_hand(recipe: Weighing) -> tuple[Array, Array]:
    """Return the gradients of the score and of the probability: p (1 - p) (w - w'), p = 1/2."""
    first, second = numbers(recipe.seed).head.reshape(2, *SHAPE)
    return first, (first - second) / 4
