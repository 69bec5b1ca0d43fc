"""What a layer carries that returns its input itself, such as ``nn.Identity`` on a shortcut.

Its output and its input are one tensor, which others may read as well, so the gradient that
arrived there need not have come through the layer. An operation that ran before the layer's
call cannot have read its output; of those that ran later, nothing tells which of the two
equal names they used.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from flow.record import Array

Place = tuple[int, int]
"""Where the gradient of a tensor stands in the graph: (index of a node, which output)."""


class Carried(NamedTuple):
    """The gradient that operations from some moment on handed on to a tensor."""

    gradient: Array | None
    readers: int
    """How many reads it is made of; a vector that the backward began with counts as one."""


class Reads:
    """Who read each tensor, and what each reader handed on."""

    def __init__(
        self,
        births: Sequence[int],
        targets: Sequence[tuple[Place, ...]],
        downstream: Sequence[Sequence[Array | None]],
        begun: Mapping[Place, Array],
    ) -> None:
        self._begun = begun
        self._reads: dict[Place, list[tuple[int, Array | None]]] = {}
        for birth, places, handed_on in zip(births, targets, downstream, strict=True):
            for place, part in zip(places, handed_on, strict=True):
                self._reads.setdefault(place, []).append((birth, part))

    def since(self, place: Place, moment: int, total: Array | None) -> Carried:
        """Return what readers born at ``moment`` or later handed on, of all that arrived."""
        reads = self._reads.get(place, [])
        late = [part for birth, part in reads if birth >= moment]
        vector = self._begun.get(place)
        readers = len(late) + (vector is not None)
        if len(late) == len(reads):
            return Carried(total, readers)
        return Carried(added([vector, *late]), readers)


def added(parts: Sequence[Array | None]) -> Array | None:
    """Add parts of a gradient in the order given; None where there is none."""
    present = [part for part in parts if part is not None]
    if len(present) < 2:
        return present[0] if present else None
    total: Array = sum(present[1:], present[0])
    total.setflags(write=False)
    return total
