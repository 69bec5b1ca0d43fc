"""Long work: done in short chunks, stopped at any step, reproduced by a link.

A link says the recipe and how many steps were done; the same number of steps gives the same frames
to the bit, wherever and in however many chunks they are done.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field
from time import monotonic
from typing import Any, Protocol, TypeVar

Frame = TypeVar("Frame", covariant=True)

CHUNK = 0.15
"""Seconds of work after which others get their turn, and after which the page follows."""


class LongWork(Protocol[Frame]):
    """A frozen value; equal ones do the same work."""

    def __hash__(self) -> int:
        """Tell works apart: what was done is kept while a visitor looks at it."""

    def steps(self) -> Iterator[Frame]:
        """Do one step after the other, and yield what it came to: a small frozen value.

        What a step draws it draws from a generator of its own, never from the global one.
        """


@dataclass
class Progress:
    """How far one visitor's work is. Steps that were done are kept, so going back is free."""

    work: LongWork[Any]
    frames: list[Any] = field(default_factory=list)
    """What every step so far came to."""
    is_over: bool = False
    """Whether there is no step left to do."""
    _steps: Iterator[Any] | None = field(default=None, repr=False)

    def is_about(self, work: Hashable) -> bool:
        """Tell whether this is the progress of that work."""
        return self.work == work

    def is_behind(self, wanted: int) -> bool:
        """Tell whether there are steps left to do up to the ``wanted`` one."""
        return len(self.frames) < wanted and not self.is_over

    def advance(self, wanted: int, seconds: float) -> None:
        """Do steps up to the ``wanted`` one, at least one and for some ``seconds`` only."""
        steps = self._steps = self._steps or self.work.steps()
        until = monotonic() + seconds
        while self.is_behind(wanted):
            frame = next(steps, None)
            if frame is None:
                self.is_over, self._steps = True, None
            else:
                self.frames.append(frame)
            if monotonic() >= until:
                return
