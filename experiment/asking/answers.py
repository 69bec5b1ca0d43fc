"""What can be asked of a setting, whoever asks and in whatever process: (setting, question)."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import Any, TypeVar

import numpy as np

import flow
from experiment.asking.by_hand import Before, by_hand, canvas_answer
from experiment.hiding import Cover, cover
from experiment.running.runs import Outcome, Runs
from experiment.running.turnstile import Tell, untold
from experiment.setting import Setting
from experiment.view import PLAIN
from flow.ops import rule_of, weighs
from flow.record import Capture, Explanation, NodeRecord, Reach, Rule, Shape
from flow.sparse import CoefficientTable, ForwardTable
from viz.answering.live import Live
from viz.answering.sent import FIXED, Unanswerable
from viz.graphs.autograd import Looks
from viz.hidden import Concealed, any_hidden
from viz.language import Say
from viz.scene.live import UNSHOWN, Proof, Unshown
from viz.scene.page import Scene

COPIES = "test"
"""The preset that is there to show copies forward and sums backward."""

Found = TypeVar("Found")
Sums = TypeVar("Sums", CoefficientTable, ForwardTable, Explanation)
Question = tuple[Any, ...] | None
"""What is asked, its name first; None for what is not kept."""


def _quietly(_what: str) -> AbstractContextManager[object]:
    return nullcontext()


@dataclass(frozen=True)
class Answers:
    """The answers of one setting's run, for ``viz.answering``.

    Each raises ``Refused`` where the setting cannot run and ``Busy`` where too many wait.
    """

    runs: Runs
    setting: Setting
    tell: Tell = untold
    during: Callable[[str], AbstractContextManager[object]] = _quietly
    """Gets what is computed, ``"run"`` or the name of a question; open for as long as it takes."""
    hidden: tuple[str, ...] = ()
    """Names of arrays that no answer tells, see ``experiment.hiding``."""

    @property
    def outcome(self) -> Outcome:
        """What happened."""
        return self.runs.outcome(self.setting, self.tell, partial(self.during, "run"))

    @cached_property
    def cover(self) -> Cover:
        """What was recorded, as far as it is not hidden."""
        capture = self.outcome.capture
        if not self.hidden:
            return Cover(capture)
        made = partial(cover, capture, self.hidden)
        return self.runs.kept(self.setting, ("cover", self.hidden), made, self.tell)

    @property
    def capture(self) -> Capture:
        """What was recorded, without the numbers of what is hidden."""
        return self.cover.capture

    @property
    def bare(self) -> Answers:
        """The same with nothing hidden."""
        return replace(self, hidden=())

    @property
    def concealed(self) -> tuple[Concealed, ...]:
        """What is hidden."""
        return self.cover.concealed

    def table(self, node: str, part: int, sample: int | None) -> CoefficientTable:
        """Return the coefficients behind a downstream or stored gradient, of one sample or all."""
        self._shown_at(node, part)
        found = self._ask(
            ("table", node, part, sample), lambda run: Live(run).table(node, part, sample)
        )
        self._shown_at(found.node, found.input)
        return self._untold(found)

    def explain(self, node: str, part: int, cell: Shape) -> Explanation:
        """Explain one cell of a downstream or stored gradient."""
        self._shown_at(node, part)
        found = self._ask(None, lambda run: Live(run).explain(node, part, cell))
        self._shown_at(found.node, found.input)
        return self._untold(found)

    def reach(self, node: str, cell: Shape, output: int) -> Reach:
        """Follow one upstream cell to every downstream cell that it feeds."""
        self._shown_at(node)
        if len(self.cover.secrets):  # what is fed is a coefficient times a number that is shown
            raise Unshown(UNSHOWN)
        return self._ask(None, lambda run: Live(run).reach(node, cell, output))

    def forward(self, layer: str, sample: int | None) -> ForwardTable:
        """Return how a layer's output cells are made of its input cells."""
        question = ("forward", layer, sample)
        return self._ask_layer(layer, question, lambda run: Live(run).forward(layer, sample))

    def forward_cell(self, layer: str, cell: Shape) -> ForwardTable:
        """Return how one output cell of a layer is made."""
        return self._ask_layer(layer, None, lambda run: Live(run).forward_cell(layer, cell))

    def forward_reach(self, layer: str, which: int, cell: Shape) -> ForwardTable:
        """Follow one input cell of a layer to every output cell that it feeds."""
        return self._ask_layer(layer, None, lambda run: Live(run).forward_reach(layer, which, cell))

    def proof(self, node: str) -> Proof:
        """Compare a node's gradients with other ways to get the same numbers."""
        if self._hides(node):
            return Proof((), {})
        return self._ask(("proof", node), lambda run: Live(run).proof(node))

    def rule(self, node: NodeRecord) -> Rule | None:
        """Return what is written down about a node's backward; None for an unknown operation."""
        return rule_of(node)

    def weighs(self, node: NodeRecord) -> bool:
        """Whether a node multiplies what comes in by a weight."""
        return weighs(node)

    def graph(self, language: str, looks: Looks = PLAIN) -> dict[str, Any]:
        """Return the data of the autograd graph.

        Raises LayoutError where no picture can be made.
        """
        asked = (looks.saved, looks.attributes, looks.tint, looks.collapsed)
        shown = self.capture if self.hidden else None
        return self._ask(
            ("graph", language, *asked, self.hidden),
            lambda run: Live(run, self.runs.lay_out, shown).graph(language, looks),
        )

    def scene(self, say: Say, *, changes: bool) -> Scene:
        """Return what decides how the run is shown."""
        setting, before, changed = self.setting, None, None
        if changes and setting.edits:
            before = replace(self, setting=setting.unedited)
            changed = by_hand(setting, lambda: self._first)
        return Scene(
            live=self,
            say=say,
            first=setting.source.look_at,
            before=before,
            by_hand=changed,
            changeable=setting.source.layers is not None,
            copies=setting.model == COPIES and setting.spec is None,
            concealed=self.concealed,
        )

    def canvas(self, tensor: str, at: Shape, say: Say) -> bytes:
        """Return one plane of what can be changed by hand, before any change."""
        if self.setting.source.layers is None:
            raise Unanswerable(say(FIXED))
        plain = self.setting.unedited
        loss = replace(self, setting=plain).capture.loss
        return canvas_answer(Before(plain, self._first, loss), (tensor, at), say)

    @property
    def _first(self) -> Outcome:
        """What happens without changes by hand, before the first step of SGD."""
        return replace(self, setting=self.setting.unedited.at_step(0)).outcome

    def kept(self, question: tuple[Hashable, ...], make: Callable[[], bytes]) -> bytes:
        """Return what was made for an equal question before, or make it; it may ask the run."""
        return self.runs.kept(self.setting, (*question, self.hidden), make, self.tell)

    def _ask(self, question: Question, answer: Callable[[flow.Run], Found]) -> Found:
        during = partial(self.during, question[0] if question else "")
        return self.runs.ask(self.setting, question, answer, self.tell, during)

    def _ask_layer(
        self, layer: str, question: Question, answer: Callable[[flow.Run], ForwardTable]
    ) -> ForwardTable:
        """Ask about the values of a layer, each of whose inputs must have asked for a gradient."""
        records = [record for record in self.capture.layers if record.name == layer]
        if any(any_hidden((*record.inputs, *record.outputs)) for record in records):
            raise Unshown(UNSHOWN)
        at_input = any(
            gradient is None and (value is None or value.dtype.kind == "f")
            for record in records
            for value, gradient in zip(record.inputs, record.downstream, strict=True)
        )
        during = partial(self.during, "run" if at_input else "forward")
        found = self.runs.ask(self.setting, question, answer, self.tell, during, at_input=at_input)
        return self._untold(found)

    def _shown_at(self, node: str, part: int | None = None) -> None:
        """Raise Unshown where something is hidden that a sum at a node is made of, or makes."""
        record = self.capture.node(node)
        handed = record.downstream[slice(None) if part is None else slice(part, part + 1)]
        if any_hidden((*record.upstream, *handed)):
            raise Unshown(UNSHOWN)

    def _hides(self, node: str) -> bool:
        record = self.capture.node(node)
        return any_hidden((*record.upstream, *record.downstream))

    def _untold(self, found: Sums) -> Sums:
        """Return what a sum is made of; Unshown where its coefficients are hidden values."""
        if self.cover.tells(np.asarray(found.coefficients)):
            raise Unshown(UNSHOWN)
        return found
