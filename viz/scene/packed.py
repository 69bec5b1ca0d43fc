"""The maps of what is chosen with the sums behind their cells, packed for the browser."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict

from viz.language import translated
from viz.links import Answer, Link
from viz.maps import MAX_BYTES, Labels, Map, pack
from viz.scene import inspector, sums
from viz.scene.inspector import Chosen


def packed(
    chosen: Chosen,
    shown: Sequence[Sequence[Map]],
    answer: Answer | None = None,
    adapt: Callable[[Link], Link] = lambda link: link,
    limit: int = MAX_BYTES,
) -> bytes:
    """Return the maps as ``viz.maps.pack`` writes them; ``adapt`` may change a sum before."""
    links = [adapt(link) for link in sums.links(chosen, shown)]
    labels = Labels(**translated(asdict(Labels()), chosen.say))
    arrow = inspector.flows(chosen)
    return pack(shown, links=links, answer=answer, arrow=arrow, labels=labels, limit=limit)
