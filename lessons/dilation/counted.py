"""A stem and two convolutions: a field counted by the formula, and measured."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from itertools import combinations, product

import numpy as np

from experiment.written.address import Experiment
from lessons.asking.exercise import Array, Exercise, Mistake
from lessons.choosing.study import Study
from lessons.dilation.stack import Seen, cell_asked, seen
from lessons.dilation.windows import Sight, Window, fields, sights
from lessons.running.recipe import ran
from lessons.showing.grid import Grid
from viz.language import Say, english

SIDE = 127
"""Of the input, in which each of these fields fits."""
DRAWN = tuple(product((7, 5, 3), combinations((1, 2, 3, 4), 2)))
"""Kernels of the stem, each with two dilations."""
STRIDE = 5
"""From a seed's place in DRAWN to the next one's: it comes by all of them."""
NAMES = (english("stem"), english("down"), english("conv1"), english("conv2"))


@dataclass(frozen=True)
class Counted:
    """Two convolutions of stride 2, then two of stride 1; a seed draws their numbers."""

    seed: int = 0

    @property
    def windows(self) -> list[Window]:
        """Seed 0 has the stem of a ResNet, then dilations 1 and 2."""
        stem, (first, second) = DRAWN[self.seed * STRIDE % len(DRAWN)]
        return [
            Window(stem, 2, padding=stem // 2),
            Window(3, 2, padding=1),
            Window(3, dilation=first, padding=first),
            Window(3, dilation=second, padding=second),
        ]

    def run(self) -> Seen:
        """Measure the fields, with kernels of ones."""
        return seen(self.windows, SIDE)

    def exercises(self) -> Mapping[str, Callable[[Seen], Exercise]]:
        """Ask for the field after each of the four."""
        return {"count": partial(count_exercise, self)}

    def in_playground(self) -> Experiment:
        """Open the four convolutions, with random kernels."""
        return cell_asked("Counted", self.windows, SIDE)


def count_exercise(recipe: Counted, found: Seen) -> Exercise:
    """Predict the field after each of the four."""
    windows = recipe.windows
    stem, down, *others = windows

    def counted(changed: list[Window]) -> Array:
        return np.array(fields(changed), float)

    strided = [replace(each, stride=1) for each in windows]
    undilated = [replace(each, dilation=1) for each in windows]
    return Exercise(
        "count",
        np.array(found.fields, float),
        (
            Mistake("strides forgotten", counted(strided)),
            Mistake("dilations not multiplied", counted(undilated)),
            Mistake("stem counted once", counted([stem, replace(down, stride=1), *others])),
            Mistake("own stride", own_strides(windows)),
        ),
        heads=NAMES,
    )


def own_strides(windows: list[Window]) -> Array:
    """Return the fields of someone who lets a window's own stride widen it already."""
    total, step, found = 1, 1, []
    for window in windows:
        step *= window.stride
        total += step * window.dilation * (window.kernel - 1)
        found.append(total)
    return np.array(found, float)


# What it shows


def counted(study: Study) -> Counted:
    """Return the four that are set."""
    return Counted(study.seed)


def listed(study: Study, say: Say) -> Grid:
    """List the four."""
    rows = [
        (f"`{name}`", f"{each.kernel}x{each.kernel}", str(each.stride), str(each.dilation))
        for name, each in zip(NAMES, counted(study).windows, strict=True)
    ]
    heads = (say("layer"), say("kernel"), say("stride"), say("dilation"))
    return Grid(heads, rows, frozenset({1, 2, 3}))


def summed(study: Study, say: Say) -> Grid:
    """List what each of the four adds to the field, beside what autograd measured."""
    windows, rows = counted(study).windows, []
    measured = ran(counted(study)).fields
    before = [Sight(), *sights(windows)]
    for name, last, window, side in zip(NAMES, before, windows, measured, strict=False):
        total = last.through(window).field
        sum_of = f"{last.field} + {last.step} · {window.dilation} · ({window.kernel} − 1) = {total}"
        rows.append((f"`{name}`", str(last.step), sum_of, str(side)))
    heads = (say("layer"), say("strides before"), say("field"), say("measured"))
    return Grid(heads, rows, frozenset({1, 2, 3}))
