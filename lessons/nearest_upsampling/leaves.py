"""Which tensors of the Test network keep their gradient, and what PyTorch says of the others."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from functools import lru_cache
from types import FunctionType
from typing import Any

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
    requires_grad: bool
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
        Kept(
            _written(name),
            tensor.requires_grad,
            tensor.is_leaf,
            tensor.retains_grad,
            _has_gradient(tensor),
        )
        for name, tensor in tensors.items()
    )


def _written(name: str) -> str:
    is_parameter = "." in name
    return name if is_parameter or name == "x" else f"{name}(...)"


def _has_gradient(tensor: Tensor) -> bool:
    """Tell whether ``.grad`` holds something; asking a tensor that keeps none warns."""
    return (tensor.is_leaf or tensor.retains_grad) and tensor.grad is not None


def warning(tensor: Tensor) -> str:
    """Read ``.grad`` of a tensor and return what PyTorch warns of; empty where it is silent.

    What the process does with warnings stays as it is, since other threads run: a function whose
    globals are its own has a registry of its own, where Python notes every warning that it shows.
    Where warnings are errors, it is raised; where they are switched off, there is none.
    """
    own: dict[str, Any] = {}
    try:
        FunctionType(_read_gradient.__code__, own)(tensor)
    except UserWarning as raised:
        return str(raised)
    noted = (key[0] for key in own.get("__warningregistry__", {}) if isinstance(key, tuple))
    return next((str(text) for text in noted), "")


def _read_gradient(tensor: Tensor) -> Tensor | None:
    return tensor.grad


@lru_cache(maxsize=2)
def warning_of_a_map(*, retain: bool) -> str:
    """Return what PyTorch says when ``.grad`` of an intermediate is read after ``backward()``.

    Asked once a process, since it is logged each time. Where in its sources it was triggered is
    left out.
    """
    intermediate = torch.ones(1, requires_grad=True) * 2
    if retain:
        intermediate.retain_grad()
    torch.autograd.backward(intermediate)
    return warning(intermediate).partition(" (Triggered internally")[0]
