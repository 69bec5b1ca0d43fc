"""A control: the same maps of networks that have forgotten what they learnt (Adebayo et al., 2018).

From the head to the input, one layer after the other gets parameters that are drawn anew.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from experiment.written.address import Experiment
from flow.seeded import Seeded
from lessons.asking.exercise import Array, Exercise
from lessons.grad_cam.attributed.parts import LAYERS
from lessons.grad_cam.digit.network import LAST, WEIGHTS, DigitNet, loaded, trained
from lessons.grad_cam.digit.reading import BEGINNING, Reading
from lessons.grad_cam.digit.training import halves
from lessons.running.recipe import ran

STAGES = (0, *range(1, len(LAYERS) + 1))
"""How many layers forgot, counted from the head."""
COUNT = 60
"""Digits held out over which is averaged."""
METHODS = ("gradient", "times input", "grad-cam")
"""The gradient's magnitude, gradient times input, and Grad-CAM before its ReLU."""


@dataclass(frozen=True, eq=False)
class Controlled:
    """Maps of the trained network and of one that forgot, by the method."""

    trained: Mapping[str, Array]
    forgot: Mapping[str, Array]


@dataclass(frozen=True)
class Control:
    """A digit, a class of it, and how many layers forgot; the seed draws their parameters, too."""

    reading: Reading = BEGINNING
    forgot: int = len(LAYERS)

    def run(self) -> Controlled:
        """Draw the maps of one digit twice."""
        image, target = self.reading.image(), torch.tensor([ran(self.reading).target])
        networks = trained(), forgetful(self.forgot, self.reading.seed)
        known, found = (attributed(each, image, target) for each in networks)
        return Controlled(*({name: each[name][0] for name in METHODS} for each in (known, found)))

    def exercises(self) -> Mapping[str, Callable[[Any], Exercise]]:
        """Nothing is asked."""
        return {}

    def in_playground(self) -> Experiment:
        """Open the same digit: the playground's weights are not trained either."""
        return self.reading.in_playground()


Alike = Mapping[int, Mapping[str, float]]
"""By the layers that forgot, then by the method: the mean rank correlation over digits."""


@dataclass(frozen=True)
class Ranking:
    """Many digits, each for the class of its highest score; a seed draws what is forgotten."""

    seed: int = 0

    def run(self) -> Alike:
        """Compare the maps of all these digits."""
        images = halves()[1].images[:COUNT]
        with torch.no_grad():
            targets = trained()(images).argmax(1)
        known = attributed(trained(), images, targets)
        alike = {}
        for count in STAGES:
            found = attributed(forgetful(count, self.seed), images, targets)
            alike[count] = {
                name: float(np.mean(list(map(rank_correlation, known[name], found[name]))))
                for name in METHODS
            }
        return alike

    def exercises(self) -> Mapping[str, Callable[[Any], Exercise]]:
        """Nothing is asked."""
        return {}

    def in_playground(self) -> Experiment:
        """Open one of the digits."""
        return Reading(self.seed).in_playground()


def forgetful(count: int, seed: int) -> DigitNet:
    """Return a network whose last ``count`` layers have parameters that a seed draws."""
    network = loaded(WEIGHTS)
    with Seeded(seed):
        fresh = DigitNet()
    for name in LAYERS[len(LAYERS) - count :]:
        network.get_submodule(name).load_state_dict(fresh.get_submodule(name).state_dict())
    return network


def attributed(network: DigitNet, images: Tensor, targets: Tensor) -> Mapping[str, Array]:
    """Return the maps of several images for the scores of their classes, by the method."""
    leaves = images.detach().clone().requires_grad_()
    maps = network.maps(LAST, leaves)
    scores = network.after(LAST, maps).gather(1, targets[:, None])
    gradient, slopes = torch.autograd.grad(scores.sum(), [leaves, maps])
    weighted = (slopes.mean((-2, -1), keepdim=True) * maps.detach()).sum(1)
    found = (gradient[:, 0].abs(), (gradient * images)[:, 0], weighted)
    return {name: each.numpy() for name, each in zip(METHODS, found, strict=True)}


def rank_correlation(one: Array, other: Array) -> float:
    """Return Spearman's correlation; 0 where all cells of a map are equal, which ranks nothing."""
    ranks = [ranked(each.ravel()) for each in (one, other)]
    if any(each.std() == 0 for each in ranks):
        return 0.0
    return float(np.corrcoef(np.stack(ranks))[0, 1])


def ranked(values: Array) -> Array:
    """Return the ranks of values; equal ones share their mean rank."""
    _found, places, counts = np.unique(values, return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    ranks: Array = (ends - (counts - 1) / 2)[places]
    return ranks
