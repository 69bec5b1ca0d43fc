"""Maps that stand together in a lesson, and the sums between them: what ``viz.maps.rows`` packs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from lessons.asking.exercise import Array
from viz.maps.lights import Lights
from viz.maps.rows import Arrow, Map
from viz.maps.sums import Link, Taps
from viz.maps.table import Table
from viz.peak import shown_shape


@dataclass(frozen=True, eq=False)
class Figure:
    """Rows of maps. Words are English; who draws them says them in the visitor's language."""

    rows: Sequence[Sequence[Map]]
    links: Sequence[Link] = ()
    arrow: Arrow = ""
    """Which way the arrow between the first two maps points; empty where there is none. A gradient
    travels from right to left: what is handed on stands left of what arrives."""
    lights: Sequence[Lights] = ()
    tables: Sequence[Table] = ()
    """Beside the maps where there is room, else below them."""

    def array(self, key: str) -> Array:
        """Return the cells of one map; a lesson's maps all have some."""
        (found,) = (each.array for row in self.rows for each in row if each.key == key)
        assert found is not None  # noqa: S101 - a trial has every map
        return found


def map_of(
    key: str,
    title: str,
    array: Array,
    *,
    value: bool = False,
    scale: str = "",
    written: bool = True,
) -> Map:
    """Return a map of a gradient, or of a ``value``; maps of one named ``scale`` share it."""
    return Map(
        key=key,
        title=title,
        subtitle=shown_shape(array.shape),
        array=array,
        group=scale or ("value" if value else "gradient"),
        symbol="v" if value else "g",
        written=written,
    )


def kernel_map(key: str, title: str, array: Array, group: str, symbol: str = "g") -> Map:
    """Return a map of a parameter's gradient, or of the parameter where its symbol is ``w``."""
    said = shown_shape(array.shape)
    return Map(key, title, said, array, role="parameter", group=group, symbol=symbol)


def worded(link: Link, **words: str) -> Link:
    """Say some words of a link otherwise."""
    return replace(link, words={**link.words, **words})


def also_lighting(link: Link, key: str) -> Link:
    """Let the summed cells light up in a third map of the same shape, too."""
    return replace(link, taps=Taps(key, link.places))


def also_lighting_own(link: Link, key: str) -> Link:
    """Let the explained cell light up in a third map of the same shape, too."""
    return replace(link, taps=Taps(key, np.repeat(link.cells, np.diff(link.offsets))))
