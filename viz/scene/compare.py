"""What changes by hand did to the maps: each one now, minus the same one before."""

from __future__ import annotations

from dataclasses import replace

from viz.difference import difference
from viz.language import Say
from viz.maps.rows import Map
from viz.scene import inspector
from viz.scene.inspector import Chosen
from viz.scene.live import LiveRun


def with_changes(chosen: Chosen, before: LiveRun) -> list[list[Map]]:
    """Return the inspector's maps, each row followed by what has changed in it.

    Nothing follows where the run before had no such node or no such map.
    """
    shown = inspector.rows(chosen)
    capture = before.capture
    try:
        node = capture.node(chosen.node.id)
    except KeyError:
        return shown
    earlier = replace(chosen, live=before, capture=capture, node=node)
    known = {each.key: each for row in inspector.rows(earlier) for each in row}
    result = []
    for row in shown:
        changes = [_change(each, known.get(each.key), chosen.say) for each in row]
        result += [row, changes] if any(each.array is not None for each in changes) else [row]
    return result


def _change(now: Map, before: Map | None, say: Say) -> Map:
    return replace(
        now,
        key=f"change:{now.key}",
        title=f"Δ {now.title}",
        subtitle=say("change: now minus before"),
        term="",
        array=difference(now.array, before.array if before is not None else None),
        missing=say("There is nothing to compare."),
        group=f"change:{now.group}",
        symbol="Δ",
        reach=True,
    )
