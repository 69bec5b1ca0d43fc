"""Every operation whose backward is written down, by the class name of its autograd node."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from flow.ops import names_of_cells, names_of_norms, names_of_weights
from flow.ops.operation import Operation, Reads
from flow.ops.pointwise import POINTWISE
from flow.ops.rules import RULES
from flow.record import Array, NodeRecord, Rule

__all__ = ["OPS", "Operation", "moves", "rule_of"]

_ZERO = {
    "ReluBackward0": "x is not positive in this cell, so ReLU hands nothing on: its gradient is 0.",
    "MaxPool2DWithIndicesBackward0": (
        "This cell was not the largest of any window, so its gradient is 0."
    ),
    "MaxPool3DWithIndicesBackward0": (
        "This cell was not the largest of any window, so its gradient is 0."
    ),
    "HardtanhBackward0": "x is outside the bounds in this cell, so nothing is handed on.",
    "ClampBackward1": "x is outside the bounds in this cell, so nothing is handed on.",
    "EmbeddingBackward0": "This row was not looked up, so its gradient is 0.",
}
"""Why no upstream cell feeds a cell, for operations that choose."""


_MOVING = frozenset(
    {
        "TBackward0",
        "TransposeBackward0",
        "TransposeBackward1",
        "PermuteBackward0",
        "ViewBackward0",
        "UnsafeViewBackward0",
        "ReshapeAliasBackward0",
        "SqueezeBackward0",
        "SqueezeBackward1",
        "UnsqueezeBackward0",
        "AliasBackward0",
        "CloneBackward0",
    }
)
"""Nodes that hand every cell on unchanged, only elsewhere."""

_NAMERS = {**names_of_weights.NAMERS, **names_of_cells.NAMERS, **names_of_norms.NAMERS}
_CHOOSING = frozenset({"MaxPool2DWithIndicesBackward0", "MaxPool3DWithIndicesBackward0"})
_BIASED = {"ConvolutionBackward0": 1, "AddmmBackward0": -1}
_COPYING = frozenset(
    {
        *("ConvolutionBackward0", "AddmmBackward0", "MmBackward0", "BmmBackward0"),
        *("SumBackward0", "SumBackward1", "ExpandBackward0", "IndexBackward0"),
        *_MOVING,
    }
)


def _slope(_node: Any, upstream: Array) -> float:
    """Return what a derivative such as 1 - tanh(x)^2 takes its differences of: numbers around 1."""
    return float(np.abs(upstream[np.isfinite(upstream)]).max(initial=0.0))


def _deviations(node: Any, upstream: Array) -> float:
    """Return what a normalisation scales before it takes mean and correlation out."""
    factors = [getattr(node, name, None) for name in ("_saved_result2", "_saved_weight")]
    gains = [float(one.detach().abs().max()) for one in factors if one is not None and one.numel()]
    return _slope(node, upstream) * math.prod(gains)


_CANCELLING = {
    "TanhBackward0": _slope,
    "GeluBackward0": _slope,
    "SiluBackward0": _slope,
    "NativeBatchNormBackward0": _deviations,
    "NativeLayerNormBackward0": _deviations,
    "NativeGroupNormBackward0": _deviations,
}


def _reads(name: str) -> Reads:
    if name in POINTWISE:
        return "function"
    if name in _CHOOSING:
        return "choice"
    return "sum" if RULES[name].linear else "other"


OPS: dict[str, Operation] = {
    name: Operation(
        rule=Rule(written.formula, written.sentence),
        closed_form=written.closed_form,
        names=_NAMERS.get(name),
        reads=_reads(name),
        zero=_ZERO.get(name, ""),
        moves=name in _MOVING,
        bias_axis=_BIASED.get(name),
        copies=name in _COPYING,
        cancels=_CANCELLING.get(name),
    )
    for name, written in RULES.items()
}
"""Class name of a node -> what is known of it. Adding an operation is one entry in its family."""


def rule_of(node: NodeRecord) -> Rule | None:
    """Return what is written down about a node; None for an unknown operation."""
    known = OPS.get(node.name)
    return None if known is None else known.rule_of(node)


def moves(node: NodeRecord) -> bool:
    """Whether a node hands every cell on unchanged, only elsewhere."""
    known = OPS.get(node.name)
    return known is not None and known.moves
