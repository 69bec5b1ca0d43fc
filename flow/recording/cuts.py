"""Where the forward detached what a tensor had been computed into."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any


def cut_off(detached: Iterable[tuple[Any, str]], kept: Collection[Any]) -> Mapping[Any, str]:
    """Return the layer that detached what came of each node, for all nodes outside the graph.

    ``detached`` has the ``grad_fn`` of every detached tensor, and who detached it, in the order of
    the forward; ``kept`` the nodes from which a way leads to the loss. Of several layers the first
    is told.
    """
    found: dict[Any, str] = {}
    for node, layer in detached:
        ahead = [node]
        while ahead:
            node = ahead.pop()
            if node is not None and node not in found and node not in kept:
                found[node] = layer
                ahead.extend(giver for giver, _output in node.next_functions)
    return found
