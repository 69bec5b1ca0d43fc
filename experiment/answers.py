"""What can be asked of a setting, whoever asks and in whatever process: (setting, question)."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

import flow
from experiment.runs import Outcome, Runs
from experiment.setting import Setting
from experiment.turnstile import Tell, untold
from experiment.view import PLAIN, View
from flow.asking.arrivals import Part, parts_of
from flow.ops import rule_of, weighs
from flow.record import Capture, Explanation, GraphPicture, NodeRecord, Reach, Rule, Shape
from flow.sparse import CoefficientTable, ForwardTable
from viz.graphs.autograd import GRAPH_TEXT, DrawOptions, draw, graph_data
from viz.language import speaking, translated
from viz.scene.live import Proof
from viz.strip.steps import SENTENCE_LIMIT

STRIDE = SENTENCE_LIMIT // 4
"""Steps that share one list of sentences in a pass too long for one."""

Found = TypeVar("Found")
Question = tuple[Any, ...] | None
"""What is asked, its name first; None for what is not kept."""


def _quietly(_what: str) -> AbstractContextManager[object]:
    return nullcontext()


@dataclass(frozen=True)
class Answers:
    """The answers of one setting's run: a ``viz.scene.live.LiveRun``, and the pictures of it.

    Each raises ``Refused`` where the setting cannot run and ``Busy`` where too many wait.
    """

    runs: Runs
    setting: Setting
    tell: Tell = untold
    during: Callable[[str], AbstractContextManager[object]] = _quietly
    """Gets what is computed, ``"run"`` or the name of a question; open for as long as it takes."""

    @property
    def outcome(self) -> Outcome:
        """What happened."""
        return self.runs.outcome(self.setting, self.tell, partial(self.during, "run"))

    @property
    def capture(self) -> Capture:
        """What was recorded."""
        return self.outcome.capture

    def table(self, node: str, part: int, sample: int | None) -> CoefficientTable:
        """Return the coefficients behind a downstream or stored gradient, of one sample or all."""
        return self._ask(("table", node, part, sample), lambda run: run.table(node, part, sample))

    def explain(self, node: str, part: int, cell: Shape) -> Explanation:
        """Explain one cell of a downstream or stored gradient."""
        return self._ask(None, lambda run: run.explain(node, cell, input=part))

    def reach(self, node: str, cell: Shape, output: int) -> Reach:
        """Follow one upstream cell to every downstream cell that it feeds."""
        return self._ask(None, lambda run: run.reach(node, cell, output))

    def forward(self, layer: str, sample: int | None) -> ForwardTable:
        """Return how a layer's output cells are made of its input cells."""
        question = ("forward", layer, sample)
        return self._ask_layer(layer, question, lambda run: run.forward(layer, sample))

    def forward_cell(self, layer: str, cell: Shape) -> ForwardTable:
        """Return how one output cell of a layer is made."""
        return self._ask_layer(layer, None, lambda run: run.forward(layer, cell=cell))

    def forward_reach(self, layer: str, which: int, cell: Shape) -> ForwardTable:
        """Follow one input cell of a layer to every output cell that it feeds."""
        return self._ask_layer(layer, None, lambda run: run.forward_reach(layer, cell, which))

    def proof(self, node: str) -> Proof:
        """Compare a node's gradients with other ways to get the same numbers."""
        return self._ask(("proof", node), partial(_proof, node=node))

    def parts(self, node: str, output: int) -> list[Part]:
        """Return the nodes that handed on a part of what arrived at an output, and which part."""
        return parts_of(self.capture, node, output)

    def rule(self, node: NodeRecord) -> Rule | None:
        """Return what is written down about a node's backward; None for an unknown operation."""
        return rule_of(node)

    def weighs(self, node: NodeRecord) -> bool:
        """Whether a node multiplies what comes in by a weight."""
        return weighs(node)

    def graph(self, language: str, view: View = PLAIN) -> dict[str, Any]:
        """Return the data of the autograd graph.

        Raises LayoutError where no picture can be made.
        """
        text = translated(GRAPH_TEXT, speaking(language))
        options = DrawOptions(tint=view.tint, collapsed=view.collapsed, text=text)

        def drawn(run: flow.Run) -> dict[str, Any]:
            picture = _picture(run, saved=view.saved, attributes=view.attributes)
            drawing = draw(picture, run.capture, options, self.runs.lay_out)
            return graph_data(drawing, text)

        asked = (view.saved, view.attributes, view.tint, view.collapsed)
        return self._ask(("graph", language, *asked), drawn)

    def _ask(self, question: Question, answer: Callable[[flow.Run], Found]) -> Found:
        during = partial(self.during, question[0] if question else "")
        return self.runs.ask(self.setting, question, answer, self.tell, during)

    def _ask_layer(
        self, layer: str, question: Question, answer: Callable[[flow.Run], Found]
    ) -> Found:
        """Ask about the values of a layer, each of whose inputs must have asked for a gradient."""
        at_input = any(
            gradient is None and (value is None or value.dtype.kind == "f")
            for record in self.capture.layers
            if record.name == layer
            for value, gradient in zip(record.inputs, record.downstream, strict=True)
        )
        during = partial(self.during, "run" if at_input else "forward")
        return self.runs.ask(self.setting, question, answer, self.tell, during, at_input=at_input)


def _proof(run: flow.Run, node: str) -> Proof:
    record = run.capture.node(node)
    handovers = {
        part: run.handover(node, part)
        for part, handed in enumerate(record.downstream)
        if handed is not None and record.targets[part] is not None
    }
    return Proof(run.check(node), handovers)


def _picture(run: flow.Run, *, saved: bool, attributes: bool) -> GraphPicture | None:
    """Return what torchviz draws, None where its recursion is not deep enough."""
    try:
        return run.picture(saved=saved, attributes=attributes)
    except RecursionError:
        return None
