"""Numbers compared with tolerances of their own, cell by cell, and what became of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, get_args

import numpy as np

from flow.record import Array, Check
from flow.said import joined, said

CheckName = Literal["closed form", "finite differences", "sum of terms"]
CHECKS: tuple[CheckName, ...] = get_args(CheckName)


@dataclass(eq=False)
class Comparison:
    """The cell that came closest to its tolerance, or went furthest beyond it."""

    difference: float = 0.0
    tolerance: float = 0.0
    cells: int = 0
    passed: bool = True
    incomparable: int = 0
    """Cells left out because one side is infinite or NaN and the other is another number."""
    worst: tuple[float, float] = (0.0, 0.0)
    """Difference over tolerance, and tolerance, of that cell."""
    remarks: list[str] = field(default_factory=list)
    """Sentences to add, each once."""

    def take(
        self,
        found: Array | complex,
        expected: Array | complex,
        allowed: Array | float,
        *,
        again: bool = False,
    ) -> None:
        """Compare cells; equal infinities and NaN on both sides count as equal.

        ``again``: cells that are compared already in another way and are not counted twice.
        """
        one, other = np.atleast_1d(found), np.atleast_1d(expected)
        with np.errstate(all="ignore"):
            apart = np.abs(one - other)
        same = (one == other) | (np.isnan(one) & np.isnan(other))
        apart = np.where(same, 0.0, apart)
        seen = np.isfinite(apart)
        self.incomparable += 0 if again else int(seen.size - seen.sum())
        self.cells += 0 if again else int(seen.sum())
        limits = np.broadcast_to(np.where(np.isfinite(allowed), allowed, 0.0), apart.shape)
        self._keep(apart[seen], limits[seen])

    def merge(self, other: Comparison, *, counted: bool = False) -> None:
        """Add what another comparison found; ``counted``: its cells are others, and count."""
        if other.worst >= self.worst:
            self.worst, self.difference = other.worst, other.difference
            self.tolerance = other.tolerance
        self.passed = self.passed and other.passed
        if counted:
            self.cells += other.cells
            self.incomparable += other.incomparable
        for sentence in other.remarks:
            self.remark(sentence)

    def remark(self, sentence: str) -> None:
        """Add a sentence to the check's own."""
        if sentence and sentence not in self.remarks:
            self.remarks.append(sentence)

    def judged(self, name: CheckName, sentence: str) -> Check:
        """Return the finished check, or a skipped one where nothing could be compared."""
        left = _left_out(self.incomparable)
        if not self.cells and self.passed:
            return skipped(name, left or said("There was no cell to compare."))
        told = joined([sentence, *([left] if left else []), *self.remarks])
        return Check(name, self.difference, self.tolerance, self.passed, self.cells, told)

    def _keep(self, apart: Array, allowed: Array) -> None:
        if not apart.size:
            return
        never = np.where(apart > 0, np.inf, 0.0)
        over = np.divide(apart, allowed, out=never, where=allowed > 0)
        at = int(over.argmax())
        worst = (float(over[at]), float(allowed[at]))
        if worst >= self.worst:
            self.worst, self.difference, self.tolerance = worst, float(apart[at]), worst[1]
        self.passed = self.passed and bool((apart <= allowed).all())


def skipped(name: CheckName, sentence: str) -> Check:
    """Return a check that was not run, with the reason."""
    return Check(name, None, None, None, 0, sentence)


def plural(count: int, what: Literal["cell", "term"]) -> str:
    """Return ``1 cell`` or ``2 cells``."""
    if what == "term":
        return (
            said("{count:,} term", count=1) if count == 1 else said("{count:,} terms", count=count)
        )
    return said("{count:,} cell", count=1) if count == 1 else said("{count:,} cells", count=count)


def all_cells(count: int) -> str:
    """Return ``all 2 cells``, or ``the only cell``."""
    return said("the only cell") if count == 1 else said("all {count}", count=plural(count, "cell"))


def _left_out(count: int) -> str:
    if not count:
        return ""
    if count == 1:
        return said(
            "1 cell is left out: infinity or NaN meets another number there, so the two cannot be "
            "compared."
        )
    return said(
        "{count:,} cells are left out: infinity or NaN meets another number there, so the two "
        "cannot be compared.",
        count=count,
    )
