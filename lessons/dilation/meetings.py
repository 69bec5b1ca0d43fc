"""What the steps on pyramids show: pieces of a gradient, and where they are added."""

from __future__ import annotations

import numpy as np

from lessons.asking.exercise import Array
from lessons.choosing.study import Study
from lessons.dilation.pyramids import LARGE, SMALL, Merging, Pooling
from lessons.running.recipe import ran
from lessons.showing.figure import Figure, map_of, worded
from lessons.showing.grid import Grid
from lessons.showing.shown import Shown
from viz.language import Say, english
from viz.maps.lights import Lights
from viz.maps.sums import Link
from viz.theme import format_number

CELLS = SMALL**2
"""Of the coarse map."""


def merging(study: Study) -> Merging:
    """Return the meeting of two maps."""
    return Merging(study.seed)


def pooling(study: Study) -> Pooling:
    """Return the pyramid pooling."""
    return Pooling(study.seed)


def merged(study: Study) -> Figure:
    """Show what arrives at the sum, and what each of the two maps gets of it."""
    run = ran(merging(study))
    titles = {
        "upstream": english("Arrives at the sum"),
        "downstream": english("Coarse map gets"),
    }
    up = Shown(run["up"], titles)
    lateral = map_of("lateral", english("Lateral map gets"), run["merge"].downstream)
    every = np.arange(LARGE**2)
    return Figure(
        [[up.downstream, lateral, up.upstream]],
        [worded(up.backward(), explained=english("the coarse map's gradient"))],
        lights=[Lights("lateral", "upstream", every, every)],
    )


def parted(study: Study) -> Figure:
    """Show the gradient of the map that all branches read, as the sum of three pieces."""
    found = ran(pooling(study))
    pieces = {
        "upstream itself": (english("By the map itself"), found.itself),
        "upstream 1": (english("By the 1x1 means"), found.branches[0]),
        "upstream 2": (english("By the 2x2 means"), found.branches[1]),
    }
    total = map_of("downstream", english("The map gets"), found.total)
    row = [total, *(map_of(key, title, cells) for key, (title, cells) in pieces.items())]
    return Figure([row], [_added(key, found.total) for key in pieces])


def sums(study: Study, say: Say) -> Grid:
    """List what arrives at each branch, and what it hands to the map, each summed."""
    found, upstream = ran(pooling(study)), pooling(study).upstream()
    returned = (found.itself, *found.branches)
    names = (say("the map itself"), say("1x1 means"), say("2x2 means"))
    rows = [
        (name, format_number(upstream[0, at].sum()), format_number(back.sum(), 6))
        for at, (name, back) in enumerate(zip(names, returned, strict=True))
    ]
    heads = (say("branch"), say("arrives, summed"), say("handed on, summed"))
    return Grid(heads, rows, frozenset({1, 2}))


def arrived(study: Study) -> Figure:
    """Show the gradient that arrives at the concatenation, cut at its channels."""
    upstream = pooling(study).upstream()
    titles = (
        english("For the map itself"),
        english("For the 1x1 means"),
        english("For the 2x2 means"),
    )
    return Figure(
        [[map_of(f"piece {at}", title, upstream[:, [at]]) for at, title in enumerate(titles)]]
    )


def _added(key: str, total: Array) -> Link:
    """Explain each cell of the total as the same cell of one piece, as it is."""
    every = np.arange(total.size)
    return Link(
        "downstream",
        key,
        cells=every,
        offsets=np.arange(total.size + 1),
        places=every,
        coefficients=np.ones(total.size),
        words={"explained": english("the map's gradient")},
    )
