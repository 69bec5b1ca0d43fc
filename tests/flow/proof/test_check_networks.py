"""Correct networks of many seeds: no check and no handover is red.

`make test` tries a few seeds; `make fuzz` more (FUZZ is set).
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
import torch
import torch.nn.functional as F  # noqa: N812 - everybody's name for it
from torch import Tensor, nn

import flow
from flow.run import Run
from tests.flow.operations import Applied

SEEDS = range(16 if os.environ.get("FUZZ") else 2)

Loss = Callable[[Any], Tensor]


class Normed(nn.Module):
    """Root mean square normalisation, written out."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(size))

    def forward(self, x: Tensor) -> Tensor:
        return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + 1e-6) * self.weight


class Residual(nn.Module):
    """A convolution block that is added to its input."""

    def __init__(self) -> None:
        super().__init__()
        self.one, self.norm = nn.Conv2d(4, 4, 3, padding=1), nn.BatchNorm2d(4)
        self.two = nn.Conv2d(4, 4, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        return x + self.two(F.relu(self.norm(self.one(x))))  # type: ignore[no-any-return]


class Attention(nn.Module):
    """Attention behind a normalisation, added to its input."""

    def __init__(self, size: int = 8) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(size)
        self.query, self.key, self.value = (nn.Linear(size, size) for _ in range(3))
        self.attend = Applied(F.scaled_dot_product_attention)

    def forward(self, x: Tensor) -> Tensor:
        h = self.norm(x)
        return x + self.attend(self.query(h), self.key(h), self.value(h))  # type: ignore[no-any-return]


class Last(nn.Module):
    """The last step of a recurrent layer."""

    def __init__(self, layer: nn.Module) -> None:
        super().__init__()
        self.layer = layer

    def forward(self, x: Tensor) -> Tensor:
        return self.layer(x)[0][:, -1]  # type: ignore[no-any-return]


class Steps(nn.Module):
    """Two steps of a cell; both of its states are used."""

    def __init__(self) -> None:
        super().__init__()
        self.cell = nn.LSTMCell(3, 4)

    def forward(self, x: Tensor) -> Tensor:
        h, c = self.cell(x)
        h, c = self.cell(x, (h, c))
        return h + c  # type: ignore[no-any-return]


class Cast(nn.Module):
    """Computes in bfloat16 what autocast allows."""

    def __init__(self) -> None:
        super().__init__()
        self.one, self.norm, self.two = nn.Linear(8, 16), nn.LayerNorm(16), nn.Linear(16, 4)

    def forward(self, x: Tensor) -> Tensor:
        with torch.autocast("cpu", torch.bfloat16):
            return self.two(F.gelu(self.norm(self.one(x))))  # type: ignore[no-any-return]


@dataclass(frozen=True)
class Network:
    """What to build, on which input, in which precision."""

    make: Callable[[], nn.Module]
    shape: tuple[int, ...]
    dtype: torch.dtype = torch.float32
    scale: float = 1.0
    shift: float = 0.0

    def run(self, seed: int) -> Run:
        """Run it with the weights and the input of a seed."""
        torch.manual_seed(seed)
        model = self.make().to(self.dtype)
        x = torch.randn(self.shape) * self.scale + self.shift
        return flow.run(model, x.to(self.dtype).requires_grad_(), loss=_loss)


def _loss(y: Tensor) -> Tensor:
    return F.cross_entropy(y.float().flatten(1), torch.arange(len(y)) % y[0].numel())


def _sigmoid_net() -> nn.Module:
    return nn.Sequential(
        *(nn.Conv2d(1, 4, 3, padding=1), nn.Sigmoid(), nn.MaxPool2d(2)),
        *(nn.Conv2d(4, 4, 3, padding=1), nn.Sigmoid(), nn.Upsample(scale_factor=2)),
        *(nn.Conv2d(4, 1, 3, padding=1), nn.Sigmoid()),
    )


def _conv_norm_relu() -> nn.Module:
    return nn.Sequential(
        *(nn.Conv2d(3, 4, 3, padding=1), nn.BatchNorm2d(4), nn.ReLU()),
        *(nn.AvgPool2d(4), nn.Flatten(), nn.Linear(256, 10)),
    )


NETWORKS = {
    "convolution, batch norm, relu": Network(_conv_norm_relu, (8, 3, 32, 32)),
    "batch norm of far inputs": Network(
        lambda: nn.Sequential(nn.Conv2d(1, 3, 3), nn.BatchNorm2d(3), nn.Tanh()),
        (4, 1, 8, 8),
        shift=3000.0,
    ),
    "group norm": Network(
        lambda: nn.Sequential(nn.Conv2d(3, 4, 3), nn.GroupNorm(2, 4), nn.SiLU()), (2, 3, 8, 8)
    ),
    "rms norm": Network(
        lambda: nn.Sequential(nn.Linear(8, 16), Normed(16), nn.GELU(), nn.Linear(16, 3)), (9, 8)
    ),
    "residual": Network(lambda: nn.Sequential(Residual(), Residual()), (2, 4, 6, 6)),
    "lstm": Network(lambda: Last(nn.LSTM(5, 6, batch_first=True)), (4, 7, 5)),
    "gru": Network(lambda: Last(nn.GRU(5, 6, batch_first=True)), (4, 7, 5)),
    "lstm cell": Network(Steps, (2, 3)),
    "attention": Network(lambda: nn.Sequential(Attention(), Attention()), (2, 6, 8), scale=3.0),
    "sigmoid net, inputs in the thousands": Network(_sigmoid_net, (1, 1, 12, 12), scale=3000.0),
    "bfloat16": Network(
        lambda: nn.Sequential(
            *(nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4), nn.ReLU(), nn.Flatten()),
            *(nn.Linear(144, 10), nn.LayerNorm(10), nn.GELU()),
        ),
        (4, 3, 8, 8),
        torch.bfloat16,
    ),
    "bfloat16 attention": Network(Attention, (2, 6, 8), torch.bfloat16),
    "float16": Network(
        lambda: nn.Sequential(nn.Linear(30, 20), nn.GELU(), nn.Linear(20, 5), nn.Softmax(-1)),
        (20, 30),
        torch.float16,
    ),
    "autocast": Network(Cast, (6, 8)),
    "float64": Network(
        lambda: nn.Sequential(nn.Linear(30, 20), nn.Tanh(), nn.Linear(20, 5)),
        (20, 30),
        torch.float64,
    ),
}


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", NETWORKS)
def test_no_check_and_no_handover_of_a_correct_network_is_red(name: str, seed: int) -> None:
    with NETWORKS[name].run(seed) as run:
        compared = 0
        for node in run.capture.nodes:
            for one in () if node.is_leaf else run.check(node.id):  # a leaf's are its maker's
                assert one.passed is not False, (node.name, one)
                compared += one.passed is True
            for which, part in enumerate(node.downstream):
                if part is not None and node.targets[which] is not None:
                    found = run.handover(node.id, which)
                    assert found.passed, (node.name, found)
        assert compared > len(run.capture.nodes) / 2
