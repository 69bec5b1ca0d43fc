"""The first networks: the question, reading a digit, a plain net, a skip, and down and up again."""

from __future__ import annotations

from models.preset import Preset, conv, layer, linear
from models.spec import INPUT, ModelSpec

TEST = ModelSpec(
    name="Test",
    layers=(
        conv("conv1", INPUT, (1, 1), kernel=1),
        layer("upsample", "UpsamplingNearest2d", "conv1", scale_factor=2),
        layer("conv2", "Conv2d", "upsample", in_channels=1, out_channels=1, kernel_size=3),
        layer("flatten", "Flatten", "conv2"),
        linear("fc", "flatten", (4, 1)),
    ),
)

LENET = ModelSpec(
    name="LeNet",
    layers=(
        conv("conv1", INPUT, (1, 6), kernel=5),
        layer("relu1", "ReLU", "conv1"),
        layer("pool1", "MaxPool2d", "relu1", kernel_size=2),
        conv("conv2", "pool1", (6, 12)),
        layer("relu2", "ReLU", "conv2"),
        layer("pool2", "MaxPool2d", "relu2", kernel_size=2),
        layer("flatten", "Flatten", "pool2"),
        linear("fc1", "flatten", (108, 24)),
        layer("relu3", "ReLU", "fc1"),
        linear("fc2", "relu3", (24, 10)),
    ),
)

MLP = ModelSpec(
    name="MLP",
    layers=(
        linear("fc1", INPUT, (64, 16)),
        layer("tanh1", "Tanh", "fc1"),
        linear("fc2", "tanh1", (16, 16)),
        layer("tanh2", "Tanh", "fc2"),
        linear("fc3", "tanh2", (16, 10)),
    ),
)

RESIDUAL = ModelSpec(
    name="Residual",
    layers=(
        conv("conv1", INPUT, (1, 4)),
        layer("bn1", "BatchNorm2d", "conv1", num_features=4),
        layer("relu1", "ReLU", "bn1", inplace=True),
        conv("conv2", "relu1", (4, 4)),
        layer("bn2", "BatchNorm2d", "conv2", num_features=4),
        layer("add", "Add", "bn2", "relu1"),
        layer("relu2", "ReLU", "add", inplace=True),
        layer("pool", "AvgPool2d", "relu2", kernel_size=8),
        layer("flatten", "Flatten", "pool"),
        linear("fc", "flatten", (4, 1)),
    ),
)

UNET = ModelSpec(
    name="UNet",
    layers=(
        conv("down1", INPUT, (1, 4)),
        layer("relu1", "ReLU", "down1"),
        layer("pool1", "MaxPool2d", "relu1", kernel_size=2, return_indices=True),
        conv("down2", "pool1", (4, 4)),
        layer("relu2", "ReLU", "down2"),
        layer("pool2", "MaxPool2d", "relu2", kernel_size=2, return_indices=True),
        conv("bottom", "pool2", (4, 4)),
        layer("relu3", "ReLU", "bottom"),
        layer("unpool2", "MaxUnpool2d", "relu3", "pool2", kernel_size=2),
        layer("concat2", "Concat", "unpool2", "relu2"),
        conv("up2", "concat2", (8, 4)),
        layer("relu4", "ReLU", "up2"),
        layer("unpool1", "MaxUnpool2d", "relu4", "pool1", kernel_size=2),
        layer("concat1", "Concat", "unpool1", "relu1"),
        conv("up1", "concat1", (8, 4)),
        layer("relu5", "ReLU", "up1"),
        conv("head", "relu5", (4, 1), kernel=1),
    ),
)

FIRST = (
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
        why="Each downstream cell is the sum of the four upstream cells it became, not a mean.",
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
        why="Only the winner of each window gets a gradient; most of the map is exactly 0.",
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
        why="The slope of tanh, 1 - y squared, scales each cell: all passes at 0, nothing at 1.",
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
        why="Both summands get the same gradient; the skip hands it back, whatever the block does.",
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
        why="Values went back to where they were found, so gradients are fetched from there.",
    ),
)
