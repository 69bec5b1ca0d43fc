"""Points in the plane, each of one class: two moons, and three arms of a spiral.

Sample i is of class i mod the number of classes. What is drawn are always the same ``POINTS``, so
that a small batch shows the first of those that a training sees.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import torch
from jaxtyping import Float32
from torch import Tensor

from flow.said import said
from models.inputs.shape import InputError
from models.shapes import Shape, shape_text

POINTS = 240
"""As many of each class, of two classes as of three."""
MOONS, ARMS = 2, 3
"""Classes of either."""
MOON_NOISE = 0.1
"""Deviation of a point from its moon, whose radius is 1."""
ARM_NOISE = 0.15
"""Deviation of the angle of a point from its arm, in radians."""
TURN = 4.0
"""Radians by which an arm turns on its way out to radius 1."""

Points = Float32[Tensor, "samples 2"]
Draw = Callable[[Tensor, Tensor], Points]


def two_moons(shape: Shape, seed: int) -> Points:
    """Return points of two moons that hold each other, around the origin."""
    return _first(shape, seed, _moons)


def spirals(shape: Shape, seed: int) -> Points:
    """Return points of three arms of a spiral, out to radius 1 around the origin."""
    return _first(shape, seed, _arms)


def _first(shape: Shape, seed: int, draw: Draw) -> Points:
    if len(shape) != 2 or shape[1] != 2:
        raise InputError(
            said(
                "points in the plane need an input of batch x 2, one row a point. It is {shape}.",
                shape=shape_text(shape),
            )
        )
    generator = torch.Generator().manual_seed(seed)
    along = torch.rand(POINTS, generator=generator)
    noise = torch.randn(POINTS, 2, generator=generator)
    return draw(along, noise)[torch.arange(shape[0]) % POINTS].clone()


def _moons(along: Tensor, noise: Tensor) -> Points:
    lower = torch.arange(POINTS) % MOONS
    angle = math.pi * along
    across = torch.where(lower == 0, angle.cos() - 0.5, 0.5 - angle.cos())
    up = torch.where(lower == 0, angle.sin() - 0.25, 0.25 - angle.sin())
    return torch.stack((across, up), dim=1) + MOON_NOISE * noise


def _arms(along: Tensor, noise: Tensor) -> Points:
    begins = 2 * math.pi / ARMS * (torch.arange(POINTS) % ARMS)
    angle = begins + TURN * along + ARM_NOISE * noise[:, 0]
    return along[:, None] * torch.stack((angle.cos(), angle.sin()), dim=1)
