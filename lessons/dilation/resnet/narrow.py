"""A ResNet-18 of four channels, run with strides and with dilations: what one cell sees."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

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

SIDE = 473
BLOCK = 8
"""Input cells a side of which one is drawn: the largest."""
DILATED, STRIDED = (False, True, True), (False, False, False)
NETWORKS = (DILATED, STRIDED)


@dataclass(frozen=True, eq=False)
class Looked:
    """What the middle cell of the last map hands to the picture."""

    side: int
    """Rows of the last map."""
    field: int
    """Rows from the first to the last with a gradient."""
    magnitude: Array
    """Of the gradient: the largest of each block of BLOCK x BLOCK cells and of the colours."""
    parameters: int
    half: int
    """Rows of the smallest square about the field's middle with EFFECTIVE of the magnitude."""


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
    """Run one network; the middle cell of all its channels is asked for."""
    with Seeded(0):
        model = built(net).eval()
    for parameter in model.parameters():
        parameter.requires_grad_(False)
    with torch.enable_grad():
        x = photo((1, 3, SIDE, SIDE), 0).requires_grad_()
        y = model(x)
        middle = y.shape[-1] // 2
        (gradient,) = torch.autograd.grad(y[..., middle, middle].sum(), x)
    cells = gradient[0].abs().amax(0)
    short = -SIDE % BLOCK
    blocks = nn.functional.pad(cells, (0, short, 0, short))[None, None]
    magnitude = nn.functional.max_pool2d(blocks, BLOCK)
    counted = sum(parameter.numel() for parameter in model.parameters())
    seen = cells.numpy()
    return Looked(y.shape[-1], extent(seen), magnitude.numpy(), counted, half_of(seen))


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


def powers(magnitude: Array) -> Array:
    """Return powers of ten above the smallest that is not 0, which is 1; 0 stays 0."""
    is_some = magnitude > 0
    safe = np.where(is_some, magnitude, 1)
    smallest = safe[is_some].min()
    found: Array = np.where(is_some, 1 + np.log10(safe / smallest), 0)
    return found


def both(_study: Study) -> Figure:
    """Show the gradients of the two networks, as powers of ten."""
    found = ran(Narrow())
    titles: Mapping[tuple[bool, ...], str] = {
        DILATED: english("Dilated: powers of ten"),
        STRIDED: english("Strided: powers of ten"),
    }
    return Figure(
        [
            [
                map_of(f"downstream {at}", titles[switches], powers(each.magnitude))
                for at, (switches, each) in enumerate(found.items())
            ]
        ]
    )


def side_by_side(_study: Study, say: Say) -> Grid:
    """List what is the same in both, and what differs."""
    rows = []
    for switches, each in ran(Narrow()).items():
        net = Net(18, switches, CHANNELS)
        rows.append(
            (
                f"`{as_python(switches)}`",
                f"{stage_fields(net)[-1]}",
                str(each.field),
                f"{each.parameters:,}",
                str(output_strides(net)[-1]),
                f"**{each.side}x{each.side}**",
            )
        )
    heads = (
        say("switches"),
        say("field by formula"),
        say("measured"),
        say("parameters"),
        say("output stride"),
        say("last map"),
    )
    return Grid(heads, rows, frozenset({1, 2, 3, 4, 5}))


def fades(_study: Study) -> Mapping[str, str]:
    """Return the sides of the squares that hold half of the gradient."""
    found = ran(Narrow())
    return {"dilated": str(found[DILATED].half), "strided": str(found[STRIDED].half)}
