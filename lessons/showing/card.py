"""Pictures for the cards of lessons: SVGs without words, for dark pages and for light ones."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lessons.running.recipe import Recipe, ran
from lessons.running.trial import Trial
from viz.theme import ACCENT, diverging
from viz.thumbnail import matrices, thumbnail

Card = Callable[[bool], str]
"""dark -> SVG."""


def itself(run: Trial) -> Trial:
    """Take a run that is of one layer as it is."""
    return run


def gradients(recipe: Recipe[Any], of: Callable[[Any], Trial] = itself) -> Card:
    """Return the picture of what arrives at a layer and of what it hands on.

    ``of`` takes the layer from what the recipe runs.
    """

    def drawn(dark: bool) -> str:
        run = of(ran(recipe))
        return thumbnail(*matrices(run.upstream, run.downstream), dark=dark)

    return drawn


def between(dark: bool) -> str:
    """Return the picture of two points, the line between them, and a point on it."""
    colours = diverging(dark)
    start, end, found = (30, 80), (214, 20), (99, 57.5)
    dots = (
        f'<circle cx="{x:g}" cy="{y:g}" r="{radius}" fill="{colour}"/>'
        for (x, y), radius, colour in (
            (start, 9, colours.negative[2]),
            (end, 9, colours.positive[2]),
            (found, 7, ACCENT),
        )
    )
    line = f"M{start[0]} {start[1]}L{end[0]} {end[1]}"
    drop = f"M{found[0]} {found[1]}V96"
    return (
        '<svg viewBox="0 0 244 100" xmlns="http://www.w3.org/2000/svg" aria-hidden="true">'
        f'<path d="{line}" fill="none" stroke="{colours.positive[1]}" stroke-width="4"/>'
        f'<path d="{drop}" fill="none" stroke="{ACCENT}" stroke-width="3" stroke-dasharray="5 4"/>'
        f"{''.join(dots)}</svg>"
    )
