"""Which input cells a pooling window covers, and how many cells its mean divides by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from flow.record import Shape

Index = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Windows:
    """The windows along one axis: output cell o covers input cells first[o] to last[o] - 1."""

    first: Index
    last: Index
    counted: Index
    """How many cells the mean counts along this axis, padding included where it counts."""

    def covers(self, size: int) -> NDArray[np.float64]:
        """Return 1 where an output cell's window holds an input cell: output x input."""
        places = np.arange(size)
        inside = (places >= self.first[:, None]) & (places < self.last[:, None])
        return inside.astype(np.float64)


def per_axis(setting: Sequence[int], axes: int) -> tuple[int, ...]:
    """Return a saved setting of each axis; torch may save one number for all of them."""
    return (*setting,) * (axes if len(setting) == 1 else 1)


def pool_windows(node: Any, sizes: Shape, wide: Shape) -> list[Windows]:
    """Return the windows of AvgPool, one entry an axis, from its saved settings."""
    kernel = node._saved_kernel_size
    stride = node._saved_stride or kernel
    found = []
    for axis, (size, count) in enumerate(zip(sizes, wide, strict=True)):
        pad = node._saved_padding[axis]
        begin = np.arange(count) * stride[axis] - pad
        end = np.minimum(begin + kernel[axis], size + pad)
        first, last = np.maximum(begin, 0), np.minimum(end, size)
        counted = end - begin if node._saved_count_include_pad else last - first
        found.append(Windows(first, last, counted))
    return found


def adaptive_windows(sizes: Shape, wide: Shape) -> list[Windows]:
    """Return the windows of AdaptiveAvgPool: from floor(o n / m) to ceil((o + 1) n / m)."""
    found = []
    for size, count in zip(sizes, wide, strict=True):
        out = np.arange(count)
        first, last = out * size // count, -(-(out + 1) * size // count)
        found.append(Windows(first, last, last - first))
    return found


def average_windows(node: Any, name: str, below: Shape, above: Shape) -> list[Windows]:
    """Return the windows of either kind of average pool."""
    axes = 3 if "3D" in name else 2
    if name.startswith("Adaptive"):
        return adaptive_windows(below[-axes:], above[-axes:])
    return pool_windows(node, below[-axes:], above[-axes:])
