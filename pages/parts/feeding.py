"""What a run is made of: network, input and loss."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor, nn

from models.build import build
from models.fitting import Shape
from models.inputs import INPUTS
from models.losses import LOSSES, Loss
from pages.parts.experiment import Experiment


@dataclass(frozen=True, eq=False)
class Fed:
    """A network of its own, its input and the loss: made anew for every run."""

    module: nn.Module
    values: Tensor
    loss: Loss


def feed(setting: Experiment, output_shape: Shape) -> Fed:
    """Make everything from the setting alone.

    Raises LayerError, InputError or TargetError, in words for the visitor.
    """
    module = build(setting.network, setting.seed, setting.training)
    values = INPUTS[setting.input].make(setting.shape, setting.seed)
    values.requires_grad_(setting.input_gradient)
    return Fed(module, values, LOSSES[setting.loss].make(output_shape, setting.target))
