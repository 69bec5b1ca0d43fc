"""A run of any module, asked directly, as a scene asks it."""

from __future__ import annotations

from dataclasses import dataclass

import flow
from flow.ops import rule_of, weighs
from flow.record import Capture, Explanation, NodeRecord, Reach, Rule, Shape
from flow.sparse import CoefficientTable, ForwardTable
from viz.scene.live import Proof


@dataclass(frozen=True, eq=False)
class OneRun:
    """A ``viz.scene.live.LiveRun`` that keeps nothing."""

    run: flow.Run

    @property
    def capture(self) -> Capture:
        return self.run.capture

    def table(self, node: str, part: int, sample: int | None) -> CoefficientTable:
        return self.run.table(node, part, sample)

    def explain(self, node: str, part: int, cell: Shape) -> Explanation:
        return self.run.explain(node, cell, input=part)

    def reach(self, node: str, cell: Shape, output: int) -> Reach:
        return self.run.reach(node, cell, output)

    def forward(self, layer: str, sample: int | None) -> ForwardTable:
        return self.run.forward(layer, sample)

    def forward_cell(self, layer: str, cell: Shape) -> ForwardTable:
        return self.run.forward(layer, cell=cell)

    def forward_reach(self, layer: str, which: int, cell: Shape) -> ForwardTable:
        return self.run.forward_reach(layer, cell, which)

    def proof(self, node: str) -> Proof:
        return Proof(self.run.check(node), {})

    def rule(self, node: NodeRecord) -> Rule | None:
        return rule_of(node)

    def weighs(self, node: NodeRecord) -> bool:
        return weighs(node)
