"""A small table beside or below the maps, whose entries stand for cells of a map."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from viz.maps.lights import numbers_on_screen
from viz.maps.packed_sums import Shown


@dataclass(frozen=True)
class Entry:
    """What stands in one place of a table."""

    text: str
    map: str = ""
    """Key of the map of whose cells it tells; empty where it tells of none."""
    places: Sequence[int] = ()
    """Row-major positions of these cells in the whole array."""
    names: bool = False
    """Whether the text is made of names in code, which are the same in every language."""


@dataclass(frozen=True)
class Table:
    """A table in the visitor's language; the first entry of a row is its heading.

    Pointing at an entry lights up its cells, and pointing at a cell its entries. Raises ValueError
    when a row has not one entry a column.
    """

    key: str
    """Stable name, unique among the tables of a block."""
    heads: Sequence[str]
    rows: Sequence[Sequence[Entry]]
    title: str = ""

    def __post_init__(self) -> None:
        for row in self.rows:
            if len(row) != len(self.heads):
                raise ValueError(
                    f"table {self.key}: {len(self.heads)} columns need as many entries in every "
                    f"row, {len(row)} came."
                )


def specify_tables(tables: Sequence[Table], shown: Mapping[str, Shown]) -> list[dict[str, Any]]:
    """Specify tables for the browser; cells that are not on screen are left out.

    Raises ValueError when two tables have one key, or an entry tells of a cell that does not exist.
    """
    keys = [table.key for table in tables]
    if len(set(keys)) != len(keys):
        raise ValueError(f"every table of a block needs its own key, but these came: {keys}")
    return [
        {
            "key": table.key,
            "title": table.title,
            "heads": list(table.heads),
            "rows": [[_specify(table.key, each, shown) for each in row] for row in table.rows],
        }
        for table in tables
    ]


def _specify(key: str, entry: Entry, shown: Mapping[str, Shown]) -> dict[str, Any]:
    if not entry.map:
        return {"text": entry.text, "map": "", "cells": []}
    numbers, seen = numbers_on_screen(f"table {key}", entry.map, entry.places, shown)
    return {"text": entry.text, "map": entry.map, "cells": numbers[seen].tolist()}
