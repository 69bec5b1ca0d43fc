"""What is predicted before it is shown, and what each likely mistake would give.

Whatever is asked, an answer is numbers: cells as they are, a choice as the place of the option, an
order as the places of its items. So a wrong one is compared, number by number, with what every
mistake gives, and the mistake can be named.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from viz.guess import Kind
from viz.language import english
from viz.typed import MAX_CELLS, same

Array = NDArray[Any]

MAX_SIDE = math.isqrt(MAX_CELLS)
"""Rows and columns of the largest square exercise."""
MOST_ITEMS = 8
"""Options to choose from, or items to put in order."""
MOST_CANDIDATES = 14
"""Numbers to choose from: two or three lines of them on a screen."""
AXES = (english("batch"), english("channels"), english("height"), english("width"))
"""What the sizes of a map are called."""


@dataclass(frozen=True, eq=False)
class Mistake:
    """A way to be wrong: the section of the lesson's text about it, and what it gives."""

    key: str
    cells: Array
    """Shaped like the truth."""


@dataclass(frozen=True, eq=False)
class Exercise:
    """Something to predict.

    Raises ValueError when it asks for too much or a mistake does not fit.
    """

    key: str
    """Also the prefix of its sections in the lesson's text and of its part of a link."""
    truth: Array
    """Of any shape, as PyTorch computed it; of a choice and an order, places counted from 0."""
    mistakes: tuple[Mistake, ...] = ()
    """The likeliest first."""
    whole: tuple[int, int] | None = None
    """Shape of the matrix of which this is the top left corner; None when nothing is left out."""
    kind: Kind = "cells"
    items: tuple[str, ...] = ()
    """The options of a choice and the items of an order, in English; code, which is in no language,
    stands between backticks."""
    heads: tuple[str, ...] = ()
    """What stands above the columns of cells, in English; empty where nothing needs to."""

    def __post_init__(self) -> None:
        most = MAX_CELLS if self.kind == "cells" else MOST_ITEMS
        if not 1 <= self.truth.size <= most:
            raise ValueError(
                f"{self.key}: an exercise has 1 to {most} cells, this one has shape "
                f"{self.truth.shape}."
            )
        for mistake in self.mistakes:
            if mistake.cells.shape != self.truth.shape:
                raise ValueError(
                    f"{self.key}: the mistake {mistake.key} must give cells of shape "
                    f"{self.truth.shape}, not {mistake.cells.shape}."
                )
        if self.heads and len(self.heads) != self.sides[1]:
            raise ValueError(f"{self.key}: {self.sides[1]} columns need as many heads.")

    @property
    def sides(self) -> tuple[int, int]:
        """Rows and columns in which it is filled in; maps stand below each other."""
        columns = self.truth.shape[-1] if self.truth.ndim else 1
        return self.truth.size // columns, columns

    @property
    def unit(self) -> float:
        """What the tolerance is of: 1, or the decade of the largest number where all are small."""
        largest = float(np.abs(self.truth).max())
        return 1.0 if largest == 0 or largest >= 0.1 else 10.0 ** math.floor(math.log10(largest))

    @property
    def possible(self) -> tuple[Mistake, ...]:
        """The mistakes that give something else than the truth, and than each other."""
        found: list[Mistake] = []
        for mistake in self.mistakes:
            others = [self.truth, *(each.cells for each in found)]
            if not any(same(mistake.cells, other, self.unit).all() for other in others):
                found.append(mistake)
        return tuple(found)

    @property
    def candidates(self) -> tuple[float, ...]:
        """Numbers to choose from, ascending: those of the truth and those that mistakes give.

        To three decimals, at most MOST_CANDIDATES. The truth's come first, so a small exercise can
        be painted without typing; where there are too many, they are taken evenly. Options and
        items need none.
        """
        if self.kind != "cells" or self.unit < 1:
            return ()
        found: set[float] = set()
        for cells in (self.truth, *(each.cells for each in self.possible)):
            more = sorted({float(v) + 0.0 for v in np.round(cells, 3).flat} - found)
            taken = np.linspace(0, len(more) - 1, min(len(more), MOST_CANDIDATES - len(found)))
            found |= {more[int(place)] for place in taken}
        return tuple(sorted(found))


def corner(key: str, truth: Array, mistakes: tuple[Mistake, ...]) -> Exercise:
    """Return an exercise of at most MAX_SIDE x MAX_SIDE cells: those at the top left."""
    if max(truth.shape) <= MAX_SIDE:
        return Exercise(key, truth, mistakes)
    cut = (slice(MAX_SIDE), slice(MAX_SIDE))
    kept = tuple(Mistake(each.key, each.cells[cut]) for each in mistakes)
    return Exercise(key, truth[cut], kept, (truth.shape[0], truth.shape[1]))


def choice(key: str, options: Mapping[str, str], truth: str) -> Exercise:
    """Ask which option is true; every other one is a mistake of its key.

    ``options`` are what each is called, in English, by key.
    """
    keys = list(options)
    places = {name: np.array([float(keys.index(name))]) for name in keys}
    mistakes = tuple(Mistake(name, places[name]) for name in keys if name != truth)
    return Exercise(key, places[truth], mistakes, kind="choice", items=tuple(options.values()))


def order(
    key: str, items: Mapping[str, str], truth: Sequence[str], wrong: Mapping[str, Sequence[str]]
) -> Exercise:
    """Ask for the order of items; ``wrong`` are the orders that mistakes give, by their keys.

    ``items`` are what each is called, in English, by key, as they are given.
    """
    keys = list(items)

    def placed(names: Sequence[str]) -> Array:
        return np.array([float(keys.index(name)) for name in names])

    mistakes = tuple(Mistake(name, placed(names)) for name, names in wrong.items())
    return Exercise(key, placed(truth), mistakes, kind="order", items=tuple(items.values()))


def shape(key: str, truth: Sequence[int], wrong: Mapping[str, Sequence[int]]) -> Exercise:
    """Ask for the shape of a map; ``wrong`` are those that mistakes give, by their keys.

    The last axes of batch x channels x height x width, as many as it has.
    """
    mistakes = tuple(Mistake(name, np.array(sizes, float)) for name, sizes in wrong.items())
    return Exercise(key, np.array(truth, float), mistakes, heads=AXES[-len(truth) :])


def shifted(cells: Array, by: int, axes: tuple[int, ...] = (-2, -1)) -> Array:
    """Move cells on by ``by`` places along the axes, back below 0; what comes in is 0."""
    moved = np.array(cells)
    for axis in axes:
        moved = np.roll(moved, by, axis)
        np.moveaxis(moved, axis, 0)[slice(None, by) if by >= 0 else slice(by, None)] = 0
    return moved
