"""All that is known of one operation's backward, in one place."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from flow.ops.closed import ClosedForm
from flow.ops.terms import Namer
from flow.record import Array, NodeRecord, Rule

Reads = Literal["sum", "choice", "function", "other"]
Cancelled = Callable[[Any, Array], float]
"""From a node and what arrived at its first output: the size of what it subtracts."""


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
    zero: str = ""
    """Why no upstream cell feeds a cell, for operations that choose: a sentence."""
    moves: bool = False
    """Whether it hands every cell on unchanged, only elsewhere."""
    bias_axis: int | None = None
    """Axis of the output along which an added bias runs; None where none is added."""
    copies: bool = False
    """Whether each coefficient is a stored number or 1, so that forming it rounds nothing."""
    cancels: Cancelled | None = None
    """What its coefficients round relative to, besides themselves, where forming them subtracts."""
    called: Mapping[str, Rule] = field(default_factory=dict)
    """Rules of its own for some of the torch functions that make this node."""

    def rule_of(self, record: NodeRecord) -> Rule:
        """Return the rule of one node, by the torch function that made it."""
        return self.called.get(record.call, self.rule)
