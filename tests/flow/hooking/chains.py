"""Small networks whose gradients a pencil gives."""

from __future__ import annotations

from collections import OrderedDict

import torch
from torch import nn

WEIGHTS = {"a": 2.0, "b": 3.0, "c": 5.0}
"""L = 5 · 3 · 2 · x: the gradient is 5 at b's output, 15 at a's, 30 at x."""


def chain() -> nn.Sequential:
    """Three multiplications in a row."""
    network = nn.Sequential()
    for name, weight in WEIGHTS.items():
        layer = nn.Linear(1, 1, bias=False)
        nn.init.constant_(layer.weight, weight)
        network.add_module(name, layer)
    return network


def one(value: float = 7.0) -> torch.Tensor:
    """Return the input."""
    return torch.tensor([[value]], requires_grad=True)


def cnn(seed: int = 0) -> nn.Sequential:
    """Two convolutions with a ReLU and a dropout between, and weights of a seed."""
    draw = torch.Generator().manual_seed(seed)
    network = nn.Sequential(
        OrderedDict(
            conv1=nn.Conv2d(1, 4, 3), relu=nn.ReLU(), drop=nn.Dropout(0.3), conv2=nn.Conv2d(4, 2, 3)
        )
    )
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.copy_(torch.randn(parameter.shape, generator=draw))
    return network
