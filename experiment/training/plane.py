"""The plane as a network sees it: the class it gives each place, and the points it learns from."""

from __future__ import annotations

import numpy as np
import torch

from experiment.setting import Setting
from models.build import build
from models.training.data import DATA
from models.training.step import Array, Frame
from viz.pictures.plane import Plane

POINTS_SETS = ("two_moons", "spirals")
CELLS = 48
"""Places along each side."""
REACH = {"two_moons": 2.0, "spirals": 1.2}
"""From the middle of the plane to its sides."""


def plane(setting: Setting, data: str, frame: Frame) -> Plane:
    """Ask the network of a frame for the class of each place.

    Raises LayerError where it takes no such batch.
    """
    kind, reach = DATA[data], REACH[data]
    samples = kind.pick(setting.shape, setting.seed, range(kind.count))
    return Plane(
        won=_won(setting, frame, reach, kind.classes),
        points=samples.inputs.numpy(),
        classes=samples.classes.numpy(),
        reach=reach,
        count=kind.classes,
    )


def _won(setting: Setting, frame: Frame, reach: float, count: int) -> Array:
    """Return the number of the class that wins at each place, among those of the data."""
    module = build(setting.network, setting.seed, training=False)
    state = {name: torch.from_numpy(each) for name, each in frame.weights.items()}
    module.load_state_dict(state, strict=False)
    across = torch.linspace(-reach, reach, 2 * CELLS + 1)[1::2]
    up, right = torch.meshgrid(across.flip(0), across, indexing="ij")
    with torch.no_grad():
        scores = module(torch.stack((right, up), dim=-1).view(-1, 2))
    return np.asarray(scores[:, :count].argmax(dim=1).view(CELLS, CELLS))
