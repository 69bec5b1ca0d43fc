"""Pictures for the cards of lessons: SVGs without words, for dark pages and for light ones."""

from __future__ import annotations

from collections.abc import Callable

from lessons.running.recipe import Recipe, ran
from lessons.running.trial import Trial
from viz.thumbnail import matrices, thumbnail

Card = Callable[[bool], str]
"""dark -> SVG."""


def gradients(recipe: Recipe[Trial]) -> Card:
    """Return the picture of what arrives at a layer and of what it hands on."""

    def drawn(dark: bool) -> str:
        run = ran(recipe)
        return thumbnail(*matrices(run.upstream, run.downstream), dark=dark)

    return drawn
