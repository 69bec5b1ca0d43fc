"""The network that reads digits: three convolutions, a global average pooling, one linear layer."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812 - everybody's name for it

WEIGHTS = Path(__file__).with_name("weights.npz")
"""Written by ``scripts/train_digits.py``."""
CLASSES = 10
CHANNELS = {"conv1": 12, "conv2": 16, "conv3": 16}
SIDES = {"conv1": 8, "conv2": 8, "conv3": 4}
"""A side of each layer's map."""
LAST = "conv3"


class DigitNet(nn.Module):
    """Reads a digit of 1x8x8, ink from 0 to 1, and gives a score for each class."""

    def __init__(self) -> None:
        super().__init__()
        first, second, third = CHANNELS.values()
        self.conv1 = nn.Conv2d(1, first, 3, padding=1)
        self.conv2 = nn.Conv2d(first, second, 3, padding=1)
        self.conv3 = nn.Conv2d(second, third, 3, padding=1)
        self.head = nn.Linear(third, CLASSES)

    def forward(self, image: Tensor) -> Tensor:
        """Return the scores, before a softmax."""
        maps = self.conv1(image).relu()
        maps = self.conv2(maps).relu()
        maps = self.conv3(F.max_pool2d(maps, 2)).relu()
        scores: Tensor = self.head(maps.mean((-2, -1)))
        return scores

    def maps(self, layer: str, image: Tensor) -> Tensor:
        """Return the activation maps of a layer, after its ReLU."""
        found: Tensor = self.conv1(image).relu()
        if layer != "conv1":
            found = self.conv2(found).relu()
        if layer == LAST:
            found = self.conv3(F.max_pool2d(found, 2)).relu()
        return found

    def after(self, layer: str, maps: Tensor) -> Tensor:
        """Return the scores that the maps of a layer lead to."""
        if layer == "conv1":
            maps = self.conv2(maps).relu()
        if layer != LAST:
            maps = self.conv3(F.max_pool2d(maps, 2)).relu()
        scores: Tensor = self.head(maps.mean((-2, -1)))
        return scores


@cache
def trained() -> DigitNet:
    """Return the trained network. All visitors share it, so nothing of it is ever changed."""
    return loaded(WEIGHTS)


def loaded(file: Path) -> DigitNet:
    """Return a network with the parameters of a file; none asks for a gradient."""
    network = DigitNet()
    with np.load(file) as kept:
        state = {name: torch.from_numpy(kept[name]) for name in kept.files}
    network.load_state_dict(state)
    return network.eval().requires_grad_(False)
