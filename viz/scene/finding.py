"""What the ``test`` preset is there to show: copies forward, sums backward."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from flow.record import Array, Capture
from viz.language import Say
from viz.theme import format_number

DIGITS = 4


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


def finding_data(found: Finding, say: Say) -> dict[str, Any]:
    """Return a ``Finding`` for the browser: both maps, sample by sample, and what they show."""
    exact = found.difference == 0
    verdict = (
        say("equal to the last bit, difference 0")
        if exact
        else say("largest difference {value}").format(value=format_number(found.difference))
    )
    return {
        "left": {
            "title": say("Upstream of upsample, 2x2 blocks added"),
            "rows": [_matrix(sample[0]) for sample in found.summed],
        },
        "right": {
            "title": say("Gradient at the output of conv1"),
            "rows": [_matrix(sample[0]) for sample in found.below],
        },
        "sign": "=" if exact else "≈",
        "sentence": f"{say('Copies forward, sums backward')}: {verdict}.",
    }


def _matrix(values: Array) -> list[list[str]]:
    return [[format_number(cell, DIGITS) for cell in row] for row in values]
