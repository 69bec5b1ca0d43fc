"""EfficientNet-Lite0, written from the names and shapes of its parameters.

A stem, 16 blocks and a head: convolution, batch norm, ReLU6. The parameters are only read, so any
number of visitors may run it at once. Maps are batch x channels x height x width.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor
from torch.nn import functional as F  # noqa: N812 - everybody's name for it

STRIDES = (1, 2, 1, 2, 1, 2, 1, 1, 1, 1, 1, 2, 1, 1, 1, 1)
"""Of each block; kernels and channels are those of its parameters."""
STEM, HEAD = 0, len(STRIDES) + 1
"""Places of the stem and the head; the blocks stand between."""
EPSILON = 1e-3
"""Of the batch norms, as they were trained."""
SIDE = 224
"""Of a picture."""


@dataclass(frozen=True, eq=False)
class Lite0:
    """The network."""

    state: Mapping[str, Tensor]

    def forward(self, maps: Tensor, first: int = STEM, last: int = HEAD) -> Tensor:
        """Run from place ``first`` to place ``last``, and return what the last one made."""
        for place in range(first, last + 1):
            if place == STEM:
                maps = self._unit("_conv_stem", "_bn0", maps, 2).clamp(0, 6)
            elif place == HEAD:
                maps = self._unit("_conv_head", "_bn1", maps).clamp(0, 6)
            else:
                maps = self._block(place - 1, maps)
        return maps

    def scores(self, maps: Tensor) -> Tensor:
        """Return the scores of the classes from the head's maps."""
        return F.linear(maps.mean((-2, -1)), self.state["_fc.weight"], self.state["_fc.bias"])

    def _block(self, count: int, maps: Tensor) -> Tensor:
        """Widen, look around each channel alone, narrow; add what came in where it fits."""
        name, found = f"_blocks.{count}", maps
        if f"{name}._expand_conv.weight" in self.state:
            found = self._unit(f"{name}._expand_conv", f"{name}._bn0", found).clamp(0, 6)
        around = self._unit(f"{name}._depthwise_conv", f"{name}._bn1", found, STRIDES[count])
        found = self._unit(f"{name}._project_conv", f"{name}._bn2", around.clamp(0, 6))
        return found + maps if found.shape == maps.shape else found

    def _unit(self, convolution: str, norm: str, maps: Tensor, stride: int = 1) -> Tensor:
        """Convolve and normalize. Padding is as TensorFlow does it: the odd cell at the end."""
        weight = self.state[f"{convolution}.weight"]
        around = max(weight.shape[-1] - stride, 0)
        padded = F.pad(maps, 2 * (around // 2, around - around // 2))
        made = F.conv2d(padded, weight, stride=stride, groups=maps.shape[1] // weight.shape[1])
        mean, variance, scale, shift = (
            self.state[f"{norm}.{each}"]
            for each in ("running_mean", "running_var", "weight", "bias")
        )
        return F.batch_norm(made, mean, variance, scale, shift, eps=EPSILON)


def loaded(file: Path) -> Lite0:
    """Read the parameters; nothing of the file is run."""
    return Lite0(torch.load(file, map_location="cpu", weights_only=True))
