"""The plane as a network sees it: the class it gives each place, and the points it learns from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from experiment.setting import Setting
from models.build import build
from models.training.data import DATA
from models.training.step import Array, Frame
from viz.theme import LIGHT, rgb

POINTS_SETS = ("two_moons", "spirals")
CELLS = 48
"""Places along each side."""
SIDE = 240
"""Pixels of the picture of the points, five a place."""
REACH = {"two_moons": 2.0, "spirals": 1.2}
"""From the middle of the plane to its sides."""
DOT = 3
"""Pixels from the middle of a point to its edge."""
RIM = 0
"""Black, around every point."""


@dataclass(frozen=True, eq=False)
class Plane:
    """One step's view of the plane; row 0 is the top."""

    classes: Array
    """At each place which class wins: -1 the first, 1 the last, 0 one between them."""
    points: NDArray[np.uint8]
    """A picture of the points on white, in the colours of their classes."""
    count: int
    """How many classes the data have."""


def plane(setting: Setting, data: str, frame: Frame) -> Plane:
    """Ask the network of a frame for the class of each place.

    Raises LayerError where it takes no such batch.
    """
    kind, reach = DATA[data], REACH[data]
    samples = kind.pick(setting.shape, setting.seed, range(kind.count))
    return Plane(
        classes=_won(setting, frame, reach, kind.classes),
        points=_picture(samples.inputs.numpy(), samples.classes.numpy(), reach),
        count=kind.classes,
    )


def _won(setting: Setting, frame: Frame, reach: float, count: int) -> Array:
    """Return the class that wins at each place among those of the data, from -1 to 1."""
    module = build(setting.network, setting.seed, training=False)
    state = {name: torch.from_numpy(each) for name, each in frame.weights.items()}
    module.load_state_dict(state, strict=False)
    across = torch.linspace(-reach, reach, 2 * CELLS + 1)[1::2]
    up, right = torch.meshgrid(across.flip(0), across, indexing="ij")
    with torch.no_grad():
        scores = module(torch.stack((right, up), dim=-1).view(-1, 2))
    won = scores[:, :count].argmax(dim=1).view(CELLS, CELLS).numpy()
    return np.asarray(2 * won / (count - 1) - 1, dtype=np.float32)


def _picture(points: Array, classes: Array, reach: float) -> NDArray[np.uint8]:
    """Return the points as squares with a rim."""
    picture = np.full((SIDE, SIDE, 3), 255, dtype=np.uint8)
    colours = [rgb(colour) for colour in (LIGHT.stops[0], LIGHT.zero, LIGHT.stops[-1])]
    steps = (len(colours) - 1) // int(classes.max())
    columns = np.round((points[:, 0] / reach + 1) / 2 * SIDE).astype(int)
    rows = np.round((1 - points[:, 1] / reach) / 2 * SIDE).astype(int)
    for row, column, number in zip(rows, columns, classes, strict=True):
        top, left = max(row - DOT, 0), max(column - DOT, 0)
        picture[top : row + DOT + 1, left : column + DOT + 1] = RIM
        inner = picture[top + 1 : row + DOT, left + 1 : column + DOT]
        inner[:] = colours[steps * int(number)]
    return picture
