"""What the ``test`` preset is there to show: copies forward, sums backward."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from flow.record import Array, Capture
from viz.hidden import any_hidden
from viz.language import Say
from viz.theme import format_number

LAYERS = ("upsample", "conv1")
"""The layers that the finding is about."""


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
    None where the run has no such layers, or no gradient there that is shown.
    """
    names = {layer.name for layer in capture.layers}
    if not set(LAYERS) <= names:
        return None
    above, below = (capture.layer(name).upstream for name in LAYERS)
    if above is None or below is None or any_hidden((above, below)):
        return None
    summed = above[..., 0::2, 0::2] + above[..., 0::2, 1::2]
    summed = summed + above[..., 1::2, 0::2]
    summed = summed + above[..., 1::2, 1::2]
    return Finding(summed, below, float(np.abs(summed - below).max()))


def finding_data(found: Finding, say: Say) -> dict[str, Any]:
    """Return a ``Finding`` for the browser: what is shown, and at which layers it is said."""
    exact = found.difference == 0
    sentence = (
        say(
            "Copies forward, sums backward: what arrives at upsample, added over its "
            "2\u00d72 blocks, is what arrives at conv1, to the last bit."
        )
        if exact
        else say(
            "Copies forward, sums backward: what arrives at upsample, added over its "
            "2\u00d72 blocks, is what arrives at conv1 but for {value}."
        )
    )
    return {
        "layers": list(LAYERS),
        "sentence": sentence.format(value=format_number(found.difference)),
    }
