"""What is checked: the gradients of one node, what they are sums of, and how much they round."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from flow.asking.conditioning import beyond, conditioning
from flow.asking.explain import explain
from flow.asking.hooks import runs_a_hook
from flow.asking.linearity import Conduct, conduct, precision_at
from flow.asking.local import find_gradient
from flow.asking.matrix.reals import of_array
from flow.asking.matrix.sums import Sums, added, spread, sums
from flow.asking.notes import NOISE
from flow.asking.rounding import LAMBDA, Precision, largest, of_sum, of_tiny, roundings, words
from flow.record import Array, Capture, Explanation, NodeRecord, cell_at
from flow.recording.walk import LiveGraph
from flow.said import said

EXPLAINED = 1
"""Cells of each gradient that are explained as they are shown: naming all terms takes a while."""


@dataclass(frozen=True, eq=False)
class Explained:
    """One cell as ``explain`` writes it, added up in float64."""

    place: int
    """Row-major."""
    explanation: Explanation
    total: complex
    size: float
    """sum|t|."""


@dataclass(frozen=True, eq=False)
class Gradient:
    """One gradient that a node handed on, and what is known of its sums."""

    which: int
    value: Array
    """As it was recorded."""
    sums: Sums | None
    """Of all cells, or of some; None where even that is too much work."""
    explained: tuple[Explained, ...]
    size: float
    """The largest sum|t| of any cell."""
    terms: int
    """The most terms of any cell."""
    floor: Array
    """What each cell rounds besides, shaped like ``value``: where the node subtracts on the way,
    whatever the sum of |terms|, and below the smallest numbers."""

    def allowed(self, unit: float) -> Array:
        """Return what rounding may explain in each cell."""
        return np.asarray(of_sum(self.terms, self.size, unit) + self.floor)

    def floor_of(self, numbers: Array) -> Array:
        """Return the floor of real numbers: a complex cell is two of them, one after the other."""
        each = 2 if self.value.dtype.kind == "c" else 1
        return np.asarray(self.floor.reshape(-1)[numbers // each])


@dataclass(frozen=True, eq=False)
class Subject:
    """One node whose gradients are checked."""

    graph: LiveGraph
    capture: Capture
    record: NodeRecord
    inputs: tuple[int, ...]
    """Those that hand on a gradient, and are asked about."""

    @cached_property
    def precision(self) -> Precision:
        """Precision of the type in which the node computed."""
        return precision_at(self.graph, self.record.index)

    @property
    def unit(self) -> float:
        """Unit roundoff of that type."""
        return self.precision.unit

    @cached_property
    def conduct(self) -> Conduct:
        """How the node behaves when it runs again."""
        return conduct(self.graph, self.record)

    @cached_property
    def gradients(self) -> tuple[Gradient, ...]:
        """Return each gradient with its sums; none of a node that cannot run alone."""
        if runs_a_hook(self.record):
            return ()
        return tuple(self._gradient(which) for which in self.inputs)

    def bound(self) -> str:
        """Return the sentence that says what rounding may explain."""
        passes = max((int(roundings(one.terms)) for one in self.gradients), default=0)
        size = max((one.size for one in self.gradients), default=0.0)
        most = float(f"{size:.2g}")
        return said(
            "Rounding in {precision} may explain {lambda_:g} x sqrt({passes}) x "
            "{unit:.2g} x sum|terms| (at most {most:g} here), and a little more "
            "where the node subtracts on the way.",
            precision=words(self.unit),
            lambda_=LAMBDA,
            passes=passes,
            unit=self.unit,
            most=most,
        )

    def _gradient(self, which: int) -> Gradient:
        value = find_gradient(self.record.downstream, which, self.record.id)
        explained = self._explained(which, value)
        known = sums(self.graph, self.record, which)
        size, terms = self._sizes(which, value, known, explained)
        size = max(size, largest(value))
        floor = NOISE * self.conduct.noise[which] + float(of_tiny(terms, self.precision))
        return Gradient(
            which=which,
            value=value,
            sums=known,
            explained=explained,
            size=size,
            terms=terms,
            floor=floor + self._conditioning(which, value, known, size),
        )

    def _explained(self, which: int, value: Array) -> tuple[Explained, ...]:
        found: list[Explained] = []
        for place in spread(EXPLAINED, value.size):
            cell = cell_at(place, value.shape)
            one = explain(self.graph, self.capture, self.record.id, cell, "downstream", which)
            total, size = added(one.coefficients, one.upstreams)
            found.append(Explained(place, one, total, size))
        return tuple(found)

    def _sizes(
        self, which: int, value: Array, known: Sums | None, explained: tuple[Explained, ...]
    ) -> tuple[float, int]:
        """Return the largest sum|t| and the most terms, or an estimate from the cells seen.

        The spread tells how much larger the sums of other cells are.
        """
        places = [one.place for one in explained]
        sizes = np.array([one.size for one in explained])
        terms = max((len(one.explanation.coefficients) for one in explained), default=0)
        if known is not None:
            places, sizes = known.places.tolist(), known.sizes
            terms = max(terms, int(known.terms.max(initial=0)))
        spread_of = self.conduct.spread[which]
        whole = known is not None and len(places) == of_array(value).size
        if spread_of is None or whole or value.dtype.kind == "c":
            return largest(sizes), terms
        seen = largest(spread_of.reshape(-1)[places])
        return largest(sizes) * max(1.0, largest(spread_of) / seen if seen > 0 else 1.0), terms

    def _conditioning(self, which: int, value: Array, known: Sums | None, size: float) -> Array:
        """Return what the rule's own arithmetic rounds in each cell beyond its terms."""
        moved = conditioning(self.graph, self.record, self.unit)[which]
        if moved is None or moved.shape not in ((), value.shape):
            return np.zeros(value.shape)
        sizes = np.full(value.size, size)
        if known is not None and value.dtype.kind == "f":
            sizes[known.places] = known.sizes
        return beyond(np.broadcast_to(moved, value.shape), sizes.reshape(value.shape), self.unit)
