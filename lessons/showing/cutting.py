"""Curves cut off where a picture ends."""

from __future__ import annotations

import math
from collections.abc import Sequence


def below(points: Sequence[tuple[float, float]], edge: float) -> list[tuple[float, float]]:
    """Cut a polyline at an upper edge: where it leaves or comes back, it has a point on it."""
    kept: list[tuple[float, float]] = []
    for at, (x, y) in enumerate(points):
        if at and (y > edge) != (points[at - 1][1] > edge):
            before, height = points[at - 1]
            kept.append((before + (edge - height) / (y - height) * (x - before), edge))
        kept.append((x, y if y <= edge else math.nan))
    return kept
