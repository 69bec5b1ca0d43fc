"""Grad-CAM of a layer's maps (Selvaraju et al., 2017), step by step.

K channels, maps of height x width cells.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import torch
from torch.nn import functional as F  # noqa: N812 - everybody's name for it

from lessons.asking.exercise import Array

MODES = ("nearest", "bilinear")


def weights(gradients: Array) -> Array:
    """Return the weight of every channel: the mean of its gradient. K x height x width -> K."""
    means: Array = gradients.mean((-2, -1))
    return means


def weighted_sum(maps: Array, gradients: Array) -> Array:
    """Return the sum of all maps, each times its weight: height x width."""
    total: Array = np.einsum("k,kij->ij", weights(gradients), maps)
    return total


def grad_cam(maps: Array, gradients: Array) -> Array:
    """Return what the ReLU leaves of the weighted sum."""
    return np.maximum(weighted_sum(maps, gradients), 0)


def enlarged(cells: Array, side: int, mode: str) -> Array:
    """Return a map with ``side`` cells a side, as PyTorch resizes it."""
    grid = torch.from_numpy(np.ascontiguousarray(cells))[None, None]
    how = {"align_corners": False} if mode == "bilinear" else {}
    large: Array = F.interpolate(grid, size=(side, side), mode=mode, **how)[0, 0].numpy()
    return large


@cache
def shares(small: int, large: int, mode: str) -> Array:
    """Return how much of every coarse cell a fine one takes: large² x small²."""
    units = np.eye(small**2, dtype=np.float32).reshape(-1, small, small)
    columns = [enlarged(unit, large, mode).ravel() for unit in units]
    found: Array = np.stack(columns, axis=1)
    found.setflags(write=False)
    return found
