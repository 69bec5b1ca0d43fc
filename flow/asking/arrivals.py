"""Where a gradient came from: the consumers whose parts were added, and the node that made it.

A linear layer's weight gets its gradient through a transposition. Nodes that only move cells are
followed to the one that computed the gradient.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from flow.asking.matrix.probe import single_source
from flow.ops import moves
from flow.record import Capture, NodeRecord, Shape
from flow.recording.walk import LiveGraph


@dataclass(frozen=True, eq=False)
class Origin:
    """The node that made a gradient, and where each cell stands in what it handed on."""

    record: NodeRecord
    which: int
    shape: Shape
    """Shape of the gradient that was asked about."""
    cells: NDArray[np.int64] | None
    """Row-major position in the downstream of ``record`` for each cell; None: unmoved."""


def origin_of(graph: LiveGraph, capture: Capture, leaf: NodeRecord) -> Origin | None:
    """Return where a leaf's gradient was made; None when several consumers' parts were added."""
    parts = capture.parts(leaf.id, 0)
    if len(parts) != 1:
        return None
    shape = leaf.shapes[0]
    (record, which), cells = parts[0], None
    while moves(record):
        moved = single_source(graph, record, which)
        before = capture.parts(record.id, 0)
        if moved is None or (moved[1] != 1).any() or len(before) != 1:
            break
        cells = moved[0] if cells is None else moved[0][cells]
        record, which = before[0]
    return Origin(record, which, shape, cells)
