"""What the ``test`` preset is there to show: copies forward, sums backward."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from flow.record import Array, Capture


@dataclass(frozen=True, eq=False)
class Finding:
    """Two maps that should be equal, and how far apart they are."""

    summed: Array
    """Gradient at the upsampling's output, its 2x2 blocks added."""
    below: Array
    """Gradient at the output of the layer before."""
    difference: float


def block_sums(capture: Capture) -> Finding | None:
    """Add the gradient at ``upsample``'s output over 2x2 blocks and compare with ``conv1``'s.

    The four cells are added one after the other in row-major order, as the engine adds them.
    None where the run has no such layers or no gradient there.
    """
    names = {layer.name for layer in capture.layers}
    if not {"upsample", "conv1"} <= names:
        return None
    above, below = capture.layer("upsample").upstream, capture.layer("conv1").upstream
    if above is None or below is None:
        return None
    summed = above[..., 0::2, 0::2] + above[..., 0::2, 1::2]
    summed = summed + above[..., 1::2, 0::2]
    summed = summed + above[..., 1::2, 1::2]
    return Finding(summed, below, float(np.abs(summed - below).max()))
