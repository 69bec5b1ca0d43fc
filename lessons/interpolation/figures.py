"""The maps of the lesson: cells, the matrix between them, and a point between four cells."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from lessons.asking.exercise import Array
from lessons.choosing.study import Study
from lessons.interpolation.plane import Helped, Plane, helped
from lessons.interpolation.recipe import Resampling
from lessons.running.recipe import ran
from lessons.showing.figure import Figure, map_of, worded
from lessons.showing.matrix import lit, tapping
from lessons.showing.shown import Shown
from viz.language import english
from viz.maps.rows import Map
from viz.maps.sums import Link
from viz.peak import shown_shape

TITLES = {
    "value": english("Old cells x"),
    "output": english("New cells y"),
    "upstream": english("Upstream ∂L/∂y"),
    "downstream": english("Downstream ∂L/∂x"),
}
HINT = english(
    "Point at a new cell: its row of A lights up, and the sum stands here. "
    "A cell of A lights up the new cell of its row and the old cell of its column."
)
QUARTERS = 4
"""Of the distance between two cells, in which the star is moved."""


def shown(recipe: Resampling | Plane) -> Shown:
    """Return the maps of a run."""
    return Shown(ran(recipe), TITLES)


def made_of(found: Shown) -> Link:
    """Explain the new cells, under the name that their map has."""
    return worded(in_fractions(found.forward()), explained=english("y"))


def in_fractions(link: Link) -> Link:
    """Write the shares of a link as fractions; the names of the shares say no more."""
    return replace(link, fractions=True, names=(), name_of=np.zeros(0, np.int64))


def made(study: Study) -> Figure:
    """Show the new cells, and of which shares of the old ones they are made."""
    found = shown(Resampling(study.seed))
    return Figure([[found.value, found.output]], [made_of(found)], arrow="forward")


# The matrix


def matrix(study: Study) -> Figure:
    """Show A x = y; the cells of a row are the shares of one new cell."""
    recipe = Resampling(study.seed, aligned=study["aligned"])
    found = shown(recipe)
    factors = matrix_map(recipe)
    link = worded(tapping(made_of(found), factors), hint=HINT)
    row = [factors, column(found.value), column(found.output)]
    return Figure([row], [link], lights=lit(factors, rows="output", columns="value"))


def arrived(study: Study) -> Figure:
    """Show what is known before the gradient of the two cells is: the shares, and what arrived."""
    recipe = Resampling(study.seed)
    factors = matrix_map(recipe)
    lights = [lit(factors, rows="upstream", columns="upstream")[0]]
    return Figure([[factors, column(shown(recipe).upstream)]], lights=lights)


def paid(study: Study) -> Figure:
    """Show A between the gradients; the shares of an old cell stand in its column."""
    recipe = Resampling(study.seed)
    found, factors = shown(recipe), matrix_map(recipe)
    link = tapping(in_fractions(found.backward()), factors, by_column=True)
    row = [
        replace(column(found.downstream), title=english("∂L/∂x")),
        factors,
        replace(column(found.upstream), title=english("∂L/∂y")),
    ]
    return Figure([row], [link], lights=lit(factors, rows="upstream", columns="downstream"))


def ruled(study: Study) -> Figure:
    """Show the sums between the gradients, and the transpose beside them."""
    recipe = Resampling(study.seed, aligned=study["aligned"])
    found, factors = shown(recipe), transposed_map(recipe)
    link = tapping(in_fractions(found.backward()), factors)
    row = [found.downstream, found.upstream, factors]
    return Figure([row], [link], arrow="backward")


def matrix_map(recipe: Resampling) -> Map:
    """Return A, a row for each new cell."""
    return _factors("matrix", english("Matrix A"), recipe.matrix())


def transposed_map(recipe: Resampling) -> Map:
    """Return A with rows and columns exchanged: a row for each old cell."""
    return _factors("transposed", english("Transpose Aᵀ"), recipe.matrix().T)


def _factors(key: str, title: str, cells: Array) -> Map:
    return Map(
        key, title, shown_shape(cells.shape), cells, group="shares", symbol="a", fractions=True
    )


def column(drawn: Map) -> Map:
    """Return a row of cells as a column, as a matrix is multiplied with it."""
    assert drawn.array is not None  # noqa: S101 - a trial has every map
    cells = drawn.array.reshape(-1, 1)
    return replace(drawn, array=cells, subtitle=shown_shape(cells.shape))


# Between four cells


def star(study: Study) -> Helped:
    """Return the helper points and the star where they are set."""
    cells = Plane(study["which"]).value()[0, 0]
    across, down = study["across"] / QUARTERS, study["down"] / QUARTERS
    return helped(cells, across, down, x_first=study["first"] == "x")


def star_maps(study: Study) -> Figure:
    """Show four cells, the helper points between them, and the star between these."""
    found, is_x = star(study), study["first"] == "x"
    shape = (1, 1, 2, 1) if is_x else (1, 1, 1, 2)
    corners = map_of("value", english("Four cells"), Plane(study["which"]).value(), value=True)
    points = map_of("points", english("P and Q"), found.points.reshape(shape), value=True)
    end = map_of("star", english("The star ★"), found.star.reshape(1, 1, 1, 1), value=True)
    first, second = (study["across"], study["down"])[:: 1 if is_x else -1]
    places = np.arange(4).reshape(2, 2)
    pairs = places if is_x else places.T
    links = [
        _mixed("points", "value", pairs, first / QUARTERS, english("P, Q")),
        _mixed("star", "points", np.arange(2)[None], second / QUARTERS, "★"),
    ]
    return Figure([[corners, points, end]], links)


def _mixed(explained: str, summed: str, pairs: Array, distance: float, name: str) -> Link:
    """Explain cells that mix a pair of cells each."""
    count = len(pairs)
    return Link(
        explained,
        summed,
        cells=np.arange(count),
        offsets=2 * np.arange(count + 1),
        places=pairs.reshape(-1),
        coefficients=np.tile(np.array([1 - distance, distance]), count),
        words={"explained": name},
        fractions=True,
    )


def enlarged(study: Study) -> Figure:
    """Show the small map and the large one, and the shares of four cells in each of its cells."""
    found = shown(Plane(study["which"], study["aligned"]))
    return Figure([[found.value, found.output]], [made_of(found)], arrow="forward")
