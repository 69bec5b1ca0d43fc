"""Which cells of one map a cell of another map is the sum of.

A *link* is a sparse linear relation between two maps of a block: every explained cell is the sum
of coefficient x cell of the other map. A downstream gradient is such a sum of upstream cells, an
output value one of input values. With it, the browser can point without asking the server.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from flow.record import Explanation, Reach, is_cell, place_of
from flow.sparse import CoefficientTable, ForwardTable
from viz.maps import complex_sums
from viz.maps.heatmap import Array, Shape

CONSTANT = -1
"""In ``places``: no cell. The coefficient itself is the term, such as a bias."""
PLAIN = -1
"""In ``note_of``: this cell's sum needs no sentence."""
UNTAPPED = -1
"""In ``Taps.places``: no entry stands behind this coefficient."""
_INDEX = re.compile(r"\[([\d, ]+)\]$")


@dataclass(frozen=True)
class Rule:
    """What stands between two maps: sentences, each on a line."""

    sentences: tuple[str, ...] = ()


SUM_WORDS: Mapping[str, str] = {
    # What a cell of the explained map is called.
    "explained": "∂L/∂input",
    "hint": "Point at a cell: the cells it sums light up, and the sum stands here.",
    "large": "Too many cells to point at: click a cell (or press Enter), and its sum comes.",
    "too_large": "This sum has too many terms to send.",
    "asking": "Asking for this cell …",
    "nothing": "No cell feeds this cell: every coefficient is 0, so it is 0.",
    "more": "… and {count} more adding up to {value}",
    "total": "total {value}",
    "recorded": "PyTorch says {value}",
    "too": "{recorded} too",
    "cancels": "{recorded}: the terms cancel, and so small a rest may be rounding",
    # Spoken in place of the tick.
    "agrees": "they agree",
    "differs": "they differ by {difference}",
    "feeds": "{value} feeds {count} cells:",
    "feeds_one": "{value} feeds 1 cell:",
    "feeds_none": "{value} feeds no cell here.",
    "gets": "{cell} gets {term}",
    "more_cells": "… and {count} more",
    "mixed": "{value} depends on {count} cells, but is not a sum of them:",
    "slope": "{cell} with slope {value}",
    "pinned": "pinned · Esc frees",
    "pinned_touched": "pinned · tap again to free",
}
"""What the browser says around a sum, in English; a link has some words of its own."""


@dataclass(frozen=True, eq=False)
class Taps:
    """Which entry of a third map, such as the kernel, stands behind each coefficient."""

    map: str
    """Key of that map, such as ``"gradient:conv2.weight"``."""
    places: Array
    """Its row-major position there, one a coefficient; ``UNTAPPED`` where there is none."""


@dataclass(frozen=True, eq=False)
class Undrawn:
    """An array whose cells are summed though no map shows it; the terms stand in the sum line."""

    title: str
    """What a term's cell is called: ``"Upstream of conv2"``."""
    array: Array


@dataclass(frozen=True, eq=False)
class Side:
    """One output of a node whose upstream cells are summed."""

    map: str
    """Key of its map; of an undrawn one, a key that no map has."""
    output: int = 0
    undrawn: Undrawn | None = None


def _none() -> NDArray[np.int64]:
    return np.zeros(0, np.int64)


@dataclass(frozen=True, eq=False)
class Link:
    """Cells of ``from_map``, each as a sum over cells of ``to_map``.

    Several links with one ``from_map`` are parts of one sum, in their order: the inputs of an
    addition, the outputs of one node. Raises ValueError when the arrays do not fit together.
    """

    from_map: str
    """Key of the map whose cells are explained (downstream)."""
    to_map: str
    """Key of the map whose cells are summed (upstream)."""
    cells: Array
    """Row-major position of each explained cell in its whole array; a cell without terms is 0."""
    offsets: Array
    """The terms of cell number i stand from ``offsets[i]`` up to ``offsets[i + 1]``."""
    places: Array
    """Row-major position of each summed cell in its whole array, or ``CONSTANT``.

    The terms are added in the order in which they stand.
    """
    coefficients: Array
    names: tuple[str, ...] = ()
    """Different names of coefficients, such as ``"conv2.weight[0,0,1,2]"``."""
    name_of: Array = field(default_factory=_none)
    """Position in ``names`` of each coefficient's name; empty when they have none."""
    taps: Taps | None = None
    rule: Rule | None = None
    words: Mapping[str, str] = field(default_factory=dict)
    """Some of ``SUM_WORDS``, said otherwise."""
    adds: bool = True
    """Whether the explained cell is the sum; if not, coefficients are only local derivatives."""
    function: str = ""
    """Where given, a coefficient is not a factor of the summed cell but this function of it."""
    large: bool = False
    """No coefficients are here, there are too many: a click asks the server."""
    undrawn: Undrawn | None = None
    """The array whose cells are summed, where no map has the key ``to_map``."""
    notes: tuple[str, ...] = ()
    """Sentences that some cells' sums need; of several links of one sum, the first has them."""
    note_of: Array = field(default_factory=_none)
    """Position in ``notes`` for each explained cell, or ``PLAIN``; empty when all are plain."""
    unit: float = 0.0
    """Unit roundoff of the coarsest type behind the cells, where the arrays are of a finer one."""
    slack: float = 0.0
    """By how much a sum may be off besides, as a number."""
    fractions: bool = False
    """Whether coefficients are written as fractions, such as 9/16, where they are simple ones."""

    def __post_init__(self) -> None:
        terms = len(self.coefficients)
        if len(self.places) != terms:
            self._refuse(f"{terms} coefficients need as many places, {len(self.places)} came")
        if len(self.offsets) != len(self.cells) + 1:
            self._refuse(f"{len(self.cells)} cells need one more offset, {len(self.offsets)} came")
        if self.offsets[0] != 0 or self.offsets[-1] != terms or (np.diff(self.offsets) < 0).any():
            self._refuse(f"offsets must rise from 0 to the {terms} coefficients")
        if len(np.unique(self.cells)) != len(self.cells):
            self._refuse("a cell is explained twice")
        self._check_names(terms)
        if self.notes and len(self.note_of) != len(self.cells):
            count = len(self.note_of)
            self._refuse(f"{len(self.cells)} cells need as many notes, {count} came")
        if self.taps is not None and len(self.taps.places) != terms:
            self._refuse(f"{terms} coefficients need as many taps, {len(self.taps.places)} came")

    def _check_names(self, terms: int) -> None:
        if not self.names:
            return
        if len(self.name_of) != terms:
            self._refuse(f"{terms} coefficients need as many names, {len(self.name_of)} came")
        if terms and not 0 <= self.name_of.min() <= self.name_of.max() < len(self.names):
            self._refuse(f"name_of must point into the {len(self.names)} names")

    def _refuse(self, why: str) -> None:
        raise ValueError(f"link {self.from_map} -> {self.to_map}: {why}.")

    @classmethod
    def from_table(
        cls,
        table: CoefficientTable | ForwardTable,
        from_map: str,
        to_map: str,
        *,
        output: int = 0,
        **more: Any,
    ) -> Self:
        """Take the coefficients of one output of a node; ``more`` are fields of the link.

        A table without rows becomes a link that asks the server.
        """
        if table.note:
            return cls.asked(from_map, to_map, **more)
        kept = np.flatnonzero(np.asarray(table.sides) == output)
        before = np.searchsorted(kept, np.asarray(table.offsets))
        named = bool(len(table.names))
        return cls(
            from_map=from_map,
            to_map=to_map,
            cells=np.asarray(table.cells),
            offsets=before,
            places=np.asarray(table.places)[kept],
            coefficients=np.asarray(table.coefficients)[kept],
            names=tuple(table.names),
            name_of=np.asarray(table.name_of)[kept] if named else _none(),
            unit=table.unit,
            slack=table.slack,
            **more,
        )

    @classmethod
    def of_outputs(
        cls, table: CoefficientTable, from_map: str, sides: Sequence[Side], **more: Any
    ) -> list[Self]:
        """Take the coefficients of a node, one link for each output; together they are the sum."""
        found = [
            cls.from_table(
                table, from_map, side.map, output=side.output, undrawn=side.undrawn, **more
            )
            for side in sides
        ]
        first = [
            replace(link, notes=tuple(table.notes), note_of=table.note_of) for link in found[:1]
        ]
        return first + found[1:]

    @classmethod
    def asked(cls, from_map: str, to_map: str, **more: Any) -> Self:
        """Return a link that the server answers cell by cell, on a click."""
        return cls(
            from_map=from_map,
            to_map=to_map,
            cells=_none(),
            offsets=np.zeros(1, np.int64),
            places=_none(),
            coefficients=np.zeros(0, np.float32),
            large=True,
            **more,
        )

    @classmethod
    def of_forward(
        cls, table: ForwardTable, from_map: str, to_maps: Sequence[str], **more: Any
    ) -> list[Self]:
        """Take how output cells are made of the cells of a layer's inputs, one link an input.

        ``to_maps`` are the keys of the inputs that hold real numbers.
        """
        more |= {"adds": table.kind != "other", "function": table.function}
        return [
            cls.from_table(table, from_map, to_map, output=which, **more)
            for which, to_map in enumerate(to_maps)
        ]

    def tapping(self, key: str, shape: Shape) -> Self:
        """Return the link with taps in the map ``key``, read off names that end in an index.

        ``conv2.weight[0,0,1,2]`` is entry (0, 0, 1, 2) of an array of this ``shape``; a name
        without an index, or with one that does not fit, has no tap.
        """
        if not self.names:
            return self
        entries = np.array([_entry(name, shape) for name in self.names], np.int64)
        return replace(self, taps=Taps(key, entries[self.name_of]))


def _entry(name: str, shape: Shape) -> int:
    """Return the row-major position that a name's index means; UNTAPPED when it means none."""
    found = _INDEX.search(name)
    index = tuple(int(axis) for axis in found[1].split(",")) if found else ()
    return place_of(index, shape) if index and is_cell(index, shape) else UNTAPPED


@dataclass(frozen=True, eq=False)
class Answer:
    """What the server found out about one clicked cell: its sum, or what it feeds."""

    map: str
    """Key of the map with the cell."""
    index: Shape
    links: tuple[Link, ...]
    """Links that hold this cell alone: as the explained one, or as the only summed one."""
    note: str = ""
    """A sentence where the sum needs one."""

    @classmethod
    def of_sum(
        cls,
        explanation: Explanation,
        from_map: str,
        sides: Sequence[Side],
        shape: Shape,
        **more: Any,
    ) -> Self:
        """Turn an explanation of one cell of an array of this ``shape`` into an answer.

        ``sides`` are the node's outputs that got a gradient; ``more`` are fields of Link. A sum
        of complex numbers is a sentence.
        """
        if complex_sums.is_complex(explanation):
            return cls(from_map, explanation.cell, (), complex_sums.written(explanation))
        names = tuple(dict.fromkeys(explanation.names))
        name_of = np.array([names.index(name) for name in explanation.names], np.int32)
        table = CoefficientTable(
            cells=np.array([place_of(explanation.cell, shape)], np.int32),
            offsets=np.array([0, len(explanation.coefficients)], np.int32),
            sides=explanation.outputs.astype(np.int32),
            places=explanation.places.astype(np.int32),
            coefficients=explanation.coefficients,
            names=names,
            name_of=name_of,
            node=explanation.node,
            input=explanation.input,
            sample=None,
            shape=shape,
            shapes=explanation.shapes,
            unit=explanation.unit,
            slack=explanation.slack,
        )
        links = tuple(Link.of_outputs(table, from_map, sides, **more))
        return cls(from_map, explanation.cell, links, explanation.note)

    @classmethod
    def of_reach(
        cls, reach: Reach, from_map: str, to_map: str, shape: Shape, part: int = 0, **more: Any
    ) -> Self:
        """Turn the reach of one cell of ``to_map``, an array of this ``shape``, into an answer.

        ``part`` says which input of the node ``from_map`` shows.
        """
        note = complex_sums.reached(reach)
        if note:
            return cls(to_map, reach.cell, (), note)
        fed = reach.inputs[part]
        flat = np.zeros(0, np.float32) if fed is None else fed.reshape(-1)
        cells = np.flatnonzero(flat)
        link = Link(
            from_map=from_map,
            to_map=to_map,
            cells=cells,
            offsets=np.arange(len(cells) + 1),
            places=np.full(len(cells), place_of(reach.cell, shape)),
            coefficients=flat[cells],
            **more,
        )
        return cls(to_map, reach.cell, (link,))
