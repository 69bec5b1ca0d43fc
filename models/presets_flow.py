"""How gradients grow, shrink and add up along a path."""

from __future__ import annotations

from models.preset import Preset, layer, linear
from models.spec import INPUT, LayerSpec, ModelSpec

DEPTH = 8
"""Sigmoid layers: each takes at most a quarter of the gradient."""
STEPS = 4

TRIPLE = ModelSpec(
    name="Triple",
    layers=(linear("x", INPUT, (2, 2)), layer("y", "Scale", "x", factor=3.0)),
)

XOR = ModelSpec(
    name="ExclusiveOr",
    layers=(
        linear("hidden", INPUT, (1, 4)),
        layer("tanh", "Tanh", "hidden"),
        linear("fc", "tanh", (4, 1)),
    ),
)


def _sigmoids() -> tuple[LayerSpec, ...]:
    names = ["first", *(f"sigmoid{step}" for step in range(1, DEPTH + 1))]
    found = [linear("first", INPUT, (64, 16))]
    for step, reads in enumerate(names[:-1], 1):
        found += [linear(f"fc{step}", reads, (16, 16)), layer(names[step], "Sigmoid", f"fc{step}")]
    return (*found, linear("last", names[-1], (16, 10)))


VANISHING = ModelSpec(name="Vanishing", layers=_sigmoids())


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


TWINS = ModelSpec(name="Twins", layers=_twins())

FLOW = (
    Preset(
        key="triple",
        title="y = 3x with a gradient vector",
        description="Backward starts with a vector (100, 0.1) instead of a loss.",
        spec=TRIPLE,
        input="arange",
        input_shape=(1, 2),
        loss="vector",
        target="large_small",
        look_at="y",
        why="(100, 0.1) arrives and (300, 0.3) is handed on: the vector is multiplied by dy/dx.",
    ),
    Preset(
        key="xor",
        title="XOR: why a hidden layer",
        description="1, 2, 3, 4 want 0, 1, 1, 0: what the two bits of n - 1 differ in.",
        spec=XOR,
        input="arange",
        input_shape=(4, 1),
        loss="bce_with_logits",
        target="xor",
        look_at="fc",
        why="The outer and the inner numbers pull in opposite directions; one line cannot follow.",
    ),
    Preset(
        key="vanishing",
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
)
