"""Which spread of the weights keeps the gradient: measured over several draws, beside theory."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from experiment.written.address import Experiment
from lessons.asking.exercise import Array, Exercise, choice
from lessons.choosing.study import Study
from lessons.depth.meanfield import theory
from lessons.depth.profiles import curve, picture, times
from lessons.depth.settings import NAMES, SHOWN
from lessons.depth.stacking import SCALES, Passed, Stack, factor
from lessons.running.recipe import ran
from lessons.showing.grid import Grid
from viz.language import Say
from viz.pictures.line import Line

DRAWS = 5
DEPTH = 50
ASKED = {"half": "0.5", "one": "1", "root": "sqrt2", "two": "2"}
"""The options of the exercise, and the s of each."""
WIDTHS = (8, 16, 32, 64, 128)


@dataclass(frozen=True, eq=False)
class Measured:
    """Several draws of the weights of one stack."""

    factors: Array
    """By what each layer multiplies the gradient, of each draw that has a factor.

    There is none where all values of a layer of ReLUs are 0: all earlier gradients are 0 then.
    """
    first: Passed
    """The first draw."""

    @property
    def range(self) -> tuple[float, float]:
        """The smallest and the largest factor; NaN where no draw has one."""
        found = self.factors if self.factors.size else np.array([math.nan])
        return float(found.min()), float(found.max())


@dataclass(frozen=True)
class Drawing:
    """The same stack with several draws of its weights."""

    stack: Stack

    def run(self) -> Measured:
        """Run all of them."""
        first = self.stack.run()
        others = (replace(self.stack, seed=self.stack.seed + at).run() for at in range(1, DRAWS))
        found = np.array([factor(each.gradients) for each in (first, *others)])
        return Measured(found[np.isfinite(found)], first)

    def exercises(self) -> Mapping[str, Callable[[Measured], Exercise]]:
        """Ask for nothing."""
        return {}

    def in_playground(self) -> Experiment:
        """Open the stack."""
        return self.stack.in_playground()


@dataclass(frozen=True)
class Keeping:
    """Plain stacks of ReLUs with several s; a seed draws."""

    seed: int = 0

    def stack(self, option: str) -> Stack:
        """Return the stack of an option."""
        return Stack(DEPTH, "relu", ASKED[option], seed=self.seed)

    def run(self) -> Mapping[str, Measured]:
        """Measure every option."""
        return {option: ran(Drawing(self.stack(option))) for option in ASKED}

    def exercises(self) -> Mapping[str, Callable[[Mapping[str, Measured]], Exercise]]:
        """Ask which s keeps the gradient best."""
        return {"keeps": keeps_exercise}

    def in_playground(self) -> Experiment:
        """Open the stack with s = 1."""
        return self.stack("one").in_playground()


def keeps_exercise(measured: Mapping[str, Measured]) -> Exercise:
    """Predict which s keeps the gradient best: the mean factor is nearest to 1."""
    apart = {option: abs(float(np.log(found.factors).mean())) for option, found in measured.items()}
    options = {option: f"`s = {SHOWN[scale]}`" for option, scale in ASKED.items()}
    return choice("keeps", options, min(apart, key=apart.__getitem__))


# What is shown


def keeping(study: Study) -> Keeping:
    """Return the stacks that are asked about."""
    return Keeping(study.seed)


def of_keeping(study: Study) -> Mapping[str, str]:
    """Return activation and depth."""
    return {"activation": NAMES[keeping(study).stack("one").activation], "layers": str(DEPTH)}


def kept(study: Study, say: Say) -> Line:
    """Draw the first draw of every option."""
    found = ran(keeping(study))
    return picture(
        [
            curve(f"s = {SHOWN[ASKED[option]]}", each.first.gradients)
            for option, each in found.items()
        ],
        say,
    )


def scaled(study: Study) -> Stack:
    """Return the plain stack with the activation and the s that are set."""
    return Stack(DEPTH, study["activation"], study["scale"], seed=study.seed)


def factors(stacks: Sequence[tuple[str, Stack]], head: str, say: Say) -> Grid:
    """List the smallest and the largest factor of the draws, and that of theory."""
    rows = []
    for name, stack in stacks:
        expected = factor(theory(stack).gradients)
        found = (*ran(Drawing(stack)).range, expected)
        rows.append((name, *map(times, found)))
    heads = (head, say("lowest"), say("highest"), say("in theory"))
    return Grid(heads, rows, frozenset({1, 2, 3}))


def by_scale(study: Study, say: Say) -> Grid:
    """List the factors over s."""
    own = scaled(study)
    stacks = [(SHOWN[scale], replace(own, scale=scale)) for scale in SCALES]
    return factors(stacks, "s", say)


def widths(study: Study) -> Mapping[int, Drawing]:
    """Return the draws of each width."""
    own = scaled(study)
    return {width: Drawing(replace(own, width=width)) for width in WIDTHS}


def by_width(study: Study, say: Say) -> Grid:
    """List the factors over the width."""
    stacks = [(str(width), drawing.stack) for width, drawing in widths(study).items()]
    return factors(stacks, say("width"), say)


def of_widths(study: Study) -> Mapping[str, str]:
    """Return how far apart the draws are at the narrowest and the widest stack."""
    own, drawings = scaled(study), widths(study)
    spread = {}
    for name, width in (("narrow", WIDTHS[0]), ("wide", WIDTHS[-1])):
        lowest, highest = ran(drawings[width]).range
        spread[name] = times(100 * (highest / lowest - 1))
    return {
        **spread,
        "theory": times(factor(theory(own).gradients)),
        "activation": NAMES[own.activation],
        "s": SHOWN[own.scale],
    }


def dead(study: Study) -> int:
    """Count the draws without a factor."""
    return sum(DRAWS - ran(drawing).factors.size for drawing in widths(study).values())


def is_dead(study: Study) -> bool:
    """Tell whether there is such a draw."""
    return dead(study) > 0


def of_dead(study: Study) -> Mapping[str, str]:
    """Return how many there are."""
    return {"dead": str(dead(study)), "draws": str(DRAWS * len(WIDTHS))}


def norms(study: Study, say: Say) -> Grid:
    """List the factors of plain stacks with batch norm, by activation."""
    stacks = [
        (name, Stack(DEPTH, kind, study["scale"], norm=True, seed=study.seed))
        for kind, name in NAMES.items()
    ]
    return factors(stacks, say("activation"), say)
