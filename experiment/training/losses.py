"""The loss of a training: the run's own, or on a data set how surprising the right classes are."""

from __future__ import annotations

from torch import Tensor

from models.losses import LOSSES, Loss, LossKind
from models.targets import CLASSES
from models.training.plan import OWN_DATA, Plan

OFFERED = "cross_entropy"
"""On a data set, where the run's own loss is none of classes."""


def loss_name(loss: str, plan: Plan) -> str:
    """Return the loss with which a run of this one is trained."""
    own = plan.data == OWN_DATA or LOSSES[loss].targets == CLASSES
    return loss if own else OFFERED


def class_loss(kind: LossKind, classes: Tensor) -> Loss:
    """Return that loss for samples of these classes."""
    return Loss(kind.name, kind.compare, classes)
