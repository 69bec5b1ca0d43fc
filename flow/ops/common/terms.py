"""The terms that are to be named, and what a proposed name must bring along to be believed."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from flow.arrays import to_array
from flow.record import Array, Capture, NodeRecord, Shape
from flow.said import Said, joined, said

Index = NDArray[np.int64]
COPY = said("1 (copy)")
"""What a coefficient is called that hands a cell on as it is."""
FEW = 32
"""One in so many cells or fewer: sorting them is quicker than going through all."""


@dataclass(frozen=True, eq=False)
class Terms:
    """Coefficients of one node, each with the downstream and upstream cell it joins."""

    node: Any
    """The live node, for its saved attributes."""
    record: NodeRecord
    capture: Capture
    which: int
    cells: Index
    """Row-major position of the downstream cell of each term."""
    outputs: Index
    places: Index
    """Row-major position of the upstream cell of each term, in its output."""
    coefficients: Array

    @property
    def shape_below(self) -> Shape:
        """Shape of the downstream gradient."""
        gradient = self.record.downstream[self.which]
        return () if gradient is None else gradient.shape

    @cached_property
    def below(self) -> tuple[Index, ...]:
        """Index of every downstream cell, one array per axis."""
        return unraveled(self.cells, self.shape_below)

    @cached_property
    def above(self) -> tuple[Index, ...]:
        """Index of every upstream cell of output 0, one array per axis."""
        return unraveled(self.places, self.record.shapes[0])

    def saved(self, name: str) -> Array | None:
        """Return a saved tensor as numpy; None when the node did not need it, or it changed."""
        try:
            value = getattr(self.node, f"_saved_{name}", None)
        except RuntimeError:
            return None
        return to_array(value.detach()) if isinstance(value, Tensor) else None

    def leaf(self, which: int) -> str:
        """Return the parameter name of input ``which``; empty when it is not a named leaf."""
        targets = self.record.targets
        target = targets[which] if which < len(targets) else None
        return "" if target is None else self.capture.node(target).parameter


@dataclass(frozen=True, eq=False)
class Proposal:
    """Names for terms, with the value that each named thing has."""

    names: tuple[str, ...]
    index: Index
    """Which name each term gets."""
    expected: Array
    """What the coefficient must be for the name to be right."""
    tolerance: Array | float = 0.0
    """Absolute error that the operation's own arithmetic explains, beside a few roundings."""


Namer = Callable[[Terms], Proposal | None]


def unraveled(places: Index, shape: Shape) -> tuple[Index, ...]:
    """Return the index of row-major positions, one array per axis."""
    return tuple(np.asarray(axis) for axis in np.unravel_index(places, shape)) if shape else ()


def broadcast(index: Sequence[Index], shape: Shape) -> tuple[Index, ...]:
    """Return the index into an array of this shape that was broadcast to what ``index`` reads."""
    axes = index[len(index) - len(shape) :]
    pairs = zip(axes, shape, strict=True)
    return tuple(np.zeros_like(place) if length == 1 else place for place, length in pairs)


def proposal(keys: Array, write: Callable[[Any], str], expected: Array, **more: Any) -> Proposal:
    """Name each distinct key once."""
    distinct, index = np.unique(keys, return_inverse=True)
    return Proposal(tuple(write(key) for key in distinct.tolist()), index, expected, **more)


def entries(label: str, values: Array, index: Sequence[Index]) -> Proposal:
    """Name terms after entries of a saved tensor: ``label[0,1]``."""
    if not index:
        return everywhere(label, np.full(1, values))
    return entries_at(label, values, np.ravel_multi_index(tuple(index), values.shape))


def entries_at(label: str, values: Array, flat: Array) -> Proposal:
    """Name terms after entries of a tensor, given by their row-major positions."""
    distinct, index = _distinct(flat, values.size)
    columns = [axis.tolist() for axis in np.unravel_index(distinct, values.shape)]
    pattern = ",".join(["%d"] * values.ndim)
    cells = (f"[{pattern % place}]" for place in zip(*columns, strict=True))
    names = tuple(
        joined((label, cell), "") if isinstance(label, Said) else label + cell for cell in cells
    )
    return Proposal(names, index, values.reshape(-1)[flat])


def _distinct(flat: Array, size: int) -> tuple[Array, Array]:
    """Return the distinct ones among positions below ``size``, and which of them each is."""
    if len(flat) * FEW < size:
        return np.unique(flat, return_inverse=True)
    seen = np.zeros(size, np.bool_)  # quicker than sorting many
    seen[flat] = True
    return np.flatnonzero(seen), (np.cumsum(seen) - 1)[flat]


def scaled(found: Proposal | None, factor: complex) -> Proposal | None:
    """Say that every named value was multiplied by a number, unless that is 1."""
    if found is None or factor == 1:
        return found
    names = tuple(said("{factor:g} x {name}", factor=factor, name=name) for name in found.names)
    return replace(found, names=names, expected=factor * found.expected)


def unnamed(terms: Terms) -> Proposal | None:  # noqa: ARG001 - a namer
    """Give no name: the coefficients are values that stand nowhere."""
    return None


def everywhere(name: str, expected: Array | float) -> Proposal:
    """Give every term one name; ``expected`` is one value or one per term."""
    return Proposal((name,), np.zeros(1, np.int64), np.asarray(expected))


def size(shape: Sequence[int]) -> int:
    """Return the number of cells."""
    return math.prod(shape)
