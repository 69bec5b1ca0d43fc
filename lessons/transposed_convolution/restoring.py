"""What the steps on the inverse and on meeting copies show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from lessons.asking.exercise import Array
from lessons.choosing.study import Study
from lessons.running.recipe import ran
from lessons.showing.figure import Figure, map_of, worded
from lessons.showing.grid import Grid, comparison
from lessons.showing.shown import Shown
from lessons.transposed_convolution.checkerboard import Checkerboard
from lessons.transposed_convolution.figures import TITLES
from lessons.transposed_convolution.inverse import Blurring, Restored
from viz.language import Say, english
from viz.maps.rows import Map
from viz.theme import format_number

# Inverse or transpose?


def blurring(study: Study) -> Blurring:
    """Return the digit and the kernel that is laid over it."""
    return Blurring(study["blur"], study["noise"], study.seed)


def _restored(study: Study) -> Restored:
    found: Restored = ran(blurring(study))
    return found


def restored(study: Study) -> Figure:
    """Show a digit, blurred, and what comes of that by the inverse and by the transpose."""
    run = _restored(study)
    inverted = english("By the pseudo-inverse") if run.is_singular else english("By the inverse")
    maps = [
        _picture("picture", english("Digit x"), run.picture),
        _picture("blurred", english("Convolved y = Mx"), run.blurred),
        _picture("inverted", inverted, run.inverted),
        _picture("transposed", english("Transposed c·Mᵀy"), run.scaled),
    ]
    return Figure([maps])


def _picture(key: str, title: str, cells: Array) -> Map:
    """Return a map with a colour scale of its own: noise may grow a lot."""
    return map_of(key, title, cells.astype(np.float32), value=True, scale=key)


def facts(study: Study, say: Say) -> Grid:
    """List what decides how well the inverse restores, and by how much both ways err."""
    run = _restored(study)
    row = (
        say("{rank} of {all}").format(rank=run.rank, all=run.picture.size),
        format_number(run.condition) if np.isfinite(run.condition) else "∞",
        _error(run, run.inverted),
        _error(run, run.scaled),
    )
    inverse = english("largest error of the inverse")
    pseudo = english("largest error of the pseudo-inverse")
    heads = (
        say("rank of M"),
        say("condition number"),
        say(pseudo if run.is_singular else inverse),
        say("largest error of the transpose, times c"),
    )
    return Grid(heads, [row], frozenset({1, 2, 3}))


def _error(run: Restored, again: Array) -> str:
    return format_number(run.error(again), 2)


def of_restored(study: Study) -> Mapping[str, str]:
    """Return what is lost for good, and by how much noise may grow."""
    run = _restored(study)
    return {
        "lost": str(run.picture.size - run.rank),
        "all": str(run.picture.size),
        "rank": str(run.rank),
        "condition": format_number(run.condition),
        "growth": format_number(run.growth),
        "factor": format_number(run.factor),
    }


def is_singular(study: Study) -> bool:
    """Tell whether the matrix of the kernel has no inverse."""
    return _restored(study).is_singular


def is_noisy(study: Study) -> bool:
    """Tell whether noise is added to the blurred picture."""
    return float(study["noise"]) > 0


def is_exact(study: Study) -> bool:
    """Tell whether there is an inverse and no noise."""
    return not is_singular(study) and not is_noisy(study)


def is_amplified(study: Study) -> bool:
    """Tell whether the inverse is given noise."""
    return not is_singular(study) and is_noisy(study)


def is_partly_amplified(study: Study) -> bool:
    """Tell whether the pseudo-inverse is given noise."""
    return is_singular(study) and is_noisy(study)


# How many copies meet


def checkered(study: Study) -> Checkerboard:
    """Return the kernel of ones."""
    return Checkerboard(study["laid"], study["stride"])


def met(study: Study) -> Figure:
    """Show how many copies of the kernel meet in every cell."""
    recipe = checkered(study)
    titles = {**TITLES, "value": english("Input: ones"), "output": english("Copies that meet")}
    found = Shown(ran(recipe), titles)
    link = replace(found.forward(), taps=None, names=(), name_of=np.zeros(0, np.int64))
    return Figure([[found.value, found.output]], [worded(link, explained=english("y"))])


def of_met(study: Study) -> Mapping[str, str]:
    """Return kernel, stride and the numbers of copies that meet inside."""
    recipe = checkered(study)
    inside = np.unique(recipe.inside(ran(recipe).output))
    return {
        "kernel": str(recipe.width),
        "stride": str(recipe.stride),
        "counts": ", ".join(format_number(each) for each in inside),
    }


def is_even(study: Study) -> bool:
    """Tell whether equally many copies meet everywhere inside."""
    return checkered(study).is_even


def has_holes(study: Study) -> bool:
    """Tell whether some cells inside get no copy at all."""
    return checkered(study).has_holes


def is_uneven(study: Study) -> bool:
    """Tell whether all cells inside get a copy, and some of them more than others."""
    return not is_even(study) and not has_holes(study)


def read_back(study: Study, say: Say) -> Grid:
    """Compare the copies with how often the windows of a Conv2d read each cell."""
    recipe = checkered(study)
    pair = (recipe.read(), ran(recipe).output)
    return comparison({say("gradient that such a Conv2d hands on, of ones"): pair}, say)
