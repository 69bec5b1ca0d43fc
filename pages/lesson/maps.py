"""The maps of a lesson: the playground's own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from lessons.blocks import Maps, Walked
from lessons.choosing.study import Study
from lessons.showing.figure import Figure
from pages.lesson.desk import Desk
from pages.parts import components
from pages.parts.text import _, say, translated
from viz.maps.rows import Pinned, labels_in, pack
from viz.maps.table import Table


def maps(desk: Desk, block: Maps) -> None:
    """Draw maps."""
    components.heatmaps(packed(_said(block.figure(desk.study))), desk.key(block.key))


def walked(desk: Desk, block: Walked) -> None:
    """Draw maps of which the one that is explained has a cell pinned: the browser holds which."""
    figure, choice = block.figure(desk.study), block.choice
    (link,) = figure.links
    shape = figure.array(link.from_map).shape
    last = int(np.prod(shape)) - 1

    def take(study: Study, index: object) -> Study:
        place = place_of(index, shape)
        return study if place is None else study.changed(**{choice: place})

    heard = desk.hear(link.from_map, take)
    cell = np.unravel_index(min(desk.study[choice], last), shape)
    pinned = tuple(int(axis) for axis in cell)
    held = Pinned(link.from_map, pinned, heard)
    components.heatmaps(packed(_said(figure), held), desk.key(link.from_map))


def place_of(index: object, shape: Sequence[int]) -> int | None:
    """Read the row-major place of a cell of an array; None for anything else."""
    if not isinstance(index, list) or len(index) != len(shape):
        return None
    if not all(type(at) is int and 0 <= at < size for at, size in zip(index, shape, strict=True)):
        return None
    return int(np.ravel_multi_index(index, tuple(shape)))


def packed(figure: Figure, held: Pinned | None = None) -> bytes:
    """Pack a figure in the visitor's language."""
    return pack(
        figure.rows,
        links=figure.links,
        lights=figure.lights,
        tables=figure.tables,
        between=(),
        arrow=figure.arrow,
        held=held,
        labels=labels_in(say()),
        say=say(),
    )


def _said(figure: Figure) -> Figure:
    """Return a figure in the visitor's language."""
    rows = [[replace(each, title=_(each.title)) for each in row] for row in figure.rows]
    links = [replace(link, words=translated(link.words)) for link in figure.links]
    tables = [_table_said(each) for each in figure.tables]
    return replace(figure, rows=rows, links=links, tables=tables)


def _table_said(table: Table) -> Table:
    """Return a table in the visitor's language; numbers and names are the same in all of them."""
    rows = [
        [each if each.names else replace(each, text=_(each.text)) for each in row]
        for row in table.rows
    ]
    return replace(table, title=_(table.title), heads=[_(head) for head in table.heads], rows=rows)
