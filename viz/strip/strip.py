"""The model as a strip of boxes in forward order, with the size of the gradient at each."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from flow.record import Capture
from viz.peak import log_share, peak_text
from viz.strip.steps import STATE_TEXT
from viz.strip.stops import State, Stop, StripBox, stops
from viz.theme import format_number

DECADES = 3
"""A full bar stands for at least this many powers of ten, so equal gradients look equal."""

STRIP_TEXT: Mapping[str, str] = {
    "input": "input",
    "loss": "loss",
    "upstream": "upstream",
    "given": "given vector",
    "operations": "{count} operations",
    "no_gradient": "no gradient",
    "legend": "Bars: max |upstream gradient|, logarithmic from {low} (empty) to {high} (full).",
    "legend_nothing": "Bars: max |upstream gradient|.",
    "say": "max |upstream gradient| {peak}",
    "say_inert": "owns no node of the graph",
}
"""What is said of the boxes, in English; pass a translated copy."""
STRIP_WORDS: Mapping[str, str] = {
    "strip": "Layers in forward order",
    "more": "… {count} more",
    "say_more": "{count} more layers",
    **STATE_TEXT,
}
"""What the browser says itself: of all boxes, of those that it leaves out, and of a step."""


@dataclass(frozen=True)
class Strip:
    """All boxes in forward order, and what the bars mean."""

    boxes: tuple[StripBox, ...]
    legend: str


def strip_data(capture: Capture, text: Mapping[str, str] = STRIP_TEXT) -> dict[str, Any]:
    """Return all boxes and what the bars mean, ready for JSON."""
    strip = make_strip(capture, text)
    return {"boxes": [asdict(box) for box in strip.boxes], "legend": strip.legend}


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
