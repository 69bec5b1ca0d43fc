"""Who feeds whom among the boxes of the strip, and how much of the gradient goes back that way."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flow.record import Array, Capture, GradientPlace
from viz.hidden import any_hidden
from viz.peak import peak
from viz.strip.stops import Stop


@dataclass(frozen=True)
class Link:
    """A box reads what an earlier one computed; its gradient goes the other way."""

    source: int
    """Place of the box that is read from."""
    target: int
    """Place of the box that reads, and hands a gradient on."""
    handed: float | None
    """max |what the target hands on to the source|; None where no gradient goes this way, NaN
    where that is hidden."""
    hidden: bool = False


def links(capture: Capture, way: Sequence[Stop]) -> list[Link]:
    """Return all links, by the place of the boxes on the way forward."""
    parts = _Parts(capture, way)
    found = [
        Link(source, target, _size(arrays.values()), any(map(any_hidden, arrays.values())))
        for (source, target), arrays in sorted(parts.handed.items())
    ]
    if capture.loss is None and capture.nodes:
        source = parts.owner.get(capture.nodes[0].id)
        if source is not None and source < len(way) - 1:
            found.append(Link(source, len(way) - 1, way[-1].peak, way[-1].state == "hidden"))
    return sorted([*found, *_ungraded(way, found)], key=lambda link: (link.target, link.source))


class _Parts:
    """What every box hands on to every other one, by the tensor whose gradient it is."""

    def __init__(self, capture: Capture, way: Sequence[Stop]) -> None:
        self.way = way
        self.owner: dict[str, int] = {}
        self.silent: dict[GradientPlace, list[int]] = defaultdict(list)
        """Boxes without nodes, by the tensor that they return as it came."""
        for at, stop in enumerate(way):
            self.owner.update(
                {
                    node: at
                    for node in stop.nodes
                    if stop.kind == "input" or not capture.node(node).is_leaf
                }
            )
            if not stop.nodes and stop.place is not None and stop.kind == "layer":
                self.silent[stop.place].append(at)
        self.handed: dict[tuple[int, int], dict[GradientPlace, list[Array]]] = defaultdict(dict)
        for at, stop in enumerate(way):
            for place, part in self._read(capture, at, stop):
                source = self._source(place, at)
                if source is not None and source < at:
                    arrays = self.handed[source, at].setdefault(place, [])
                    arrays.extend([part] if part is not None else [])

    def _read(
        self, capture: Capture, at: int, stop: Stop
    ) -> Iterator[tuple[GradientPlace, Array | None]]:
        """Yield every tensor of another box that a box reads, with what it hands on there."""
        if at in self.silent.get(stop.place or ("", 0), ()) and stop.place is not None:
            yield stop.place, next((part for part in stop.handed if part is not None), None)
        for node in map(capture.node, stop.nodes):
            handed = zip(node.targets, node.target_outputs, node.downstream, strict=False)
            for target, output, part in handed:
                if target is not None and self.owner.get(target, at) != at:
                    yield (target, output), part

    def _source(self, place: GradientPlace, before: int) -> int | None:
        """Return the box from which a tensor is read: the last before it that returned it."""
        silent = [at for at in self.silent.get(place, ()) if at < before]
        return silent[-1] if silent else self.owner.get(place[0])


def _size(tensors: object) -> float | None:
    """Return the largest magnitude handed on, where several parts of one gradient add up."""
    arrays: list[Array] = []
    for parts in tensors:  # type: ignore[attr-defined]
        total = None
        for part in parts:
            total = part if total is None else total + part
        arrays.extend([] if total is None else [total])
    return peak(arrays)


def _ungraded(way: Sequence[Stop], found: Sequence[Link]) -> Iterator[Link]:
    """Yield what the graph does not say: who reads what asks for no gradient."""
    fed = {link.target for link in found}
    plain = True
    for at in range(1, len(way)):
        if at not in fed:
            yield Link(at - 1 if plain else 0, at, None)
        plain = plain and way[at].place is None


def longest(way: Sequence[Stop], found: Sequence[Link], end: int | None = None) -> list[int]:
    """Return the boxes of the longest way that the gradient takes, the loss first.

    Without a box at which it ends, the way ends where it is longest.
    """
    last = len(way) - 1
    steps, after = {last: 0}, dict[int, int]()
    for link in sorted(found, key=lambda link: -link.target):
        if link.handed is None or link.target not in steps:
            continue
        if steps[link.target] + 1 > steps.get(link.source, 0):
            steps[link.source] = steps[link.target] + 1
            after[link.source] = link.target
    path = [max(steps, key=lambda at: (steps[at], -at)) if end is None else end]
    while path[-1] != last:
        path.append(after[path[-1]])
    return path[::-1]
