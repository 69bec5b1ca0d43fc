"""Every operation whose backward is written down, by the class name of its autograd node."""

from __future__ import annotations

from flow.ops import (
    activations,
    arithmetic,
    attention,
    convolution,
    copies,
    cross,
    cuts,
    distances,
    dropout,
    embedding,
    extremes,
    functions,
    indexing,
    inverses,
    joins,
    losses,
    matmul,
    norms,
    padding,
    patches,
    pooling,
    rearranging,
    recurrent,
    resampling,
    sampling,
    softmax,
    spreads,
    totals,
    writing,
)
from flow.ops.common.operation import Operation
from flow.record import NodeRecord, Rule

__all__ = ["OPS", "Operation", "moves", "rule_of", "weighs"]

OPS: dict[str, Operation] = {
    **activations.OPS,
    **functions.OPS,
    **arithmetic.OPS,
    **totals.OPS,
    **extremes.OPS,
    **spreads.OPS,
    **softmax.OPS,
    **losses.OPS,
    **convolution.OPS,
    **matmul.OPS,
    **cross.OPS,
    **inverses.OPS,
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


def weighs(node: NodeRecord) -> bool:
    """Whether a node multiplies what comes in by a weight."""
    known = OPS.get(node.name)
    return known is not None and known.weighs
