"""What a network trained on photographs looked at: Grad-CAM of a stage, or saliency."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from experiment.setting import Setting
from experiment.written.address import Experiment
from lessons.asking.exercise import Array, Exercise
from lessons.grad_cam.maps.weighing import grad_cam
from lessons.grad_cam.photograph.lite import HEAD, SIDE, STEM, Lite0, loaded
from lessons.grad_cam.photograph.packages import Extra, extra
from models.inputs.compressed import from_text
from models.inputs.pictures import Pixels, read, shrink
from viz.language import english

FILES = {
    "coffee": "coffee.png",
    "cat": "chelsea.png",
    "motorcycle": "motorcycle_left.png",
    "rocket": "rocket.jpg",
}
PICTURES = {
    "coffee": english("a cup of coffee"),
    "cat": english("a cat"),
    "motorcycle": english("a motorcycle"),
    "rocket": english("a rocket"),
}
RANKS = (1, 2, 3, 4, 5)
STAGES = {"56x56": 3, "28x28": 5, "14x14": 11, "7x7": HEAD}
"""The last place of the network with maps of a size, by that size."""
VIEWS = {"grad-cam": english("Grad-CAM"), "saliency": english("saliency")}
MIDDLE, SPREAD = 127, 128
"""A pixel from 0 to 255 comes in as (pixel - MIDDLE) / SPREAD."""


@dataclass(frozen=True, eq=False)
class Seen:
    """What came of it."""

    picture: Array
    """224x224x3, from 0 to 255."""
    names: tuple[str, ...]
    """Of the classes with the highest scores."""
    scores: tuple[float, ...]
    chances: tuple[float, ...]
    cells: Array
    """The map of the class that is asked about."""


@dataclass(frozen=True)
class Photographed:
    """A photograph, the place of a class among the highest scores, and what is drawn.

    ``own`` is a visitor's, as the link holds it; empty for the one that is shipped.
    """

    picture: str = "coffee"
    rank: int = 1
    stage: str = "7x7"
    view: str = "grad-cam"
    own: str = ""

    def run(self) -> Seen | None:
        """Look at the photograph; None where the packages are missing."""
        found = extra()
        return None if found is None else look(self, found)

    def exercises(self) -> Mapping[str, Callable[[Any], Exercise]]:
        """Nothing is asked."""
        return {}

    def in_playground(self) -> Experiment:
        """Open the playground on a photograph: this network is too large for a link."""
        return Experiment(Setting(model="dilated_blocks", input="photo"))


@lru_cache(maxsize=1)
def network(file: Path) -> Lite0:
    """Return the network. All visitors share it; nothing of it is ever changed."""
    return loaded(file)


@lru_cache(maxsize=1)
def names(file: Path) -> tuple[str, ...]:
    """Return what the classes are called, in English."""
    return tuple(json.loads(file.read_text(encoding="utf-8")))


def look(asked: Photographed, found: Extra) -> Seen:
    """Run the network, and go back from one score as far as the map that is drawn."""
    picture = _picture(asked, found)
    values = torch.from_numpy(picture.transpose(2, 0, 1).astype(np.float32))
    pixels = (values[None] - MIDDLE) / SPREAD
    net = network(found.weights)
    place = STEM - 1 if asked.view == "saliency" else STAGES[asked.stage]
    with torch.no_grad():
        maps = pixels if place < STEM else net.forward(pixels, STEM, place)
    gradient, scores = slopes(net, maps, place, asked.rank)
    chances, (top, classes) = scores.softmax(0), scores.topk(RANKS[-1])
    if asked.view == "saliency":
        cells = np.abs(gradient).max(0)
    else:
        cells = grad_cam(maps[0].numpy(), gradient)
    return Seen(
        picture,
        tuple(names(found.names)[each] for each in classes.tolist()),
        tuple(top.tolist()),
        tuple(chances[classes].tolist()),
        cells,
    )


def _picture(asked: Photographed, found: Extra) -> Pixels:
    """Return the pixels that the network gets, as (SIDE, SIDE, 3)."""
    if asked.own:
        return from_text(asked.own, SIDE)
    file = found.pictures / FILES[asked.picture]
    cells = shrink(read(file.read_bytes()), (1, 3, SIDE, SIDE))
    return np.ascontiguousarray(cells.transpose(1, 2, 0))


def slopes(net: Lite0, maps: Tensor, place: int, rank: int) -> tuple[Array, Tensor]:
    """Return the gradient of a score at the maps of a place, and all scores.

    Only what comes after the maps is recorded.
    """
    leaf = maps.detach().clone().requires_grad_()
    scores = net.scores(net.forward(leaf, place + 1))[0]
    asked = scores.detach().argsort(descending=True, stable=True)[rank - 1]
    (gradient,) = torch.autograd.grad(scores[asked], leaf)
    return gradient[0].numpy(), scores.detach()
