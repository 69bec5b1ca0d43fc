"""The small network by numpy beside PyTorch, gradient by gradient, with a bug or without one."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from lessons.asking.exercise import Array
from lessons.by_hand import network
from lessons.by_hand.network import Pass
from lessons.choosing.study import Study
from lessons.running.recipe import ran
from lessons.showing.grid import Grid, sign
from lessons.training_step.bugs import planted
from lessons.training_step.figures import small
from lessons.training_step.small import EVERY, gradients
from viz.language import Say


def by_hand(study: Study) -> tuple[Pass, Mapping[str, Array]]:
    """Run it by numpy with the bug that is planted: a pass, and all parameters after a step."""
    drawn = small(study).numbers
    layers, loss = planted(drawn.network, study["bug"])
    made = network.run(layers, loss, drawn.x, drawn.target)
    after = network.stepped(layers, made.parameters, float(study["rate"]))
    return made, network.every(after)


def every(study: Study, say: Say) -> Grid:
    """Compare every gradient, and every parameter after the step."""
    made, after = by_hand(study)
    theirs = ran(small(study))
    ours, recorded = gradients(made), gradients(theirs.whole)
    rows = [
        (
            f"`{name}`",
            _differs(ours[name], recorded[name]),
            _differs(after[name], theirs.after[name]) if name in after else "",
        )
        for name in reversed(EVERY)
    ]
    heads = (say("tensor"), say("gradients differ by"), say("after a step"))
    return Grid(heads, rows, frozenset({1, 2}))


def _differs(ours: Array, theirs: Array) -> str:
    return f"{np.abs(ours - theirs).max():.2g} {sign(ours, theirs)}"


def is_planted(bug: str, study: Study) -> bool:
    """Tell whether this is the bug."""
    return bool(study["bug"] == bug)


def apart(ours: Mapping[str, Array], theirs: Mapping[str, Array]) -> float:
    """Return the largest difference of all parameters."""
    return max(float(np.abs(ours[name] - theirs[name]).max()) for name in theirs)
