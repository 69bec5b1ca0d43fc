"""What the steps on fields show: the gradient of one cell, its holes, and smaller kernels."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import torch
from torch import nn

from lessons.choosing.study import Study
from lessons.dilation.stack import RATES, SIDE, Seen, Stack, rates_of, seen, spaced
from lessons.dilation.windows import Window
from lessons.running.recipe import ran
from lessons.showing.figure import Figure, map_of
from lessons.showing.grid import Grid
from viz.language import Say, english
from viz.maps.rows import Map

EIGHT = 8
"""Cells of the map that kernels of several sizes read."""


def stack(study: Study) -> Stack:
    """Return the three convolutions whose fields are asked for."""
    return Stack(rates_of(study["rates"]))


def looked_through(study: Study) -> Stack:
    """Return the convolutions through which one looks for holes."""
    return Stack(rates_of(study["through"]))


def asked_cell(_study: Study) -> Figure:
    """Show the gradient that one cell begins with."""
    return Figure([[_one()]])


def field(study: Study) -> Figure:
    """Show what that cell hands to the input."""
    return _handed(ran(stack(study)))


def holes(study: Study) -> Figure:
    """Show the same where one looks for holes."""
    return _handed(ran(looked_through(study)))


def _one() -> Map:
    cells = np.zeros((1, 1, SIDE, SIDE))
    cells[0, 0, SIDE // 2, SIDE // 2] = 1
    return map_of("upstream", english("One cell of the last map"), cells, scale="one")


def _handed(found: Seen) -> Figure:
    gradient = found.gradient[None, None]
    return Figure([[map_of("downstream", english("Its gradient at the input"), gradient)]])


def of_field(study: Study) -> Mapping[str, str]:
    """Return the field as a sum, with its numbers."""
    rates = stack(study).rates
    terms = " + ".join(f"{rate} · 2" for rate in rates)
    return {"rates": ", ".join(map(str, rates)), "sum": f"1 + {terms} = {1 + 2 * sum(rates)}"}


def of_holes(study: Study) -> Mapping[str, str]:
    """Return how many cells of the field have no gradient."""
    found = ran(looked_through(study))
    return {"holes": str(found.holes), "cells": str(found.inside.size)}


def has_holes(study: Study) -> bool:
    """Tell whether some cells of the field have no gradient."""
    return ran(looked_through(study)).holes > 0


def gathers(study: Study) -> bool:
    """Tell whether every cell has a gradient, and the middle one more than any other."""
    return not has_holes(study) and ran(looked_through(study)).gathers


def is_uneven(study: Study) -> bool:
    """Tell whether every cell has a gradient, but others have as much as the middle one."""
    return not has_holes(study) and not ran(looked_through(study)).gathers


def of_ways(study: Study) -> Mapping[str, str]:
    """Return the fewest ways that lead to a cell, the most, and those to the middle one."""
    inside = ran(looked_through(study)).inside
    middle = len(inside) // 2
    least, most, there = (
        int(each) for each in (inside.min(), inside.max(), inside[middle, middle])
    )
    return {"least": str(least), "most": str(most), "middle": str(there)}


def compared(study: Study, say: Say) -> Grid:
    """List theoretical and effective fields of all the stacks."""
    rows = []
    for digits in RATES:
        found, name = ran(Stack(rates_of(digits))), spaced(digits)
        side, inner = found.fields[-1], found.effective
        shown = f"**{name}** ←" if digits == study["through"] else name
        zero = f"{found.holes} / {found.inside.size}"
        rows.append((shown, f"{side}x{side}", zero, f"{inner}x{inner}"))
    heads = (say("dilations"), say("field"), say("cells with 0"), say("smallest square with half"))
    return Grid(heads, rows, frozenset({1, 2, 3}))


# Why 3x3


def two_small(_study: Study) -> Stack:
    """Return two plain convolutions."""
    return Stack((1, 1))


def small_kernels(study: Study, say: Say) -> Grid:
    """List large kernels beside small ones that see as much."""
    channels = study["width"]
    rows = []
    for kernel, count in ((5, 1), (3, 2), (7, 1), (3, 3)):
        windows = [Window(kernel, padding=kernel // 2)] * count
        side = seen(windows, SIDE).fields[-1]
        with torch.device("meta"):
            layer = nn.Conv2d(channels, channels, kernel, bias=False)
        weights = count * layer.weight.numel()
        name = f"{count} · {kernel}x{kernel}"
        each = f"{weights // channels**2} C²"
        rows.append((name, f"{side}x{side}", each, f"{weights:,}", str(count)))
    heads = (
        say("convolutions"),
        say("field"),
        say("weights"),
        f"C = {channels}",
        say("ReLUs, one after each"),
    )
    return Grid(heads, rows, frozenset({1, 2, 3, 4}))


def even_kernels(_study: Study, say: Say) -> Grid:
    """List the sizes that kernels make of a map of 8x8, with as much padding on every side."""
    rows = []
    for kernel in (2, 3, 4, 5):
        paddings = sorted({(kernel - 1) // 2, kernel // 2})
        sizes = [made(kernel, padding) for padding in paddings]
        said = " / ".join(map(str, paddings)), " / ".join(f"{size}x{size}" for size in sizes)
        rows.append((f"{kernel}x{kernel}", *said))
    return Grid((say("kernel"), say("padding"), say("8x8 becomes")), rows, frozenset({1, 2}))


def made(kernel: int, padding: int) -> int:
    """Return the size that PyTorch makes of a map of 8 cells."""
    with torch.device("meta"):
        return int(
            nn.Conv2d(1, 1, kernel, padding=padding)(torch.empty(1, 1, EIGHT, EIGHT)).shape[-1]
        )
