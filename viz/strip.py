"""The model as a strip of boxes in forward order, with the size of the gradient at each."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from flow.record import Capture
from viz.peak import log_share, peak_text
from viz.step import STATE_TEXT
from viz.stops import State, Stop, StripBox, stops
from viz.theme import ACCENT, NON_FINITE, format_number
from viz.tint import ink_on

BOX_LIMIT = 90
"""More boxes than this are shown as a window around the chosen one."""
WINDOW = 60
"""Boxes of that window."""
DECADES = 3
"""A full bar stands for at least this many powers of ten, so equal gradients look equal."""

STRIP_TEXT: Mapping[str, str] = {
    "strip": "Layers in forward order",
    "input": "input",
    "loss": "loss",
    "upstream": "upstream",
    "given": "given vector",
    "operations": "{count} operations",
    "no_gradient": "no gradient",
    "more": "… {count:,} more",
    "legend": "Bars: max |upstream gradient|, logarithmic from {low} (empty) to {high} (full).",
    "legend_nothing": "Bars: max |upstream gradient|.",
    "say": "max |upstream gradient| {peak}",
    "say_more": "{count:,} more layers",
    "say_inert": "owns no node of the graph",
    **STATE_TEXT,
}
"""Every sentence and label of the strip, in English; pass a translated copy."""


@dataclass(frozen=True)
class Strip:
    """All boxes in forward order, and what the bars mean."""

    boxes: tuple[StripBox, ...]
    legend: str


def strip_data(
    capture: Capture,
    selected_node: str,
    text: Mapping[str, str] = STRIP_TEXT,
    strip: Strip | None = None,
) -> dict[str, Any]:
    """Return the data of the ``strip`` component, ready for JSON.

    Args:
        capture: the run.
        selected_node: id of the chosen node (``"n3"``), ``""`` for none.
        text: STRIP_TEXT or a translation.
        strip: ``make_strip(capture, text)``, to keep it over many selections.

    """
    strip = strip or make_strip(capture, text)
    boxes = _window(strip.boxes, _place(strip.boxes, selected_node), text)
    layers = {node.id: node.layer for node in capture.nodes}
    return {
        "boxes": [asdict(box) for box in boxes],
        "selected": selected_node,
        "layer": layers.get(selected_node, ""),
        "legend": strip.legend,
        "label": text["strip"],
        "text": {key: text[key] for key in STATE_TEXT},
        "colours": {"accent": ACCENT, "ink": ink_on(ACCENT), "non_finite": NON_FINITE},
    }


def make_strip(capture: Capture, text: Mapping[str, str] = STRIP_TEXT) -> Strip:
    """Return input, leaf layers and operations between them in forward order, and the loss."""
    way = list(stops(capture, text))
    peaks = [stop.peak for stop in way if stop.peak is not None]
    positive = [value for value in peaks if math.isfinite(value) and value > 0]
    if not positive:
        boxes = tuple(_with_bar(stop, 1.0, 1.0, text) for stop in way)
        return Strip(boxes, text["legend_nothing"])
    high = max(positive)
    lowest = min(_decade(min(positive)) - 1, _decade(high) - DECADES)
    # Below the smallest double the bars start at that double.
    low = max(math.pow(10.0, lowest), math.ulp(0.0))
    boxes = tuple(_with_bar(stop, low, high, text) for stop in way)
    words = {"low": format_number(low), "high": format_number(high)}
    return Strip(boxes, text["legend"].format(**words))


def _with_bar(stop: Stop, low: float, high: float, text: Mapping[str, str]) -> StripBox:
    """Complete a box once the largest and smallest gradients of all are known."""
    value, box = stop.peak, stop.box
    state: State = "number"
    if value is None:
        state = "none"
    elif not math.isfinite(value):
        state = "not finite"
    elif value == 0:
        state = "zero"
    share = log_share(value, low, high) if state == "number" and value is not None else 0.0
    written = peak_text(value, text["no_gradient"])
    inert = "" if box.node else text["say_inert"]
    words = (box.name, box.detail, box.shape, text["say"].format(peak=written), inert)
    title = ", ".join(word for word in words if word)
    return replace(box, peak=written, share=round(share, 4), state=state, title=title)


def _decade(value: float) -> int:
    """Return the power of ten at or below a value; 1e-4 read from float32 still has -4."""
    return math.floor(round(math.log10(value), 6))


def _place(boxes: Sequence[StripBox], node: str) -> int:
    """Return the index of the box that holds a node; 0 when none does."""
    number = int(node[1:]) if node[1:].isdigit() else -1
    for index, box in enumerate(boxes):
        if any(low <= number <= high for low, high in box.ranges):
            return index
    return 0


def _window(
    boxes: tuple[StripBox, ...], place: int, text: Mapping[str, str]
) -> tuple[StripBox, ...]:
    """Keep the ends and a window around ``place``; a gap box leads to what is left out.

    The window moves in steps of half its size, so most selections leave it where it is.
    """
    if len(boxes) <= BOX_LIMIT:
        return boxes
    step = WINDOW // 2
    first = max(1, (place // step) * step - step // 2)
    last = min(first + WINDOW, len(boxes) - 1)
    first = max(1, last - WINDOW)
    before, after = boxes[1:first], boxes[last:-1]
    left = [_gap(before, before[-1], text)] if before else []
    right = [_gap(after, after[0], text)] if after else []
    return (boxes[0], *left, *boxes[first:last], *right, boxes[-1])


def _gap(hidden: Sequence[StripBox], nearest: StripBox, text: Mapping[str, str]) -> StripBox:
    """Make one box for many; choosing it selects the hidden box next to the window."""
    return replace(
        nearest,
        kind="gap",
        name=text["more"].format(count=len(hidden)),
        detail="",
        shape="",
        peak="",
        share=0.0,
        state="none",
        ranges=_merged(span for box in hidden for span in box.ranges),
        title=text["say_more"].format(count=len(hidden)),
    )


def _merged(spans: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Join ranges that touch or overlap."""
    merged: list[tuple[int, int]] = []
    for low, high in sorted(spans):
        if merged and low <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(merged[-1][1], high))
        else:
            merged.append((low, high))
    return tuple(merged)
