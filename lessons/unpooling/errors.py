"""How far a restored map is from the one that was pooled: on one map, and on many random ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import torch
from numpy.random import Generator
from torch.nn import functional as F  # noqa: N812 - everybody's name for it

from lessons.asking.exercise import Array
from lessons.unpooling.recipe import METHODS, SIDE
from models.kinds.unpooling import BedOfNails
from viz.language import english

MOST_MAPS = 1000


def slope(draw: Generator) -> Array:
    """Draw a plane above 0, the smoothest map there is: neighbours are nearly alike."""
    down, right = draw.uniform(-1, 1, 2)
    rows, columns = np.indices((SIDE, SIDE))
    plane = down * rows + right * columns
    return np.asarray(plane - plane.min() + draw.uniform(0, 5))


def rough(draw: Generator) -> Array:
    """Draw every cell by itself, from 0 to 10."""
    return draw.uniform(0, 10, (SIDE, SIDE))


def sparse(draw: Generator) -> Array:
    """Draw a map as a ReLU leaves it: four cells of five are 0."""
    return np.where(draw.random((SIDE, SIDE)) < 0.2, rough(draw), 0)


def negative(draw: Generator) -> Array:
    """Draw every cell by itself, from -10 to 0."""
    return -rough(draw)


KINDS: Mapping[str, Callable[[Generator], Array]] = {
    "smooth": slope,
    "rough": rough,
    "sparse": sparse,
    "negative": negative,
}

KIND_WORDS: Mapping[str, str] = {
    "smooth": english("smooth: a slope"),
    "rough": english("rough: 0 to 10"),
    "sparse": english("sparse: mostly 0"),
    "negative": english("negative: -10 to 0"),
}


def restored(value: Array) -> Mapping[str, Array]:
    """Pool a map, make it large again in each way, and return what that gives, by name."""
    tensor = torch.from_numpy(value).view(1, 1, SIDE, SIDE)
    pooled, indices = F.max_pool2d(tensor, 2, return_indices=True)
    found = {
        "nearest": F.interpolate(pooled, scale_factor=2, mode="nearest"),
        "nails": BedOfNails(2)(pooled),
        "max": F.max_unpool2d(pooled, indices, [2, 2]),
    }
    return {name: found[name][0, 0].numpy() for name in METHODS}


def squared(value: Array, again: Array) -> float:
    """Return the mean squared error of a restored map."""
    return float(((value - again) ** 2).mean())


@dataclass(frozen=True)
class ManyMaps:
    """Random maps of one kind, pooled and restored one after the other.

    A step yields the mean squared error of each way, in the order of METHODS.
    """

    seed: int
    kind: str

    def steps(self) -> Iterator[tuple[float, ...]]:
        """Draw one map a step."""
        for step in range(MOST_MAPS):
            value = KINDS[self.kind](np.random.default_rng((self.seed, step)))
            yield tuple(squared(value, each) for each in restored(value).values())


def running_means(frames: Array) -> Array:
    """Return the mean over the maps so far, after every map: maps x ways."""
    return np.cumsum(frames, axis=0) / np.arange(1, len(frames) + 1)[:, None]
