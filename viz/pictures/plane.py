"""Points in the plane over the regions that a network gives their classes, as an SVG."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from viz.maps.heatmap import Array
from viz.theme import LIGHT

DOT = 0.014
"""Radius of a point, as a part of the side."""
RIM = 0.004
"""Width of its edge."""
TINT = 0.4
"""How opaque regions are, so that points of the same colour stand out."""
LAP = 0.25
"""Part of a place by which a bar lies below the next ones, so that no paper shows between them."""
MOST_CLASSES = 3


@dataclass(frozen=True, eq=False)
class Plane:
    """A square of the plane around (0, 0); row 0 is the top."""

    won: Array
    """At each place, row by row, the number of the class that wins."""
    points: Array
    """The x and y of each point."""
    classes: Array
    """The number of its class."""
    reach: float
    """From the middle to the sides."""
    count: int
    """How many classes there are: 2 or 3."""


def colours(count: int) -> tuple[str, ...]:
    """Return the colour of each class."""
    if not 2 <= count <= MOST_CLASSES:
        raise ValueError(f"2 or {MOST_CLASSES} classes have colours, not {count}")
    ends = LIGHT.stops[0], LIGHT.stops[-1]
    return ends if count == 2 else (ends[0], LIGHT.zero, ends[1])


def plane_svg(plane: Plane) -> str:
    """Draw it."""
    ink = colours(plane.count)
    return (
        '<svg viewBox="0 0 1 1" width="400" height="400" xmlns="http://www.w3.org/2000/svg">'
        '<rect class="paper" width="1" height="1" fill="#fff"/>'
        f'<g opacity="{TINT}" shape-rendering="crispEdges">{_regions(plane, ink)}</g>'
        f'<g stroke="#000" stroke-width="{RIM}">{_points(plane, ink)}</g></svg>'
    )


def _regions(plane: Plane, ink: tuple[str, ...]) -> str:
    """Write a bar for every run of places in a row that one class wins."""
    rows, columns = plane.won.shape
    bars = []
    for row, won in enumerate(plane.won.tolist()):
        left = 0
        for number, run in groupby(won):
            length = len(list(run))
            bars.append(
                f'<rect x="{left / columns:.5g}" y="{row / rows:.5g}" '
                f'width="{(length + LAP) / columns:.5g}" height="{(1 + LAP) / rows:.5g}" '
                f'fill="{ink[number]}"/>'
            )
            left += length
    return "".join(bars)


def _points(plane: Plane, ink: tuple[str, ...]) -> str:
    across = (plane.points[:, 0] / plane.reach + 1) / 2
    down = (1 - plane.points[:, 1] / plane.reach) / 2
    return "".join(
        f'<circle cx="{x:.4g}" cy="{y:.4g}" r="{DOT}" fill="{ink[number]}"/>'
        for x, y, number in zip(across.tolist(), down.tolist(), plane.classes.tolist(), strict=True)
    )
