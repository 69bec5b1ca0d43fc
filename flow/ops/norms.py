"""What normalisation layers compute on the way: the normalised input, and by what they scaled."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from flow.ops.pointwise import double
from flow.record import Array

Axes = tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Normalised:
    """A normalisation, redone in float64."""

    x: Array
    """(input - mean) / deviation."""
    scale: Array
    """1 / deviation, broadcast against the input."""
    weight: Array
    """The learned scale, broadcast against the input; 1 without one."""
    statistics: Axes
    """Axes over which mean and deviation were taken; empty when they were fixed."""
    parameters: Axes
    """Axes over which the gradients of scale and shift are summed."""


def batch_norm(node: Any) -> Normalised:
    """Redo batch normalisation: by the batch's saved statistics, or by running ones."""
    x = double(node._saved_input)
    axes = (0, *range(2, x.ndim))
    column = (1, -1, *[1] * (x.ndim - 2))
    if node._saved_training:
        mean = double(node._saved_result1).reshape(column)
        scale = double(node._saved_result2).reshape(column)
    else:
        mean = double(node._saved_running_mean).reshape(column)
        scale = 1 / np.sqrt(double(node._saved_running_var).reshape(column) + node._saved_eps)
    weight = node._saved_weight
    return Normalised(
        x=(x - mean) * scale,
        scale=scale,
        weight=np.ones(()) if weight is None else double(weight).reshape(column),
        statistics=axes if node._saved_training else (),
        parameters=axes,
    )


def layer_norm(node: Any) -> Normalised:
    """Redo layer normalisation, with the mean and deviation that were saved."""
    x = double(node._saved_input)
    axes = tuple(range(x.ndim - len(node._saved_normalized_shape), x.ndim))
    scale = double(node._saved_result2)
    weight = node._saved_weight
    return Normalised(
        x=(x - double(node._saved_result1)) * scale,
        scale=scale,
        weight=np.ones(()) if weight is None else double(weight),
        statistics=axes,
        parameters=tuple(range(axes[0])),
    )


NORMALISED = {"NativeBatchNormBackward0": batch_norm, "NativeLayerNormBackward0": layer_norm}


def group_norm(node: Any) -> Normalised:
    """Redo group normalisation; the statistics are those of the last axis of ``grouped``."""
    x = double(node._saved_input)
    column = (1, -1, *[1] * (x.ndim - 2))
    parts = grouped(x, node._saved_group)
    rows = (*parts.shape[:2], 1)
    scale = double(node._saved_result2).reshape(rows)
    normalised = (parts - double(node._saved_result1).reshape(rows)) * scale
    weight = node._saved_weight
    return Normalised(
        x=normalised.reshape(x.shape),
        scale=scale,
        weight=np.ones(()) if weight is None else double(weight).reshape(column),
        statistics=(2,),
        parameters=(0, *range(2, x.ndim)),
    )


def grouped(array: Array, groups: int) -> Array:
    """Return batch x channels x ... as batch x groups x cells of the group."""
    return array.reshape(array.shape[0], groups, -1)
