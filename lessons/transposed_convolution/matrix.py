"""The maps of the first steps: a convolution, a transposed one, and the matrix of both."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from lessons.choosing.study import Study
from lessons.running.recipe import ran
from lessons.running.trial import Trial
from lessons.showing.figure import Figure, map_of, worded
from lessons.showing.grid import Grid, comparison
from lessons.showing.matrix import entries, lit, tapping
from lessons.showing.shown import Shown, named
from lessons.transposed_convolution.convolved import (
    SIDE,
    SMALL,
    Convolved,
    Convolving,
    Undoing,
    unrolled,
)
from viz.language import Say, english
from viz.maps.lights import Lights
from viz.maps.rows import Map
from viz.maps.sums import Link
from viz.peak import shown_shape
from viz.theme import format_number

TITLES = {
    "value": english("Input x"),
    "output": english("Convolved y"),
    "upstream": english("g = ∂L/∂y"),
    "downstream": english("Downstream ∂L/∂x"),
}
ROWS_HINT = english(
    "Point at a cell of y: its row of M lights up. An entry of M lights up the cell of x, the cell "
    "of the kernel and the cell of y that it joins."
)
COLUMNS_HINT = english("Point at a cell of ∂L/∂x: its column of M lights up.")


def convolving(study: Study) -> Convolving:
    """Return the convolution with these numbers."""
    return Convolving(study.seed)


def undoing(study: Study) -> Undoing:
    """Return the convolution and the transposed one."""
    return Undoing(study.seed)


def run_of(study: Study) -> Convolved:
    """Return the run with these numbers."""
    found: Convolved = ran(convolving(study))
    return found


def shown(trial: Trial) -> Shown:
    """Return the maps of the convolution."""
    return Shown(trial, TITLES)


# Does it undo?


def convolved(study: Study) -> Figure:
    """Show what is known: the map, the kernel, and what the convolution made."""
    found = shown(run_of(study).conv)
    return Figure([[found.value, found.output, found.weight]])


def undone(study: Study) -> Figure:
    """Show what the transposed convolution makes of it, in the size of x."""
    run = run_of(study)
    found = shown(run.conv)
    again = map_of("again", english("Transposed z"), run.up.output, value=True, scale="again")
    back = Shown(run.up).forward()
    onward = replace(back, from_map="again", to_map="output")
    links = [made_of(found), worded(named(onward), explained=english("z"))]
    return Figure([[found.value, found.output, again, found.weight]], links)


def made_of(found: Shown) -> Link:
    """Explain the convolved map."""
    return worded(named(found.forward()), explained=english("y"))


# The matrix


def rows_of_matrix(study: Study) -> Figure:
    """Show M, of which each row makes one cell of y."""
    run = run_of(study)
    found, factors = shown(run.conv), matrix_map(run)
    link = worded(tapping(made_of(found), factors), hint=ROWS_HINT)
    to_kernel = taps(factors, found.weight.key)
    joined = lit(factors, rows="output", columns="value", places=to_kernel.cells)
    lights = [*joined, to_kernel]
    made = replace(found.output, title=english("y=Conv2d(x)"))
    return Figure([[found.weight, factors, found.value, made]], [link], lights=lights)


def columns_of_matrix(study: Study) -> Figure:
    """Show M between the gradients, of which each column makes one cell of x's."""
    run = run_of(study)
    found, factors = shown(run.conv), matrix_map(run)
    link = tapping(named(found.backward()), factors, by_column=True)
    there = taps(factors, found.weight.key).cells
    lights = lit(factors, rows="upstream", columns="downstream", places=there)
    row = [found.downstream, factors, found.upstream]
    return Figure([row], [worded(link, hint=COLUMNS_HINT)], lights=lights)


def matrix_map(run: Convolved) -> Map:
    """Return M, a row for each cell of y and a column for each cell of x."""
    cells = run.matrix
    shape = shown_shape(cells.shape)
    return Map("matrix", english("Matrix M"), shape, cells, group="kernel", symbol="m")


def taps(factors: Map, kernel: str) -> Lights:
    """Let an entry of M light up the cell of the kernel that it is; the others are no cell of it.

    Which is found by a kernel that counts its cells from 1.
    """
    numbers = np.arange(1, (SIDE - SMALL + 1) ** 2 + 1, dtype=np.float32)
    counted = unrolled(numbers.reshape(1, 1, SIDE - SMALL + 1, -1), SIDE).reshape(-1)
    there = np.flatnonzero(counted)
    assert counted.size == entries(factors).size  # noqa: S101 - the same convolution
    return Lights(factors.key, kernel, there, counted[there].astype(int) - 1)


# What is the same


def product(study: Study, say: Say) -> Grid:
    """Compare M x with what the layer made."""
    run = run_of(study)
    made = (run.matrix @ run.conv.value.reshape(-1)).reshape(run.conv.output.shape)
    return comparison({say("M x − Conv2d(x)"): (made, run.conv.output)}, say)


def three_ways(study: Study, say: Say) -> Grid:
    """Compare the matrix and the transposed convolution with the gradient of autograd."""
    run = run_of(study)
    gradient = run.conv.downstream
    by_columns = (run.matrix.T @ run.conv.upstream.reshape(-1)).reshape(gradient.shape)
    pairs = {
        say("Mᵀ g − autograd"): (by_columns, gradient),
        say("ConvTranspose2d(g) − autograd"): (run.transposed, gradient),
    }
    return comparison(pairs, say)


def products(study: Study) -> Mapping[str, str]:
    """Return both inner products, and how far they are apart."""
    run = run_of(study)
    y, g = run.conv.output.reshape(-1), run.conv.upstream.reshape(-1)
    x, back = run.conv.value.reshape(-1), run.transposed.reshape(-1)
    small, large = float(y @ g), float(x @ back)
    numbers = {"small": small, "large": large, "apart": small - large}
    return {name: format_number(number, 6) for name, number in numbers.items()}
