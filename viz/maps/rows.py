"""Rows of heatmaps as one block of bytes, for the browser component in viz/front/maps/.

The block (see ``viz.maps.packet``) is self-contained: every word, colour, threshold and number the
browser needs is in it, so the script decides only where things go.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal, TypeVar

import numpy as np

from viz.hidden import is_hidden
from viz.language import Say, english, translated
from viz.maps.heatmap import Array, Role, Shape, Tiles, drawable, largest_magnitude, tile
from viz.maps.lights import Lights, specify_lights
from viz.maps.packed_sums import MAX_LINK_BYTES, Shown, specify, specify_answer
from viz.maps.packet import Blobs, assemble, palette
from viz.maps.sums import Answer, Link
from viz.maps.table import Table, specify_tables
from viz.theme import format_number

MAX_BYTES = 4 * 2**20
"""Most bytes of cells in one block: a pair of 64x56x56 maps takes 1.6 MB in float32."""

Scaling = Literal["shared", "own", "log"]
"""How cells get their colours: on one scale a group of maps, on one a map, or logarithmically."""
Row = Sequence["Map"]
Key = TypeVar("Key", str, int)
Arrow = Literal["", "backward", "forward"]
"""Where the arrow between the first two maps of a row points: values go forward, to the right, and
gradients backward, to the left; empty draws none."""


@dataclass(frozen=True)
class Labels:
    """Every word of the component. A page passes the visitor's language."""

    fetching: str = "Fetching these cells …"
    hidden: str = "Hidden."
    asked_corner: str = "Only the {rows}\u00d7{columns} cells at the top left are asked for."
    asked_first: str = "The first of these is asked for: pick another one above."
    """In the place of a map whose cells are awaited."""
    largest: str = "max |{symbol}| {value}"
    pick_scale: str = "Colour scale"
    shared: str = "shared"
    shared_help: str = "One colour scale for all maps of a kind."
    own: str = "own"
    own_help: str = "A colour scale for every map, up to its own largest number."
    log: str = "log"
    log_help: str = "Shared and logarithmic, over six decades on each side of zero."
    decades: str = "logarithmic · 6 decades"
    unit: str = "cells in units of {unit}"
    as_rectangle: str = "{subtitle}, drawn as {rows}\u00d7{columns}"
    """Of a vector, whose cells stand in reading order."""
    all_zero: str = "all zero"
    reached: str = "{count} of {all} cells changed, outlined"
    unchanged: str = "unchanged"
    empty: str = "Empty: shape {shape} has no cells."
    nan: str = "{count} NaN"
    infinite: str = "{count} inf"
    channel: str = "channel {index}"
    showing_channels: str = "showing {shown} of {total} channels"
    showing_slices: str = "showing {shown} of {total} slices"
    showing_kernels: str = "showing {shown} of {total} kernels"
    showing_rows: str = "showing {shown} of {total} rows"
    showing_cells: str = "showing {shown} of {total} cells"
    summary: str = "{name}. Shape {shape}, {smallest} to {largest}, {zeros} zeros."
    """What a screen reader says of a map. The notes on the map follow it."""


def labels_in(say: Say) -> Labels:
    """Return the words in a visitor's language."""
    return Labels(**translated(asdict(Labels()), say))


@dataclass(frozen=True, eq=False)
class Map:
    """One array to be drawn, and the words around it."""

    key: str
    """Stable name, unique in a block, such as ``"upstream"``. Clicks come back under it."""
    title: str
    """Such as ``"Arrives from conv2"``."""
    subtitle: str
    """Such as ``"upstream dL/d output · 1x4x4"``."""
    array: Array | None
    """Real numbers of any rank; None where there is nothing, and ``missing`` says why."""
    missing: str = ""
    role: Role = "activation"
    group: str = "gradient"
    """Maps of one group share one colour scale."""
    symbol: str = "g"
    """What one cell is called in ``max |g|``."""
    sample: int = 0
    channel: int | None = None
    """What the pickers chose, see ``viz.maps.heatmap.tile``; None shows all channels."""
    together: bool = False
    """Whether all channels are shown although one could be picked."""
    term: str = ""
    """Key of what its subtitle names, in ``viz.words.glossary``; empty where it names none."""
    reach: bool = False
    """Whether it shows what a change did: cells that are not 0 are its reach, and are outlined."""
    fractions: bool = False
    """Whether cells are written as fractions, such as 9/16, where they are simple ones."""
    written: bool = True
    """Whether cells hold their numbers where they fit; else colours tell, and pointing at one."""

    @property
    def tiles(self) -> Tiles | None:
        """Which cells are chosen; None where there is no array."""
        if self.array is None:
            return None
        return tile(self.array.shape, self.role, self.sample, self.channel)


@dataclass(frozen=True, eq=False)
class _Drawn:
    """A map with its chosen cells, measured before any of them is left out."""

    map: Map
    tiles: Tiles
    cells: Array
    """All chosen cells, as float32 or float64."""
    largest: float
    """max |v| over the finite cells."""


@dataclass(frozen=True)
class Pinned:
    """A cell that is pinned on a map and that the browser says: the page follows it."""

    map: str
    """Key of the map."""
    index: Shape
    heard: float | None
    """Since when this cell was what the browser said last."""


def pack(
    rows: Sequence[Row],
    *,
    links: Sequence[Link] = (),
    lights: Sequence[Lights] = (),
    tables: Sequence[Table] = (),
    answer: Answer | None = None,
    between: Sequence[str] | None = None,
    arrow: Arrow = "forward",
    held: Pinned | None = None,
    labels: Labels | None = None,
    say: Say = english,
    limit: int = MAX_BYTES,
) -> bytes:
    """Pack rows of maps for the component; each row is drawn side by side.

    ``links`` say which cells light up together and write the sum; those that take too many bytes
    are left to the server, whose ``answer`` to a click is drawn alike. ``lights`` say which cells
    light up together besides, and ``tables`` are drawn below the maps. ``between`` holds lines of
    text between the first two maps of the first row (None: the first rule of a link), and
    ``arrow`` says which way the arrow points there. ``held`` is a cell that the browser says to
    the page. ``limit`` bounds the bytes of all cells together: a map that does not fit keeps its
    first tiles and says so in words. Raises ValueError when two maps have one key, an array is
    complex or a link, lights or a table do not fit their maps, IndexError when a chosen sample or
    channel does not exist.
    """
    labels = labels or Labels()
    _check_keys(rows)
    drawn = _measure(rows)
    bounds = _scales(drawn)
    limits = share({key: each.cells.nbytes for key, each in drawn.items()}, limit)
    blobs = Blobs()
    specifications = [
        [
            _specify(drawn[each.key], bounds[each.group], limits[each.key], labels, blobs)
            if each.key in drawn and drawn[each.key].cells.size
            else _missing(each, labels)
            for each in row
        ]
        for row in rows
    ]
    shown = _shown(drawn, limits)
    if between is None:
        between = next((link.rule.sentences for link in links if link.rule is not None), ())
    header = {
        "rows": specifications,
        "links": specify(links, shown, blobs.add, MAX_LINK_BYTES, say),
        "lights": specify_lights(lights, shown, blobs.add),
        "tables": specify_tables(tables, shown),
        "answer": answer and specify_answer(answer, shown, blobs.add, say),
        "between": list(between),
        "arrow": arrow,
        "scaling": "shared",
        "held": held and asdict(held),
        "theme": palette(blobs),
    }
    return assemble(header, blobs)


def _check_keys(rows: Sequence[Row]) -> None:
    """Raise ValueError unless every map has a key of its own."""
    keys = [each.key for row in rows for each in row]
    if len(set(keys)) != len(keys):
        raise ValueError(f"every map of a block needs its own key, but these came: {keys}")


def scales(rows: Sequence[Row]) -> dict[str, float]:
    """Return the largest magnitude on the colour scale of every group, as ``pack`` uses it."""
    return _scales(_measure(rows))


def _measure(rows: Sequence[Row]) -> dict[str, _Drawn]:
    """Return the chosen cells of every map that has an array, by key."""
    drawn: dict[str, _Drawn] = {}
    for each in (each for row in rows for each in row):
        if each.array is None or each.tiles is None or is_hidden(each.array):
            continue
        cells = drawable(each.tiles.block(each.array))
        drawn[each.key] = _Drawn(each, each.tiles, cells, largest_magnitude(cells))
    return drawn


def _scales(drawn: Mapping[str, _Drawn]) -> dict[str, float]:
    bounds: dict[str, float] = {}
    for each in drawn.values():
        bounds[each.map.group] = max(bounds.get(each.map.group, 0.0), each.largest)
    return bounds


def share(sizes: Mapping[Key, int], total: int) -> dict[Key, int]:
    """Share ``total`` bytes: small maps get all they need, large ones an equal part of the rest."""
    shares: dict[Key, int] = {}
    left = total
    for done, key in enumerate(sorted(sizes, key=lambda each: sizes[each])):
        shares[key] = min(sizes[key], left // (len(sizes) - done))
        left -= shares[key]
    return shares


def _shown(drawn: Mapping[str, _Drawn], limits: Mapping[str, int]) -> dict[str, Shown]:
    """Return which cells of every map reach the screen."""
    shown = {}
    for key, each in drawn.items():
        kept = each.tiles.first(limits[key] // each.cells.itemsize)
        if each.map.array is not None and each.cells.size:
            shown[key] = Shown(each.map.array, kept.start, kept.count)
    return shown


def _shape(array: Array | None) -> str:
    return "\u00d7".join(map(str, array.shape)) if array is not None else ""


def _missing(each: Map, labels: Labels) -> dict[str, Any]:
    """Specify a card with a sentence in the place of its picture."""
    empty = labels.empty.format(shape=_shape(each.array))
    sentence = each.missing if each.array is None else empty
    return {
        "key": each.key,
        "title": each.title,
        "subtitle": each.subtitle,
        "missing": sentence,
        "shape": list(each.array.shape) if each.array is not None else None,
    }


def _specify(
    drawn: _Drawn, bound: float, limit: int, labels: Labels, blobs: Blobs
) -> dict[str, Any]:
    """Specify one map for the browser and add its cells to the blobs."""
    each, tiles, cells = drawn.map, drawn.tiles, drawn.cells
    kept = tiles.first(limit // cells.itemsize)
    notes = _notes(drawn, kept, labels)
    name = ", ".join(part for part in (each.title, each.subtitle) if part)
    spoken = labels.summary.format(name=name, shape=_shape(each.array), **_range(cells))
    return {
        "key": each.key,
        "title": each.title,
        "subtitle": _subtitle(each, kept, labels),
        "term": each.term,
        "notes": " · ".join(notes),
        "summary": " ".join([spoken, *(f"{note}." for note in notes)]),
        "non_finite": ", ".join(_non_finite(cells, labels)),
        "group": each.group,
        "scale": bound,
        "ends": [format_number(end) for end in ([-bound, 0, bound] if bound else [0])],
        "shape": list(kept.shape),
        "start": kept.start,
        "count": kept.count,
        "tiles": kept.tiles,
        "rows": kept.rows,
        "columns": kept.columns,
        "across": kept.across,
        "label_axes": list(kept.label_axes),
        "named_channels": kept.unit == "channels",
        "fractions": each.fractions,
        "written": each.written,
        "values": blobs.add(cells[: kept.count]),
    }


def _subtitle(each: Map, kept: Tiles, labels: Labels) -> str:
    """Return the line below the title, which says so where a vector is drawn as a rectangle."""
    if not kept.is_rectangle:
        return each.subtitle
    sizes = {"rows": kept.rows, "columns": kept.columns}
    return labels.as_rectangle.format(subtitle=each.subtitle, **sizes)


def _range(cells: Array) -> dict[str, str]:
    """Return the smallest and the largest finite value, and the number of zeros, in words."""
    finite = cells[np.isfinite(cells)]
    smallest, largest = (finite.min(), finite.max()) if finite.size else (np.nan, np.nan)
    return {
        "smallest": format_number(smallest),
        "largest": format_number(largest),
        "zeros": str(int(np.count_nonzero(cells == 0))),
    }


def _notes(drawn: _Drawn, kept: Tiles, labels: Labels) -> list[str]:
    """Say what the colours alone do not: the largest magnitude, odd values, what is left out."""
    non_finite = _non_finite(drawn.cells, labels)
    if not np.isfinite(drawn.cells).any():
        notes = non_finite
    elif drawn.largest == 0 and not non_finite:
        notes = [labels.all_zero]
    else:
        value = format_number(drawn.largest)
        notes = [labels.largest.format(symbol=drawn.map.symbol, value=value), *non_finite]
    cut = left_out(drawn.tiles, kept, labels)
    return [*notes, cut] if cut else notes


def left_out(tiles: Tiles, kept: Tiles, labels: Labels) -> str:
    """Say which part of these tiles ``kept`` (from ``Tiles.first``) is; empty where it is all."""
    if kept == tiles:
        return ""
    unit, shown, total = tiles.part(kept)
    sentence: str = getattr(labels, f"showing_{unit}")
    return sentence.format(shown=shown, total=total)


def _non_finite(cells: Array, labels: Labels) -> list[str]:
    counts = (
        (labels.nan, int(np.count_nonzero(np.isnan(cells)))),
        (labels.infinite, int(np.count_nonzero(np.isinf(cells)))),
    )
    return [words.format(count=count) for words, count in counts if count]
