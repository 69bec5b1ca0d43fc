"""What a U-net keeps for its backward pass, counted while PyTorch keeps it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import torch
from torch import Tensor, nn
from torch.autograd.graph import saved_tensors_hooks

from models.build import build
from models.presets import PRESETS

PRESET = "unet"


@dataclass(frozen=True)
class KeptBytes:
    """Bytes of one run of the U-net."""

    input: int
    """Of its input."""
    before: int
    """Of the maps that its pools read."""
    pooled: int
    """Of the maps that its pools return."""
    indices: int
    """Of the indices that its pools return."""
    kept: int
    """Of everything that is kept for the backward pass, indices too; parameters are not counted."""


@cache
def kept_bytes() -> KeptBytes:
    """Run the U-net forward, and count what is kept: each piece of memory once."""
    preset = PRESETS[PRESET]
    model, value = build(preset.spec, 0), preset.values()
    weights = {_memory(each) for each in model.parameters()}
    kept: dict[int, Tensor] = {}
    pools: list[tuple[Tensor, Tensor, Tensor]] = []

    def keep(tensor: Tensor) -> Tensor:
        kept.setdefault(_memory(tensor), tensor)
        return tensor

    for module in model.modules():
        if isinstance(module, nn.MaxPool2d):
            module.register_forward_hook(
                lambda _module, read, returned: pools.append((*read, *returned))
            )
    with torch.enable_grad(), saved_tensors_hooks(keep, lambda tensor: tensor):
        model(value)
    before, pooled, indices = (sum(map(_bytes, each)) for each in zip(*pools, strict=True))
    total = sum(_bytes(tensor) for place, tensor in kept.items() if place not in weights)
    return KeptBytes(_bytes(value), before, pooled, indices, total)


def _memory(tensor: Tensor) -> int:
    return tensor.untyped_storage().data_ptr()


def _bytes(tensor: Tensor) -> int:
    return tensor.untyped_storage().nbytes()
