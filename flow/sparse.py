"""One sparse matrix: what each of some cells is made of, row by row.

Both directions use it: a downstream cell is made of upstream cells, an output cell of a layer of
its input cells.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from functools import cached_property
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from flow.record import Array, Shape

CONSTANT = -1
"""In ``places``: no cell. The coefficient itself is the term, such as a bias."""

Index = NDArray[np.int64]
Kind = Literal["sum", "function", "other"]


def _no_index() -> NDArray[np.int32]:
    return np.zeros(0, np.int32)


@dataclass(frozen=True, eq=False)
class Entries:
    """Coefficients in no order, each with the cell that it helps to make and the cell it reads."""

    rows: Index
    """Row-major position of the cell that is made."""
    sides: Index
    """Which of several arrays the cell that is read belongs to."""
    places: Index
    """Row-major position there, or ``CONSTANT``."""
    coefficients: Array
    names: tuple[str, ...] = ()
    """Every name that occurs, once (``""``: none); empty when no coefficient has one."""
    name_of: Index = field(default_factory=lambda: np.zeros(0, np.int64))
    """Index into ``names`` for each coefficient; empty when they have none."""

    def __add__(self, other: Entries) -> Entries:
        """Lay the entries of another one behind these."""
        one, two = self._named(), other._named()
        return Entries(
            np.concatenate([one.rows, two.rows]),
            np.concatenate([one.sides, two.sides]),
            np.concatenate([one.places, two.places]),
            np.concatenate([one.coefficients, two.coefficients]),
            one.names + two.names,
            np.concatenate([one.name_of, two.name_of + len(one.names)]),
        )

    def merged(self) -> Entries:
        """Add up the coefficients that join the same two cells; their names are dropped."""
        keys = np.stack([self.rows, self.sides, self.places])
        (rows, sides, places), into = np.unique(keys, axis=1, return_inverse=True)
        if len(rows) == len(self.rows):
            return self
        total = np.zeros(len(rows), self.coefficients.dtype)
        np.add.at(total, into.reshape(-1), self.coefficients)
        return Entries(rows, sides, places, total)

    def _named(self) -> Entries:
        """Return the same entries, each with a name, be it an empty one."""
        if self.names or not len(self.rows):
            return self
        nameless = np.zeros(len(self.rows), np.int64)
        return Entries(self.rows, self.sides, self.places, self.coefficients, ("",), nameless)

    def by_rows(self, cells: Index) -> SparseRows:
        """Sort by row, side and place, constants last; ``cells`` are the rows, in rising order."""
        last = np.where(self.places == CONSTANT, np.iinfo(np.int64).max, self.places)
        order = np.lexsort((last, self.sides, self.rows))
        begins = np.searchsorted(self.rows[order], cells)
        named = any(self.names)
        return SparseRows(
            cells=cells.astype(np.int32),
            offsets=np.append(begins, len(order)).astype(np.int32),
            sides=self.sides[order].astype(np.int32),
            places=self.places[order].astype(np.int32),
            coefficients=self.coefficients[order],
            names=self.names if named else (),
            name_of=self.name_of[order].astype(np.int32) if named else _no_index(),
        )


@dataclass(frozen=True, eq=False)
class SparseRows:
    """Compressed sparse rows: what ``cells[r]`` is made of stands at ``offsets[r]`` and on.

    The entries of a row end at ``offsets[r + 1]`` and are ordered by side and place.
    """

    cells: NDArray[np.int32] = field(default_factory=_no_index)
    """Row-major position of each covered cell."""
    offsets: NDArray[np.int32] = field(default_factory=lambda: np.zeros(1, np.int32))
    sides: NDArray[np.int32] = field(default_factory=_no_index)
    """Which array each cell that is read belongs to: the node's output, the layer's input."""
    places: NDArray[np.int32] = field(default_factory=_no_index)
    """Row-major position of each cell that is read, or ``CONSTANT``."""
    coefficients: Array = field(default_factory=lambda: np.zeros(0, np.float32))
    names: tuple[str, ...] = ()
    """Every name that occurs, once (``""``: none); empty when no coefficient has one."""
    name_of: NDArray[np.int32] = field(default_factory=_no_index)
    """Index into ``names`` for each coefficient; empty when they have none."""
    unit: float = 0.0
    """Unit roundoff of the coarsest type in which the sums were computed; 0 without rows."""
    slack: float = 0.0
    """By how much a sum may be off besides, as a number: where the node subtracts on the way, and
    where products are below the smallest numbers of their type."""

    def fields(self) -> dict[str, Any]:
        """Return what the rows consist of, for a table that adds what they are about."""
        return {each.name: getattr(self, each.name) for each in fields(SparseRows)}

    def terms(self, row: int) -> slice:
        """Return where the entries of one row stand."""
        return slice(int(self.offsets[row]), int(self.offsets[row + 1]))

    @cached_property
    def rows(self) -> NDArray[np.int32]:
        """The covered cell of every entry."""
        return np.repeat(self.cells, np.diff(self.offsets))


@dataclass(frozen=True, eq=False, kw_only=True)
class CoefficientTable(SparseRows):
    """All coefficients between the cells of one downstream gradient and the upstream cells."""

    node: str
    """The node whose upstream cells are summed."""
    input: int
    sample: int | None
    """Index on axis 0 whose cells are covered; None when every cell of the gradient is."""
    shape: Shape
    """Shape of the downstream (or parameter) gradient."""
    shapes: tuple[Shape, ...]
    """Shape of every output, so of every upstream gradient."""
    note: str = ""
    """Why there are no rows; empty when there are."""
    notes: tuple[str, ...] = ()
    """Every sentence that some row's sum needs, as ``Explanation.note``, once."""
    note_of: NDArray[np.int32] = field(default_factory=_no_index)
    """Index into ``notes`` for each row, or -1 where its sum is a plain one; empty when all are."""

    @property
    def complete(self) -> bool:
        """Whether the rows are there."""
        return not self.note


@dataclass(frozen=True, eq=False, kw_only=True)
class ForwardTable(SparseRows):
    """How the output cells of one layer are made of its input cells.

    The sides are those inputs of the layer that hold real numbers.
    """

    layer: str
    shape: Shape
    """Shape of the layer's output; empty where not even one cell alone is explained."""
    kind: Kind
    """``sum``: coefficient x input cell add up to every covered output cell, which was checked.
    ``function``: each coefficient is what the layer makes of that one input cell alone; checked.
    ``other``: coefficients are local derivatives, and the output is not their sum."""
    function: str = ""
    """Name of the function, such as ``"tanh"``; empty for the other kinds."""
    note: str = ""
    """Why there are no rows; empty when there are."""
