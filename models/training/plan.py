"""What decides the numbers of a training, besides the network: data, optimizer, batch and steps."""

from __future__ import annotations

from dataclasses import dataclass

MAX_STEPS = 500
MAX_BATCH = 256
MAX_CLIP = 1000.0
"""A larger norm clips nothing that is worth showing; more is a slip of the keyboard."""
OWN_DATA = "own"
"""The run's own input and target, in every step."""


@dataclass(frozen=True)
class Plan:
    """How a network is trained."""

    data: str = OWN_DATA
    """Name in ``DATA``, or OWN_DATA."""
    optimizer: str = "sgd"
    """Name in ``OPTIMIZERS``."""
    rate: float = 0.1
    momentum: float = 0.9
    """Of an optimizer that has one."""
    batch: int = 16
    """Samples a step; the run's own input is its own batch."""
    steps: int = 100
    clip: float = 0.0
    """The norm of all gradients together is clipped to at most this; 0 clips nothing."""
