"""Correct networks as people write them: nothing in them may look wrong, whatever the seed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import torch
import torch.nn.functional as F  # noqa: N812 - everybody's name for it
from torch import Tensor, nn

import flow
from flow.run import Run
from tests.flow.sweep.comparisons import red_checks, red_handovers
from tests.flow.sweep.sums import red_sums
from tests.flow.sweep.trial import NEVER, Complaint, cell_of, spread

CELLS = 3
"""Cells of every gradient whose sentences are read."""


class RootMeanSquareNorm(nn.Module):
    """RMSNorm as language models write it, in float32 whatever comes in."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(size))

    def forward(self, x: Tensor) -> Tensor:
        wide = x.to(torch.float32)
        scale = torch.rsqrt(wide.pow(2).mean(-1, keepdim=True) + 1e-6)
        return self.weight * (wide * scale).to(x.dtype)


class Recurrent(nn.Module):
    """An LSTM whose last hidden state and cell state are both used."""

    def __init__(self) -> None:
        super().__init__()
        self.lstm = nn.LSTM(6, 8, batch_first=True)
        self.head = nn.Linear(16, 3)

    def forward(self, x: Tensor) -> Any:
        _, (h, c) = self.lstm(x)
        return self.head(torch.cat([h[-1], c[-1]], 1))


class Cells(nn.Module):
    """LSTM cells applied step after step; both states are used at the end."""

    def __init__(self) -> None:
        super().__init__()
        self.cell = nn.LSTMCell(6, 8)
        self.head = nn.Linear(8, 3)

    def forward(self, x: Tensor) -> Any:
        h = c = x.new_zeros(len(x), 8)
        for step in x.unbind(1):
            h, c = self.cell(step, (h, c))
        return self.head(h + c)


class Block(nn.Module):
    """Attention and a feed-forward part, each behind a norm and beside a shortcut."""

    def __init__(self) -> None:
        super().__init__()
        self.before, self.between = nn.LayerNorm(8), nn.LayerNorm(8)
        self.project, self.out = nn.Linear(8, 24), nn.Linear(8, 8)
        self.wide, self.narrow = nn.Linear(8, 16), nn.Linear(16, 8)

    def forward(self, x: Tensor) -> Tensor:
        q, k, v = (
            part.unflatten(2, (2, 4)).transpose(1, 2)
            for part in self.project(self.before(x)).chunk(3, 2)
        )
        mixed = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        x = x + self.out(mixed.transpose(1, 2).flatten(2))
        return x + self.narrow(F.gelu(self.wide(self.between(x))))


class Residual(nn.Module):
    """Two convolutions with batch norms, and a shortcut."""

    def __init__(self) -> None:
        super().__init__()
        self.first, self.second = (nn.Conv2d(4, 4, 3, padding=1, bias=False) for _ in range(2))
        self.norm1, self.norm2 = nn.BatchNorm2d(4), nn.BatchNorm2d(4)

    def forward(self, x: Tensor) -> Tensor:
        inside = F.relu(self.norm1(self.first(x)))
        return F.relu(self.norm2(self.second(inside)) + x)


class SigmoidUNet(nn.Module):
    """Down, up and across, with sigmoids that saturate."""

    def __init__(self) -> None:
        super().__init__()
        self.down, self.middle = nn.Conv2d(1, 4, 3, padding=1), nn.Conv2d(4, 8, 3, padding=1)
        self.up = nn.ConvTranspose2d(8, 4, 2, stride=2)
        self.last = nn.Conv2d(8, 1, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        across = self.down(x).sigmoid()
        below = self.middle(F.max_pool2d(across, 2)).sigmoid()
        return self.last(torch.cat([across, self.up(below)], 1)).sigmoid()


class Saturated(nn.Module):
    """Scores so far apart that the softmax is 1 for one of them and almost 0 for the others."""

    def __init__(self) -> None:
        super().__init__()
        self.scores = nn.Linear(6, 5)

    def forward(self, x: Tensor) -> Tensor:
        return (self.scores(x) * 80).softmax(1)


def _classes(count: int) -> Callable[[Tensor], Tensor]:
    def loss(output: Tensor) -> Tensor:
        return F.cross_entropy(output, torch.arange(len(output)) % count)

    return loss


def _square(output: Tensor) -> Tensor:
    return output.square().mean()


def _wide_square(output: Tensor) -> Tensor:
    return output.float().square().mean()


@dataclass(frozen=True)
class Network:
    """How to make a network, the shape of its input, and its loss."""

    make: Callable[[], nn.Module]
    shape: tuple[int, ...]
    loss: Callable[[Tensor], Tensor] = _square
    dtype: torch.dtype = torch.float32
    counting: bool = False
    """Whether the cells of the input are 1, 2, 3, ... rather than drawn."""

    def run(self, seed: int) -> Run:
        """Record it with the weights and the input of a seed."""
        with flow.Seeded(seed):
            module = self.make().to(self.dtype)
        generator = torch.Generator().manual_seed(seed)
        x = torch.randn(self.shape, generator=generator)
        if self.counting:
            x = torch.arange(1.0, x.numel() + 1).reshape(self.shape)
        x = x.to(self.dtype).requires_grad_()
        return flow.run(module, x, loss=self.loss, seed=seed)


NETWORKS: Mapping[str, Network] = {
    "convolution, batch norm, relu": Network(
        lambda: nn.Sequential(
            nn.Conv2d(3, 8, 3, padding=1),
            nn.BatchNorm2d(8),
            nn.ReLU(),
            nn.AdaptiveAvgPool2d(1),
            nn.Flatten(),
            nn.Linear(8, 3),
        ),
        (8, 3, 32, 32),
        _classes(3),
    ),
    "group norm": Network(
        lambda: nn.Sequential(
            nn.Conv2d(4, 4, 1), nn.GroupNorm(2, 4), nn.ReLU(), nn.Conv2d(4, 1, 1)
        ),
        (2, 4, 6, 6),
    ),
    "root mean square norm": Network(
        lambda: nn.Sequential(nn.Linear(6, 8), RootMeanSquareNorm(8), nn.SiLU(), nn.Linear(8, 3)),
        (4, 6),
    ),
    "root mean square norm in bfloat16": Network(
        lambda: nn.Sequential(nn.Linear(6, 8), RootMeanSquareNorm(8), nn.Linear(8, 3)),
        (4, 6),
        _wide_square,
        torch.bfloat16,
    ),
    "lstm": Network(Recurrent, (3, 4, 6), _classes(3)),
    "lstm cells": Network(Cells, (3, 4, 6), _classes(3)),
    "gru": Network(
        lambda: nn.Sequential(_Output(nn.GRU(4, 3, batch_first=True)), nn.Linear(3, 2)),
        (2, 2, 4),
    ),
    "attention blocks": Network(
        lambda: nn.Sequential(Block(), Block(), nn.LayerNorm(8), nn.Linear(8, 3)), (2, 5, 8)
    ),
    "transformer encoder": Network(
        lambda: nn.TransformerEncoderLayer(8, 2, 16, dropout=0.0, batch_first=True), (2, 5, 8)
    ),
    "residual blocks": Network(
        lambda: nn.Sequential(
            Residual(), Residual(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(4, 3)
        ),
        (4, 4, 8, 8),
        _classes(3),
    ),
    "sigmoid u-net": Network(SigmoidUNet, (1, 1, 48, 48), counting=True),
    "perceptron in bfloat16": Network(
        lambda: nn.Sequential(nn.Linear(16, 32), nn.GELU(), nn.Linear(32, 4)),
        (8, 16),
        _wide_square,
        torch.bfloat16,
    ),
    "perceptron in float16": Network(
        lambda: nn.Sequential(nn.Linear(16, 32), nn.ReLU(), nn.Linear(32, 4)),
        (8, 16),
        _wide_square,
        torch.float16,
    ),
    "convolutions in bfloat16": Network(
        lambda: nn.Sequential(
            nn.Conv2d(2, 4, 3, padding=1), nn.ReLU(), nn.AvgPool2d(2), nn.Conv2d(4, 2, 3)
        ),
        (2, 2, 8, 8),
        _wide_square,
        torch.bfloat16,
    ),
    "saturated softmax": Network(Saturated, (4, 6)),
    "deep perceptron": Network(
        lambda: nn.Sequential(
            *(part for _ in range(12) for part in (nn.Linear(8, 8), nn.Sigmoid())), nn.Linear(8, 2)
        ),
        (4, 8),
    ),
    "instance norm and upsampling": Network(
        lambda: nn.Sequential(
            nn.Conv2d(2, 4, 3, padding=1),
            nn.InstanceNorm2d(4, affine=True),
            nn.LeakyReLU(0.2),
            nn.Upsample(scale_factor=2, mode="bilinear"),
            nn.Conv2d(4, 1, 3),
        ),
        (2, 2, 6, 6),
    ),
}


class _Output(nn.Module):
    """The output of a recurrent layer, without its state."""

    def __init__(self, inner: nn.Module) -> None:
        super().__init__()
        self.inner = inner

    def forward(self, x: Tensor) -> Any:
        return self.inner(x)[0]


def alarms(run: Run, most: int) -> Iterator[Complaint]:
    """Complain about red marks and false sentences at so many nodes of a correct network."""
    nodes = [run.capture.nodes[place] for place in spread(most, len(run.capture.nodes))]
    yield from red_checks(run, nodes)
    yield from red_handovers(run, nodes)
    for node in nodes:
        for which, part in enumerate(node.downstream):
            for place in [] if part is None else spread(CELLS, part.size):
                cell = cell_of(place, () if part is None else part.shape)
                note = run.explain(node.id, cell, input=which).note
                if any(words in note for words in NEVER):
                    asked = f"explain {node.id} {node.name} input {which}, cell {cell}: note"
                    yield Complaint(asked, repr(note), "a linear backward")
            if part is not None and not node.is_leaf:
                found = run.table(node.id, input=which)
                yield from red_sums(node, found) if found.complete else ()
