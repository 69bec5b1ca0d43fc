"""The networks that are measured: each an unchanged nn.Module, an input and a loss."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional


@dataclass(frozen=True)
class Case:
    """One network with what it is run on."""

    module: nn.Module
    input: Tensor
    loss: Callable[[Tensor], Tensor]


class Test(nn.Module):
    """The smallest network with an upsampling between two convolutions."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(1, 1, 1)
        self.conv2 = nn.Conv2d(1, 1, 3)
        self.fc = nn.Linear(4, 1)

    def forward(self, x: Tensor) -> Tensor:
        """Map 2x2 images to one number each."""
        x = functional.interpolate(self.conv1(x), scale_factor=2)
        return self.fc(self.conv2(x).flatten(1))  # type: ignore[no-any-return]


class Block(nn.Module):
    """ResNet's basic block, without in-place operations, which module hooks refuse."""

    def __init__(self, inside: int, outside: int, stride: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(inside, outside, 3, stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(outside)
        self.relu1 = nn.ReLU()
        self.conv2 = nn.Conv2d(outside, outside, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(outside)
        self.relu2 = nn.ReLU()
        self.shortcut: nn.Module = nn.Identity()
        if stride != 1 or inside != outside:
            shrink = nn.Conv2d(inside, outside, 1, stride, bias=False)
            self.shortcut = nn.Sequential(shrink, nn.BatchNorm2d(outside))

    def forward(self, x: Tensor) -> Tensor:
        """Two convolutions beside a shortcut."""
        y = self.bn2(self.conv2(self.relu1(self.bn1(self.conv1(x)))))
        return self.relu2(y + self.shortcut(x))  # type: ignore[no-any-return]


def deep() -> nn.Module:
    """A chain of 143 small layers, whose graph has 1,003 boxes."""
    layers = [(nn.Linear(4, 4), nn.Tanh()) for _ in range(143)]
    return nn.Sequential(*(part for pair in layers for part in pair))


def resnet18() -> nn.Module:
    """He et al. 2016, table 1, 18 layers."""
    stem = (nn.Conv2d(3, 64, 7, 2, padding=3, bias=False), nn.BatchNorm2d(64), nn.ReLU())
    widths = [(64, 64, 1), (64, 128, 2), (128, 256, 2), (256, 512, 2)]
    blocks = [block for a, b, stride in widths for block in (Block(a, b, stride), Block(b, b, 1))]
    head = (nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(512, 1000))
    return nn.Sequential(*stem, nn.MaxPool2d(3, 2, padding=1), *blocks, *head)


def lenet() -> nn.Module:
    """LeCun et al. 1998, with ReLU and max pooling."""
    features = (nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2))
    more = (nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten())
    head = (nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10))
    return nn.Sequential(*features, *more, *head)


def perceptron(layers: int) -> nn.Module:
    """`layers` linear layers, 64 wide, each with a tanh."""
    pairs = [(nn.Linear(64, 64), nn.Tanh()) for _ in range(layers)]
    return nn.Sequential(*(module for pair in pairs for module in pair))


def transformer() -> nn.Module:
    """Four encoder layers, 64 wide, 4 heads, no dropout."""
    layer = nn.TransformerEncoderLayer(64, 4, 128, dropout=0.0, batch_first=True)
    return nn.TransformerEncoder(layer, 4, enable_nested_tensor=False)


def _mean_square(output: Tensor) -> Tensor:
    return output.square().mean()


def _case(module: nn.Module, *shape: int) -> Case:
    return Case(module.train(), torch.randn(*shape), _mean_square)


CASES: dict[str, Callable[[], Case]] = {
    "Test": lambda: _case(Test(), 2, 1, 2, 2),
    "LeNet, batch 8": lambda: _case(lenet(), 8, 1, 28, 28),
    "ResNet-18, 64x64": lambda: _case(resnet18(), 1, 3, 64, 64),
    "ResNet-18, 224x224": lambda: _case(resnet18(), 1, 3, 224, 224),
    "100 layers": lambda: _case(perceptron(100), 8, 64),
    "1,000 layers": lambda: _case(perceptron(1000), 8, 64),
    "Transformer, 4 layers": lambda: _case(transformer(), 4, 16, 64),
}
