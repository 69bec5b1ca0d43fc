"""Networks to begin with. Adding one is adding one entry to ``PRESETS``."""

from __future__ import annotations

from dataclasses import dataclass

from models.fields import Fields, Value
from models.fitting import Shape
from models.spec import INPUT, LayerSpec, ModelSpec


@dataclass(frozen=True)
class Preset:
    """A network with everything a first run of it needs."""

    key: str
    title: str
    description: str
    spec: ModelSpec
    input: str
    """Name in ``INPUTS``."""
    input_shape: Shape
    loss: str
    """Name in ``LOSSES``."""
    target: str
    """Name in ``TARGETS``; empty when the loss needs none."""
    look_at: str
    """The layer to look at first."""


def _layer(name: str, kind: str, *inputs: str, **fields: Value) -> LayerSpec:
    return LayerSpec(name=name, kind=kind, inputs=inputs, fields=Fields(fields))


def _conv(name: str, reads: str, channels: tuple[int, int], kernel: int = 3) -> LayerSpec:
    """Return a convolution that keeps the size of its map when the kernel is 3."""
    return _layer(
        name,
        "Conv2d",
        reads,
        in_channels=channels[0],
        out_channels=channels[1],
        kernel_size=kernel,
        padding=1 if kernel == 3 else 0,
    )


def _linear(name: str, reads: str, features: tuple[int, int]) -> LayerSpec:
    return _layer(name, "Linear", reads, in_features=features[0], out_features=features[1])


TEST = ModelSpec(
    name="Test",
    layers=(
        _conv("conv1", INPUT, (1, 1), kernel=1),
        _layer("upsample", "UpsamplingNearest2d", "conv1", scale_factor=2),
        _layer("conv2", "Conv2d", "upsample", in_channels=1, out_channels=1, kernel_size=3),
        _layer("flatten", "Flatten", "conv2"),
        _linear("fc", "flatten", (4, 1)),
    ),
)

LENET = ModelSpec(
    name="LeNet",
    layers=(
        _conv("conv1", INPUT, (1, 6), kernel=5),
        _layer("relu1", "ReLU", "conv1"),
        _layer("pool1", "MaxPool2d", "relu1", kernel_size=2),
        _conv("conv2", "pool1", (6, 12)),
        _layer("relu2", "ReLU", "conv2"),
        _layer("pool2", "MaxPool2d", "relu2", kernel_size=2),
        _layer("flatten", "Flatten", "pool2"),
        _linear("fc1", "flatten", (108, 24)),
        _layer("relu3", "ReLU", "fc1"),
        _linear("fc2", "relu3", (24, 10)),
    ),
)

MLP = ModelSpec(
    name="MLP",
    layers=(
        _linear("fc1", INPUT, (64, 16)),
        _layer("tanh1", "Tanh", "fc1"),
        _linear("fc2", "tanh1", (16, 16)),
        _layer("tanh2", "Tanh", "fc2"),
        _linear("fc3", "tanh2", (16, 10)),
    ),
)

RESIDUAL = ModelSpec(
    name="Residual",
    layers=(
        _conv("conv1", INPUT, (1, 4)),
        _layer("bn1", "BatchNorm2d", "conv1", num_features=4),
        _layer("relu1", "ReLU", "bn1", inplace=True),
        _conv("conv2", "relu1", (4, 4)),
        _layer("bn2", "BatchNorm2d", "conv2", num_features=4),
        _layer("add", "Add", "bn2", "relu1"),
        _layer("relu2", "ReLU", "add", inplace=True),
        _layer("pool", "AvgPool2d", "relu2", kernel_size=8),
        _layer("flatten", "Flatten", "pool"),
        _linear("fc", "flatten", (4, 1)),
    ),
)

UNET = ModelSpec(
    name="UNet",
    layers=(
        _conv("down1", INPUT, (1, 4)),
        _layer("relu1", "ReLU", "down1"),
        _layer("pool1", "MaxPool2d", "relu1", kernel_size=2, return_indices=True),
        _conv("down2", "pool1", (4, 4)),
        _layer("relu2", "ReLU", "down2"),
        _layer("pool2", "MaxPool2d", "relu2", kernel_size=2, return_indices=True),
        _conv("bottom", "pool2", (4, 4)),
        _layer("relu3", "ReLU", "bottom"),
        _layer("unpool2", "MaxUnpool2d", "relu3", "pool2", kernel_size=2),
        _layer("concat2", "Concat", "unpool2", "relu2"),
        _conv("up2", "concat2", (8, 4)),
        _layer("relu4", "ReLU", "up2"),
        _layer("unpool1", "MaxUnpool2d", "relu4", "pool1", kernel_size=2),
        _layer("concat1", "Concat", "unpool1", "relu1"),
        _conv("up1", "concat1", (8, 4)),
        _layer("relu5", "ReLU", "up1"),
        _conv("head", "relu5", (4, 1), kernel=1),
    ),
)

PRESETS: dict[str, Preset] = {
    preset.key: preset
    for preset in (
        Preset(
            key="test",
            title="Test: nearest upsampling",
            description="The smallest network with an upsampling between two convolutions.",
            spec=TEST,
            input="arange",
            input_shape=(2, 1, 2, 2),
            loss="mse",
            target="zeros",
            look_at="upsample",
        ),
        Preset(
            key="lenet",
            title="LeNet: reading a digit",
            description="Convolutions, max pools and linear layers look at a handwritten 3.",
            spec=LENET,
            input="digit",
            input_shape=(1, 1, 16, 16),
            loss="cross_entropy",
            target="class_3",
            look_at="pool1",
        ),
        Preset(
            key="mlp",
            title="MLP: three linear layers",
            description="Matrix products and tanh only; every weight sees every cell.",
            spec=MLP,
            input="digit",
            input_shape=(1, 64),
            loss="cross_entropy",
            target="class_3",
            look_at="tanh1",
        ),
        Preset(
            key="residual",
            title="Residual: a skip around a block",
            description="Batch normalisation, in-place ReLU and an addition with two ways back.",
            spec=RESIDUAL,
            input="random",
            input_shape=(2, 1, 8, 8),
            loss="mse",
            target="ones",
            look_at="add",
        ),
        Preset(
            key="unet",
            title="U-net: down, up and across",
            description="Max pools remember where; unpools put back; skips are concatenated.",
            spec=UNET,
            input="digit",
            input_shape=(1, 1, 8, 8),
            loss="mse",
            target="zeros",
            look_at="unpool1",
        ),
    )
}
