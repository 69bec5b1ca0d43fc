"""Up- and downsampling: every output cell mixes input cells by weights that the sizes alone fix.

Source: the documentation of torch.nn.functional.interpolate. Along each axis an output cell
looks at the input position (o + 1/2) r - 1/2, or o (n - 1) / (m - 1) with ``align_corners``, where
r is input size / output size (1 / scale_factor when one was given). Weights are whole numbers
over a common denominator, so that they can be named as the fractions they are.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from flow.ops.closed import Backward, Gradients
from flow.ops.operation import Operation
from flow.ops.places import along
from flow.ops.terms import Proposal, Terms, everywhere, proposal, unnamed
from flow.record import Rule

TOLERANCE = 1e-5
"""torch computes where an output cell looks in float32, so its weights are that much off."""
NAMED = 2**53
"""Denominators up to which a weight is named as a fraction: those that float64 counts to."""
KINDS = {
    "UpsampleNearest": "nearest",
    "UpsampleNearestExact": "nearest-exact",
    "UpsampleLinear": "linear",
    "UpsampleBilinear": "bilinear",
    "UpsampleTrilinear": "trilinear",
    "UpsampleBicubic": "bicubic",
}

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


def kind_of(name: str) -> str:
    """Return the mode of an upsampling node by its class name."""
    return KINDS[name.partition("Backward")[0].removesuffix("D").rstrip("123")]


def axes_of(node: Any, kind: str) -> list[Axis]:
    """Return the weights along each spatial axis of an upsampling node, first axis first."""
    aligned = getattr(node, "_saved_align_corners", False)
    same = tuple(node._saved_self_sym_sizes[2:]) == tuple(node._saved_output_size)
    return [
        axis(
            kind,
            size,
            wide,
            None if aligned or same or _simple(kind, size, wide) else scale,
            aligned=aligned,
        )
        for size, wide, scale in sizes_and_scales(node)
    ]


def sizes_and_scales(node: Any) -> list[tuple[int, int, float | None]]:
    """Return size before, size after and the given factor of each spatial axis."""
    sizes = node._saved_self_sym_sizes[2:]
    letters = ("",) if len(sizes) == 1 else ("_d", "_h", "_w")[-len(sizes) :]
    scales = [getattr(node, f"_saved_scales{letter}") for letter in letters]
    return list(zip(sizes, node._saved_output_size, scales, strict=True))


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
    out = np.arange(wide)
    if kind.startswith("nearest"):
        twice = 2 * out + 1 if kind == "nearest-exact" else 2 * out
        low = np.minimum(twice * ratio.numerator // (2 * ratio.denominator), size - 1)
        return _mixed(size, 1, [(low, np.ones(wide, np.int64))])
    if aligned:
        position, bottom = out * (size - 1), max(wide - 1, 1)
    else:
        position, bottom = (2 * out + 1) * ratio.numerator - ratio.denominator, 2
        bottom *= ratio.denominator
    if kind != "bicubic":
        position = np.maximum(position, 0)
    low, part = position // bottom, position % bottom
    neighbours = _cubic(low, part, bottom) if kind == "bicubic" else _linear(low, part, bottom)
    return _mixed(size, bottom if kind != "bicubic" else 4 * bottom**3, neighbours)


def _linear(low: Whole, part: Whole, bottom: int) -> list[tuple[Whole, Whole]]:
    return [(low, bottom - part), (low + 1, part)]


def _cubic(low: Whole, part: Whole, bottom: int) -> list[tuple[Whole, Whole]]:
    """Weigh four neighbours by the cubic convolution kernel (Keys, 1981) with parameter -3/4."""
    found = []
    for step in range(-1, 3):
        away = np.abs(part - step * bottom)
        near = (5 * away - 9 * bottom) * away**2 + 4 * bottom**3
        far = -3 * (((away - 5 * bottom) * away + 8 * bottom**2) * away - 4 * bottom**3)
        found.append((low + step, np.where(away <= bottom, near, far)))
    return found


def _mixed(size: int, denominator: int, neighbours: list[tuple[Whole, Whole]]) -> Axis:
    """Add up what every input cell weighs; a neighbour outside stands for the border cell."""
    wide = len(neighbours[0][0])
    numerators = np.zeros((wide, size), np.int64)
    for place, weight in neighbours:
        np.add.at(numerators, (np.arange(wide), np.clip(place, 0, size - 1)), weight)
    common = int(np.gcd.reduce(numerators, axis=None, initial=denominator))
    numerators //= common
    numerators.flags.writeable = False
    return Axis(numerators, denominator // common)


def resample(backward: Backward) -> Gradients:
    """Apply the transposed weight matrix along each axis."""
    found = backward.g
    for step, each in enumerate(axes_of(backward.node, kind_of(backward.name))):
        found = along(found, each.weights, 2 + step)
    return (found,)


def smoothed(backward: Backward) -> Gradients:
    """Apply the transposed weights of a filter that is as wide as the image is shrunk."""
    found, cubic = backward.g, "Bicubic" in backward.name
    aligned = backward.setting("align_corners")
    for step, (size, wide, scale) in enumerate(sizes_and_scales(backward.node)):
        ratio = (size - 1) / max(wide - 1, 1) if aligned else 1 / scale if scale else size / wide
        found = along(found, _filter(size, wide, ratio, cubic=cubic), 2 + step)
    return (found,)


def _filter(size: int, wide: int, ratio: float, *, cubic: bool) -> NDArray[np.float64]:
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


def names(terms: Terms) -> Proposal | None:
    """Name the weights of an interpolation as the fractions they are."""
    kind = kind_of(terms.record.name)
    axes = axes_of(terms.node, kind)
    tops, bottom = np.ones(len(terms.cells), np.int64), 1
    for each in axes:
        bottom *= each.denominator
    if bottom > NAMED:
        return None
    for step, each in enumerate(axes):
        tops = tops * each.numerators[terms.above[2 + step], terms.below[2 + step]]
    if kind.startswith("nearest"):
        return everywhere("1 (copy)", tops / bottom)
    return proposal(
        tops, lambda top: f"{Fraction(top, bottom)} ({kind})", tops / bottom, tolerance=TOLERANCE
    )


_NEAREST = Operation(
    rule=Rule(
        r"\bar{x}_i = \sum_{\text{copies } j \text{ of } i} \bar{y}_j",
        "Every output cell copied one input cell: the gradients of a cell's copies add up.",
    ),
    closed_form=resample,
    names=names,
    reads="sum",
    copies=True,
    zero="No output cell is a copy of this cell, so its gradient is 0.",
)
_MIXED = Operation(
    rule=Rule(
        r"\bar{x} = A^{\top}\,\bar{y} \quad \text{for } y = A\,x, \text{ weights } A "
        r"\text{ fixed by the sizes}",
        "Each output mixed neighbours by fixed weights: each neighbour gets the gradient times its "
        "weight.",
    ),
    closed_form=resample,
    names=names,
    reads="sum",
    zero="No output cell mixed this cell in, so its gradient is 0.",
)
_SMOOTHED = Operation(
    rule=Rule(
        r"\bar{x} = A^{\top}\,\bar{y} \quad \text{for } y = A\,x, \text{ rows of } A "
        r"\text{ a filter of sum } 1",
        "Each output averaged a neighbourhood by a smoothing filter: each cell gets the gradient "
        "times its weight.",
    ),
    closed_form=smoothed,
    names=unnamed,
    reads="sum",
)

OPS = {
    **{
        f"UpsampleNearest{exact}{axes}DBackward0": _NEAREST
        for exact in ("", "Exact")
        for axes in (1, 2, 3)
    },
    "UpsampleLinear1DBackward0": _MIXED,
    "UpsampleBilinear2DBackward0": _MIXED,
    "UpsampleTrilinear3DBackward0": _MIXED,
    "UpsampleBicubic2DBackward0": _MIXED,
    "UpsampleBilinear2DAaBackward0": _SMOOTHED,
    "UpsampleBicubic2DAaBackward0": _SMOOTHED,
}
