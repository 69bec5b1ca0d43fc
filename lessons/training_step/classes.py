"""Softmax and cross entropy: the gradient of the scores is p - y, divided by the batch."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch.nn import functional as F  # noqa: N812 - everybody's name for it

from experiment.written.address import Experiment
from lessons.asking.exercise import Array, Exercise, Mistake
from lessons.choosing.study import Study
from lessons.running.alone import alone
from lessons.running.recipe import ran
from lessons.showing.figure import Figure, map_of
from viz.language import english
from viz.maps.rows import Map

SAMPLES, CLASSES, WHOLE = 2, 3, 10
"""Chances are tenths, so that all can be worked out in one's head."""


@dataclass(frozen=True, eq=False)
class Scored:
    """What PyTorch computed."""

    chances: Array
    one_hot: Array
    gradient: Array


@dataclass(frozen=True)
class Classes:
    """Scores of a few samples; a seed draws them."""

    seed: int = 0

    @property
    def _draw(self) -> np.random.Generator:
        return np.random.default_rng((self.seed, CLASSES))

    def tenths(self) -> Array:
        """Return the chances of every sample in tenths: whole numbers, all different."""
        cut = [(1, 2, 7), (1, 3, 6), (1, 4, 5), (2, 3, 5)]
        draw = self._draw
        chosen = draw.choice(len(cut), SAMPLES, replace=False)
        return np.array([draw.permutation(cut[int(at)]) for at in chosen], np.float32)

    def scores(self) -> Array:
        """Return scores of which softmax makes these chances."""
        return np.log(self.tenths())

    def target(self) -> Array:
        """Return the right class of every sample."""
        return np.random.default_rng((self.seed, SAMPLES)).integers(0, CLASSES, SAMPLES)

    def run(self) -> Scored:
        """Run PyTorch's own cross entropy backward."""
        scores, target = torch.from_numpy(self.scores()), torch.from_numpy(self.target())
        (gradient,) = torch.autograd.grad(F.cross_entropy(scores.requires_grad_(), target), scores)
        one_hot = F.one_hot(target, CLASSES).float()
        return Scored(scores.detach().softmax(1).numpy(), one_hot.numpy(), gradient.numpy())

    def exercises(self) -> Mapping[str, Callable[[Scored], Exercise]]:
        """Ask for the gradient of the scores."""
        return {"scores": scores_exercise}

    def in_playground(self) -> Experiment:
        """Open the scores as an input, with cross entropy after it."""
        opened = alone("Flatten", {}, self.scores(), self.target().astype(np.float32))
        setting = replace(opened.setting, loss="cross_entropy", target="class_0")
        return replace(opened, setting=setting)


def scores_exercise(found: Scored) -> Exercise:
    """Predict the gradient of the scores."""
    apart = found.chances - found.one_hot
    return Exercise(
        "scores",
        found.gradient,
        (
            Mistake("not divided", apart),
            Mistake("turned round", -apart / SAMPLES),
            Mistake("squared error", 2 * apart / apart.size),
        ),
    )


def classes(study: Study) -> Classes:
    """Return the scores with these numbers."""
    return Classes(study.seed)


def given(study: Study) -> Figure:
    """Show chances and right classes."""
    return Figure([_known(study)])


def _known(study: Study) -> list[Map]:
    found = ran(classes(study))
    return [
        map_of("chances", english("p = softmax(scores)"), found.chances, value=True),
        map_of("right", english("y, the right class"), found.one_hot, value=True),
    ]


def revealed(study: Study) -> Figure:
    """Show the gradient, too."""
    gradient = map_of("scored", english("∂L/∂scores"), ran(classes(study)).gradient)
    return Figure([[gradient, *_known(study)]])
