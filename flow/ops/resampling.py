"""Up- and downsampling: every output cell mixes input cells by weights that the sizes alone fix."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import torch

from flow.ops.common.closed import Backward, Gradients
from flow.ops.common.interpolation import Axis, axis, rounded, smoothing
from flow.ops.common.operation import ruled
from flow.ops.common.places import along
from flow.ops.common.terms import COPY, Proposal, Terms, everywhere, proposal, unnamed
from flow.said import said

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


def kind_of(name: str) -> str:
    """Return the mode of an upsampling node by its class name."""
    return KINDS[name.partition("Backward")[0].removesuffix("D").rstrip("123")]


def axes_of(node: Any, kind: str) -> list[Axis]:
    """Return the weights along each spatial axis of an upsampling node, first axis first."""
    aligned = bool(getattr(node, "_saved_align_corners", False))
    return [
        axis(kind, size, wide, scale, aligned=aligned)
        for size, wide, scale in sizes_and_scales(node, kind)
    ]


def sizes_and_scales(node: Any, kind: str) -> list[tuple[int, int, float | None]]:
    """Return size before, size after and the factor that counts, of each spatial axis."""
    sizes = node._saved_self_sym_sizes[2:]
    letters = ("",) if len(sizes) == 1 else ("_d", "_h", "_w")[-len(sizes) :]
    aligned = bool(getattr(node, "_saved_align_corners", False))
    same = aligned or tuple(sizes) == tuple(node._saved_output_size)
    found = []
    for size, wide, letter in zip(sizes, node._saved_output_size, letters, strict=True):
        simple = same or _simple(kind, size, wide)
        found.append((size, wide, None if simple else getattr(node, f"_saved_scales{letter}")))
    return found


def _simple(kind: str, size: int, wide: int) -> bool:
    """Whether torch's backward goes by the sizes along an axis, whatever scale was given."""
    if kind == "nearest":
        return wide in (size, 2 * size)
    return kind in ("linear", "bilinear", "trilinear") and wide == size


def resample(backward: Backward) -> Gradients:
    """Apply the transposed weight matrix along each axis."""
    found, kind = backward.g, kind_of(backward.name)
    if kind.startswith("nearest"):
        weights = [each.weights for each in axes_of(backward.node, kind)]
    else:
        single = backward.node._input_metadata[0].dtype is not torch.float64
        aligned = bool(backward.setting("align_corners"))
        weights = [
            rounded(kind, *each, aligned=aligned, single=single)
            for each in sizes_and_scales(backward.node, kind)
        ]
    for step, matrix in enumerate(weights):
        found = along(found, matrix, 2 + step)
    return (found,)


def smoothed(backward: Backward) -> Gradients:
    """Apply the transposed weights of a filter that is as wide as the image is shrunk."""
    found, cubic = backward.g, "Bicubic" in backward.name
    aligned = backward.setting("align_corners")
    for step, (size, wide, scale) in enumerate(sizes_and_scales(backward.node, "")):
        ratio = (size - 1) / max(wide - 1, 1) if aligned else 1 / scale if scale else size / wide
        found = along(found, smoothing(size, wide, ratio, cubic=cubic), 2 + step)
    return (found,)


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
        return everywhere(COPY, tops / bottom)
    return proposal(
        tops, lambda top: f"{Fraction(top, bottom)} ({kind})", tops / bottom, tolerance=TOLERANCE
    )


_NEAREST = ruled(
    r"\bar{x}_i = \sum_{\text{copies } j \text{ of } i} \bar{y}_j",
    "Every output cell copied one input cell: the gradients of a cell's copies add up.",
    resample,
    names=names,
    reads="sum",
    copies=True,
    zero=said("No output cell is a copy of this cell, so its gradient is 0."),
)
_MIXED = ruled(
    r"\bar{x} = A^{\top}\,\bar{y} \quad \text{for } y = A\,x, \text{ weights } A "
    r"\text{ fixed by the sizes}",
    "Each output mixed neighbours by fixed weights: each neighbour gets the gradient times its "
    "weight.",
    resample,
    names=names,
    reads="sum",
    zero=said("No output cell mixed this cell in, so its gradient is 0."),
)
_SMOOTHED = ruled(
    r"\bar{x} = A^{\top}\,\bar{y} \quad \text{for } y = A\,x, \text{ rows of } A "
    r"\text{ a filter of sum } 1",
    "Each output averaged a neighbourhood by a smoothing filter: each cell gets the gradient "
    "times its weight.",
    smoothed,
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
