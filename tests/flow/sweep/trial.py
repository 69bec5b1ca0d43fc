"""One case, recorded and run plainly, and what two numbers may differ by."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import torch
from torch import Tensor

from flow.record import Array, Explanation, NodeRecord, Shape
from flow.run import Run
from tests.flow.sweep.case import Case
from tests.flow.sweep.oracle import Plain, Seen, plain

ROUNDINGS = 16
"""Units in the last place by which two ways to compute one coefficient may differ."""
HALF_ROUNDINGS = 2
"""The same in half precision, which is mostly computed in single and rounded once."""
SINGLE = torch.finfo(torch.float32).eps
SUM_ROUNDINGS = 64
"""The same for a sum, in units of the sum of |terms|."""
ALL = 24
"""Cells of one gradient up to which each of them is asked about; more are spread evenly."""
FEW_NODES = 3
"""Nodes of one graph that are asked about where there is little time."""
NEVER = ("not linear", "do not add up", "does not depend on its upstream")
"""What no sentence may say of a backward that is linear in its upstream."""


@dataclass(frozen=True)
class Complaint:
    """An answer that is not what PyTorch says."""

    asked: str
    came: str
    true: str

    def __str__(self) -> str:
        return f"{self.asked}: {self.came}; true is {self.true}"


@dataclass(frozen=True, eq=False)
class Spot:
    """One gradient that a node handed on."""

    record: NodeRecord
    seen: Seen
    which: int
    gradient: Array

    @property
    def is_complex(self) -> bool:
        """Whether a complex number arrives or leaves."""
        arrays = [self.gradient, *(one for one in self.record.upstream if one is not None)]
        return any(array.dtype.kind == "c" for array in arrays)

    def __str__(self) -> str:
        return f"{self.record.id} {self.record.name} input {self.which}"


@dataclass(eq=False)
class Trial:
    """A case with the run that answers and the plain backward that judges."""

    case: Case
    run: Run
    plain: Plain
    most: int = ALL
    """Cells of each gradient that are asked about, and nodes, where it is less than ``ALL``."""
    explained: dict[tuple[str, int, Shape, str], Explanation] = field(default_factory=dict)

    @cached_property
    def nodes(self) -> dict[str, Seen]:
        """Return the plain node of every recorded one."""
        return self.plain.matched(self.run.capture)

    @cached_property
    def asked(self) -> list[NodeRecord]:
        """Return the nodes that are asked about: all, or an even spread of them."""
        records = [self.run.capture.node(name) for name in self.nodes]
        if self.most < ALL:
            return [records[place] for place in spread(FEW_NODES, len(records))]
        return records

    def spots(self) -> Iterator[Spot]:
        """Yield every gradient that some node handed on."""
        for record in self.asked:
            seen = self.nodes[record.id]
            for which, gradient in enumerate(record.downstream):
                if gradient is not None:
                    yield Spot(record, seen, which, gradient)

    def leaves(self) -> Iterator[tuple[NodeRecord, Array]]:
        """Yield every leaf that stored a gradient, with the gradient."""
        for record in self.asked:
            if record.is_leaf and record.upstream[0] is not None:
                yield record, record.upstream[0]

    def cells(self, shape: Shape) -> list[Shape]:
        """Return all cells of a small gradient, some of a large one."""
        size = int(np.prod(shape))
        return [cell_of(place, shape) for place in spread(self.most, size)]

    def explain(self, node: str, cell: Shape, of: str, which: int) -> Explanation:
        """Ask once for each cell."""
        key = (node, which, cell, of)
        if key not in self.explained:
            self.explained[key] = self.run.explain(node, cell, of=of, input=which)
        return self.explained[key]

    def allowed(self, spot: Spot, row: Array) -> Array:
        """Return what each coefficient of a row may be off by."""
        return allowed(row, self.case, epsilon(spot.seen))


def trial(case: Case, most: int = ALL) -> Trial:
    """Record a case and run it plainly."""
    return Trial(case, case.run(), plain(case), most)


def spread(most: int, size: int) -> list[int]:
    """Return the first, the last and evenly spread places between them."""
    if size <= most:
        return list(range(size))
    return sorted({step * (size - 1) // max(1, most - 1) for step in range(most)})


def cell_of(place: int, shape: Shape) -> Shape:
    return tuple(int(axis) for axis in np.unravel_index(place, shape)) if shape else ()


def place_of(cell: Shape, shape: Shape) -> int:
    return int(np.ravel_multi_index(cell, shape)) if shape else 0


def allowed(row: Array, case: Case, unit: float) -> Array:
    """Return what rounding may explain: a part of each number, and of the largest beside it.

    An ill-conditioned operation rounds relative to the largest number of the whole matrix.
    """
    size = np.abs(row)
    finite = np.where(np.isfinite(size), size, 0)
    axis = -1 if case.rounding == 1 else None
    largest = finite.max(axis=axis, initial=0.0, keepdims=True)
    roundings = HALF_ROUNDINGS if unit > SINGLE else ROUNDINGS
    return np.asarray(case.rounding * roundings * unit * (size + largest / 4 + case.cancels))


def epsilon(seen: Seen) -> float:
    """Return the unit in the last place of the coarsest gradient at a node."""
    tensors: Sequence[Tensor | None] = (*seen.arrived, *seen.handed_on)
    return max(torch.finfo(one.dtype).eps for one in tensors if one is not None)


def same(one: Array, other: Array) -> bool:
    """Whether two arrays have the same cells, NaN included."""
    return one.shape == other.shape and bool(np.array_equal(one, other, equal_nan=True))


def far(found: Array, true: Array, allowed: Array) -> Array:
    """Tell which numbers are further apart than allowed, where the truth is finite."""
    with np.errstate(all="ignore"):
        apart = np.abs(found - true)
        return np.asarray(np.isfinite(true) & ~(apart <= allowed))
