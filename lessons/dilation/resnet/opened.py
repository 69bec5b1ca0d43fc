"""A ResNet-18 of four channels, as a network of the playground."""

from __future__ import annotations

from functools import cache

from experiment.setting import Setting, with_network
from experiment.written.address import Experiment
from lessons.dilation.resnet.build import POOL, STAGES, STEM, Net, Wide
from lessons.dilation.windows import Window
from models.budget import estimate
from models.fields import Fields, Value
from models.spec import INPUT, LayerSpec, ModelSpec

CHANNELS = 4
SIDES = (473, 225, 97)
"""Of pictures to fall back to, where one is too large for the playground."""


def narrow_experiment(switches: tuple[bool, ...], side: int) -> Experiment:
    """Open it with one cell of its last map asked for, on a picture that the playground affords."""
    net = Net(18, switches, CHANNELS)
    plain = Setting(input="photo", loss="cell", target="middle_cell", input_gradient=True)
    shape = (1, 3, affordable(net, side), affordable(net, side))
    return Experiment(with_network(plain, narrow_spec(net), shape))


@cache
def affordable(net: Net, side: int) -> int:
    """Return the side, or the largest smaller one of SIDES that the playground can run."""
    smaller = [each for each in SIDES if each < side]
    for each in (side, *smaller):
        if not estimate(narrow_spec(net), (1, 3, each, each), input_gradient=True).refusal:
            return each
    return SIDES[-1]


def narrow_spec(net: Net) -> ModelSpec:
    """Write the layers up to the last stage one by one."""
    layers = [
        _conv("conv1", INPUT, (3, net.channels), STEM),
        _layer("bn1", "BatchNorm2d", "conv1", num_features=net.channels),
        _layer("relu", "ReLU", "bn1"),
        _layer("maxpool", "MaxPool2d", "relu", kernel_size=3, stride=2, padding=POOL.padding),
    ]
    reads, channels = "maxpool", (net.channels, net.channels)
    for name, stage in zip(STAGES, net.stages(), strict=True):
        for count, wides in enumerate(stage):
            layers += _block(f"{name}_{count}", reads, channels, wides)
            reads, channels = layers[-1].name, (channels[1], channels[1])
        channels = (channels[1], 2 * channels[1])
    return ModelSpec(name="NarrowResNet", layers=tuple(layers))


def _block(name: str, reads: str, channels: tuple[int, int], wides: list[Wide]) -> list[LayerSpec]:
    first, second = wides
    inner = (channels[1], channels[1])
    around, short = reads, list[LayerSpec]()
    if first.stride != 1 or channels[0] != channels[1]:
        around = f"{name}_bn3"
        short = [
            _conv(f"{name}_short", reads, channels, Window(1, first.stride)),
            _norm(f"{name}_bn3", f"{name}_short", channels[1]),
        ]
    return [
        _conv(f"{name}_conv1", reads, channels, first.window),
        _norm(f"{name}_bn1", f"{name}_conv1", channels[1]),
        _layer(f"{name}_relu1", "ReLU", f"{name}_bn1"),
        _conv(f"{name}_conv2", f"{name}_relu1", inner, second.window),
        _norm(f"{name}_bn2", f"{name}_conv2", channels[1]),
        *short,
        _layer(f"{name}_add", "Add", f"{name}_bn2", around),
        _layer(f"{name}_relu2", "ReLU", f"{name}_add"),
    ]


def _norm(name: str, reads: str, channels: int) -> LayerSpec:
    return _layer(name, "BatchNorm2d", reads, num_features=channels)


def _conv(name: str, reads: str, channels: tuple[int, int], window: Window) -> LayerSpec:
    return _layer(
        name,
        "Conv2d",
        reads,
        in_channels=channels[0],
        out_channels=channels[1],
        kernel_size=window.kernel,
        stride=window.stride,
        padding=window.padding,
        dilation=window.dilation,
        bias=False,
    )


def _layer(name: str, kind: str, *inputs: str, **fields: Value) -> LayerSpec:
    return LayerSpec(name=name, kind=kind, inputs=inputs, fields=Fields(fields))
