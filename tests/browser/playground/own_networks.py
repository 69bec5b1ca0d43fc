"""A transformer encoder of twelve layers, as one would write it by hand."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812 - everybody's name for it


class Block(nn.Module):
    """Attention, then two linear layers, each behind a norm and around a skip."""

    def __init__(self, wide: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.norm1, self.norm2 = nn.LayerNorm(wide), nn.LayerNorm(wide)
        self.qkv, self.out = nn.Linear(wide, 3 * wide), nn.Linear(wide, wide)
        self.up, self.down = nn.Linear(wide, 4 * wide), nn.Linear(4 * wide, wide)

    def forward(self, x: Tensor) -> Tensor:
        batch, steps, wide = x.shape
        parts = self.qkv(self.norm1(x)).view(batch, steps, 3, self.heads, -1)
        q, k, v = parts.permute(2, 0, 3, 1, 4)
        weights = (q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1])).softmax(-1)
        mixed = (weights @ v).transpose(1, 2).reshape(batch, steps, wide)
        x = x + self.out(mixed)
        return x + self.down(F.gelu(self.up(self.norm2(x))))


class Encoder(nn.Module):
    """One score for every token at each of at most 16 places."""

    def __init__(self, wide: int = 64, heads: int = 4, depth: int = 12) -> None:
        super().__init__()
        self.tokens = nn.Embedding(100, wide)
        self.places = nn.Parameter(torch.zeros(16, wide))
        self.blocks = nn.ModuleList(Block(wide, heads) for _ in range(depth))
        self.norm = nn.LayerNorm(wide)
        self.head = nn.Linear(wide, 100)

    def forward(self, ids: Tensor) -> Tensor:
        x = self.tokens(ids) + self.places[: ids.shape[1]]
        for block in self.blocks:
            x = block(x)
        return self.head(self.norm(x))
