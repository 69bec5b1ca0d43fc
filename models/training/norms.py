"""Norms that are written down: also where squares are beyond the type of the numbers."""

from __future__ import annotations

import math
from collections.abc import Iterable

import torch
from torch import Tensor


def norm(tensor: Tensor) -> float:
    """Return the norm; not finite only where a number is not, and 0 only where all are 0.

    The squares of float32 numbers above 2e19 are infinite, and those below 1e-23 are 0.
    """
    found = float(torch.linalg.vector_norm(tensor.detach()))
    if math.isfinite(found) and found > 0:
        return found
    return float(torch.linalg.vector_norm(tensor.detach().cpu().abs().double()))


def together(norms: Iterable[float]) -> float:
    """Return the norm of all of which these are the norms."""
    return math.hypot(*norms)
