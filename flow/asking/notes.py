"""The sentence that a sum needs when it is not the plain one, and what rounding explains of it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from flow.asking.conditioning import beyond, conditioning
from flow.asking.hooks import hook_of
from flow.asking.linearity import Conduct, conduct, precision_at
from flow.asking.local import find_gradient
from flow.asking.rounding import Precision, of_sequence, of_shown, of_tiny
from flow.ops import OPS
from flow.record import Array, NodeRecord
from flow.recording.walk import LiveGraph
from flow.said import joined, said

NO_NOTE = -1
"""In place of a note's number: the sum is a plain one."""
SILENT = said("Every upstream cell that feeds this cell is 0, so its gradient is 0.")
LOST = said("Every product is smaller than the smallest number of its type, so the sum is 0.")
NOISE = 8
"""How many times the rounding that a node showed it may have done: a few runs saw little of it."""


@dataclass(frozen=True)
class Note:
    """What is to be said of one sum."""

    text: str = ""
    """Empty for a plain sum."""
    slack: float = 0.0
    """What the node rounds besides, where the sum is off by more than its own rounding explains."""


@dataclass(frozen=True, eq=False)
class Notes:
    """What is to be said of many sums."""

    texts: tuple[str, ...]
    """Every sentence, once."""
    of: NDArray[np.int32]
    """Which of them each sum needs, ``NO_NOTE`` if none; empty when all are plain."""
    unit: float
    """Unit roundoff of the coarsest type in which the node computed."""
    slack: float
    """By how much any of the sums may be off besides."""


def not_linear(name: str) -> str:
    """Return the sentence for a backward that a test showed not to be linear."""
    return said(
        "The backward of {name} is not linear in its upstream gradient: multiples and sums of "
        "upstream gradients did not give multiples and sums of its result.",
        name=name,
    )


@dataclass(frozen=True, eq=False)
class Summed:
    """One gradient of a node, whose cells are sums of terms."""

    graph: LiveGraph
    record: NodeRecord
    which: int

    @cached_property
    def precision(self) -> Precision:
        """Precision in which the node computed."""
        return precision_at(self.graph, self.record.index)

    def note(self, coefficients: Array, upstreams: Array, total: complex, place: int) -> Note:
        """Return what is to be said of the sum of one cell, by its row-major place."""
        with np.errstate(all="ignore"):
            products = coefficients * upstreams
        if not np.isfinite(coefficients).all():
            return Note(
                said("A local derivative is infinite here, so the sum has no finite value.")
            )
        if not np.isfinite(products).all():
            return Note(
                said("A gradient that is not finite arrived here, so the sum has no finite value.")
            )
        missed = self._missed(products, total, place)
        if missed.text or products.any():
            return missed
        return Note(self._of_nothing(upstreams), missed.slack)

    def _of_nothing(self, upstreams: Array) -> str:
        """Return the sentence for products that are all 0, of these upstream cells."""
        if not len(upstreams):
            return _no_term(self.record)
        return LOST if upstreams.any() else SILENT

    def notes(self, offsets: Array, coefficients: Array, upstreams: Array, cells: Array) -> Notes:
        """Return what is to be said of the sums of many cells.

        The terms of ``cells[r]`` stand at ``offsets[r]`` to ``offsets[r + 1]``. Plain sums, which
        are most, are told from the others all at once.
        """
        with np.errstate(all="ignore"):
            products = coefficients * upstreams
        found: dict[str, int] = {}
        note_of = np.full(len(cells), NO_NOTE, np.int32)
        slack = 0.0
        values = self._value.reshape(-1)[cells]
        plain = _plain(offsets, products, values, self.precision)
        zero = _zero(offsets, coefficients, upstreams, products, values)
        for row in np.flatnonzero(~plain).tolist():
            if zero[row]:
                note_of[row] = found.setdefault(
                    self._of_nothing(upstreams[offsets[row] : offsets[row + 1]]), len(found)
                )
                continue
            terms = slice(offsets[row], offsets[row + 1])
            with np.errstate(all="ignore"):
                total = (
                    np.add.accumulate(products[terms])[-1].item() if len(products[terms]) else 0.0
                )
            note = self.note(coefficients[terms], upstreams[terms], total, int(cells[row]))
            slack = max(slack, note.slack)
            if note.text:
                note_of[row] = found.setdefault(note.text, len(found))
        return Notes(
            texts=tuple(found),
            of=note_of if found else np.zeros(0, np.int32),
            unit=self.precision.unit,
            slack=slack + float(of_tiny(np.diff(offsets).max(initial=0), self.precision)),
        )

    @cached_property
    def _value(self) -> Array:
        return find_gradient(self.record.downstream, self.which, self.record.id)

    @cached_property
    def _conduct(self) -> Conduct:
        return conduct(self.graph, self.record)

    @cached_property
    def _moved(self) -> Array | None:
        return conditioning(self.graph, self.record, self.precision.unit)[self.which]

    def _missed(self, products: Array, total: complex, place: int) -> Note:
        """Return the sentence for a sum that is not the recorded value; none if it is rounding."""
        with np.errstate(all="ignore"):
            size = float(np.abs(products).sum())
        value = self._value.reshape(-1)[place].item()
        allowed = float(of_shown(len(products), size, self.precision))
        if not np.isfinite(value) or abs(total - value) <= allowed:
            return Note()
        seen = self._conduct
        slack = NOISE * max(seen.noise, default=0.0) + self._conditioning(size, place)
        if abs(total - value) <= allowed + slack:
            return Note(slack=slack)
        hook = hook_of(self.record)
        if hook:
            return Note(
                said(
                    "The terms add up to {total:.6g}. {hook} made {value:.6g} of that.",
                    total=total,
                    hook=hook,
                    value=value,
                )
            )
        if not seen.linear:
            nothing = [said("It hands something on even for zeros.")] if seen.constant else []
            told = joined((not_linear(self.record.name), *nothing))
            return Note(said("The terms do not add up to autograd's value. {told}", told=told))
        return Note(
            said(
                "The terms do not add up to autograd's value: they give {total:.6g}, autograd has "
                "{value:.6g}. One of the two is wrong, for the backward of {name} is "
                "linear in its upstream gradient and rounding explains {number:.2g} at most.",
                total=total,
                value=value,
                name=self.record.name,
                number=allowed + slack,
            )
        )

    def _conditioning(self, size: float, place: int) -> float:
        moved = self._moved
        if moved is None or moved.shape != self._value.shape:
            return 0.0
        return float(beyond(moved, size, self.precision.unit).reshape(-1)[place])


def _plain(
    offsets: Array, products: Array, values: Array, precision: Precision
) -> NDArray[np.bool_]:
    """Tell which sums are finite, not of zeros alone, and their value up to rounding.

    Half of what is allowed: the sum that is shown rounds as much once more.
    """
    lengths = np.diff(offsets)
    rows = np.repeat(np.arange(len(values)), lengths)
    exact = products.astype(np.float64)

    def added(terms: Array) -> Array:
        return np.bincount(rows, weights=terms, minlength=len(values))

    with np.errstate(all="ignore"):
        limit = of_sequence(lengths, added(np.abs(exact)), precision.unit)
        close: NDArray[np.bool_] = np.abs(added(exact) - values) <= limit
    return close & (added(exact != 0) > 0)


def _zero(
    offsets: Array, coefficients: Array, upstreams: Array, products: Array, values: Array
) -> NDArray[np.bool_]:
    """Tell which sums are of zeros alone, or of nothing, and are recorded as exactly 0."""
    rows = np.repeat(np.arange(len(values)), np.diff(offsets))
    other = (products != 0) | ~np.isfinite(coefficients) | ~np.isfinite(upstreams)
    nothing = np.bincount(rows, weights=other, minlength=len(values)) == 0
    zero: NDArray[np.bool_] = nothing & (values == 0)
    return zero


def _no_term(record: NodeRecord) -> str:
    known = OPS.get(record.name)
    return (known.zero_of(record) if known else "") or (
        said("No upstream cell feeds this cell: every coefficient is 0, so its gradient is 0.")
    )
