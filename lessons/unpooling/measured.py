"""What was measured: the errors of many maps, and the bytes that a U-net keeps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from lessons.choosing.study import Study
from lessons.running.recipe import ran
from lessons.showing.grid import Grid
from lessons.unpooling.errors import running_means, squared
from lessons.unpooling.kept_bytes import kept_bytes
from lessons.unpooling.recipe import METHODS
from lessons.unpooling.shared import NAMES, unpooling
from viz.language import Say
from viz.pictures.line import Curve, Line
from viz.theme import format_number

MOST_POINTS = 200
"""Of a curve; a thousand would be drawn on top of each other."""

# Many maps


def error_curves(_study: Study, frames: Sequence[tuple[float, ...]], say: Say) -> Line:
    """Draw the mean squared error over the maps so far."""
    means = running_means(np.array(frames).reshape(-1, len(METHODS)))
    kept = np.unique(np.linspace(0, max(len(frames) - 1, 0), MOST_POINTS).astype(int))
    curves = [
        Curve(say(NAMES[name]), [(int(at) + 1, float(means[at, which])) for at in kept if frames])
        for which, name in enumerate(METHODS)
    ]
    axes = (say("maps"), say("mean squared error so far"))
    return Line(say("How far the restored maps are off"), axes, curves, height=220, begin=0)


def error_grid(_study: Study, frames: Sequence[tuple[float, ...]], say: Say) -> Grid:
    """List the mean squared error of each way, and on how many maps none was smaller."""
    errors = np.array(frames)
    means, best = running_means(errors)[-1], errors == errors.min(1, keepdims=True)
    rows = [
        (say(NAMES[name]), format_number(means[which]), f"{int(best[:, which].sum())}")
        for which, name in enumerate(METHODS)
    ]
    heads = (say("way"), say("mean squared error"), say("maps where none came nearer"))
    return Grid(heads, rows, frozenset({1, 2}))


def of_this_map(study: Study) -> Mapping[str, str]:
    """Return the mean squared errors of the map that is set."""
    runs = ran(unpooling(study))
    return {
        name: format_number(squared(run.pool.value, run.unpool.output))
        for name, run in runs.items()
    }


# What it costs


def shares(_study: Study, say: Say) -> Grid:
    """List the bytes of the indices beside other things that a U-net holds."""
    found = kept_bytes()
    named = {
        say("the pooled maps"): found.pooled,
        say("the maps before the pools"): found.before,
        say("the network's input"): found.input,
        say("all that is kept for backward, with the indices"): found.kept,
    }
    rows = [
        (name, f"{count:,}", f"{100 * found.indices / count:.0f} %")
        for name, count in named.items()
    ]
    heads = (say("beside"), say("bytes"), say("the indices are"))
    first = (f"**{say('the indices')}**", f"{found.indices:,}", "")
    return Grid(heads, [first, *rows], frozenset({1, 2}))
