"""Windows that slide: how large the map becomes, and how much of the input one cell sees.

Sizes: the page of ``torch.nn.Conv2d``. Fields: Araujo, Norris and Sim, "Computing receptive fields
of convolutional neural networks", Distill, 2019.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Window:
    """The window of a convolution or a pool, along one axis."""

    kernel: int
    stride: int = 1
    dilation: int = 1
    padding: int = 0

    @property
    def reach(self) -> int:
        """Cells from the first tap to the last, both counted."""
        return self.dilation * (self.kernel - 1) + 1

    def size(self, before: int) -> int:
        """Return how many cells a map has after it."""
        return (before + 2 * self.padding - self.reach) // self.stride + 1

    def written(self, before: int) -> str:
        """Write the size in a line, with its numbers."""
        taps = f"{self.dilation}·({self.kernel}−1)"
        return f"⌊({before} + 2·{self.padding} − {taps} − 1)/{self.stride}⌋ + 1"

    def formula(self, before: int) -> str:
        """Write the size as TeX, with its numbers."""
        taps = f"{self.dilation} \\cdot ({self.kernel} - 1)"
        above = f"{before} + 2 \\cdot {self.padding} - {taps} - 1"
        return rf"\left\lfloor \frac{{{above}}}{{{self.stride}}} \right\rfloor + 1"


@dataclass(frozen=True)
class Sight:
    """What a cell sees of the input, along one axis."""

    field: int = 1
    """Input cells from the first that it depends on to the last."""
    step: int = 1
    """Input cells from one cell to the next: the product of all strides so far."""

    def through(self, window: Window) -> Sight:
        """Return what a cell of the next map sees."""
        field = self.field + self.step * window.dilation * (window.kernel - 1)
        return Sight(field, self.step * window.stride)


def sights(windows: Iterable[Window]) -> list[Sight]:
    """Return what a cell sees after each of the windows, one after the other."""
    found, last = [], Sight()
    for window in windows:
        last = last.through(window)
        found.append(last)
    return found


def fields(windows: Iterable[Window]) -> list[int]:
    """Return the receptive field after each of the windows."""
    return [sight.field for sight in sights(windows)]
