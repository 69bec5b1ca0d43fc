"""A first course: the question of upsampling, one product, two bits, and reading a digit."""

from __future__ import annotations

from models.presets.preset import Preset, conv, layer, linear, network
from models.spec import INPUT

TEST = network(
    "Test",
    conv("conv1", INPUT, (1, 1), kernel=1),
    layer("upsample", "UpsamplingNearest2d", "conv1", scale_factor=2),
    layer("conv2", "Conv2d", "upsample", in_channels=1, out_channels=1, kernel_size=3),
    layer("flatten", "Flatten", "conv2"),
    linear("fc", "flatten", (4, 1)),
)

TRIPLE = network("Triple", layer("triple", "Scale", INPUT, factor=3.0))

XOR = network(
    "ExclusiveOr",
    linear("hidden", INPUT, (2, 4)),
    layer("tanh", "Tanh", "hidden"),
    linear("fc", "tanh", (4, 1)),
)

LENET = network(
    "LeNet",
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
)

MLP = network(
    "MLP",
    linear("fc1", INPUT, (64, 16)),
    layer("tanh1", "Tanh", "fc1"),
    linear("fc2", "tanh1", (16, 16)),
    layer("tanh2", "Tanh", "fc2"),
    linear("fc3", "tanh2", (16, 10)),
)

MOONS = network(
    "TwoMoons",
    linear("fc1", INPUT, (2, 16)),
    layer("tanh1", "Tanh", "fc1"),
    linear("fc2", "tanh1", (16, 16)),
    layer("tanh2", "Tanh", "fc2"),
    linear("fc3", "tanh2", (16, 2)),
)

SPIRALS = network(
    "Spirals",
    linear("fc1", INPUT, (2, 32)),
    layer("relu1", "ReLU", "fc1"),
    linear("fc2", "relu1", (32, 32)),
    layer("relu2", "ReLU", "fc2"),
    linear("fc3", "relu2", (32, 3)),
)

FIRST = (
    Preset(
        key="test",
        topic="upsampling",
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
        key="triple",
        topic="first",
        title="y = 3x with a vector",
        description="No loss: y.backward((100, 0.1)) begins with a vector. The input x is a leaf.",
        spec=TRIPLE,
        input="arange",
        input_shape=(1, 2),
        loss="given",
        target="large_small",
        look_at="triple",
        formerly="y",
        why="(100, 0.1) arrives and x.grad becomes (300, 0.3): the vector times dy/dx = 3.",
        input_gradient=True,
    ),
    Preset(
        key="xor",
        topic="first",
        title="XOR: why a hidden layer",
        description="The corners 00, 01, 10 and 11 of a square want 0, 1, 1 and 0.",
        spec=XOR,
        input="corners",
        input_shape=(4, 2),
        loss="bce_with_logits",
        target="xor",
        look_at="fc",
        why="Corners 00 and 11 pull down, 01 and 10 pull up: no single line can do both.",
    ),
    Preset(
        key="mlp",
        topic="first",
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
        key="moons",
        topic="first",
        title="Two moons: a curved border",
        description="Points of two moons that hold each other; Train shows how a border forms.",
        spec=MOONS,
        input="two_moons",
        input_shape=(16, 2),
        loss="cross_entropy",
        target="class_by_sample",
        look_at="fc3",
        why="Of each point, what arrives is softmax minus the right class, divided by the batch.",
    ),
    Preset(
        key="spirals",
        topic="first",
        title="Spirals: three arms",
        description="Points of three arms of a spiral: no straight border tells them apart.",
        spec=SPIRALS,
        input="spirals",
        input_shape=(9, 2),
        loss="cross_entropy",
        target="class_by_sample",
        look_at="relu1",
        why="Where relu gave 0 it hands on 0: of that point nothing reaches the unit's weights.",
    ),
    Preset(
        key="lenet",
        topic="first",
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
)
