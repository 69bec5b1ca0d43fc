"""A ResNet-18 of four channels, run with strides and with dilations: what one cell sees."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import nn

from experiment.written.address import Experiment
from flow.seeded import Seeded
from lessons.asking.exercise import Array, Exercise
from lessons.choosing.study import Study
from lessons.dilation.resnet.build import Net, as_python, built
from lessons.dilation.resnet.measured import output_strides, stage_fields
from lessons.dilation.resnet.opened import CHANNELS, narrow_experiment
from lessons.dilation.stack import EFFECTIVE, extent
from lessons.running.recipe import ran
from lessons.showing.figure import Figure, map_of
from lessons.showing.grid import Grid
from models.inputs.pictures import photo
from viz.language import Say, english
from viz.maps.rows import Map
from viz.theme import format_number

SIDE = 473
BLOCK = 8
"""Input cells a side of which one is drawn: the largest."""
DILATED, STRIDED = (False, True, True), (False, False, False)
NETWORKS = (DILATED, STRIDED)
PIXEL = 224
"""Row and column in whose middle both fields lie: a multiple of both output strides."""


@dataclass(frozen=True, eq=False)
class Looked:
    """What the cell of the last map at PIXEL hands to the picture."""

    returned: Array
    """The last map, of all channels."""
    field: int
    """Rows from the first to the last with a gradient."""
    magnitude: Array
    """Of the gradient: the largest of each block of BLOCK x BLOCK cells and of the colours."""
    parameters: int
    half: int
    """Rows of the smallest square about the field's middle with EFFECTIVE of the magnitude."""

    @property
    def side(self) -> int:
        """Rows of the last map."""
        return int(self.returned.shape[-1])


@dataclass(frozen=True)
class Narrow:
    """Both networks on one photograph. Batch norms only scale: they take no mean of the map."""

    def run(self) -> Mapping[tuple[bool, ...], Looked]:
        """Run each, and ask for one cell of what it returns."""
        return {switches: looked(Net(18, switches, CHANNELS)) for switches in NETWORKS}

    def exercises(self) -> Mapping[str, Callable[[object], Exercise]]:
        """Nothing is asked."""
        return {}

    def in_playground(self) -> Experiment:
        """Open the one that dilates."""
        return narrow_experiment(DILATED, SIDE)


def looked(net: Net) -> Looked:
    """Run one network; the cell at PIXEL of all its channels is asked for."""
    with Seeded(0):
        model = built(net).eval()
    for parameter in model.parameters():
        parameter.requires_grad_(False)
    with torch.enable_grad():
        x = photo((1, 3, SIDE, SIDE), 0).requires_grad_()
        y = model(x)
        cell = PIXEL // output_strides(net)[-1]
        (gradient,) = torch.autograd.grad(y[..., cell, cell].sum(), x)
    cells = gradient[0].abs().amax(0)
    short = -SIDE % BLOCK
    blocks = nn.functional.pad(cells, (0, short, 0, short))[None, None]
    magnitude = nn.functional.max_pool2d(blocks, BLOCK)
    counted = sum(parameter.numel() for parameter in model.parameters())
    seen = cells.numpy()
    return Looked(y.detach().numpy(), extent(seen), magnitude.numpy(), counted, half_of(seen))


def half_of(seen: Array) -> int:
    """Return the side of the smallest square about the field's middle with EFFECTIVE of the sum."""
    rows, columns = (np.flatnonzero((seen != 0).any(axis)) for axis in (1, 0))
    row, column = (int(each[0] + each[-1]) // 2 for each in (rows, columns))
    reach, held = 0, 0.0
    while held < EFFECTIVE * float(seen.sum(dtype=float)):
        reach += 1
        inside = seen[row - reach + 1 : row + reach, column - reach + 1 : column + reach]
        held = float(inside.sum(dtype=float))
    return 2 * reach - 1


# What it shows

TITLES: Mapping[tuple[bool, ...], str] = {
    DILATED: english("Dilated: 8x8 pixels a cell"),
    STRIDED: english("Strided: 8x8 pixels a cell"),
}
"""BLOCK pixels a side; the shape of what is drawn is that of neither map."""


def powers(magnitude: Array, below: int) -> Array:
    """Return n of each 10 ** (n - below); 0 stays 0."""
    is_some = magnitude > 0
    found: Array = np.where(is_some, below + np.log10(np.where(is_some, magnitude, 1)), 0)
    return found


def below_all(found: Mapping[tuple[bool, ...], Looked]) -> int:
    """Return the smallest k for which 10 ** -k is less than every gradient that is not 0."""
    smallest = min(each.magnitude[each.magnitude > 0].min() for each in found.values())
    return 1 - math.ceil(math.log10(smallest))


def both(_study: Study) -> Figure:
    """Show the gradients of the two networks, as powers of ten on one scale."""
    found = ran(Narrow())
    below = below_all(found)
    return Figure(
        [
            [
                _drawn(f"downstream {at}", TITLES[switches], powers(each.magnitude, below))
                for at, (switches, each) in enumerate(found.items())
            ]
        ]
    )


def _drawn(key: str, title: str, cells: Array) -> Map:
    return replace(map_of(key, title, cells), subtitle="", symbol="n")


def apart(found: Mapping[tuple[bool, ...], Looked]) -> float:
    """Return by how much the strided map differs at most from the dilated one's cells there."""
    dilated, strided = found[DILATED].returned, found[STRIDED].returned
    step = dilated.shape[-1] // strided.shape[-1]
    return float(np.abs(dilated[..., ::step, ::step] - strided).max())


def side_by_side(_study: Study, say: Say) -> Grid:
    """List what is the same in both, and what differs."""
    rows = []
    for switches, each in ran(Narrow()).items():
        net = Net(18, switches, CHANNELS)
        rows.append(
            (
                f"`{as_python(switches)}`",
                f"**{each.side}x{each.side}**",
                f"{stage_fields(net)[-1]}",
                str(each.field),
                f"{each.parameters:,}",
            )
        )
    heads = (
        say("switches"),
        say("last map"),
        say("field"),
        say("measured"),
        say("parameters"),
    )
    return Grid(heads, rows, frozenset({1, 2, 3, 4}))


def fades(_study: Study) -> Mapping[str, str]:
    """Return where the cell lies, how its gradient fades, and how far the two maps are apart."""
    found = ran(Narrow())
    return {
        "pixel": str(PIXEL),
        "below": str(below_all(found)),
        "half": str(found[DILATED].half),
        "field": str(found[DILATED].field),
        "apart": format_number(apart(found), 1),
    }
