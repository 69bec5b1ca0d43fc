"""The maps of a lesson: the playground's own, with the sums behind a trial's gradients."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace

import numpy as np
import streamlit as st
import torch

from flow.record import INPUT
from flow.sparse import CoefficientTable, ForwardTable
from lessons.convolving import Convolving
from lessons.exercise import Array
from lessons.nearest import Enlarging, Pooling
from lessons.trial import LAYER, Trial
from pages.parts import components
from pages.parts.text import _, translated
from viz.maps.rows import Labels, Map, pack
from viz.maps.sums import Answer, Link, Taps, Words
from viz.peak import shape_text
from viz.theme import format_number

KEPT_TRIALS = 128
"""Kept for all visitors together; the largest takes some 300 kB."""

ROUNDINGS = 64
"""Units in the last place of the largest cell by which rounding alone may move one."""
EPSILON = float(np.finfo(np.float32).eps)
MOVED = " "
"""Between the key of a map and the place that is pinned on it."""

Recipe = Enlarging | Pooling | Convolving


@st.cache_resource(max_entries=KEPT_TRIALS, show_spinner=False)
def trial(recipe: Recipe) -> Trial:
    """Run a lesson's layer once; equal recipes share the frozen result."""
    torch.set_num_threads(1)
    return recipe.run()


def map_of(key: str, title: str, array: Array, *, value: bool = False, scale: str = "") -> Map:
    """Return a map of a gradient, or of a ``value``; maps of one named ``scale`` share it."""
    return Map(
        key=key,
        title=title,
        subtitle=shape_text(array.shape),
        array=array,
        group=scale or ("value" if value else "gradient"),
        symbol="v" if value else "g",
    )


def compared(key: str, title: str, array: Array, recorded: Array) -> Map:
    """Return a map of what was predicted; below its title, how far it is from what came out."""
    apart = format_number(float(np.abs(array - recorded).max()))
    same = _("equal: difference 0") if apart == "0" else _("not equal: difference {apart}")
    return replace(map_of(key, title, array), subtitle=same.format(apart=apart))


def kernel_map(key: str, title: str, array: Array, group: str, symbol: str = "g") -> Map:
    """Return a map of a parameter's gradient, or of the parameter where its symbol is ``w``."""
    said = shape_text(array.shape)
    return Map(key, title, said, array, role="parameter", group=group, symbol=symbol)


def backward_link(
    table: CoefficientTable, from_map: str, to_map: str, explained: str = "∂L/∂input"
) -> Link:
    """Return the sums of upstream cells behind a gradient."""
    words = Words(**{**translated(asdict(Words())), "explained": explained})
    return Link.from_table(table, from_map, to_map, words=words)


def forward_link(made: ForwardTable, from_map: str, to_map: str) -> Link:
    """Return the sums of input cells behind the output."""
    words = translated(asdict(replace(Words(), explained="output", recorded="PyTorch {value}")))
    (link,) = Link.of_forward(made, from_map, [to_map], words=Words(**words))
    return link


def also_lighting(link: Link, key: str) -> Link:
    """Let the summed cells light up in a third map of the same shape, too."""
    return replace(link, taps=Taps(key, link.places))


def also_lighting_own(link: Link, key: str) -> Link:
    """Let the explained cell light up in a third map of the same shape, too."""
    return replace(link, taps=Taps(key, np.repeat(link.cells, np.diff(link.offsets))))


def named(link: Link) -> Link:
    """Return the link with the names of a lesson: ``w`` for the kernel, ``x`` for the input."""
    short = (
        name.replace(f"{LAYER}.weight", "w").replace(f"{LAYER}.bias", "b").replace(INPUT, "x")
        for name in link.names
    )
    return replace(link, names=tuple(short))


def pinned(link: Link, shape: Sequence[int], place: int) -> Answer:
    """Return the sum behind one cell of an array of this shape, so that it is shown at once."""
    row = int(np.flatnonzero(link.cells == place)[0])
    terms = slice(int(link.offsets[row]), int(link.offsets[row + 1]))
    one = replace(
        link,
        cells=link.cells[row : row + 1],
        offsets=np.array([0, terms.stop - terms.start]),
        places=link.places[terms],
        coefficients=link.coefficients[terms],
        name_of=link.name_of[terms],
        taps=link.taps and Taps(link.taps.map, link.taps.places[terms]),
    )
    index = tuple(int(axis) for axis in np.unravel_index(place, shape))
    return Answer(link.from_map, index, (one,))


def short_labels() -> Labels:
    """Return the words of the maps, with a hint that fits on one line for a room too."""
    return Labels(**translated(asdict(Labels(hint="Point at a cell."))))


def draw(
    key: str,
    rows: Sequence[Sequence[Map]],
    links: Sequence[Link] = (),
    *,
    arrow: bool = True,
) -> None:
    """Draw rows of maps."""
    data = pack(rows, links=links, between=(), arrow=arrow, labels=short_labels())
    components.heatmaps(data, key, lambda _sent: None)


def draw_walked(
    key: str,
    row: Sequence[Map],
    link: Link,
    place: int,
    on_place: Callable[[int], None],
    arrow: bool = True,
) -> None:
    """Draw maps of which the one that the link explains has a cell pinned, at a row-major place.

    ``on_place`` gets the place of a cell that is pinned there by pointing.
    """
    # Another key begins the maps anew, and with them the cell that is pinned.
    (walked,) = (each for each in row if each.key == link.from_map)
    assert walked.array is not None  # noqa: S101 - a trial has every map
    shape, moved = walked.array.shape, replace(walked, key=f"{walked.key}{MOVED}{place}")
    here = replace(link, from_map=moved.key)

    def take(sent: object) -> None:
        at = pinned_at(sent, walked.key, shape)
        if at is not None:
            on_place(at)

    data = pack(
        [[moved if each is walked else each for each in row]],
        links=[here],
        answer=pinned(here, shape, place),
        between=(),
        arrow=arrow,
        told=moved.key,
        labels=short_labels(),
    )
    components.heatmaps(data, key, take)


def pinned_at(sent: object, key: str, shape: Sequence[int]) -> int | None:
    """Read the row-major place of a cell that was pinned on the map; None for anything else."""
    if not isinstance(sent, dict) or str(sent.get("map")).partition(MOVED)[0] != key:
        return None
    index = sent.get("index")
    if not isinstance(index, list) or len(index) != len(shape):
        return None
    if not all(type(at) is int and 0 <= at < size for at, size in zip(index, shape, strict=True)):
        return None
    return int(np.ravel_multi_index(index, tuple(shape)))


def comparison(rows: Mapping[str, tuple[Array, Array]]) -> None:
    """List two ways to compute the same arrays, each with the largest difference."""
    lines = [f"| {_('what')} | {_('shape')} | {_('largest difference')} | |", "|---|---|---:|---|"]
    for name, (one, other) in rows.items():
        apart = float(np.abs(one - other).max(initial=0.0))
        lines.append(f"| {name} | {shape_text(one.shape)} | {apart:.3g} | {sign(one, other)} |")
    st.markdown("\n".join(lines))


def sign(one: Array, other: Array) -> str:
    """Return whether two arrays are the same, differ by rounding alone, or differ."""
    apart = np.abs(one - other).max(initial=0.0)
    largest = np.abs(other).max(initial=0.0)
    return "✓" if apart == 0 else "≈" if apart <= ROUNDINGS * EPSILON * largest else "✗"


def judged(predicted: Mapping[str, Array], recorded: Array, marked: str) -> None:
    """List what each answer predicts, beside what autograd computed; one answer is ``marked``."""
    lines = [f"| {_('answer')} | {_('first cell')} | autograd | max abs(Δ) | |"]
    lines.append("|---|---:|---:|---:|---|")
    for name, cells_of_answer in predicted.items():
        apart = float(np.abs(cells_of_answer - recorded).max())
        values = (cells_of_answer.flat[0], recorded.flat[0], apart)
        numbers = " | ".join(format_number(value, 4) for value in values)
        shown = f"**{name}** ←" if name == marked else name
        lines.append(f"| {shown} | {numbers} | {'✗' if apart else '✓'} |")
    st.markdown("\n".join(lines))
