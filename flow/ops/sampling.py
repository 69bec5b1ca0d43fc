"""Sampling a map where a grid points: spatial transformers (Jaderberg et al., 2015, equation 5)."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np

from flow.ops.common.closed import Backward, Gradients, NoClosedFormError
from flow.ops.common.operation import Operation, ruled
from flow.ops.common.terms import unnamed
from flow.record import Array, Rule
from flow.said import said

BILINEAR = 0
"""How torch writes mode="bilinear" in a node."""
ZEROS, BORDER = 0, 1
"""How torch writes the padding modes that have a closed form here."""


def grid_sample(backward: Backward) -> Gradients:
    """Return the gradients of the map and of the grid, bilinear."""
    mode, padding = (backward.setting(name) for name in ("interpolation_mode", "padding_mode"))
    if mode != BILINEAR or padding not in (ZEROS, BORDER):
        raise NoClosedFormError(
            said(
                "Grid sampling has a closed form here for mode bilinear with padding zeros or "
                "border."
            )
        )
    if not np.isfinite(backward.tensor("grid")).all():
        raise NoClosedFormError(said("A grid that points nowhere has no closed form."))
    x, grid, g = backward.tensor("input"), backward.tensor("grid"), backward.g
    places, steps = zip(*(_place(backward, grid, axis, x.shape) for axis in (0, 1)), strict=True)
    image, moved = np.zeros(x.shape), [np.zeros(grid.shape[:-1]) for _ in steps]
    seen: Any = np.moveaxis(image, 1, -1)
    shown = np.moveaxis(x, 1, -1)
    samples, above = np.arange(len(x))[:, None, None], np.moveaxis(g, 1, -1)
    for corner in product((0, 1), repeat=2):
        at = [
            np.floor(place).astype(np.int64) + side
            for place, side in zip(places, corner, strict=True)
        ]
        inside = np.ones(grid.shape[:-1], np.bool_)
        for axis, index in enumerate(at):
            inside &= (index >= 0) & (index < x.shape[2 + axis])
        cell = tuple(np.where(inside, index, 0) for index in at)
        weights = [1 - np.abs(place - index) for place, index in zip(places, at, strict=True)]
        share = np.where(inside, weights[0] * weights[1], 0.0)
        np.add.at(seen, (samples, *cell), share[..., None] * above)
        met = np.where(inside, (above * shown[samples, *cell]).sum(-1), 0.0)
        for axis, side in enumerate(corner):
            moved[axis] += (1 if side else -1) * weights[1 - axis] * met
    turned = [moved[axis] * steps[axis] for axis in (1, 0)]
    return image, np.stack(turned, -1) if backward.wants(1) is not None else None


def _place(
    backward: Backward, grid: Array, axis: int, shape: tuple[int, ...]
) -> tuple[Array, Array]:
    """Return where each grid point lies along an axis of the map, and its slope by the grid."""
    cells = shape[2 + axis]
    point = grid[..., 1 - axis]
    if backward.setting("align_corners"):
        place, slope = (point + 1) / 2 * (cells - 1), (cells - 1) / 2
    else:
        place, slope = ((point + 1) * cells - 1) / 2, cells / 2
    steps = np.full(place.shape, slope)
    if backward.setting("padding_mode") == BORDER:
        steps[(place <= 0) | (place >= cells - 1)] = 0
        place = np.clip(place, 0, cells - 1)
    return place, steps


_SAMPLED = Rule(
    r"\bar{x}_i = \sum_j w_{ij}\,\bar{y}_j, \quad \bar{g}_j = \bar{y}_j \sum_i "
    r"\frac{\partial w_{ij}}{\partial g_j}\,x_i \quad \text{for } y_j = \sum_i w_{ij}(g_j)\,x_i",
    "Each sample mixed the cells around a grid point: they get its gradient by their weights, the "
    "point by its slope.",
)

OPS = {
    "GridSampler2DBackward0": Operation(rule=_SAMPLED, closed_form=grid_sample, names=unnamed),
    "GridSampler3DBackward0": Operation(rule=_SAMPLED, names=unnamed),
    "AffineGridGeneratorBackward0": ruled(
        r"\bar{\theta} = \sum_j \bar{g}_j\,p_j^{\top} \quad \text{for } g_j = \theta\,p_j, "
        r"\; p_j = (u, v, 1)^{\top}",
        "Every grid point is the same affine map of its place: the map adds up gradient times "
        "place.",
        names=unnamed,
        reads="sum",
    ),
}
