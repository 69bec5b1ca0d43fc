"""How gradients grow, shrink and add up along a path."""

from __future__ import annotations

from models.presets.preset import Preset, conv, layer, linear, network
from models.spec import INPUT, LayerSpec

DEPTH = 8
"""Sigmoid layers: each takes at most a quarter of the gradient."""
STEPS = 4

RESIDUAL = network(
    "Residual",
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
)


def _sigmoids() -> tuple[LayerSpec, ...]:
    names = ["first", *(f"sigmoid{step}" for step in range(1, DEPTH + 1))]
    found = [linear("first", INPUT, (64, 16))]
    for step, reads in enumerate(names[:-1], 1):
        found += [linear(f"fc{step}", reads, (16, 16)), layer(names[step], "Sigmoid", f"fc{step}")]
    return (*found, linear("last", names[-1], (16, 10)))


VANISHING = network("Vanishing", *_sigmoids())


def _twins() -> tuple[LayerSpec, ...]:
    """Return a plain stack and one with skips, which read the same and are added at the end."""
    found, plain, skip = [linear("start", INPUT, (8, 8))], "start", "start"
    for step in range(1, STEPS + 1):
        found += [
            linear(f"plain{step}", plain, (8, 8)),
            layer(f"plain_tanh{step}", "Tanh", f"plain{step}"),
            linear(f"skip{step}", skip, (8, 8)),
            layer(f"skip_tanh{step}", "Tanh", f"skip{step}"),
            layer(f"skip_add{step}", "Add", f"skip_tanh{step}", skip),
        ]
        plain, skip = f"plain_tanh{step}", f"skip_add{step}"
    return (*found, layer("both", "Add", plain, skip))


TWINS = network("Twins", *_twins())

FLOW = (
    Preset(
        key="vanishing",
        topic="depth",
        title="Vanishing: eight sigmoids",
        description="A stack of sigmoid layers, each of which lets at most a quarter through.",
        spec=VANISHING,
        input="digit",
        input_shape=(1, 64),
        loss="cross_entropy",
        target="class_3",
        look_at="sigmoid1",
        why="Walk from sigmoid8 to sigmoid1: the gradient shrinks by a factor at every step.",
    ),
    Preset(
        key="twins",
        topic="depth",
        title="Plain or residual: twins",
        description="Two stacks read the same values; one has skips. Their sums are compared.",
        spec=TWINS,
        input="random",
        input_shape=(4, 8),
        loss="mse",
        target="ones",
        look_at="skip_add1",
        why="Compare with plain_tanh1: there the gradient has shrunk, along the skips it has not.",
    ),
    Preset(
        key="residual",
        topic="depth",
        title="A skip around a block",
        description="Batch normalisation, in-place ReLU and an addition with two ways back.",
        spec=RESIDUAL,
        input="random",
        input_shape=(2, 1, 8, 8),
        loss="mse",
        target="ones",
        look_at="add",
        why="Both summands get the same gradient; the skip hands it back, whatever the block does.",
    ),
)
