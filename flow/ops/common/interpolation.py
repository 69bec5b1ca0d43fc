"""Which input cells an output cell of up- or downsampling mixes, and by what weights.

Source: the documentation of torch.nn.functional.interpolate. Along each axis an output cell
looks at the input position (o + 1/2) r - 1/2, or o (n - 1) / (m - 1) with ``align_corners``, where
r is input size / output size (1 / scale_factor when one was given).
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from flow.record import Array

Whole = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Axis:
    """Weights along one axis: ``numerators`` / ``denominator``, output x input."""

    numerators: Whole
    denominator: int

    @property
    def weights(self) -> NDArray[np.float64]:
        """The weights as numbers."""
        return np.asarray(self.numerators / self.denominator)


@lru_cache(maxsize=256)
def axis(kind: str, size: int, wide: int, scale: float | None, *, aligned: bool) -> Axis:
    """Return the exact weights of ``wide`` output cells over ``size`` input cells."""
    out = np.arange(wide)
    if kind.startswith("nearest"):
        ones = np.ones(wide, np.int64)
        return _fractions(size, 1, [(_copied(kind, size, wide, scale), ones)])
    ratio = 1 / Fraction(scale).limit_denominator(10_000) if scale else Fraction(size, wide)
    if aligned:
        position, bottom = out * (size - 1), max(wide - 1, 1)
    else:
        position = (2 * out + 1) * ratio.numerator - ratio.denominator
        bottom = 2 * ratio.denominator
    if kind == "bicubic":
        neighbours = _cubic(position // bottom, position % bottom, bottom)
        return _fractions(size, 4 * bottom**3, neighbours)
    position = np.maximum(position, 0)
    return _fractions(size, bottom, _linear(position // bottom, position % bottom, bottom))


def _copied(kind: str, size: int, wide: int, scale: float | None) -> Whole:
    """Return the input cell that each output cell copies; torch rounds the ratio to float32."""
    if wide == size:
        return np.arange(wide)
    ratio = np.float32(1 / scale) if scale else np.float32(size) / np.float32(wide)
    shift = 0.5 if kind == "nearest-exact" else 0.0
    places = np.floor((np.arange(wide, dtype=np.float32) + np.float32(shift)) * ratio)
    return np.asarray(np.minimum(places.astype(np.int64), size - 1))


def _linear(low: Whole, part: Array, bottom: int) -> list[tuple[Whole, Array]]:
    return [(low, bottom - part), (low + 1, part)]


def _cubic(low: Whole, part: Array, bottom: int) -> list[tuple[Whole, Array]]:
    """Weigh four neighbours by the cubic convolution kernel (Keys, 1981) with parameter -3/4.

    The weights are multiples of 1 / (4 bottom^3).
    """
    found = []
    for step in range(-1, 3):
        away = np.abs(part - step * bottom)
        near = (5 * away - 9 * bottom) * away**2 + 4 * bottom**3
        far = -3 * (((away - 5 * bottom) * away + 8 * bottom**2) * away - 4 * bottom**3)
        found.append((low + step, np.where(away <= bottom, near, far)))
    return found


def _mixed(size: int, neighbours: list[tuple[Whole, Array]]) -> Array:
    """Add up what every input cell weighs; a neighbour outside stands for the border cell."""
    wide = len(neighbours[0][0])
    found = np.zeros((wide, size), neighbours[0][1].dtype)
    for place, weight in neighbours:
        np.add.at(found, (np.arange(wide), np.clip(place, 0, size - 1)), weight)
    return found


def _fractions(size: int, denominator: int, neighbours: list[tuple[Whole, Array]]) -> Axis:
    numerators = _mixed(size, neighbours)
    common = int(np.gcd.reduce(numerators, axis=None, initial=denominator))
    numerators //= common
    numerators.flags.writeable = False
    return Axis(numerators, denominator // common)


def rounded(
    kind: str, size: int, wide: int, scale: float | None, *, aligned: bool, single: bool
) -> Array:
    """Return the weights at positions that were rounded as torch rounds them.

    Linear kernels multiply and subtract in one rounding, the bicubic one in two.
    """
    real = np.float32 if single else np.float64
    out = np.arange(wide, dtype=np.float64)
    if aligned:
        places = out * np.float64(real(size - 1) / real(max(wide - 1, 1)))
    else:
        ratio = real(1 / scale) if scale else real(size) / real(wide)
        places = (out + 0.5) * np.float64(ratio)
        if kind == "bicubic":
            places = places.astype(real).astype(np.float64)
        places = places - 0.5
    places = places.astype(real).astype(np.float64)
    if kind == "bicubic":
        low = np.floor(places)
        return _mixed(size, _cubic(low.astype(np.int64), places - low, 1)) / 4
    places = np.maximum(places, 0.0)
    low = np.floor(places)
    return _mixed(size, _linear(low.astype(np.int64), places - low, 1))


def smoothing(size: int, wide: int, ratio: float, *, cubic: bool) -> Array:
    """Return the weights of interpolate(..., antialias=True), output x input."""
    stretched, half = max(ratio, 1.0), 2.0 if cubic else 1.0
    centre = ratio * (np.arange(wide)[:, None] + 0.5)
    cells = np.arange(size)[None, :]
    begin = np.maximum(np.floor(centre - half * stretched + 0.5), 0)
    end = np.minimum(np.floor(centre + half * stretched + 0.5), size)
    away = np.abs(cells - centre + 0.5) / stretched
    near = (1.5 * away - 2.5) * away**2 + 1
    far = -0.5 * (((away - 5) * away + 8) * away - 4)
    heights = np.where(away < 1, near, np.where(away < 2, far, 0)) if cubic else 1 - away
    weights = np.where((cells >= begin) & (cells < end), heights, 0.0)
    if not cubic:
        weights = np.maximum(weights, 0.0)
    return np.asarray(weights / weights.sum(1, keepdims=True))
