"""What a browser is sent of a run: each answer as bytes, kept with the run where that keeps them.

What each holds stands in ``viz/front/types.d.ts``. An answer with numbers is a packet (see
``viz.maps.packet``), any other one JSON.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, NoReturn, Protocol

from flow.errors import ExplainError
from flow.record import Array, NodeRecord, Shape, is_cell
from viz.answering.readers import shown
from viz.graphs.autograd import Looks
from viz.hidden import is_hidden
from viz.language import Say, speaking
from viz.maps.heatmap import Tiles, in_window, largest_magnitude
from viz.maps.packet import written
from viz.maps.sums import Answer
from viz.scene import inspector, sums
from viz.scene.asked import cell_answer, cells_answer, sums_answer
from viz.scene.live import LiveRun
from viz.scene.node import nodes_answer
from viz.scene.page import Page, Scene, page, tabs
from viz.scene.proof import proof_data
from viz.scene.whole import MOST_BYTES, scene_answer, steps_answer, thumbnails_answer
from viz.strip.steps import SENTENCE_LIMIT
from viz.strip.strip import STRIP_TEXT, Strip
from viz.typed import SEPARATOR, marks

STRIDE = SENTENCE_LIMIT // 4
"""Steps that share one list of sentences in a pass too long for one."""


class Unanswerable(ValueError):  # noqa: N818 - it is an answer to a visitor, not a fault
    """There is no answer to a question; the message is for whoever asked."""


FIXED = "This network runs as it is: its cells cannot be changed by hand."
"""Why there is no canvas."""


@dataclass(frozen=True)
class Place:
    """A tab of a node, with the sample and the channel (or row) that are picked there."""

    node: str
    tab: str
    sample: int = 0
    channel: int | None = None


class Answering(LiveRun, Protocol):
    """A run that answers a browser."""

    def scene(self, say: Say, *, changes: bool) -> Scene:
        """Return what decides how it is shown; with ``changes`` also what those by hand did."""

    def graph(self, language: str, looks: Looks) -> dict[str, Any]:
        """Return the data of the autograd graph; LayoutError where no picture can be made."""

    def canvas(self, tensor: str, at: Shape, say: Say) -> bytes:
        """Return one plane of what can be changed by hand; Unanswerable where nothing can."""

    @property
    def bare(self) -> Answering:
        """The same run with nothing hidden."""

    def kept(self, question: tuple[Hashable, ...], make: Callable[[], bytes]) -> bytes:
        """Return what was made for an equal question before, or make it."""


@dataclass(frozen=True)
class Sent:
    """The answers to a browser. ``changes``: maps also show what the changes by hand did.

    Each raises ``Unanswerable`` where there is no such node, tab or cell, and what the run raises
    that is asked.
    """

    answers: Answering
    language: str
    """One that ``viz.language.known`` returns."""

    @property
    def say(self) -> Say:
        """Says our words in that language."""
        return speaking(self.language)

    def scene(self, node: str, *, changes: bool, most: int = MOST_BYTES) -> bytes:
        """Return all that a run has to show; of a large one this node, ``""`` for the first.

        ``most`` bounds its bytes.
        """
        if node:
            self._node(node)
        scene = self._scene(changes)
        question = ("sent scene", node, scene.before is not None, most)
        return self._kept(question, partial(scene_answer, scene, node, most))

    def nodes(self, ids: Sequence[str], *, changes: bool) -> bytes:
        """Return what there is to show of some nodes."""
        for each in ids:
            self._node(each)
        scene = self._scene(changes)
        question = ("sent nodes", tuple(ids), scene.before is not None)
        return self._kept(question, partial(nodes_answer, scene, ids))

    def cells(self, at: Place, key: str, start: int, count: int, *, changes: bool) -> bytes:
        """Return an unbroken run of the cells of a map, as many of these as there are."""
        array = self._array(self._page(at, changes), key)
        if start >= array.size:
            self._refuse(
                "start: {start} is none of the {count} cells of {map}, which count from 0.",
                start=start,
                count=array.size,
                map=key,
            )
        return cells_answer(array, start, count)

    def sums(self, at: Place) -> bytes:
        """Return the sums behind the cells of a tab that are drawn."""
        return self._kept(("sent sums", at), partial(sums_answer, self._page(at)))

    def cell(self, at: Place, key: str, index: Shape) -> bytes:
        """Return what stands behind one cell of a map, nothing where there is no sum."""
        here = self._page(at)
        shape = self._array(here, key).shape
        if not is_cell(index, shape):
            came = list(index)
            self._refuse(
                "index: {map} has the shape {shape}, which has no cell {index}.",
                map=key,
                shape=list(shape),
                index=came,
            )
        try:
            found = sums.answer(here.chosen, here.rows, key, index)
        except ExplainError as reason:
            found = Answer(key, index, (), str(reason))
        return cell_answer(here, found)

    def check(self, at: Place, key: str, typed: str) -> bytes:
        """Grade what somebody typed into the first cells of a hidden map, cell by cell.

        A cell counts as right up to a half of the second decimal, where 1 is the largest cell of
        what is picked.
        """
        array, tiles = self._map(self._page(at), key)
        if not is_hidden(array):
            self._refuse("map: {map} is not hidden here.", map=key)
        bare = Sent(self.answers.bare, self.language)
        true, _tiles = bare._map(bare._page(at), key)
        unit = largest_magnitude(tiles.block(true))
        graded = marks(typed.split(SEPARATOR), in_window(tiles, true), unit)
        return written({"marks": graded})

    def proof(self, node: str) -> bytes:
        """Return how the gradients of a node compare with other ways to get them, in words."""
        self._node(node)
        found = self.answers.proof(node)
        return written(proof_data(self.answers.capture, node, found, self.say))

    def graph(self, looks: Looks) -> bytes:
        """Return the drawn graph; LayoutError where no picture can be made."""
        return written(self.answers.graph(self.language, looks))

    def steps(self, step: int) -> bytes:
        """Return the sentences of the backward pass; of a long one those around a step."""
        capture = self.answers.capture
        if step >= len(capture.nodes):
            last = len(capture.nodes) - 1
            self._refuse(
                "step: {step} does not exist, the last one is {last}.", step=step, last=last
            )
        around = step // STRIDE * STRIDE if len(capture.nodes) > SENTENCE_LIMIT else 0
        made = partial(steps_answer, capture, around, self.say)
        return self._kept(("sent steps", around), lambda: written(made()))

    def thumbnails(self, sample: int, *, changes: bool) -> bytes:
        """Return what the boxes of the strip show of a sample."""
        compared = self._scene(changes).changes
        strip = Strip(self.answers.capture, STRIP_TEXT, compared)
        if sample >= max(1, strip.batch):
            last = max(1, strip.batch) - 1
            self._refuse(
                "sample: {sample} does not exist, the last one here is {last}.",
                sample=sample,
                last=last,
            )
        made = partial(thumbnails_answer, strip, sample)
        return self._kept(("sent thumbnails", sample, compared is not None), made)

    def canvas(self, tensor: str, at: Shape) -> bytes:
        """Return one plane of what can be changed by hand, before any change."""
        made = partial(self.answers.canvas, tensor, at, self.say)
        return self._kept(("sent canvas", tensor, at), made)

    def _kept(self, question: tuple[Hashable, ...], make: Callable[[], bytes]) -> bytes:
        return self.answers.kept((*question, self.language), make)

    def _scene(self, changes: bool) -> Scene:
        return self.answers.scene(self.say, changes=changes)

    def _node(self, id: str) -> NodeRecord:  # noqa: A002 - as in the capture
        try:
            return self.answers.capture.node(id)
        except KeyError:
            last = self.answers.capture.nodes[-1].id
            self._refuse(
                "node: {node} does not exist, the last of this run is {last}.", node=id, last=last
            )

    def _page(self, at: Place, changes: bool = False) -> Page:
        """Return a tab, as far as what is asked of it exists."""
        scene, node = self._scene(changes), self._node(at.node)
        if at.tab not in tabs(node):
            self._refuse(
                "page: {node} has no {page}, but {names}.",
                node=at.node,
                page=at.tab,
                names=", ".join(tabs(node)),
            )
        offered = inspector.pickers(page(scene, node, at.tab).rows)
        if at.sample >= max(1, offered.samples):
            last = max(1, offered.samples) - 1
            self._refuse(
                "sample: {sample} does not exist, the last one here is {last}.",
                sample=at.sample,
                last=last,
            )
        if at.channel is not None and at.channel >= offered.channels:
            self._refuse(
                "channel: {channel} does not exist, there are {count} to choose from here.",
                channel=at.channel,
                count=offered.channels,
            )
        return page(scene, node, at.tab, at.sample, at.channel)

    def _map(self, page: Page, key: str) -> tuple[Array, Tiles]:
        """Return what a map of a tab shows, and which cells of it are picked."""
        found = {
            each.key: (each.array, each.tiles)
            for row in page.rows
            for each in row
            if each.array is not None and each.tiles is not None
        }
        if key not in found:
            self._refuse(
                "map: there is no {map} here, but {names}.", map=shown(key), names=", ".join(found)
            )
        return found[key]

    def _array(self, page: Page, key: str) -> Array:
        """Return the numbers that a map of a tab shows."""
        array, _tiles = self._map(page, key)
        if is_hidden(array):
            self._refuse("map: {map} is hidden here.", map=key)
        return array

    def _refuse(self, sentence: str, **words: object) -> NoReturn:
        raise Unanswerable(self.say(sentence).format(**words))
