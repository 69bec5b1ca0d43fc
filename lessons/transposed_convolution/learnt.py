"""What was learnt and measured on digits: curves, kernels, pictures, tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F  # noqa: N812 - everybody's name for it

from lessons.asking.exercise import Array
from lessons.choosing.study import Study
from lessons.running.recipe import ran
from lessons.showing.cutting import below
from lessons.showing.figure import Figure, kernel_map
from lessons.showing.grid import Grid
from lessons.transposed_convolution.learning import (
    FIXED,
    MOST_STEPS,
    Frame,
    Learning,
    Learnt,
    enlarged,
    error_of,
    error_with,
    held_out,
)
from viz.language import Say, english
from viz.maps.lights import Lights
from viz.pictures.line import Curve, Line
from viz.pictures.overlay import Layer
from viz.theme import format_number

NAMES = {"nearest": english("Nearest"), "bilinear": english("Bilinear")}
LEARNT = english("Learnt kernel")
DRAWN = 0.1
"""The largest error that is drawn: before the first step it is four times that of the others."""
LOWEST = 0.04
MOST_POINTS = 200
HEIGHT = 190

# What is learnt


def learning(study: Study) -> Learning:
    """Return the descent."""
    return Learning(study["kernel"], study.seed)


def learnt(study: Study) -> Learnt:
    """Return the kernel after the steps that were asked for, or after all where none were."""
    count = study["steps"] or MOST_STEPS
    return Learnt(study["kernel"], study.seed, count, study.seed)


def begun(study: Study) -> Learnt:
    """Return the kernel before the first step."""
    return Learnt(study["kernel"], study.seed, 0, study.seed)


# What is shown


def curves(_study: Study, frames: Sequence[Frame], say: Say) -> Line:
    """Draw the error on the digits held out after every step, and that of ways without a step."""
    last = len(frames) or MOST_STEPS
    kept = np.unique(np.linspace(0, max(len(frames) - 1, 0), MOST_POINTS).astype(int))
    found = [(int(at) + 1, frames[at].error) for at in kept if frames]
    still = (
        Curve(say(NAMES[mode]), ((0, error_of(mode)), (last, error_of(mode))), dashed=True)
        for mode in FIXED
    )
    axes = (say("steps"), say("mean squared error, up to 0.1"))
    title = say("Error on 300 digits that no step has seen")
    drawn = [Curve(say(LEARNT), below(found, DRAWN)), *still]
    return Line(title, axes, drawn, height=HEIGHT, begin=LOWEST, end=DRAWN)


def errors(study: Study, frames: Sequence[Frame], say: Say) -> Grid:
    """List the errors before the first step, now, and of the ways without a step."""
    rows = [
        (say("Kernel before the first step"), _number(error_with(ran(begun(study))))),
        (say(LEARNT), _number(frames[-1].error)),
        *((say(NAMES[mode]), _number(error_of(mode))) for mode in FIXED),
    ]
    return Grid((say("way"), say("mean squared error")), rows, frozenset({1}))


def kernels(study: Study) -> Figure:
    """Show the kernel before and after the steps."""
    titles = {
        "before": english("Kernel before the first step"),
        "after": english("Kernel after the steps"),
    }
    cells = {"before": ran(begun(study)), "after": ran(learnt(study))}
    row = [kernel_map(key, titles[key], cells[key], "kernel", symbol="w") for key in titles]
    every = np.arange(cells["after"].size)
    return Figure([row], lights=[Lights("before", "after", every, every)])


def of_kernels(study: Study) -> Mapping[str, str]:
    """Return how many entries of the kernel moved, and after how many steps."""
    before, after = ran(begun(study)), ran(learnt(study))
    moved, count = np.count_nonzero(before != after), after.size
    numbers = {"moved": moved, "all": count, "steps": learnt(study).count, "size": study["kernel"]}
    return {name: str(number) for name, number in numbers.items()}


def pictures(study: Study, say: Say) -> Sequence[Layer]:
    """Return a digit held out, halved and made large again in each way, and as it was.

    Nearest shows the halved cells as they are.
    """
    recipe = learnt(study)
    small = recipe.small()
    large = held_out().large[[recipe.digit % len(held_out().large)]]
    made = {NAMES[mode]: F.interpolate(small, scale_factor=2, mode=mode) for mode in FIXED} | {
        LEARNT: enlarged(ran(recipe), small)
    }
    return [
        *(
            Layer(_titled(say(name), each, large), pixels(each), None)
            for name, each in made.items()
        ),
        Layer(say("The digit"), pixels(large), None),
    ]


def _titled(name: str, made: Tensor, large: Tensor) -> str:
    return f"{name} · {_number(float(F.mse_loss(made, large)))}"


def pixels(ink: Tensor) -> Array:
    """Return grey on white; what is too dark or too light is cut off."""
    grey: Array = (255 * (1 - ink[0, 0])).round().clamp(0, 255).to(torch.uint8).numpy()
    return grey


def _number(error: float) -> str:
    return format_number(error)
