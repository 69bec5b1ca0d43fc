"""A ``flow.Run`` that can be asked what a scene and a browser ask."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any, Protocol

from flow.record import (
    Capture,
    Check,
    Explanation,
    GraphPicture,
    Handover,
    NodeRecord,
    Reach,
    Rule,
    Shape,
)
from flow.sparse import CoefficientTable, ForwardTable
from viz.answering.sent import FIXED, Unanswerable
from viz.graphs.autograd import GRAPH_TEXT, DrawOptions, LayOut, Looks, draw, graph_data
from viz.graphs.layout import lay_out
from viz.language import Say, speaking, translated
from viz.scene.live import Proof
from viz.scene.page import Scene


class Run(Protocol):
    """What is used of a ``flow.Run``, which says what each returns and raises."""

    capture: Capture

    def table(self, node: str, input: int = 0, sample: int | None = None) -> CoefficientTable:  # noqa: A002
        """Return all coefficients between a downstream gradient and the upstream."""

    def explain(
        self,
        node: str,
        cell: Shape,
        of: str = "downstream",
        input: int = 0,  # noqa: A002
    ) -> Explanation:
        """Write one gradient cell as a sum."""

    def reach(self, node: str, cell: Shape, output: int = 0) -> Reach:
        """Return what one upstream cell feeds."""

    def forward(
        self, layer: str, sample: int | None = None, cell: Shape | None = None
    ) -> ForwardTable:
        """Return how output cells of a layer are made."""

    def forward_reach(self, layer: str, cell: Shape, input: int = 0) -> ForwardTable:  # noqa: A002
        """Return what one input cell of a layer feeds."""

    def check(self, node: str) -> tuple[Check, ...]:
        """Compare a node's gradients with other ways to get them."""

    def handover(self, node: str, input: int = 0) -> Handover:  # noqa: A002
        """Compare what a node hands on with what arrives one node further."""

    def picture(self, *, saved: bool = False, attributes: bool = False) -> GraphPicture:
        """Return the graph as torchviz draws it."""

    def rule(self, node: str) -> Rule | None:
        """Return what is written down about a node's backward."""

    def weighs(self, node: str) -> bool:
        """Whether a node multiplies what comes in by a weight."""


@dataclass(frozen=True, eq=False)
class Live:
    """The answers of one run: a ``viz.answering.sent.Answering``.

    Each raises what the run raises. Nothing is kept.
    """

    run: Run
    lay_out: LayOut = lay_out
    shown: Capture | None = None
    """What is shown in place of what was recorded."""

    @property
    def capture(self) -> Capture:
        """What was recorded."""
        return self.shown or self.run.capture

    @property
    def bare(self) -> Live:
        """The same: nothing is hidden in a run that has no link."""
        return self

    def table(self, node: str, part: int, sample: int | None) -> CoefficientTable:
        """Return the coefficients behind a downstream or stored gradient, of one sample or all."""
        return self.run.table(node, part, sample)

    def explain(self, node: str, part: int, cell: Shape) -> Explanation:
        """Explain one cell of a downstream or stored gradient."""
        return self.run.explain(node, cell, input=part)

    def reach(self, node: str, cell: Shape, output: int) -> Reach:
        """Follow one upstream cell to every downstream cell that it feeds."""
        return self.run.reach(node, cell, output)

    def forward(self, layer: str, sample: int | None) -> ForwardTable:
        """Return how a layer's output cells are made of its input cells."""
        return self.run.forward(layer, sample)

    def forward_cell(self, layer: str, cell: Shape) -> ForwardTable:
        """Return how one output cell of a layer is made."""
        return self.run.forward(layer, cell=cell)

    def forward_reach(self, layer: str, which: int, cell: Shape) -> ForwardTable:
        """Follow one input cell of a layer to every output cell that it feeds."""
        return self.run.forward_reach(layer, cell, which)

    def proof(self, node: str) -> Proof:
        """Compare a node's gradients with other ways to get the same numbers."""
        record = self.capture.node(node)
        handovers = {
            part: self.run.handover(node, part)
            for part, handed in enumerate(record.downstream)
            if handed is not None and record.targets[part] is not None
        }
        return Proof(self.run.check(node), handovers)

    def rule(self, node: NodeRecord) -> Rule | None:
        """Return what is written down about a node's backward; None for an unknown operation."""
        return self.run.rule(node.id)

    def weighs(self, node: NodeRecord) -> bool:
        """Whether a node multiplies what comes in by a weight."""
        return self.run.weighs(node.id)

    def graph(self, language: str, looks: Looks) -> dict[str, Any]:
        """Return the data of the autograd graph; LayoutError where no picture can be made."""
        text = translated(GRAPH_TEXT, speaking(language))
        options = DrawOptions(tint=looks.tint, collapsed=looks.collapsed, text=text)
        return graph_data(draw(self._picture(looks), self.capture, options, self.lay_out))

    def canvas(self, _tensor: str, _at: Shape, say: Say) -> bytes:
        """Refuse: a run that has happened cannot be fed anew."""
        raise Unanswerable(say(FIXED))

    def scene(self, say: Say, *, changes: bool) -> Scene:  # noqa: ARG002 - there are none by hand
        """Return what decides how the run is shown."""
        return Scene(live=self, say=say)

    def kept(self, _question: tuple[Hashable, ...], make: Callable[[], bytes]) -> bytes:
        """Make an answer; who asks keeps it."""
        return make()

    def _picture(self, looks: Looks) -> GraphPicture | None:
        """Return what torchviz draws, None where its recursion is not deep enough."""
        try:
            return self.run.picture(saved=looks.saved, attributes=looks.attributes)
        except RecursionError:
            return None
