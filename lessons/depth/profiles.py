"""Pictures of the gradient over the depth, and the numbers that the text says about them."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial

import numpy as np

from lessons.asking.exercise import Array
from lessons.choosing.study import Study
from lessons.depth.meanfield import theory
from lessons.depth.settings import NAMES, SHOWN
from lessons.depth.stacking import SMALLEST, Passed, Stack, factor
from lessons.running.recipe import ran
from lessons.showing.grid import Grid
from viz.language import Say, english
from viz.pictures.line import Curve, Line
from viz.theme import format_number

Stacks = Callable[[Study], Mapping[str, Stack]]
"""What is compared: stacks by what they are called."""
HEIGHT, LOWER = 240, 200
MOST_TICKS = 10
"""On the axis of the layers, where each layer has one."""
TITLE = english("Gradient over the depth")
LARGEST_POWER = 4
"""Decimals are read up to there; larger powers of ten are written as such."""


def picture(curves: Sequence[Curve], say: Say, height: int = HEIGHT) -> Line:
    """Draw the logarithm of the gradient's RMS over the layers."""
    axes = (say("layer, 0 is the input"), say("log₁₀ of the RMS of ∂L/∂x"))
    layers = max(len(each.points) for each in curves) - 1
    ticks = range(layers + 1) if layers <= MOST_TICKS else ()  # else there would be half layers
    return Line(say(TITLE), axes, curves, ticks=ticks, height=height)


def curve(title: str, gradients: Array, *, dashed: bool = False) -> Curve:
    """Return the logarithm of gradients, with a gap where one is zero or not finite."""
    with np.errstate(divide="ignore", invalid="ignore"):
        found = np.log10(gradients)
    return Curve(title, [(at, float(each)) for at, each in enumerate(found)], dashed=dashed)


def fitted(gradients: Array, smallest: float = 0.0) -> Array:
    """Return the line that was fitted, where it was fitted; NaN elsewhere."""
    kept = np.flatnonzero(np.isfinite(gradients) & (gradients > 0) & (gradients >= smallest))
    line = np.full(len(gradients), math.nan)
    if len(kept) > 1:
        slope, begin = np.polyfit(kept, np.log10(gradients[kept]), 1)
        line[kept] = 10.0 ** (begin + slope * kept)
    return line


def left(passed: Passed) -> float:
    """Return what part of the gradient is left at the input."""
    return float(passed.gradients[0] / passed.gradients[-1])


def times(value: float) -> str:
    """Write a factor."""
    return format_number(value, 3) if math.isfinite(value) else "\N{EN DASH}"


# One stack, deeper and deeper


def deep(study: Study) -> Stack:
    """Return the plain stack in float32, as PyTorch computes by default."""
    return Stack(study["layers"], study["activation"], double=False, seed=study.seed)


def deepened(study: Study, say: Say) -> Line:
    """Draw what was measured, the line fitted to it, and theory."""
    recipe = deep(study)
    measured = ran(recipe).gradients
    curves = (
        curve(say("measured"), measured),
        curve(say("fitted"), fitted(measured, SMALLEST[False]), dashed=True),
        curve(say("theory"), theory(recipe).gradients * measured[-1], dashed=True),
    )
    return picture(curves, say, LOWER)


def listed_deep(study: Study, say: Say) -> Grid:
    """List the slope of the fitted line, and the factor that it comes to, beside theory."""
    recipe = deep(study)
    measured, expected = ran(recipe).gradients, theory(recipe).gradients
    found = {"fitted": factor(measured, SMALLEST[False]), "theory": factor(expected)}
    rows = [(say(name), times(-math.log10(each)), times(each)) for name, each in found.items()]
    return Grid(("", say("slope"), say("factor a layer")), rows, frozenset({1, 2}))


def of_deep(study: Study) -> Mapping[str, str]:
    """Return the slope, the factor that it comes to, and what is left."""
    recipe = deep(study)
    passed = ran(recipe)
    found = factor(passed.gradients, SMALLEST[False])
    return {
        "slope": times(-math.log10(found)),
        "factor": times(found),
        "left": format_number(left(passed), 2),
    }


# Two stacks in one picture


def compared(stacks: Stacks, study: Study, say: Say) -> Line:
    """Draw several stacks, each with its theory."""
    curves = []
    for name, stack in stacks(study).items():
        measured = ran(stack).gradients
        curves += [curve(say(name), measured), _expected(name, stack, measured, say)]
    return picture(curves, say)


def fits(stacks: Stacks, study: Study, say: Say) -> Line:
    """Draw several stacks, each with its theory and the line fitted to it."""
    curves, lines = [], []
    for name, stack in stacks(study).items():
        measured = ran(stack).gradients
        curves += [curve(say(name), measured), _expected(name, stack, measured, say)]
        title = say("{name}, fitted").format(name=say(name))
        lines.append(curve(title, fitted(measured), dashed=True))
    return picture([*curves, *lines[::-1]], say, LOWER)  # A's line is the sixth: of A's colour


def _expected(name: str, stack: Stack, measured: Array, say: Say) -> Curve:
    """Return the curve of theory, which begins where the measured one does."""
    title = say("{name}, in theory").format(name=say(name))
    return curve(title, theory(stack).gradients * measured[-1], dashed=True)


def listed(stacks: Stacks, study: Study, say: Say) -> Grid:
    """List by what each layer multiplies the gradient, measured and in theory."""
    rows = []
    for name, stack in stacks(study).items():
        passed = ran(stack)
        factors = (factor(passed.gradients), factor(theory(stack).gradients))
        rows.append((say(name), *map(times, factors), format_number(left(passed), 2)))
    heads = (say("stack"), say("factor a layer"), say("in theory"), say("left at the input"))
    return Grid(heads, rows, frozenset({1, 2, 3}))


LETTERS = {"a": english("A"), "b": english("B")}
"""The names of the two stacks that a visitor puts together."""
PLAIN, RESIDUAL, NORMED = english("plain"), english("residual"), english("with batch norm")


def plain(study: Study) -> Stack:
    """Return the plain stack of 50 layers with the activation and the s that are set."""
    return Stack(50, study["activation"], study["scale"], seed=study.seed)


def residual(study: Study) -> Stack:
    """Return the same with residual additions."""
    return replace(plain(study), skip=True)


def normed(study: Study) -> Stack:
    """Return the same with batch norm."""
    return replace(plain(study), norm=True)


def against_residual(study: Study) -> Mapping[str, Stack]:
    """Compare the plain stack with residual additions."""
    return {PLAIN: plain(study), RESIDUAL: residual(study)}


def against_norm(study: Study) -> Mapping[str, Stack]:
    """Compare the plain stack with batch norm."""
    return {PLAIN: plain(study), NORMED: normed(study)}


def together(study: Study) -> Mapping[str, Stack]:
    """Return the two stacks that a visitor puts together."""
    return {name: put_together(letter, study) for letter, name in LETTERS.items()}


def put_together(letter: str, study: Study) -> Stack:
    """Return one of them."""
    skip, norm = study[f"parts_{letter}"]
    return Stack(
        study["layers"],
        study[f"act_{letter}"],
        study[f"scale_{letter}"],
        skip=skip,
        norm=norm,
        seed=study.seed,
    )


put_together_a = partial(put_together, "a")


def of_plain(study: Study) -> Mapping[str, str]:
    """Return activation and s."""
    return {"activation": NAMES[study["activation"]], "s": SHOWN[study["scale"]]}
