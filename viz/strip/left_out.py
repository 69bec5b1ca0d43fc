"""Which layers' parameters get no gradient at all, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flow.record import ROOT, Capture
from viz.strip.stops import Stop

NAMED = 3
"""Names written out; the rest is counted."""

LEFT_OUT_TEXT: Mapping[str, str] = {
    "left_out_layer": "**No gradient reaches the parameters of {names}.**",
    "left_out_layers": "**No gradient reaches the parameters of {count} layers: {names}.**",
    "left_out_parameters": "**No gradient reaches {names}.**",
    "and_more": "{names} and {count} more",
    "detached_in": "What comes of them is detached in {place}, and no other way leads to the loss.",
    "detached_in_model": "What comes of them is detached in the model's own forward, and no other"
    " way leads to the loss.",
    "no_way": "No way of the graph leads from them to the loss, as when they are not used, or run"
    " under no_grad().",
}
"""What is said of them, in English; between ** stands what is emphasised."""


@dataclass(frozen=True)
class LeftOut:
    """Parameters to which no way of the graph leads."""

    names: tuple[str, ...]
    """Of layers, where of each all that could learn is left out; else of the parameters."""
    layers: bool
    cut: str | None
    """The layer that detached what came of all of them; None where that is not known."""


def left_out(capture: Capture, way: Sequence[Stop]) -> LeftOut | None:
    """Find them; None where every parameter that could learn is in the graph."""
    records = [record for record in capture.parameters if record.trainable]
    lost = [record.name for record in records if record.left_out]
    if not lost:
        return None
    owners = dict.fromkeys(map(_owner, lost))
    whole = ROOT not in owners and not any(
        _owner(record.name) in owners and record.name not in lost for record in records
    )
    cuts = {name: {stop.cut for stop in way if stop.path == name} for name in owners}
    told = set().union(*cuts.values()) if all(cuts.values()) else set()
    return LeftOut(
        names=tuple(owners) if whole else tuple(lost),
        layers=whole,
        cut=told.pop() if len(told) == 1 else None,
    )


def _owner(parameter: str) -> str:
    """Return the path of the module that a parameter belongs to."""
    return parameter.partition(" = ")[0].rpartition(".")[0]


def left_out_sentences(
    found: LeftOut, text: Mapping[str, str]
) -> list[tuple[str, Mapping[str, str]]]:
    """Return what is said of them, each sentence with what is to be put in."""
    count = len(found.names)
    names = ", ".join(found.names[:NAMED])
    if count > NAMED:
        names = text["and_more"].format(names=names, count=count - NAMED)
    layers = "left_out_layer" if count == 1 else "left_out_layers"
    first = text[layers if found.layers else "left_out_parameters"]
    if found.cut is None:
        why = text["no_way"]
    else:
        why = text["detached_in" if found.cut else "detached_in_model"]
    return [(first, {"names": names, "count": str(count)}), (why, {"place": found.cut or ""})]
