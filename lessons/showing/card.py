"""Pictures for the cards of lessons: SVGs without words, for dark pages and for light ones."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lessons.running.recipe import Recipe, ran
from lessons.running.trial import Trial
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
