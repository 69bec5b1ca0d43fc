"""What a scene asks of a run that has happened, whoever answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from flow.errors import ExplainError
from flow.record import Capture, Check, Explanation, Handover, NodeRecord, Reach, Rule, Shape
from flow.said import said
from flow.sparse import CoefficientTable, ForwardTable

UNSHOWN = said("This is not told while a map is hidden that could be read from it.")
"""Why there is no answer."""


class Unshown(ExplainError):  # noqa: N818 - it is an answer to a visitor, not a fault
    """Raised where an answer would tell hidden numbers."""


@dataclass(frozen=True, eq=False)
class Proof:
    """What was compared at one node."""

    checks: tuple[Check, ...]
    handovers: Mapping[int, Handover]
    """By which downstream gradient it is that was handed on."""


class LiveRun(Protocol):
    """A run that can be asked. What it hands out is frozen."""

    @property
    def capture(self) -> Capture:
        """What was recorded."""

    def table(self, node: str, part: int, sample: int | None) -> CoefficientTable:
        """Return the coefficients behind a downstream or stored gradient, of one sample or all."""

    def explain(self, node: str, part: int, cell: Shape) -> Explanation:
        """Explain one cell of a downstream or stored gradient."""

    def reach(self, node: str, cell: Shape, output: int) -> Reach:
        """Follow one upstream cell to every downstream cell that it feeds."""

    def forward(self, layer: str, sample: int | None) -> ForwardTable:
        """Return how a layer's output cells are made of its input cells."""

    def forward_cell(self, layer: str, cell: Shape) -> ForwardTable:
        """Return how one output cell of a layer is made."""

    def forward_reach(self, layer: str, which: int, cell: Shape) -> ForwardTable:
        """Follow one input cell of a layer to every output cell that it feeds."""

    def proof(self, node: str) -> Proof:
        """Compare a node's gradients with other ways to get the same numbers."""

    def rule(self, node: NodeRecord) -> Rule | None:
        """Return what is written down about a node's backward; None for an unknown operation."""

    def weighs(self, node: NodeRecord) -> bool:
        """Whether a node multiplies what comes in by a weight."""
