"""What changes by hand did to every box: its value and its gradient now, minus those before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from flow.record import Array, Capture, Shape
from viz.difference import difference
from viz.strip.stops import Stop
from viz.theme import format_number

CHANGES_TEXT: Mapping[str, str] = {
    "changing_cell": "Changing {name}[{index}] from {before} to {after}",
    "changing_cells": "Changing {count} cells of {name}",
    "changing_tensors": "Changing {count} cells of {tensors} tensors",
}
"""What the sentence about the changes begins with, in English."""
CHANGES_WORDS: Mapping[str, str] = {
    "pick_compare": "What boxes and maps show",
    "as_it_is": "as it is",
    "as_it_is_help": "the values and gradients of this run",
    "what_changed": "what changed",
    "what_changed_help": "what the changes by hand did, now minus before: in every box, and below"
    " each row of maps",
    "delta_values": "Δ values",
    "delta_gradients": "Δ gradients",
    "minus": "now - before",
    "same": "unchanged",
    "same_short": "0",
    "changed_value": "value, largest change in the sample {value}",
    "changed_gradient": "gradient, largest change in the sample {value}",
    "reaches": "{change} reaches {parts}.",
    "reached_values": "**{count} of {all} values** after {name}",
    "reached_input": "**{count} of {all} values** of the input",
    "reached_gradients": "**{count} of {all} gradients** there",
    "and": " and ",
    "moves_loss": "{change} moves the loss by **{value}**.",
    "keeps_loss": "{change} leaves the loss as it is.",
    "in_all": "In the whole run it reaches values of {values} of {all_values} boxes, and gradients"
    " of {gradients} of {all_gradients}.",
}
"""What the browser says where the boxes show what changed, in English; between ** stands what is
emphasised."""


@dataclass(frozen=True)
class ByHand:
    """Which cells were changed before a run."""

    count: int
    names: tuple[str, ...]
    """The tensors that they belong to."""
    cell: tuple[Shape, float, float] | None = None
    """Of a single one: where it is, its value before and its value now."""


@dataclass(frozen=True, eq=False)
class Changes:
    """What a run is compared with: the same one before the changes by hand."""

    before: Capture
    by_hand: ByHand


def said(by_hand: ByHand, text: Mapping[str, str]) -> str:
    """Say what was changed, as the beginning of a sentence."""
    if len(by_hand.names) > 1:
        sentence = text["changing_tensors"]
        return sentence.format(count=by_hand.count, tensors=len(by_hand.names))
    (name,) = by_hand.names
    if by_hand.cell is None:
        return text["changing_cells"].format(count=by_hand.count, name=name)
    index, before, after = by_hand.cell
    return text["changing_cell"].format(
        name=name,
        index=", ".join(map(str, index)),
        before=format_number(before),
        after=format_number(after),
    )


def differences(way: Sequence[Stop], earlier: Sequence[Stop]) -> Iterator[Stop]:
    """Yield every box with what has changed in the place of its value and its gradients."""
    for at, stop in enumerate(way):
        before = earlier[at] if at < len(earlier) else None
        if before is None or (before.name, before.nodes) != (stop.name, stop.nodes):
            yield replace(stop, value=None, gradients=())
            continue
        pairs = zip(stop.gradients, before.gradients, strict=False)
        gradients = tuple(difference(now, then) for now, then in pairs)
        yield replace(stop, value=difference(stop.value, before.value), gradients=gradients)


def reach(changed: Sequence[Stop]) -> NDArray[np.uint32]:
    """Return of every box how many cells of its value differ, of how many; then of its gradient.

    Of what cannot be compared there are 0 cells.
    """
    counts = [_count(array) for stop in changed for array in (stop.value, stop.gradient)]
    return np.array(counts, np.uint32).reshape(-1)


def _count(array: Array | None) -> tuple[int, int]:
    return (0, 0) if array is None else (int(np.count_nonzero(array)), array.size)
