"""Linear relations between maps whose every coefficient is known: made in numpy, by counting."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from viz.maps.rows import Map
from viz.maps.sums import Link

Array = NDArray[Any]


def noise(*shape: int, seed: int = 0) -> Array:
    return np.random.default_rng(seed).normal(0, 0.1, shape).astype(np.float32)


def copies(size: int, samples: int = 1) -> Array:
    """Backward of nearest upsampling by 2, (n, 1, size, size): rows are downstream cells."""
    matrix = np.zeros((samples, size, size, samples, 2 * size, 2 * size), np.float32)
    for n, y, x in np.ndindex(samples, 2 * size, 2 * size):
        matrix[n, y // 2, x // 2, n, y, x] = 1
    return matrix.reshape(samples * size**2, samples * 4 * size**2)


def kernel_places(channels: int, size: int) -> Array:
    """Backward of a 3x3 convolution with padding 1: which kernel entry joins two cells.

    Row-major position in (channels out, channels in, 3, 3) for every downstream cell (row) and
    upstream cell (column); -1 where the two do not meet.
    """
    entries = np.full((channels, size, size, channels, size, size), -1)
    for c, i, j, o, y, x in np.ndindex(*entries.shape):
        a, b = i - y + 1, j - x + 1
        if 0 <= a < 3 and 0 <= b < 3:
            entries[c, i, j, o, y, x] = ((o * channels + c) * 3 + a) * 3 + b
    return entries.reshape(channels * size**2, channels * size**2)


def sparse(matrix: Array, from_map: str, to_map: str, **more: Any) -> Link:
    """Turn a dense matrix into a link that explains every row."""
    rows, places = np.nonzero(matrix)
    counts = np.bincount(rows, minlength=len(matrix))
    offsets = np.concatenate([[0], np.cumsum(counts)])
    cells = np.arange(len(matrix))
    return Link(from_map, to_map, cells, offsets, places, matrix[rows, places], **more)


def added(matrix: Array, values: Array) -> Array:
    """Multiply in float32, adding the non-zero products of a row one after the other."""
    total = np.zeros(len(matrix), values.dtype)
    for row, coefficients in enumerate(matrix):
        kept = np.flatnonzero(coefficients)
        products = coefficients[kept] * values.reshape(-1)[kept]
        total[row] = np.add.accumulate(products)[-1] if len(kept) else 0
    return total


@dataclass(frozen=True, eq=False)
class Related:
    """Maps, the link between them, and the dense matrix that it stands for."""

    upstream: Array
    downstream: Array
    matrix: Array
    link: Link

    def row(self, **choice: Any) -> list[Map]:
        return [
            Map("upstream", "Upstream", "from conv2", self.upstream, **choice),
            Map("downstream", "Downstream", "to conv1", self.downstream, **choice),
        ]


def upsampling(size: int = 2, samples: int = 1) -> Related:
    upstream = noise(samples, 1, 2 * size, 2 * size)
    matrix = copies(size, samples)
    downstream = added(matrix, upstream).reshape(samples, 1, size, size)
    named = {"names": ("1 (copy)",), "name_of": np.zeros(upstream.size, np.int64)}
    return Related(upstream, downstream, matrix, sparse(matrix, "downstream", "upstream", **named))


def convolution(size: int = 4, channels: int = 1) -> tuple[Related, Array]:
    """Return the relation, with names and taps, and the kernel."""
    kernel = noise(channels, channels, 3, 3, seed=1)
    upstream = noise(1, channels, size, size, seed=2)
    entries = kernel_places(channels, size)
    matrix = np.where(entries < 0, np.float32(0), kernel.reshape(-1)[entries])
    downstream = added(matrix, upstream).reshape(1, channels, size, size)
    names = tuple(f"conv2.weight[{o},{c},{a},{b}]" for o, c, a, b in np.ndindex(kernel.shape))
    link = sparse(
        matrix, "downstream", "upstream", names=names, name_of=entries[np.nonzero(matrix)]
    )
    return Related(upstream, downstream, matrix, link.tapping("kernel", kernel.shape)), kernel
