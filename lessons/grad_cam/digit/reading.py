"""One digit, read by the network: scores, gradients at the pixels, and maps of a layer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from experiment.written.address import Experiment
from lessons.asking.exercise import Array, Exercise
from lessons.grad_cam.digit.network import CLASSES, LAST, DigitNet, trained
from lessons.grad_cam.digit.opened import opened
from lessons.grad_cam.digit.training import halves

FIRST, SECOND = "first", "second"
"""Of the classes, in the order of their scores."""


@dataclass(frozen=True, eq=False)
class Read:
    """What the network says of a digit, and what follows for one class of it."""

    image: Array
    """8x8, ink from 0 to 1."""
    label: int
    """What the digit shows."""
    scores: Array
    target: int
    """The class that is asked about."""
    jacobian: Array
    """Classes x 8 x 8: the gradient of every score at every pixel."""
    of_chance: Array
    """8x8: the gradient of the class's probability, by autograd."""
    maps: Array
    """Channels x height x width: a layer's activation maps."""
    map_gradients: Array
    """The gradient of the class's score at each of their cells."""

    @property
    def gradient(self) -> Array:
        """The gradient of the class's score at every pixel."""
        found: Array = self.jacobian[self.target]
        return found

    @property
    def chances(self) -> Array:
        """The softmax of the scores, in float64: a probability near 1 keeps its distance from 1."""
        found: Array = torch.from_numpy(self.scores).double().softmax(0).numpy()
        return found

    @property
    def rest(self) -> float:
        """The probability of all other classes together."""
        return float(np.delete(self.chances, self.target).sum())

    @property
    def by_rule(self) -> Array:
        """The gradient of the probability: p (∂S − Σ p_k ∂S_k)."""
        mean = np.einsum("k,kij->ij", self.chances, self.jacobian.astype(float))
        found: Array = self.chances[self.target] * (self.gradient - mean)
        return found


@dataclass(frozen=True)
class Reading:
    """A digit held out, a class of it, and a layer."""

    seed: int = 0
    target: str = FIRST
    layer: str = LAST

    def image(self) -> Tensor:
        """Return the digit."""
        return held_out(self.seed)

    def run(self) -> Read:
        """Read it, and go back from its scores."""
        network, image = trained(), self.image()
        scores, jacobian = scores_and_gradients(network, image)
        target = class_of(self.target, scores)
        maps, map_gradients = map_gradient(network, self.layer, image, target)
        of_chance = chance_gradient(network, image, target)
        label = int(halves()[1].labels[place_of(self.seed)])
        cells = image[0, 0].numpy()
        return Read(cells, label, scores, target, jacobian, of_chance, maps, map_gradients)

    def exercises(self) -> Mapping[str, Callable[[Any], Exercise]]:
        """Nothing is asked."""
        return {}

    def in_playground(self) -> Experiment:
        """Open a network of the same layers, with this digit and its class."""
        asked = np.zeros((1, CLASSES), np.float32)
        with torch.no_grad():
            asked[0, class_of(self.target, trained()(self.image())[0].numpy())] = 1
        return opened(self.image().numpy(), asked)


BEGINNING = Reading()
"""With which the lesson begins."""


def place_of(seed: int) -> int:
    """Return the place of a seed's digit among those held out."""
    return seed % len(halves()[1].labels)


def held_out(seed: int) -> Tensor:
    """Return a digit that no step of the training saw: 1x1x8x8."""
    return halves()[1].images[[place_of(seed)]]


def class_of(target: str, scores: Array) -> int:
    """Return the class that is meant: by the place of its score, or by its digit."""
    order = np.argsort(-scores, kind="stable")
    places = {FIRST: int(order[0]), SECOND: int(order[1])}
    return places[target] if target in places else int(target)


def scores_and_gradients(network: DigitNet, image: Tensor) -> tuple[Array, Array]:
    """Return the scores, and the gradient of each at every pixel."""
    copies = image.repeat(CLASSES, 1, 1, 1).requires_grad_()
    scores = network(copies)
    (gradients,) = torch.autograd.grad(scores.diagonal().sum(), copies)
    return scores[0].detach().numpy(), gradients[:, 0].numpy()


def chance_gradient(network: DigitNet, image: Tensor, target: int) -> Array:
    """Return the gradient of a class's probability at every pixel."""
    leaf = image.detach().clone().requires_grad_()
    chance = network(leaf)[0].double().softmax(0)[target]
    (gradient,) = torch.autograd.grad(chance, leaf)
    return gradient[0, 0].numpy()


def pixel_gradients(network: DigitNet, images: Tensor, target: int) -> Array:
    """Return for each of several images the gradient of one score at every pixel."""
    leaves = images.detach().clone().requires_grad_()
    (gradients,) = torch.autograd.grad(network(leaves)[:, target].sum(), leaves)
    return gradients[:, 0].numpy()


def map_gradient(network: DigitNet, layer: str, image: Tensor, target: int) -> tuple[Array, Array]:
    """Return a layer's maps of one image, and the gradient of a score at each of their cells."""
    maps = network.maps(layer, image).detach().requires_grad_()
    (gradient,) = torch.autograd.grad(network.after(layer, maps)[0, target], maps)
    return maps.detach()[0].numpy(), gradient[0].numpy()
