"""A ResNet that may dilate in place of its strides, built from PyTorch's own layers.

The order of layers, their names and their channels are those of ``torchvision/models/resnet.py``:
``_make_layer`` lets the first block of a stage keep the dilation of before. There a ``BasicBlock``
refuses a dilation; here its first convolution keeps the old one and its second has the new one, so
that a cell sees exactly as much as it does with a stride.
Source: He, Zhang, Ren and Sun, "Deep residual learning for image recognition", table 1.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

from torch import Tensor, nn

from lessons.dilation.windows import Window
from viz.language import english

DEPTHS = {18: (2, 2, 2, 2), 50: (3, 4, 6, 3), 101: (3, 4, 23, 3)}
"""Blocks of each stage, by the number of layers with weights."""
STEM, POOL = Window(7, 2, padding=3), Window(3, 2, padding=1)
CLASSES = 1000
STAGES = (english("layer1"), english("layer2"), english("layer3"), english("layer4"))
"""Names in PyTorch's code, which a translation may keep."""


@dataclass(frozen=True)
class Wide:
    """One 3x3 convolution of a block: its stride and its dilation."""

    stride: int
    dilation: int

    @property
    def window(self) -> Window:
        """Its window, padded so that a stride of 1 keeps the size."""
        return Window(3, self.stride, self.dilation, self.dilation)


@dataclass(frozen=True)
class Net:
    """A ResNet as a value: its depth, its switches, and how many channels it begins with."""

    depth: int = 18
    switches: tuple[bool, ...] = (False, True, True)
    """``replace_stride_with_dilation``: of layer2, layer3 and layer4."""
    channels: int = 64

    @property
    def has_bottlenecks(self) -> bool:
        """Whether a block is 1x1, 3x3, 1x1 instead of 3x3, 3x3."""
        return self.depth >= 50

    def stages(self) -> list[list[list[Wide]]]:
        """Return the 3x3 convolutions of every block of every stage."""
        dilation, found = 1, []
        for at, blocks in enumerate(DEPTHS[self.depth]):
            stride, old = (1 if at == 0 else 2), dilation
            if at and self.switches[at - 1]:
                stride, dilation = 1, dilation * stride
            others = [self._block(1, dilation, dilation) for _ in range(blocks - 1)]
            found.append([self._block(stride, old, dilation), *others])
        return found

    def _block(self, stride: int, old: int, dilation: int) -> list[Wide]:
        first = Wide(stride, old)
        return [first] if self.has_bottlenecks else [first, Wide(1, dilation)]

    def windows(self) -> list[list[Window]]:
        """Return the windows of the stem and of each stage, in order; those of 1x1 see no more."""
        inside = [[wide.window for block in stage for wide in block] for stage in self.stages()]
        return [[STEM, POOL], *inside]


class Block(nn.Module):
    """Convolutions, each with its batch norm, and a way around them."""

    def __init__(self, reads: int, inner: int, wides: list[Wide], *, bottleneck: bool) -> None:
        super().__init__()
        returns = inner * (4 if bottleneck else 1)
        self.body = (
            _bottleneck(reads, inner, wides[0]) if bottleneck else _basic(reads, inner, wides)
        )
        self.relu = nn.ReLU()
        stride = wides[0].stride
        self.downsample: nn.Module = nn.Identity()
        if stride != 1 or reads != returns:
            around = nn.Conv2d(reads, returns, 1, stride, bias=False)
            self.downsample = nn.Sequential(around, nn.BatchNorm2d(returns))

    def forward(self, x: Tensor) -> Tensor:
        """Add what the convolutions make to what came."""
        made: Tensor = self.relu(self.body(x) + self.downsample(x))
        return made


def _wide(reads: int, returns: int, wide: Wide) -> nn.Conv2d:
    step = {"stride": wide.stride, "dilation": wide.dilation, "padding": wide.dilation}
    return nn.Conv2d(reads, returns, 3, **step, bias=False)  # type: ignore[arg-type]


def _basic(reads: int, inner: int, wides: list[Wide]) -> nn.Sequential:
    first, second = wides
    return nn.Sequential(
        _wide(reads, inner, first),
        nn.BatchNorm2d(inner),
        nn.ReLU(),
        _wide(inner, inner, second),
        nn.BatchNorm2d(inner),
    )


def _bottleneck(reads: int, inner: int, wide: Wide) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(reads, inner, 1, bias=False),
        nn.BatchNorm2d(inner),
        nn.ReLU(),
        _wide(inner, inner, wide),
        nn.BatchNorm2d(inner),
        nn.ReLU(),
        nn.Conv2d(inner, 4 * inner, 1, bias=False),
        nn.BatchNorm2d(4 * inner),
    )


def built(net: Net) -> nn.Sequential:
    """Return the layers up to the last stage, under the names that torchvision gives them."""
    layers: OrderedDict[str, nn.Module] = OrderedDict(
        conv1=nn.Conv2d(3, net.channels, STEM.kernel, STEM.stride, STEM.padding, bias=False),
        bn1=nn.BatchNorm2d(net.channels),
        relu=nn.ReLU(),
        maxpool=nn.MaxPool2d(POOL.kernel, POOL.stride, POOL.padding),
    )
    reads, inner = net.channels, net.channels
    for name, stage in zip(STAGES, net.stages(), strict=True):
        blocks: list[nn.Module] = []
        for wides in stage:
            blocks.append(Block(reads, inner, wides, bottleneck=net.has_bottlenecks))
            reads = inner * (4 if net.has_bottlenecks else 1)
        layers[name] = nn.Sequential(*blocks)
        inner *= 2
    return nn.Sequential(layers)


def with_head(net: Net) -> nn.Sequential:
    """Return the whole classifier; torchvision flattens between its last two children."""
    body = built(net)
    features = net.channels * 8 * (4 if net.has_bottlenecks else 1)
    body.add_module("avgpool", nn.AdaptiveAvgPool2d(1))
    body.add_module("fc", nn.Linear(features, CLASSES))
    return body


def as_python(switches: tuple[bool, ...]) -> str:
    """Write switches as the list that torchvision takes."""
    return f"[{', '.join(map(str, switches))}]"
