"""The maps of the lesson, and the states that it looks at."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from lessons.asking.exercise import Array
from lessons.autograd.paths import Path
from lessons.autograd.settings import (
    batches,
    called,
    followed,
    held,
    looked_at,
    multiplied,
    pressed,
    tripled,
)
from lessons.autograd.tape.play import State
from lessons.choosing.study import Study
from lessons.running.recipe import ran
from lessons.showing.figure import Figure, kernel_map, map_of, worded
from lessons.showing.matrix import lit
from lessons.showing.shown import Shown
from viz.language import english
from viz.maps.rows import Map
from viz.maps.sums import Link, Taps
from viz.maps.table import Entry, Table
from viz.theme import format_number

RESETS = ("none", "zeros")
TITLES = {
    "value": english("x"),
    "output": english("y = 3x"),
    "upstream": english("Upstream: the vector v"),
    "downstream": english("Downstream: x.grad"),
}


def product(study: Study) -> Figure:
    """Show ``x.grad`` as the vector times the factor, cell by cell."""
    shown = Shown(ran(tripled(study)), TITLES)
    row = [shown.downstream, shown.upstream]
    return Figure([row], [worded(shown.backward(), explained=english("x.grad"))], arrow="backward")


def times_jacobian(study: Study) -> Figure:
    """Show ``x.grad`` as the vector times the Jacobian, whose entries light up."""
    found = ran(multiplied(study))
    rows, columns = found.jacobian.shape
    jacobian = kernel_map("jacobian", english("Jacobian J"), found.jacobian, "jacobian", "J")
    places = np.arange(columns)[:, None] + columns * np.arange(rows)
    link = Link(
        from_map="downstream",
        to_map="upstream",
        cells=np.arange(columns),
        offsets=np.arange(columns + 1) * rows,
        places=np.tile(np.arange(rows), columns),
        coefficients=found.jacobian.T.reshape(-1),
        taps=Taps("jacobian", places.reshape(-1)),
        words={"explained": english("x.grad")},
    )
    row = [
        map_of("downstream", TITLES["downstream"], found.grad),
        map_of("upstream", TITLES["upstream"], found.vector),
        jacobian,
    ]
    lights = lit(jacobian, rows="upstream", columns="downstream")
    return Figure([row], [link], arrow="backward", lights=lights)


def paths(study: Study) -> Figure:
    """Show ``x.grad`` in one cell as the sum of what every path brings; a table has the factors."""
    found = ran(followed(study))
    count = len(found.paths)
    link = Link(
        from_map="downstream",
        to_map="upstream paths",
        cells=np.zeros(1, np.int64),
        offsets=np.array([0, count]),
        places=np.arange(count),
        coefficients=np.ones(count, np.float32),
        words={"explained": english("x.grad")},
    )
    products = np.array([path.product for path in found.paths], np.float32)
    row = [
        map_of("downstream", english("x.grad, one cell"), np.array([found.grad], np.float32)),
        map_of("upstream paths", english("What each path brings"), products),
    ]
    rows = [_path_row(place, path) for place, path in enumerate(found.paths)]
    heads = (english("path"), english("factors"), english("product"))
    return Figure([row], [link], arrow="backward", tables=[Table("paths", heads, rows)])


def _path_row(place: int, path: Path) -> list[Entry]:
    told = (
        " → ".join(path.names),
        " · ".join(format_number(each) for each in path.factors),
        format_number(path.product),
    )
    return [Entry(text, "upstream paths", (place,), names=True) for text in told]


def seen(study: Study) -> State:
    """Return the state that is looked at."""
    return ran(pressed(study))[looked_at(study)]


def begun(study: Study) -> State:
    """Return the variables before any action."""
    return ran(held(study))[0]


def added(study: Study) -> Figure:
    """Show ``x.grad`` as the sum of what every call since the last reset brought."""
    states = ran(called(study))
    brought: list[Array] = []
    for before, after in pairwise(states):
        if after.action in RESETS:
            brought = []
        elif not after.message:
            brought.append(np.array(after["x"].grad) - np.array(before["x"].grad or 0.0))
    grad = np.array(states[-1]["x"].grad, np.float32)
    drawn = map_of("downstream", TITLES["downstream"], grad)
    if not brought:
        return Figure([[drawn]])
    rows = np.array(brought, np.float32)
    return _summed(drawn, map_of("upstream calls", english("What each call brought"), rows))


def gathering(study: Study) -> Figure:
    """Show ``w.grad`` as the sum of what the mean of every part brought."""
    found = ran(batches(study))
    each = np.array(found.each, np.float32)[:, None]
    return _summed(
        map_of("downstream", english("w.grad"), np.array([found.parts_mean], np.float32)),
        map_of("upstream parts", english("What each part brought"), each),
    )


def _summed(total: Map, parts: Map) -> Figure:
    """Show the cells of one map as the sums of the columns of the other."""
    assert parts.array is not None  # noqa: S101 - both were made of arrays
    rows, columns = parts.array.shape
    link = Link(
        from_map=total.key,
        to_map=parts.key,
        cells=np.arange(columns),
        offsets=np.arange(columns + 1) * rows,
        places=np.arange(rows * columns).reshape(rows, columns).T.reshape(-1),
        coefficients=np.ones(rows * columns, np.float32),
        words={"explained": total.title},
    )
    return Figure([[total, parts]], [link], arrow="backward")
