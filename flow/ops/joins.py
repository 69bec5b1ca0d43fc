"""Joining tensors: side by side, in a stack, along a diagonal."""

from __future__ import annotations

import numpy as np

from flow.ops.common.closed import Backward, Gradients, NoClosedFormError
from flow.ops.common.operation import copying
from flow.record import Array
from flow.said import said


def joined(backward: Backward) -> Gradients:
    """Cut the upstream into the inputs' parts."""
    axis = backward.axis("dim", backward.g.ndim)
    # An empty vector may be joined with anything; torch gives it a gradient of its own shape.
    empty = [shape is not None and shape == (0,) for shape in backward.below]
    unknown = [k for k, shape in enumerate(backward.below) if shape is None]
    widths = [
        0 if shape is None or nothing else shape[axis]
        for shape, nothing in zip(backward.below, empty, strict=True)
    ]
    if len(unknown) > 1:
        raise NoClosedFormError(
            said("Several joined inputs take no gradient, so their sizes are lost.")
        )
    for which in unknown:
        widths[which] = backward.g.shape[axis] - sum(widths)
    parts = np.split(backward.g, np.cumsum(widths)[:-1], axis)
    return tuple(
        None if shape is None else part.reshape(shape)
        for shape, part in zip(backward.below, parts, strict=True)
    )


def stacked(backward: Backward) -> Gradients:
    """Take the slices apart."""
    axis = backward.axis("dim", backward.g.ndim)
    return tuple(np.take(backward.g, which, axis) for which in range(backward.g.shape[axis]))


def on_blocks(backward: Backward) -> Gradients:
    """Cut the blocks out of the diagonal."""
    if any(shape is None for shape in backward.below):
        raise NoClosedFormError(said("A block takes no gradient, so its size is lost."))
    found: list[Array] = []
    row = column = 0
    for shape in (shape for shape in backward.below if shape is not None):
        height, width = (1,) * (2 - len(shape)) + shape
        found.append(backward.g[row : row + height, column : column + width].reshape(shape))
        row, column = row + height, column + width
    return tuple(found)


OPS = {
    "CatBackward0": copying(
        r"[\bar{x}_1, \dots, \bar{x}_n] = \operatorname{split}(\bar{y})",
        "The inputs stand side by side: the gradient is cut into the same parts.",
        joined,
    ),
    "StackBackward0": copying(
        r"\bar{x}_k = \bar{y}_{\dots k \dots}",
        "The inputs were stacked: each gets its own slice of the gradient.",
        stacked,
    ),
    "BlockDiagBackward0": copying(
        r"\bar{x}_k = \bar{y} \text{ in block } k",
        "The inputs are blocks along a diagonal: each gets the gradient of its block.",
        on_blocks,
    ),
}
