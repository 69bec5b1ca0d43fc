"""The sums behind what leaves stored, and what arrived at the nodes that made it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from flow.record import Array, Explanation, NodeRecord, place_of
from viz.hidden import is_hidden
from viz.language import Say
from viz.maps.heatmap import Shape
from viz.maps.sums import Answer, Link, Side, Undrawn
from viz.scene import inspector
from viz.scene.inspector import Chosen
from viz.scene.live import UNSHOWN, Unshown

UPSTREAM, INPUT = "upstream", "input0"
MOST_ADDED = 2**16
"""Terms up to which every cell of a shared parameter is explained at once: some 2 MB."""


@dataclass(frozen=True, eq=False)
class Seen:
    """What is chosen, which arrays are shown, and what is said otherwise around a sum."""

    chosen: Chosen
    arrays: Mapping[str, Array]
    """By the key of their map."""
    words: Mapping[str, str]

    def leaves(self) -> dict[str, NodeRecord]:
        """Return the leaves whose gradient is shown, by the key of its map."""
        if self.chosen.node.is_leaf:
            return {UPSTREAM: self.chosen.node}
        layer = self.chosen.layer
        return {
            key: self.chosen.capture.node(record.node)
            for record in (layer.parameters if layer is not None else ())
            if record.node is not None and (key := f"gradient:{record.name}") in self.arrays
        }

    def sides(self, node: str) -> list[Side]:
        """Return what arrived at a node, output by output; only the chosen node's is drawn."""
        record = self.chosen.capture.node(node)
        found = []
        for output in inspector.live_outputs(record):
            key, arrived = inspector.upstream_key(record, output), record.upstream[output]
            if node == self.chosen.node.id and key in self.arrays:
                found.append(Side(key, output))
            elif arrived is not None:
                what = inspector.upstream_term(record, output, self.chosen.say)
                title = f"{record.id} {record.name}: {what}"
                found.append(Side(f"{key} of {node}", output, Undrawn(title, arrived)))
        return found

    def lighting(self, node: str, links: Sequence[Link]) -> list[Link]:
        """Let the input values that the chosen node multiplied light up, where they are shown."""
        if INPUT not in self.arrays or node != self.chosen.node.id:
            return list(links)
        return [link.tapping(INPUT, self.arrays[INPUT].shape) for link in links]

    def words_of(self, leaf: NodeRecord) -> dict[str, str]:
        """Return the words around a cell of a leaf's gradient, which no channel restricts."""
        words = {**self.words, "explained": f"∂L/∂{leaf.parameter}"}
        words.pop("large", None)
        if self.chosen.node.is_leaf:
            hint = self.chosen.say("Point at a cell of the gradient: its sum stands here.")
            words["hint"] = hint
        return words


def links(seen: Seen, key: str, leaf: NodeRecord) -> list[Link]:
    """Return the sums behind what a leaf stored, shown by the map of this key.

    Of one node they are sums of what arrived there; of several nodes, of what each handed on.
    """
    parts, words = seen.chosen.capture.parts(leaf.id, 0), seen.words_of(leaf)
    if len(parts) > 1:
        size = seen.arrays[key].size
        if size * len(parts) > MOST_ADDED:
            return [Link.asked(key, key, words=words)]
        return _added(key, parts, np.arange(size), words, seen.chosen.say)
    sums = seen.chosen.live.table(leaf.id, 0, None)
    made = Link.of_outputs(sums, key, seen.sides(sums.node), words=words)
    return seen.lighting(sums.node, made)


def answer(seen: Seen, key: str, leaf: NodeRecord, cell: Shape) -> Answer:
    """Explain one cell of what a leaf stored."""
    parts, words = seen.chosen.capture.parts(leaf.id, 0), seen.words_of(leaf)
    shape = seen.arrays[key].shape
    if len(parts) > 1:
        place = np.array([place_of(cell, shape)])
        return Answer(key, cell, tuple(_added(key, parts, place, words, seen.chosen.say)))
    found = seen.chosen.live.explain(leaf.id, 0, cell)
    if is_refused(found):
        return Answer(key, cell, (), found.note)
    # The node may hold the parameter in another shape, as linear layers do.
    here, sides = replace(found, cell=cell), seen.sides(found.node)
    made = Answer.of_sum(here, key, sides, shape, words=words)
    return replace(made, links=tuple(seen.lighting(found.node, made.links)))


def is_refused(found: Explanation) -> bool:
    """Whether an explanation only says why there is none."""
    return math.isnan(abs(found.total)) and not len(found.coefficients)


def _added(
    key: str,
    parts: Sequence[tuple[NodeRecord, int]],
    cells: Array,
    words: Mapping[str, str],
    say: Say,
) -> list[Link]:
    """Return these cells as sums of what several nodes handed on, in the order they ran."""
    made = []
    for place, (giver, which) in enumerate(parts):
        handed = giver.downstream[which]
        if is_hidden(handed):
            raise Unshown(UNSHOWN)
        if handed is None:
            continue
        named = f"{giver.id} {giver.name}"
        link = Link(
            from_map=key,
            to_map=f"part {place} of {key}",
            cells=cells,
            offsets=np.arange(len(cells) + 1),
            places=cells,
            coefficients=np.ones(len(cells), handed.dtype),
            names=(say("1 (part from {node})").format(node=named),),
            name_of=np.zeros(len(cells), np.int64),
            words=words,
            undrawn=Undrawn(say("Handed on by {node}").format(node=named), handed),
        )
        made.append(link)
    return made
