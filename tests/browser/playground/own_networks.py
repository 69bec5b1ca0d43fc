"""A ResNet-50 and a transformer encoder of twelve layers, as one would write them by hand."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812 - everybody's name for it


class Bottleneck(nn.Module):
    """Narrow, look around, widen; He et al. 2016, figure 5, right."""

    def __init__(self, wide: int, planes: int, stride: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(wide, planes, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(planes)
        self.conv2 = nn.Conv2d(planes, planes, 3, stride, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(planes)
        self.conv3 = nn.Conv2d(planes, 4 * planes, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(4 * planes)
        self.skip = nn.Sequential()
        if stride > 1 or wide != 4 * planes:
            self.skip = nn.Sequential(
                nn.Conv2d(wide, 4 * planes, 1, stride, bias=False), nn.BatchNorm2d(4 * planes)
            )

    def forward(self, x: Tensor) -> Tensor:
        y = F.relu(self.bn1(self.conv1(x)))
        y = F.relu(self.bn2(self.conv2(y)))
        y = self.bn3(self.conv3(y))
        return F.relu(y + self.skip(x))


class ResNet50(nn.Module):
    """He et al. 2016, table 1, 50 layers."""

    def __init__(self, classes: int = 10) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(3, 64, 7, 2, 3, bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        self.pool = nn.MaxPool2d(3, 2, 1)
        wide = 64
        stages: list[nn.Module] = []
        for depth, planes, stride in ((3, 64, 1), (4, 128, 2), (6, 256, 2), (3, 512, 2)):
            blocks: list[nn.Module] = []
            for place in range(depth):
                blocks.append(Bottleneck(wide, planes, 1 if place else stride))
                wide = 4 * planes
            stages.append(nn.Sequential(*blocks))
        self.stages = nn.ModuleList(stages)
        self.fc = nn.Linear(wide, classes)

    def forward(self, x: Tensor) -> Tensor:
        x = self.pool(F.relu(self.bn1(self.conv1(x))))
        for stage in self.stages:
            x = stage(x)
        return self.fc(x.mean((2, 3)))


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
