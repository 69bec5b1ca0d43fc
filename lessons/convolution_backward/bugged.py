"""Three bugs of a layer by hand, run beside PyTorch: what each returns, and where it is silent."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from experiment.written.address import Experiment
from lessons.asking.exercise import Array, Exercise, shape
from lessons.choosing.study import Study
from lessons.convolution_backward.bugs import convolve, convolve_same, hand_on
from lessons.convolution_backward.recipe import Convolving
from lessons.running.recipe import ran
from lessons.running.trial import Trial
from lessons.showing.figure import Figure, map_of
from lessons.showing.grid import Grid, sign
from viz.language import Say, english
from viz.maps.lights import Lights
from viz.peak import shown_shape

BUGS = {
    "stride": english("the loop ignores the stride"),
    "same": english("`same` with an even kernel"),
    "uncut": english("the padding is not cut off"),
}


@dataclass(frozen=True, eq=False)
class Found:
    """What one part of the layer by hand returned, and what PyTorch says."""

    made: Array
    expected: Array
    trial: Trial
    """PyTorch's run."""
    silent: tuple[Array, Array]
    """Both where the bug does nothing."""


@dataclass(frozen=True)
class ThreeBugs:
    """A layer by hand with three bugs; a seed draws its numbers."""

    seed: int = 0

    @property
    def strided(self) -> Convolving:
        """A 4x4 map and a stride of 2."""
        return Convolving(size=4, stride=2, seed=self.seed)

    @property
    def even(self) -> Convolving:
        """An even kernel, which needs one more zero on one side."""
        return Convolving(padding="same", seed=self.seed)

    @property
    def bordered(self) -> Convolving:
        """A map with a zero around."""
        return Convolving(width=3, padding="1", seed=self.seed)

    def run(self) -> Mapping[str, Found]:
        """Run each part where its bug shows and where it is silent."""
        plain, odd = Convolving(seed=self.seed), Convolving(width=3, padding="same", seed=self.seed)
        strided, even, bordered = self.strided, self.even, self.bordered
        return {
            "stride": _of_output(strided, _slid(strided), _slid(plain), plain),
            "same": _of_output(even, _as_large(even), _as_large(odd), odd),
            "uncut": Found(
                _handed(bordered),
                ran(bordered).downstream[0, 0],
                ran(bordered),
                (_handed(plain), ran(plain).downstream[0, 0]),
            ),
        }

    def exercises(self) -> Mapping[str, Callable[[Mapping[str, Found]], Exercise]]:
        """Ask what shape the first of them returns."""
        return {"bugged": bugged_exercise}

    def in_playground(self) -> Experiment:
        """Open the convolution with a stride, as PyTorch does it."""
        return self.strided.in_playground()


def _of_output(recipe: Convolving, made: Array, silent: Array, harmless: Convolving) -> Found:
    expected = ran(harmless).output[0, 0]
    return Found(made, ran(recipe).output[0, 0], ran(recipe), (silent, expected))


def _slid(recipe: Convolving) -> Array:
    value, kernel = recipe.value()[0, 0], recipe.weight()[0, 0]
    return convolve(value, kernel, float(recipe.bias()[0]), recipe.stride)


def _as_large(recipe: Convolving) -> Array:
    return convolve_same(recipe.value()[0, 0], recipe.weight()[0, 0], float(recipe.bias()[0]))


def _handed(recipe: Convolving) -> Array:
    return hand_on(recipe.upstream()[0, 0], recipe.weight()[0, 0])


def bugged_exercise(found: Mapping[str, Found]) -> Exercise:
    """Ask for the shape that comes, not for the one that should."""
    bug = found["stride"]
    wrong = {"as asked": bug.expected.shape, "as the image": bug.trial.value.shape[2:]}
    return shape("bugged", bug.made.shape, wrong)


# What is shown

STEPS = {"stride": (2, 0), "same": (1, 0), "uncut": (1, 1)}
"""By bug: PyTorch's cell (i, j) is cell (step i + first, step j + first) of what came, if any."""


def pictured(bug: str) -> Callable[[Study], Figure]:
    """Show what came beside what PyTorch gives; cells that are the same light up together."""

    def drawn(study: Study) -> Figure:
        found = ran(ThreeBugs(study.seed))[bug]
        is_gradient = bug == "uncut"
        titles = {f"hand {bug}": english("By hand"), f"torch {bug}": english("PyTorch")}
        maps = [
            map_of(key, title, cells, value=not is_gradient)
            for (key, title), cells in zip(
                titles.items(), (found.made, found.expected), strict=True
            )
        ]
        return Figure([maps], lights=[_same_cells(bug, found)])

    return drawn


def _same_cells(bug: str, found: Found) -> Lights:
    step, first = STEPS[bug]
    i, j = np.indices(found.expected.shape).reshape(2, -1)
    row, column = step * i + first, step * j + first
    height, width = found.made.shape
    there = (row < height) & (column < width)
    cells = np.ravel_multi_index((row[there], column[there]), found.made.shape)
    return Lights(f"hand {bug}", f"torch {bug}", cells, np.flatnonzero(there))


def told(study: Study, say: Say) -> Grid:
    """List what came, what PyTorch gives, and that the same code is right elsewhere."""
    rows = [
        (
            say(BUGS[bug]),
            shown_shape(each.made.shape),
            shown_shape(each.expected.shape),
            sign(*each.silent),
        )
        for bug, each in ran(ThreeBugs(study.seed)).items()
    ]
    return Grid((say("bug"), say("by hand"), "PyTorch", say("elsewhere")), rows)
