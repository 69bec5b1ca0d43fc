"""Whether a deep stack learns: gradient descent on a small task, from three beginnings."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F  # noqa: N812 - everybody's name for it

from lessons.choosing.study import Study
from lessons.depth.settings import MOST_STEPS
from lessons.depth.stacking import SCALES, Stack
from lessons.showing.grid import Grid
from viz.language import Say, english
from viz.pictures.line import Curve, Line
from viz.theme import format_number

COUNT, WIDTH = 128, 32
RATE = 0.02
HIGHEST = 1.2
"""Of what is drawn; ln 2 = 0.69 is what guessing costs."""
KINDS: Mapping[str, str] = {
    "default": english("plain, s = 0.58"),
    "kept": english("plain, s = √2"),
    "skip": english("residual, s = √2 / √layers"),
}
HEIGHT = 220


@dataclass(frozen=True)
class Frame:
    """What a step came to: the loss of each network before it."""

    losses: tuple[float, ...]


@dataclass(frozen=True)
class Learning:
    """Full-batch gradient descent on points of a square, two opposite quarters of one class."""

    layers: int = 30
    seed: int = 0

    def points(self) -> tuple[Tensor, Tensor]:
        """Return the points and their classes."""
        draw = np.random.default_rng((self.seed, COUNT))
        places = draw.uniform(-1, 1, (COUNT, 2)).astype(np.float32)
        classes = (places[:, 0] * places[:, 1] > 0).astype(np.float32)
        return torch.from_numpy(places), torch.from_numpy(classes)

    def begin(self, kind: str) -> list[Tensor]:
        """Return the weights: into the stack, of every layer, and out of it."""
        draw = np.random.default_rng((self.seed, WIDTH))
        shapes = [(WIDTH, 2), *[(WIDTH, WIDTH)] * self.layers, (1, WIDTH)]
        spreads = [1.0, *[spread(kind, self.layers) / math.sqrt(WIDTH)] * self.layers]
        spreads.append(1 / math.sqrt(WIDTH))
        return [
            torch.tensor(
                size * draw.standard_normal(shape), dtype=torch.float32, requires_grad=True
            )
            for size, shape in zip(spreads, shapes, strict=True)
        ]

    def steps(self) -> Iterator[Frame]:
        """Take one step of descent a time, with every network."""
        weights = {kind: self.begin(kind) for kind in KINDS}
        places, classes = self.points()
        for _ in range(MOST_STEPS):
            losses = (_descend(weights[kind], kind, places, classes) for kind in KINDS)
            yield Frame(tuple(losses))


def spread(kind: str, layers: int) -> float:
    """Return the s of a network's layers."""
    if kind == "default":
        return SCALES["default"]
    return math.sqrt(2) / (math.sqrt(layers) if kind == "skip" else 1)


def _descend(weights: Sequence[Tensor], kind: str, places: Tensor, classes: Tensor) -> float:
    """Take a step; return the loss before it."""
    read = places @ weights[0].T
    for weight in weights[1:-1]:
        made = torch.relu(read) @ weight.T
        read = read + made if kind == "skip" else made
    scores = (read @ weights[-1].T)[:, 0]
    loss = F.binary_cross_entropy_with_logits(scores, classes)
    gradients = torch.autograd.grad(loss, weights)
    with torch.no_grad():
        for weight, gradient in zip(weights, gradients, strict=True):
            weight -= RATE * gradient
    return float(loss.detach())


# What is shown


def learning(study: Study) -> Learning:
    """Return the descent."""
    return Learning(study["deep"], study.seed)


def opened(study: Study) -> Stack:
    """Return a stack of as many residual layers as the network has."""
    return Stack(study["deep"], "relu", "sqrt2", skip=True, width=WIDTH, seed=study.seed)


def curves(_study: Study, frames: Sequence[Frame], say: Say) -> Line:
    """Draw the loss of each network before every step."""
    title, axes = say("Loss over the steps"), (say("step"), say("loss, up to 1.2"))
    drawn = [
        Curve(
            say(name),
            [
                (at, frame.losses[place] if frame.losses[place] <= HIGHEST else math.nan)
                for at, frame in enumerate(frames)
            ],
        )
        for place, name in enumerate(KINDS.values())
    ]
    return Line(title, axes, drawn, height=HEIGHT, begin=0.0, end=HIGHEST)


def losses(_study: Study, frames: Sequence[Frame], say: Say) -> Grid:
    """List the loss of each network before the first step and before the last one."""
    rows = [
        (say(name), *(format_number(frames[at].losses[place], 3) for at in (0, -1)))
        for place, name in enumerate(KINDS.values())
    ]
    heads = (say("network"), say("first loss"), say("last loss"))
    return Grid(heads, rows, frozenset({1, 2}))


def is_measured(study: Study) -> bool:
    """Tell whether steps were asked for."""
    return bool(study["descended"])
