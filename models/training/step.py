"""What a step of a training came to: plain numbers, and of some steps every weight and gradient."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Numbers = NDArray[np.float64]

Broken = Literal["loss", "gradient", "weight"]


@dataclass(frozen=True, eq=False)
class Frame:
    """Everything of one step, by the name of the parameter or buffer."""

    weights: Mapping[str, Array]
    """As the step found them, buffers such as running means too."""
    gradients: Mapping[str, Array]
    """As backward computed them, before any clipping."""


@dataclass(frozen=True)
class Trouble:
    """The first thing that is not a finite number, and where it came from."""

    what: Broken
    """Whether the loss, a gradient or, after the step, a parameter is the first."""
    names: tuple[str, ...]
    """Parameters whose gradient, or which themselves, are not finite."""
    told: str = ""
    """What a run of this step found: the layer or node that first made it, in a sentence."""


@dataclass(frozen=True, eq=False)
class Step:
    """One step. Arrays have a number for each parameter that it may move, in the order of names."""

    names: tuple[str, ...]
    loss: float
    norms: Numbers
    """Of each gradient, before clipping; 0 where a parameter has none."""
    total: float
    """Norm of all gradients together, before clipping."""
    clipped: float
    """The same after it."""
    moved: Numbers
    """Norm of what the step added to a parameter, as a part of the norm of that parameter; NaN
    where that is 0."""
    frame: Frame | None = None
    """None where it was left out, see ``every``."""
    trouble: Trouble | None = None
    """What ended the training in this step, if anything did."""


MOST_FRAME_BYTES = 2**24
"""Of all frames of one training together, which a visitor's session keeps."""


def every(frame_bytes: int, steps: int) -> int:
    """Return of how many steps one keeps its frame, so that all are within MOST_FRAME_BYTES."""
    fit = max(1, MOST_FRAME_BYTES // max(1, frame_bytes))
    return -(-steps // fit)
