"""Which tensors of the Test network keep their gradient, asked of PyTorch itself."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F  # noqa: N812 - everybody's name for it

from models.build import build
from models.inputs import INPUTS
from models.presets import PRESETS


@dataclass(frozen=True)
class Kept:
    """One tensor of a run, after its backward."""

    name: str
    leaf: bool
    retains: bool
    """Whether ``retain_grad()`` was called on it."""
    grad: bool
    """Whether ``.grad`` holds a gradient."""


def kept_gradients(seed: int, *, retain: bool) -> tuple[Kept, ...]:
    """Run the Test network forward and backward once more, with or without ``retain_grad()``.

    The weights are those of the playground's preset and this seed.
    """
    preset = PRESETS["test"]
    model = build(preset.spec, seed)
    tensors: OrderedDict[str, Tensor] = OrderedDict()
    value = INPUTS[preset.input].make(preset.input_shape)
    tensors["x"] = value
    for name, layer in model.named_children():
        value = layer(value)
        tensors[name] = value
        if retain:
            value.retain_grad()
        tensors.update({f"{name}.{own}": each for own, each in layer.named_parameters()})
    loss = F.mse_loss(value, torch.zeros_like(value))
    torch.autograd.backward(loss)
    return tuple(
        Kept(_written(name), tensor.is_leaf, tensor.retains_grad, _has_gradient(tensor))
        for name, tensor in tensors.items()
    )


def _written(name: str) -> str:
    is_parameter = "." in name
    return name if is_parameter or name == "x" else f"{name}(...)"


def _has_gradient(tensor: Tensor) -> bool:
    """Tell whether ``.grad`` holds something; asking a tensor that keeps none warns."""
    return (tensor.is_leaf or tensor.retains_grad) and tensor.grad is not None
