"""The CNN by numpy beside PyTorch: layer by layer, and step by step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from lessons.choosing.study import Study
from lessons.running.recipe import ran
from lessons.showing.grid import Grid, sign
from lessons.training_step.digits.cnn import MOST_STEPS, RATE, SAMPLES, Cnn, Frame, Steps
from viz.language import Say, english
from viz.peak import shown_shape
from viz.pictures.line import Curve, Line

OURS, THEIRS = english("numpy"), english("PyTorch")
TOLD = (1, 10, 25, MOST_STEPS)
"""Steps after which differences are listed."""


def cnn(study: Study) -> Cnn:
    """Return the CNN in the precision that is set."""
    return Cnn(study["kind"], study.seed)


def layers(study: Study, say: Say) -> Grid:
    """Compare values and gradients of every layer."""
    found = ran(cnn(study))
    names = ("input", *cnn(study).network)
    made = zip(found.ours.values, found.theirs.values, strict=True)
    handed = zip(found.ours.gradients, found.theirs.gradients, strict=True)
    rows = [
        (
            f"`{name}`",
            shown_shape(values[0].shape),
            f"{np.abs(np.subtract(*values)).max():.2g} {sign(*values)}",
            f"{np.abs(np.subtract(*gradients)).max():.2g} {sign(*gradients)}",
        )
        for name, values, gradients in zip(names, made, handed, strict=True)
    ]
    heads = (say("output of"), say("shape"), say("values differ by"), say("gradients differ by"))
    return Grid(heads, rows, frozenset({2, 3}))


def parameters(study: Study, say: Say) -> Grid:
    """Compare every parameter's gradient, and the parameter after a step."""
    found = ran(cnn(study))
    after, theirs = found.after
    pairs = [
        (ours, those)
        for name in found.ours.parameters
        for ours, those in zip(
            found.ours.parameters[name], found.theirs.parameters[name], strict=True
        )
    ]
    rows = [
        (
            f"`{name}`",
            f"{np.abs(ours - those).max():.2g} {sign(ours, those)}",
            f"{np.abs(after[name] - theirs[name]).max():.2g} {sign(after[name], theirs[name])}",
        )
        for name, (ours, those) in zip(after, pairs, strict=True)
    ]
    heads = (say("parameter"), say("gradients differ by"), say("after a step"))
    return Grid(heads, rows, frozenset({1, 2}))


def of_cnn(_study: Study) -> Mapping[str, str]:
    """Return how many digits it sees, and the learning rate."""
    return {"count": str(SAMPLES), "rate": f"{RATE:g}", "most": str(MOST_STEPS)}


# Many steps


def steps(study: Study) -> Steps:
    """Return the steps in the precision that is set."""
    return Steps(study["kind"], study.seed)


def both(_study: Study, frames: Sequence[Frame], say: Say) -> Line:
    """Draw both losses, one upon the other."""
    ours = [(float(step), frame.ours) for step, frame in enumerate(frames)]
    theirs = [(float(step), frame.theirs) for step, frame in enumerate(frames)]
    curves = [Curve(say(OURS), ours), Curve(say(THEIRS), theirs, dashed=True)]
    title = say("Loss of {count} digits").format(count=SAMPLES)
    return Line(title, (say("steps"), say("loss")), curves, height=230, begin=0)


def differences(_study: Study, frames: Sequence[Frame], say: Say) -> Grid:
    """List by how much the parameters differ at most after some of the steps."""
    told = sorted({*(step for step in TOLD if step < len(frames)), len(frames)})
    rows = [
        (
            say("largest difference"),
            *(f"{frames[step - 1].apart:.1e}" for step in told),
        )
    ]
    heads = (say("after step"), *map(str, told))
    return Grid(heads, rows, frozenset(range(1, len(told) + 1)))
