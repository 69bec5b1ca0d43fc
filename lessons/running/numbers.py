"""Small whole numbers for exercises: a seed gives the same ones everywhere."""

from __future__ import annotations

import numpy as np

from lessons.asking.exercise import Array


def whole(seed: int, shape: tuple[int, ...], largest: int = 5) -> Array:
    """Return whole numbers from ``-largest`` to ``largest`` without zero, as float32."""
    drawn = np.random.default_rng(seed).integers(1, 2 * largest + 1, shape)
    return np.where(drawn > largest, largest - drawn, drawn).astype(np.float32)
