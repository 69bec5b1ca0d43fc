"""Networks that the tests run: each one idea that autograd handles in its own way."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.utils.checkpoint import checkpoint

from flow.seeded import Seeded


class Upsampled(nn.Module):
    """Nearest upsampling between two convolutions."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(1, 1, 1)
        self.upsample = nn.UpsamplingNearest2d(scale_factor=2)
        self.conv2 = nn.Conv2d(1, 1, 3)
        self.fc = nn.Linear(4, 1)

    def forward(self, x: Tensor) -> Tensor:
        h: Tensor = self.conv2(self.upsample(self.conv1(x)))
        return self.fc(h.flatten(1))  # type: ignore[no-any-return]


class Residual(nn.Module):
    """A value with two ways back."""

    def __init__(self) -> None:
        super().__init__()
        self.body = nn.Sequential(nn.Linear(4, 4), nn.Tanh(), nn.Linear(4, 4))
        self.head = nn.Linear(4, 1)

    def forward(self, x: Tensor) -> Tensor:
        h = torch.sigmoid(x)
        return self.head(h + self.body(h))  # type: ignore[no-any-return]


class Square(nn.Module):
    """The same tensor used twice by one operation."""

    def __init__(self) -> None:
        super().__init__()
        self.fc = nn.Linear(3, 2)

    def forward(self, x: Tensor) -> Tensor:
        h = self.fc(x)
        return h * h


class Twice(nn.Module):
    """One module called twice, inside a container."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(1, 1, 3, padding=1), nn.ReLU())
        self.conv1 = nn.Conv2d(1, 1, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        h = self.conv1(self.stem(x))
        return self.conv1(torch.relu(h))  # type: ignore[no-any-return]


class Tied(nn.Module):
    """Two modules that share one weight."""

    def __init__(self) -> None:
        super().__init__()
        self.a = nn.Linear(3, 3)
        self.b = nn.Linear(3, 3, bias=False)
        self.b.weight = self.a.weight

    def forward(self, x: Tensor) -> Tensor:
        return self.b(torch.tanh(self.a(x)))  # type: ignore[no-any-return]


class InPlace(nn.Module):
    """Every way to write into a tensor that a layer has seen."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(1, 2, 3, padding=1)
        self.relu1 = nn.ReLU(inplace=True)
        self.conv2 = nn.Conv2d(2, 2, 3, padding=1)
        self.clip = nn.Hardtanh(-0.3, 0.1, inplace=True)
        self.conv3 = nn.Conv2d(2, 1, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        h: Tensor = self.relu1(self.conv1(x))
        y: Tensor = self.clip(self.conv2(h * 1.5))
        y += h
        z: Tensor = self.conv3(torch.tanh(y))
        z[:, :, 0] = 2 * z[:, :, 1]
        return z


class Branches(nn.Module):
    """Operations with several outputs, not all of them used."""

    def __init__(self) -> None:
        super().__init__()
        self.fc = nn.Linear(4, 6)

    def forward(self, x: Tensor) -> Tensor:
        first, _, third = self.fc(x).split(2, dim=1)
        left, right = first.unbind(1)
        return (left * right + third.max(dim=1).values).unsqueeze(1)


class Broadcast(nn.Module):
    """Views, broadcasting and reductions by hand."""

    def __init__(self) -> None:
        super().__init__()
        self.scale = nn.Parameter(torch.linspace(0.5, 1.5, 3))
        self.shift = nn.Parameter(torch.tensor(0.25))

    def forward(self, x: Tensor) -> Tensor:
        y = x.view(2, 3, 2).transpose(1, 2) * self.scale + self.shift
        return y[:, 0] - y.mean(dim=1)


class Recurrent(nn.Module):
    """A two-layer LSTM whose cell state is not used."""

    def __init__(self) -> None:
        super().__init__()
        self.lstm = nn.LSTM(3, 4, num_layers=2, batch_first=True)
        self.fc = nn.Linear(4, 1)

    def forward(self, x: Tensor) -> Tensor:
        steps, _ = self.lstm(x)
        return self.fc(steps[:, -1])  # type: ignore[no-any-return]


class Attention(nn.Module):
    """Multi-head attention, which is one torch call with many nodes."""

    def __init__(self) -> None:
        super().__init__()
        self.attention = nn.MultiheadAttention(8, 2, batch_first=True)

    def forward(self, x: Tensor) -> Tensor:
        mixed, _ = self.attention(x, x, x)
        return x + mixed  # type: ignore[no-any-return]


class Cube(torch.autograd.Function):
    """x ** 3 with a hand-written backward that saves two tensors."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, scale: Tensor) -> Tensor:
        ctx.save_for_backward(x, scale)
        return scale * x**3

    @staticmethod
    def backward(ctx: Any, upstream: Tensor) -> tuple[Tensor, Tensor]:  # type: ignore[override]
        x, scale = ctx.saved_tensors
        return upstream * 3 * scale * x**2, (upstream * x**3).sum().reshape(scale.shape)


class Custom(nn.Module):
    """A custom Function that saves an intermediate and a parameter."""

    def __init__(self) -> None:
        super().__init__()
        self.fc = nn.Linear(3, 3)
        self.scale = nn.Parameter(torch.tensor([0.5]))

    def forward(self, x: Tensor) -> Tensor:
        return Cube.apply(self.fc(x), self.scale)  # type: ignore[no-any-return, no-untyped-call]


class Checkpointed(nn.Module):
    """A part that is computed again in the backward pass."""

    def __init__(self, reentrant: bool = False) -> None:
        super().__init__()
        self.part = nn.Sequential(nn.Linear(4, 4), nn.BatchNorm1d(4), nn.Tanh())
        self.fc = nn.Linear(4, 1)
        self.reentrant = reentrant

    def forward(self, x: Tensor) -> Tensor:
        h = checkpoint(self.part, torch.tanh(x), use_reentrant=self.reentrant)
        return self.fc(h)  # type: ignore[no-any-return]


class Pair(nn.Module):
    """Two outputs; the second one is a view of something else."""

    def __init__(self) -> None:
        super().__init__()
        self.fc = nn.Linear(3, 4)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        h = torch.tanh(self.fc(x))
        return h * 2, h.view(-1, 2)


def small_cnn() -> nn.Module:
    """Convolution, batch normalisation, max pool and a linear layer."""
    return nn.Sequential(
        nn.Conv2d(1, 3, 3),
        nn.BatchNorm2d(3),
        nn.ReLU(inplace=True),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(27, 4),
    )


def encoder() -> nn.Module:
    """One transformer encoder layer without dropout."""
    return nn.TransformerEncoderLayer(8, 2, 16, dropout=0.0, batch_first=True)


def chain(length: int) -> nn.Module:
    """A linear layer and a tanh, ``length`` times."""
    return nn.Sequential(*[m for _ in range(length) for m in (nn.Linear(2, 2), nn.Tanh())])


def squared_mean(output: Tensor) -> Tensor:
    """The loss of most tests."""
    return output.square().mean()


@dataclass(frozen=True)
class Case:
    """A network with an input that fits it."""

    make: Callable[[], nn.Module]
    shape: tuple[int, ...]
    input_asks: bool = False
    """Whether the input asks for a gradient."""

    def build(self, seed: int = 1) -> nn.Module:
        """Return the network with the weights of a seed."""
        with Seeded(seed):
            return self.make()

    def input(self) -> Tensor:
        """Return the input, the same every time."""
        generator = torch.Generator().manual_seed(7)
        return torch.randn(self.shape, generator=generator).requires_grad_(self.input_asks)


CASES: dict[str, Case] = {
    "upsampled": Case(Upsampled, (2, 1, 2, 2)),
    "residual": Case(Residual, (3, 4), input_asks=True),
    "square": Case(Square, (2, 3)),
    "twice": Case(Twice, (1, 1, 5, 5)),
    "tied": Case(Tied, (2, 3)),
    "in place": Case(InPlace, (1, 1, 4, 4), input_asks=True),
    "branches": Case(Branches, (3, 4)),
    "broadcast": Case(Broadcast, (4, 3), input_asks=True),
    "recurrent": Case(Recurrent, (2, 5, 3), input_asks=True),
    "attention": Case(Attention, (2, 3, 8), input_asks=True),
    "custom": Case(Custom, (2, 3)),
    "checkpointed": Case(Checkpointed, (5, 4), input_asks=True),
    "cnn": Case(small_cnn, (2, 1, 8, 8)),
    "encoder": Case(encoder, (2, 3, 8)),
    "embedding": Case(
        lambda: nn.Sequential(nn.Linear(3, 3), nn.Softmax(1), nn.Linear(3, 1)), (2, 3)
    ),
    "normed": Case(
        lambda: nn.Sequential(
            nn.utils.parametrizations.weight_norm(nn.Linear(4, 4)), nn.GELU(), nn.LayerNorm(4)
        ),
        (2, 4),
    ),
}


@dataclass(frozen=True, eq=False)
class Plain:
    """What an ordinary forward and backward of a fresh copy gave."""

    loss: Tensor
    output: Any
    gradients: dict[str, Tensor | None]
    input_gradient: Tensor | None


def plain_backward(
    module: nn.Module, x: Tensor, loss: Callable[[Any], Tensor] = squared_mean
) -> Plain:
    """Run a copy of the module the ordinary way."""
    module = copy.deepcopy(module)
    x = x.detach().clone().requires_grad_(x.requires_grad)
    output = module(x)
    value = loss(output)
    value.backward()  # type: ignore[no-untyped-call]
    gradients = {
        name: parameter.grad for name, parameter in module.named_parameters(remove_duplicate=False)
    }
    return Plain(value.detach(), output, gradients, x.grad)
