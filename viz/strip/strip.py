"""The run as a strip of boxes in forward order: values forward, gradients backward, their size."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from flow.record import Capture
from viz.maps.packet import Blobs
from viz.strip.changes import CHANGES_TEXT, CHANGES_WORDS, Changes, differences, reach, said
from viz.strip.left_out import left_out
from viz.strip.profile import HIGHEST, LOWEST, UNCHANGED, Profile, profile
from viz.strip.steps import STATE_TEXT
from viz.strip.stops import Stop, stops
from viz.strip.thumbnails import Thumbnail, batch_of, packed, pictures, samples_sent
from viz.strip.verdict import VERDICT_TEXT, Words, verdict

STRIP_TEXT: Mapping[str, str] = {
    "input": "input",
    "loss": "loss",
    "upstream": "upstream",
    "given": "given vector",
    "operations": "{count} operations",
    "cut_in": "what came of it is detached in {name}, and no other way leads to the loss",
    "cut_in_model": "what came of it is detached in the model's own forward, and no other way leads"
    " to the loss",
    "unreached": "no way of the graph leads from it to the loss",
    **CHANGES_TEXT,
    **VERDICT_TEXT,
}
"""What is said of the boxes, in English; pass a translated copy."""
STRIP_WORDS: Mapping[str, str] = {
    "strip": "Layers in forward order",
    "values": "values",
    "forward": "forward",
    "gradients": "gradients",
    "backward": "backward",
    "own_colours": "Each small picture has a colour scale of its own, up to its largest cell:"
    " compare the numbers beside them.",
    "value": "value",
    "gradient": "gradient",
    "channel": "channel {number}",
    "sample_value": "value, largest cell of the sample {value}",
    "sample_gradient": "gradient, largest cell of the sample {value}",
    "batch_gradient": "max |gradient| of the whole batch {value}",
    "passes": "hands on at most {ratio} of that",
    "inert": "owns no node of the graph",
    "not_asked": "no gradient is asked for",
    "not_asked_short": "none asked for",
    "nothing": "no gradient arrives",
    "nothing_short": "none arrives",
    "cut": "no gradient arrives: cut off",
    "cut_short": "cut off",
    "not_kept": "not kept in this run",
    "not_kept_short": "not kept",
    "unrecorded": "not recorded",
    "unsent": "not in this file",
    "hidden": "hidden",
    "one": "size 1",
    "thousandth": "thousandth",
    "millionth": "millionth",
    "billionth": "billionth",
    "above_axis": "▲ above 10, up to {value}",
    "below_axis": "▼ below 10⁻⁹, down to {value}",
    "unchanged": "below: no change to a float32 weight of 1",
    **CHANGES_WORDS,
    **STATE_TEXT,
}
"""What the browser says itself, of every box and of the profile below."""


@dataclass(frozen=True, eq=False)
class Strip:
    """All boxes in forward order, and what there is to say of them."""

    capture: Capture
    text: Mapping[str, str]
    changes: Changes | None = None
    """Where the boxes show what changes by hand did, and not what went through them."""

    @cached_property
    def way(self) -> list[Stop]:
        """The boxes."""
        return list(stops(self.capture, self.text))

    @cached_property
    def drawn(self) -> list[Stop]:
        """The boxes with the arrays that are drawn in them."""
        if self.changes is None:
            return self.way
        return list(differences(self.way, list(stops(self.changes.before, self.text))))

    @cached_property
    def profile(self) -> Profile:
        """How large the gradient is at each of them."""
        return profile(self.capture, self.way)

    @cached_property
    def batch(self) -> int:
        """How many samples can be picked; 0 where they cannot be told apart."""
        return batch_of(self.capture, self.way)

    @cached_property
    def pictures(self) -> list[list[list[Thumbnail | None]]]:
        """What is drawn in the boxes, of the samples that are sent with the run."""
        return samples_sent(self.drawn, self.batch, alike=self.changes is None)

    @cached_property
    def verdict(self) -> list[Words]:
        """The sentence about the gradient on its way, in pieces."""
        lost = left_out(self.capture, self.way)
        return verdict(self.way, self.profile, self.text, self.batch, lost)

    @property
    def bytes(self) -> int:
        """How much room the numbers take, at most."""
        thumbnails = [each for sample in self.pictures for box in sample for each in box]
        cells = sum(each.cells.size for each in thumbnails if each is not None)
        return cells + 14 * len(thumbnails) + 32 * len(self.way) + 24 * (len(self.pictures) + 2)

    def words(self) -> dict[str, Any]:
        """Return everything but the numbers, ready for JSON."""
        seen = self.profile
        return {
            "boxes": [_box(stop, self.text) for stop in self.way],
            "links": [[each.source, each.target, each.handed is not None] for each in seen.links],
            "path": list(seen.path),
            "verdict": self.verdict,
            "state": seen.finding.verdict,
            "marked": seen.finding.marked,
            "axis": [HIGHEST, LOWEST, UNCHANGED],
            "samples": self.batch,
            "changing": self.changes and said(self.changes.by_hand, self.text),
        }

    def numbers(self, blobs: Blobs) -> dict[str, Any]:
        """Write the numbers and return where they are."""
        return {
            "peaks": blobs.add(_numbers(self.profile.peaks)),
            "ratios": blobs.add(_numbers(self.profile.ratios)),
            "reach": None if self.changes is None else blobs.add(reach(self.drawn)),
            "pictures": [packed(each, at, blobs) for at, each in enumerate(self.pictures)],
        }

    def thumbnails(self, sample: int, blobs: Blobs) -> dict[str, Any]:
        """Write what the boxes show of one sample and return where it is."""
        alike = self.changes is None
        return packed(list(pictures(self.drawn, sample, self.batch, alike=alike)), sample, blobs)


def _numbers(values: Sequence[float | None]) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Return numbers; NaN where there is none, of which the state of the box tells the rest."""
    return np.array([math.nan if value is None else value for value in values], np.float64)


def _box(stop: Stop, text: Mapping[str, str]) -> dict[str, Any]:
    return {
        "kind": stop.kind,
        "name": stop.name,
        "detail": stop.detail,
        "shape": stop.shape,
        "state": stop.state,
        "why": _why(stop, text),
        "hides_value": stop.hides_value,
        "layer": stop.layer,
        "node": stop.node,
        "ranges": stop.ranges,
    }


def _why(stop: Stop, text: Mapping[str, str]) -> str:
    """Say why nothing arrives at a box that asks for a gradient; empty for any other."""
    if stop.state == "nothing" and stop.place is None:
        return text["unreached"]
    if stop.state != "cut":
        return ""
    return text["cut_in" if stop.cut else "cut_in_model"].format(name=stop.cut)
