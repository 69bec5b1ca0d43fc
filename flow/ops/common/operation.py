"""All that is known of one operation's backward, in one place."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from flow.ops.common.closed import ClosedForm
from flow.ops.common.elementwise import Cases, Elementwise
from flow.ops.common.terms import Namer
from flow.record import NodeRecord, Rule
from flow.said import said

Reads = Literal["sum", "choice", "function", "other"]
FLAT = said("The slope is 0 in this cell, so nothing is handed on.")


@dataclass(frozen=True)
class Operation:
    """One operation: its rule, and how its numbers are computed, named and read."""

    rule: Rule
    closed_form: ClosedForm | None = None
    """The downstream gradients in numpy and float64, without autograd."""
    names: Namer | None = None
    """Names for its coefficients; None where each of them is a copy, or has no name."""
    reads: Reads = "other"
    """How its forward makes an output cell: the ``sum`` of coefficient x input cell (plus a
    bias), the ``choice`` of one input cell, a ``function`` of the one at its place, or else."""
    zero: str | Callable[[NodeRecord], str] = ""
    """Why no upstream cell feeds a cell: a sentence, or one for each torch function."""
    moves: bool = False
    """Whether it hands every cell on unchanged, only elsewhere."""
    bias_axis: int | None = None
    """Axis of the output along which an added bias runs; None where none is added."""
    weighs: bool = False
    """Whether it multiplies what comes in by a weight, so that each is in the other's gradient."""
    copies: bool = False
    """Whether each coefficient is a stored number or 1, so that forming it rounds nothing."""
    called: Mapping[str, Rule] = field(default_factory=dict)
    """Rules of its own for some of the torch functions that make this node."""
    cells: Elementwise | None = None
    """For an operation that works on each cell alone: its function and derivatives."""

    def zero_of(self, record: NodeRecord) -> str:
        """Return why no upstream cell feeds a cell of one node; empty where that is unknown."""
        return self.zero if isinstance(self.zero, str) else self.zero(record)

    def rule_of(self, record: NodeRecord) -> Rule:
        """Return the rule of one node, by the torch function that made it."""
        return self.called.get(record.call, self.rule)


def ruled(
    formula: str, sentence: str, closed_form: ClosedForm | None = None, **more: Any
) -> Operation:
    """Make an operation of the two halves of its rule; ``more`` are its other fields."""
    return Operation(Rule(formula, sentence), closed_form, **more)


def copying(
    formula: str, sentence: str, closed_form: ClosedForm | None = None, **more: Any
) -> Operation:
    """Make an operation whose output cells are sums of copies of input cells."""
    return ruled(formula, sentence, closed_form, reads="sum", copies=True, **more)


def elementwise(
    sentence: str,
    function: Cases,
    slopes: Mapping[str, Cases],
    *,
    zero: str | Callable[[NodeRecord], str] = FLAT,
    reads: Reads = "other",
    **more: Any,
) -> Operation:
    """Make an operation of several inputs from its function and its derivative by each."""
    made = Elementwise(function, slopes, **more)
    return Operation(
        rule=Rule(made.formula, sentence),
        closed_form=made.closed_form,
        names=made.names,
        reads=reads,
        zero=zero,
        copies=made.exact,
        cells=made,
    )


def pointwise(sentence: str, function: Cases, slope: Cases, **more: Any) -> Operation:
    """Make an operation of one input x from its function and its derivative."""
    return elementwise(sentence, function, {"x": slope}, reads="function", **more)


def loss(sentence: str, function: Cases, slopes: Mapping[str, Cases], **more: Any) -> Operation:
    """Make a loss that compares cells and adds or averages, or does neither."""
    return elementwise(sentence, function, slopes, loss=True, **more)
