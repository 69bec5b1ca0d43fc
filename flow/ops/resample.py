"""How up- and downsampling weighs its input cells: exact fractions, from the sizes alone.

Source: the documentation of torch.nn.functional.interpolate. Along each axis an output cell
looks at the input position (o + 1/2) r - 1/2, or o (n - 1) / (m - 1) with ``align_corners``, where
r is input size / output size (1 / scale_factor when one was given).
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

KINDS = {
    "UpsampleNearest": "nearest",
    "UpsampleNearestExact": "nearest-exact",
    "UpsampleLinear": "linear",
    "UpsampleBilinear": "bilinear",
    "UpsampleTrilinear": "trilinear",
    "UpsampleBicubic": "bicubic",
}
CUBIC = Fraction(-3, 4)
"""Keys' parameter of the cubic kernel, as torch chose it."""


@dataclass(frozen=True, eq=False)
class Axis:
    """Weights along one axis: ``numerators`` / ``denominator``, output x input."""

    numerators: NDArray[np.int64]
    denominator: int


def kind_of(name: str) -> str:
    """Return the mode of an upsampling node by its class name; empty for other nodes."""
    return KINDS.get(name.partition("Backward")[0].rstrip("D").rstrip("123"), "")


def axes_of(node: Any, kind: str) -> list[Axis]:
    """Return the weights along each spatial axis of an upsampling node, first axis first."""
    output = node._saved_output_size
    sizes = node._saved_self_sym_sizes[2:]
    letters = ("",) if len(sizes) == 1 else ("_d", "_h", "_w")[-len(sizes) :]
    scales = [getattr(node, f"_saved_scales{letter}") for letter in letters]
    aligned = getattr(node, "_saved_align_corners", False)
    same = tuple(sizes) == tuple(output)
    return [
        axis(
            kind,
            size,
            wide,
            None if aligned or same or _simple(kind, size, wide) else scale,
            aligned=aligned,
        )
        for size, wide, scale in zip(sizes, output, scales, strict=True)
    ]


def _simple(kind: str, size: int, wide: int) -> bool:
    """Whether torch's backward goes by the sizes along an axis, whatever scale was given."""
    if kind == "nearest":
        return wide in (size, 2 * size)
    return kind in ("linear", "bilinear", "trilinear") and wide == size


@lru_cache(maxsize=256)
def axis(kind: str, size: int, wide: int, scale: float | None, *, aligned: bool) -> Axis:
    """Return the weights of ``wide`` output cells over ``size`` input cells."""
    ratio = Fraction(size, wide)
    if scale:
        ratio = 1 / Fraction(scale).limit_denominator(10_000)
    rows: list[dict[int, Fraction]] = []
    for out in range(wide):
        if kind == "nearest":
            rows.append({min(int(out * ratio), size - 1): Fraction(1)})
        elif kind == "nearest-exact":
            rows.append({min(int((out + Fraction(1, 2)) * ratio), size - 1): Fraction(1)})
        else:
            place = _place(out, size, wide, ratio, aligned=aligned)
            rows.append((_cubic if kind == "bicubic" else _linear)(place, size))
    common = int(np.lcm.reduce([weight.denominator for row in rows for weight in row.values()]))
    numerators = np.zeros((wide, size), np.int64)
    for out, row in enumerate(rows):
        for inside, weight in row.items():
            numerators[out, inside] = int(weight * common)
    numerators.flags.writeable = False
    return Axis(numerators, common)


def _place(out: int, size: int, wide: int, ratio: Fraction, *, aligned: bool) -> Fraction:
    if aligned:
        return Fraction(out * (size - 1), wide - 1) if wide > 1 else Fraction(0)
    return (out + Fraction(1, 2)) * ratio - Fraction(1, 2)


def _linear(place: Fraction, size: int) -> dict[int, Fraction]:
    place = max(place, Fraction(0))
    low = min(int(place), size - 1)
    part = place - low
    if low == size - 1 or not part:
        return {low: Fraction(1)}
    return {low: 1 - part, low + 1: part}


def _cubic(place: Fraction, size: int) -> dict[int, Fraction]:
    """Weigh four neighbours; those outside stand for the border cell."""
    low = place.__floor__()
    part = place - low
    weights: dict[int, Fraction] = {}
    for step in range(-1, 3):
        inside = min(max(low + step, 0), size - 1)
        weight = _keys(abs(part - step))
        weights[inside] = weights.get(inside, Fraction(0)) + weight
    return {inside: weight for inside, weight in weights.items() if weight}


def _keys(distance: Fraction) -> Fraction:
    """Return the cubic convolution kernel (Keys, 1981) at a distance of at most 2."""
    if distance <= 1:
        return ((CUBIC + 2) * distance - (CUBIC + 3)) * distance**2 + 1
    return CUBIC * (((distance - 5) * distance + 8) * distance - 4)
