"""What a coarse map can still say of a photograph: each cell holds one mean colour."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

import numpy as np
import torch
from torch.nn import functional as F  # noqa: N812 - everybody's name for it

from lessons.asking.exercise import Array
from lessons.choosing.study import Study
from lessons.showing.grid import Grid
from models.inputs.pictures import PHOTOS, photo
from viz.language import Say, english
from viz.pictures.overlay import Layer

SIDE = 240
"""Pixels of the picture a side: a multiple of every map."""
CELLS = (60, 30, 15)
"""A side of the maps: output stride 8, 16 and 32 of 473 pixels."""
PICTURES = {"flower": english("a flower"), "china": english("a temple")}
"""The photographs, in the order of PHOTOS."""
STEEP = 0.9
"""Pixels whose step to their neighbours is larger than this part of all steps are outlines."""


@lru_cache(maxsize=len(PHOTOS))
def whole_picture(name: str) -> Array:
    """Return a photograph: rows x columns x colours, from 0 to 255."""
    place = list(PICTURES).index(name)
    pixels: Array = (255 * photo((3, SIDE, SIDE), place)).permute(1, 2, 0).numpy()
    return pixels


def averaged(pixels: Array, cells: int) -> Array:
    """Average a picture over as many cells a side, and give every pixel its cell's mean."""
    colours = torch.from_numpy(pixels).permute(2, 0, 1)[None]
    means = F.adaptive_avg_pool2d(colours, cells)
    again: Array = F.interpolate(means, size=SIDE, mode="nearest")[0].permute(1, 2, 0).numpy()
    return again


def outlines(pixels: Array) -> Array:
    """Tell of each pixel whether it stands on an outline: where the picture is steepest."""
    grey = pixels.mean(-1)
    down, right = np.gradient(grey)
    steep: Array = np.hypot(down, right)
    found: Array = steep > np.quantile(steep, STEEP)
    return found


def error(pixels: Array, again: Array, where: Array | None = None) -> float:
    """Return the root of the mean squared difference, of all pixels or of some."""
    apart = (pixels.astype(float) - again) ** 2
    return float(np.sqrt(apart.mean() if where is None else apart[where].mean()))


# What it shows


def layers(study: Study, say: Say) -> Sequence[Layer]:
    """Show the photograph, and what is left of it in a map."""
    pixels, cells = whole_picture(study["photo"]), nearest(study)
    kept = say("in {cells} cells").format(cells=f"{cells}x{cells}")
    return [
        Layer(say("the picture"), _drawn(pixels), None),
        Layer(kept, _drawn(averaged(pixels, cells)), None),
    ]


def nearest(study: Study) -> int:
    """Return the cells that are set; a link may name other numbers."""
    return min(CELLS, key=lambda cells: abs(cells - study["cells"]))


def _drawn(pixels: Array) -> Array:
    drawn: Array = np.round(pixels).astype(np.uint8)
    return drawn


def errors(study: Study, say: Say) -> Grid:
    """List how far each is from the picture, everywhere and on the outlines."""
    pixels = whole_picture(study["photo"])
    edge, rows = outlines(pixels), []
    for cells in CELLS:
        again = averaged(pixels, cells)
        off, off_edge = error(pixels, again), error(pixels, again, edge)
        name = f"**{cells}x{cells}** ←" if cells == nearest(study) else f"{cells}x{cells}"
        rows.append((name, f"{off:.1f}", f"{off_edge:.1f}"))
    heads = (say("map"), say("RMS error"), say("on outlines"))
    return Grid(heads, rows, frozenset({1, 2}))


def early(study: Study) -> Mapping[str, str]:
    """Return what part of the coarsest map's error the finest has already, in percent."""
    pixels = whole_picture(study["photo"])
    fine, coarse = (averaged(pixels, cells) for cells in (CELLS[0], CELLS[-1]))
    found = {}
    for name, where in (("all", None), ("edge", outlines(pixels))):
        found[name] = f"{100 * error(pixels, fine, where) / error(pixels, coarse, where):.0f}"
    return found
