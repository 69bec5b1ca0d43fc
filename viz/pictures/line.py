"""Curves over two axes, and at most one point that moves: data of the ``line`` component.

The browser holds the place of the point. It draws numbers as they stand here and computes nothing
but where on the screen they go.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal

from viz.language import english
from viz.pictures.axis import axis
from viz.theme import format_number

MOST_PLACES = 400
"""Of a moving point: the text of each is sent."""
Kind = Literal["line", "steps", "dots", "bars"]
FOLLOWED = ("line", "steps")
MARGIN = 0.06
"""Part of the curves' height that stays free above and below them."""
HANDLE = 0.14
"""The same where a point moves, whose handle stands on the x axis."""
BARS = 0.8
"""Part of the distance between two bars that the bars at one place fill together."""

LINE_WORDS: Mapping[str, str] = {
    "summary": english("{title}. {y} over {x}. {curves}"),
    "curve": english("{title}: from {first} to {last}."),
    "empty_curve": english("{title}: no points yet."),
    "none": english("no points yet"),
    "move": english("Drag in the picture, or use the arrow keys."),
}
"""What the browser says, in English."""


@dataclass(frozen=True)
class Curve:
    """A polyline, steps, single dots, or bars from 0."""

    title: str
    """For the legend and screen readers, in the visitor's language."""
    points: Sequence[tuple[float, float]]
    """A number that is not finite leaves a gap."""
    kind: Kind = "line"
    """Of ``steps`` a value holds from its x to the next x."""
    dashed: bool = False


@dataclass(frozen=True)
class Moving:
    """A point that one moves along the x axis."""

    places: Sequence[float]
    """x of every place where it can stand, ascending, at most MOST_PLACES."""
    at: int
    """Its place."""
    said: Sequence[str]
    """One line of text a place: the formula filled in. ``**bold**`` and ```code``` may occur."""
    values: Sequence[Sequence[float]]
    """Of each curve that it follows y at each place; see ``followed``."""
    label: str
    """Its name, such as ``x``."""

    def check(self) -> None:
        """Raise ValueError unless every place has a text and all values."""
        count = len(self.places)
        if not 0 < count <= MOST_PLACES:
            raise ValueError(f"a moving point needs 1 to {MOST_PLACES} places, but {count} came")
        if any(before > after for before, after in pairwise(self.places)):
            raise ValueError("the places of a moving point must ascend")
        if not 0 <= self.at < count:
            raise ValueError(f"the place must be one of 0 to {count - 1}, but {self.at} came")
        lengths = [len(self.said), *map(len, self.values)]
        if set(lengths) != {count}:
            raise ValueError(f"{count} places need as many texts and values, but came: {lengths}")


@dataclass(frozen=True)
class Line:
    """A picture of curves."""

    title: str
    axes: tuple[str, str]
    """Names of x and y."""
    curves: Sequence[Curve]
    moving: Moving | None = None
    ticks: Sequence[float] = ()
    """Of the x axis; where there are none, tidy ones."""
    height: int = 260
    """In px; less on a phone."""
    begin: float | None = None
    """Where the y axis begins; None where it begins a little below the lowest point."""
    end: float | None = None
    """Where the y axis ends; None where it ends a little above the highest point."""


def line_data(line: Line, heard: float | None) -> dict[str, Any]:
    """Return the data of the ``line`` component, ready for JSON.

    ``heard`` is since when the place of the moving point was what the browser said last. Raises
    ValueError where the moving point does not fit its places or its curves.
    """
    moving = line.moving
    if moving is not None:
        moving.check()
    bar = bar_width(line.curves)
    places = moving.places if moving is not None else ()
    x_axis = axis(line.axes[0], [*_ends(line.curves, bar), *places], ticks=line.ticks)
    margin = HANDLE if moving else MARGIN
    y_axis = axis(line.axes[1], _heights(line), margin=margin, begin=line.begin, end=line.end)
    return {
        "title": line.title,
        "height": line.height,
        "axes": [x_axis.data(), y_axis.data()],
        "curves": [_curve(curve) for curve in line.curves],
        "bar": bar,
        "value": 0 if moving is None else int(moving.at),
        "heard": heard,
        "moving": None if moving is None else _moving(moving, line.curves),
    }


def followed(curves: Sequence[Curve], rows: int) -> list[int]:
    """Return which curve each row of values of a moving point stands on.

    The rows go with the lines and steps in their order; where there are more of them, with all
    curves. Raises ValueError where there are more rows than curves.
    """
    lines = [at for at, curve in enumerate(curves) if curve.kind in FOLLOWED]
    if rows > len(curves):
        raise ValueError(f"a moving point has {rows} rows of values for {len(curves)} curves")
    return (lines if rows <= len(lines) else list(range(len(curves))))[:rows]


def bar_width(curves: Sequence[Curve]) -> float:
    """Return how wide a bar is on the x axis, so that those of all curves stand side by side."""
    barred = [curve for curve in curves if curve.kind == "bars"]
    places = sorted({x for curve in barred for x, _y in curve.points})
    distance = min((after - before for before, after in pairwise(places)), default=1.0)
    return BARS * distance / len(barred) if barred else 0.0


def _ends(curves: Sequence[Curve], bar: float) -> Iterator[float]:
    """Yield every x of the curves, of bars the middle between them and the next ones."""
    half = bar * sum(curve.kind == "bars" for curve in curves) / BARS / 2
    for curve in curves:
        around = half if curve.kind == "bars" else 0.0
        yield from (x + way for x, _y in curve.points for way in (-around, around))


def _heights(line: Line) -> Iterator[float]:
    """Yield every y of a picture; bars begin at 0."""
    for curve in line.curves:
        yield from (y for _x, y in curve.points)
        if curve.kind == "bars":
            yield 0.0
    if line.moving is not None:
        yield from (y for row in line.moving.values for y in row)


def _curve(curve: Curve) -> dict[str, Any]:
    finite = [y for _x, y in curve.points if math.isfinite(y)]
    return {
        "title": curve.title,
        "kind": curve.kind,
        "dashed": curve.dashed,
        "points": [_finite(point) for point in curve.points],
        "ends": [format_number(finite[at]) for at in (0, -1)] if finite else [],
    }


def _moving(moving: Moving, curves: Sequence[Curve]) -> dict[str, Any]:
    return {
        "places": list(map(float, moving.places)),
        "said": list(moving.said),
        "values": [_finite(row) for row in moving.values],
        "follows": followed(curves, len(moving.values)),
        "label": moving.label,
    }


def _finite(values: Iterable[float]) -> list[float | None]:
    """Return numbers for JSON, which has no NaN and no infinity."""
    return [float(value) if math.isfinite(value) else None for value in values]
