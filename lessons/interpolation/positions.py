"""Where new cells stand between old ones, and the shares that they take of their neighbours.

An old cell i has its centre at position i. New cells lie side by side over the room of the old
ones; see https://pytorch.org/docs/stable/generated/torch.nn.functional.interpolate.html.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lessons.asking.exercise import Array


@dataclass(frozen=True, eq=False)
class Shares:
    """The two neighbours of every new cell, and the distance to the left one."""

    left: Array
    right: Array
    distance: Array
    """Lambda: 0 at the left neighbour, 1 at the right one."""

    def mixed(self, cells: Array) -> Array:
        """Return 1 - lambda of the left cell plus lambda of the right one."""
        mixed: Array = (1 - self.distance) * cells[self.left] + self.distance * cells[self.right]
        return mixed

    def paid(self, upstream: Array, size: int) -> Array:
        """Return what each of ``size`` old cells gets: the upstream times its shares, added."""
        found = np.zeros(size)
        np.add.at(found, self.left, (1 - self.distance) * upstream)
        np.add.at(found, self.right, self.distance * upstream)
        return found

    @property
    def swapped(self) -> Shares:
        """The same where the nearer cell takes the smaller share; at a cell nothing changes."""
        between = (self.distance > 0) & (self.distance < 1)
        turned = np.where(between, 1 - self.distance, self.distance)
        return Shares(self.left, self.right, turned)


def positions(new: int, old: int, *, aligned: bool = False) -> Array:
    """Return where ``new`` cells stand over ``old`` ones; the first may lie left of position 0."""
    places = np.arange(new)
    found: Array = places * (old - 1) / (new - 1) if aligned else (places + 0.5) * old / new - 0.5
    return found


def shares(positions: Array, old: int, *, clamped: bool = True) -> Shares:
    """Return the neighbours at these positions.

    ``clamped`` holds a position between the outermost cells; else their line is drawn on.
    """
    held = np.clip(positions, 0, old - 1) if clamped else positions
    left = np.clip(np.floor(held).astype(int), 0, old - 2)
    return Shares(left, left + 1, held - left)
