"""Layers that bring paths together: torch writes them as functions, here they have names."""

from __future__ import annotations

import torch
from torch import Tensor, nn


class Add(nn.Module):
    """The sum of its inputs, taken from left to right."""

    def forward(self, first: Tensor, *others: Tensor) -> Tensor:
        """Return first + others[0] + ...; shapes broadcast as in torch."""
        total = first
        for other in others:
            total = total + other
        return total


class Subtract(nn.Module):
    """One input minus the other."""

    def forward(self, first: Tensor, second: Tensor) -> Tensor:
        """Return first - second; shapes broadcast as in torch."""
        return first - second


class Multiply(nn.Module):
    """The product of its inputs, cell by cell, taken from left to right."""

    def forward(self, first: Tensor, *others: Tensor) -> Tensor:
        """Return first * others[0] * ...; shapes broadcast as in torch."""
        product = first
        for other in others:
            product = product * other
        return product


class Concat(nn.Module):
    """Its inputs side by side along one dimension."""

    def __init__(self, dim: int = 1) -> None:
        super().__init__()
        self.dim = dim

    def forward(self, *inputs: Tensor) -> Tensor:
        """Return the inputs joined along ``dim``; all other dimensions must agree."""
        return torch.cat(inputs, dim=self.dim)

    def extra_repr(self) -> str:
        """Return what ``repr`` shows between the brackets."""
        return f"dim={self.dim}"
