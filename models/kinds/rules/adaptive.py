"""Windows that are as many as cells are wanted: adaptive pools, and resizing by area.

Window o of m over n cells goes from floor(o n / m) to ceil((o + 1) n / m), as
``torch.nn.AdaptiveAvgPool2d`` has it.
"""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np

from models.fields import Fields
from models.kinds.rules.reading import Reading, axes_of, reading
from models.shapes import Shape, Shapes


def comparisons(_fields: Fields, inputs: Shapes, output: Shape) -> int:
    """Count the cells of every window; neighbours share a cell where both end in it.

    Each of the m - 1 borders that falls into a cell has that cell read twice; gcd(n, m) - 1 of
    them fall between two cells.
    """
    axes = zip(inputs[0][2:], output[2:], strict=True)
    return math.prod(output[:2]) * math.prod(n + m - math.gcd(n, m) for n, m in axes)


def means(fields: Fields, inputs: Shapes, output: Shape) -> int:
    """Count the sum of every window and its division."""
    return comparisons(fields, inputs, output) + math.prod(output)


def windows(_fields: Fields, inputs: Shapes, output: Shape) -> Reading | None:
    """Read the cells from floor(o n / m) to ceil((o + 1) n / m) - 1."""
    found, steps = [], []
    for size, wide in axes_of(inputs, output):
        out = np.arange(wide)
        first, last = out * size // wide, -(-(out + 1) * size // wide)
        cells = first[:, None] + np.arange(int((last - first).max()))
        found.append(np.where(cells < last[:, None], cells, -1))
        steps.append(Fraction(size, wide))
    return reading(found, steps)
