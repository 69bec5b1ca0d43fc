"""The loss of a training on a data set: how surprising the right classes are."""

from __future__ import annotations

from torch import Tensor

from models.losses import LOSSES, Loss, LossKind
from models.targets import CLASSES

OFFERED = "cross_entropy"
"""Where the run's own loss is none of classes."""


def class_loss_name(loss: str) -> str:
    """Return the loss of a training on a data set, from that of the run."""
    return loss if LOSSES[loss].targets == CLASSES else OFFERED


def class_loss(kind: LossKind, classes: Tensor) -> Loss:
    """Return that loss for samples of these classes."""
    return Loss(kind.name, kind.compare, classes)
