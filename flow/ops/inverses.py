"""Inverses of square matrices."""

from __future__ import annotations

import numpy as np

from flow.ops.common.closed import Backward, Gradients
from flow.ops.common.operation import Operation
from flow.ops.common.terms import unnamed
from flow.record import Rule


def inverse(backward: Backward) -> Gradients:
    """Multiply by the transposed inverse on both sides."""
    turned = np.swapaxes(backward.tensor("inverse"), -1, -2)
    return (-turned @ backward.g @ turned,)


OPS = {
    "LinalgInvExBackward0": Operation(
        rule=Rule(
            r"\bar{A} = -B^{\top}\,\bar{B}\,B^{\top} \quad \text{for } B = A^{-1}",
            "The gradient is multiplied by the transposed inverse on both sides, and negated.",
        ),
        closed_form=inverse,
        names=unnamed,
    ),
}
