"""What is said of a map that is hidden: which one, and where else the same numbers are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flow.record import Capture
from viz.hidden import Concealed
from viz.language import Say

KINDS: Mapping[str, str] = {
    "upstream": "{name}'s upstream gradient",
    "downstream": "{name}'s downstream gradient",
    "input": "{name}'s input",
    "output": "{name}'s output",
    "grad": "the gradient of {name}",
}
"""In English, by the end of an array's name."""
UNHIDDEN: Mapping[str, str] = {
    "unknown": "Nothing is hidden as {name}: this run has no such map.",
    "given": "{name} cannot be hidden: it is given, or equal to what is given, and a link tells all"
    " of that.",
    "not real": "{name} cannot be hidden: only maps of decimal numbers can.",
}
"""Why something is not hidden, in English."""


def concealed_data(each: Concealed, capture: Capture, say: Say) -> dict[str, Any]:
    """Return a ``Concealed`` for the browser: its name, and a sentence."""
    if each.state != "hidden":
        sentence = say(UNHIDDEN[each.state]).format(name=each.name)
        return {"name": each.name, "hides": False, "sentence": sentence}
    inside = {node.id for node in capture.nodes}
    others = [name for name in each.also if name.partition(".")[0] not in inside]
    named = ", ".join(_called(name, say) for name in others)
    sentence = say("Hidden: {map} (also: {maps}).") if named else say("Hidden: {map}.")
    return {
        "name": each.name,
        "hides": True,
        "sentence": sentence.format(map=_called(each.name, say), maps=named),
    }


def _called(name: str, say: Say) -> str:
    """Say in words which map has a name."""
    owner, _dot, kind = name.rpartition(".")
    if kind.isdigit():  # one of several
        owner, _dot, kind = owner.rpartition(".")
    return say(KINDS[kind]).format(name=owner) if owner and kind in KINDS else name
