"""Every operation whose backward is written down, by the class name of its autograd node."""

from __future__ import annotations

from flow.ops import (
    attention,
    convolution,
    copies,
    cuts,
    distances,
    dropout,
    embedding,
    indexing,
    joins,
    matmul,
    names_of_cells,
    norms,
    padding,
    patches,
    pooling,
    rearranging,
    recurrent,
    resampling,
    sampling,
    writing,
)
from flow.ops.operation import Operation, Reads
from flow.ops.pointwise import POINTWISE
from flow.ops.rules import RULES
from flow.record import NodeRecord, Rule

__all__ = ["OPS", "Operation", "moves", "rule_of"]

_ZERO = {
    "ReluBackward0": "x is not positive in this cell, so ReLU hands nothing on: its gradient is 0.",
    "HardtanhBackward0": "x is outside the bounds in this cell, so nothing is handed on.",
    "ClampBackward1": "x is outside the bounds in this cell, so nothing is handed on.",
}
"""Why no upstream cell feeds a cell, for operations that choose."""


def _reads(name: str) -> Reads:
    if name in POINTWISE:
        return "function"
    return "sum" if RULES[name].linear else "other"


_BRIDGED = {
    name: Operation(
        rule=Rule(written.formula, written.sentence),
        closed_form=written.closed_form,
        names=names_of_cells.NAMERS.get(name),
        reads=_reads(name),
        zero=_ZERO.get(name, ""),
    )
    for name, written in RULES.items()
}

OPS: dict[str, Operation] = {
    **_BRIDGED,
    **convolution.OPS,
    **matmul.OPS,
    **pooling.OPS,
    **resampling.OPS,
    **padding.OPS,
    **norms.OPS,
    **attention.OPS,
    **recurrent.OPS,
    **rearranging.OPS,
    **copies.OPS,
    **cuts.OPS,
    **joins.OPS,
    **indexing.OPS,
    **writing.OPS,
    **embedding.OPS,
    **patches.OPS,
    **sampling.OPS,
    **distances.OPS,
    **dropout.OPS,
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
