"""What a preset is, and the layers that presets are written with."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor

from models.fields import Fields, Value
from models.inputs import INPUTS
from models.inputs.tokens import vocabulary
from models.shapes import Shape
from models.spec import LayerSpec, ModelSpec

TOPICS = {
    "first": "A first course",
    "upsampling": "Upsampling",
    "pooling": "Pooling and unpooling",
    "convolution": "Convolution",
    "depth": "Deep networks: does the gradient arrive?",
    "sequences": "Words and sequences",
    "networks": "Parts of well-known networks",
}
"""What presets are about -> how that is called, in the order in which the gallery shows them."""


@dataclass(frozen=True)
class Preset:
    """A network with everything a first run of it needs."""

    key: str
    topic: str
    """Name in ``TOPICS``."""
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
    why: str
    """What is to be seen there, and what it shows."""
    node: str = ""
    """Class of that layer's node to look at first; empty for the one the gradient reaches first."""
    formerly: str = ""
    """The layer to look at first of its network of the first edition, if that is another one."""
    input_gradient: bool = False
    """Whether the input asks for a gradient, so that the layer that reads it hands one on."""

    def values(self, seed: int = 0) -> Tensor:
        """Return its input."""
        values = INPUTS[self.input].make(self.input_shape, seed, vocabulary(self.spec))
        return values.requires_grad_(self.input_gradient)


def network(name: str, *layers: LayerSpec) -> ModelSpec:
    """Return a network of these layers."""
    return ModelSpec(name=name, layers=layers)


def layer(name: str, kind: str, *inputs: str, **fields: Value) -> LayerSpec:
    """Return one layer; ``fields`` are those that differ from their defaults."""
    return LayerSpec(name=name, kind=kind, inputs=inputs, fields=Fields(fields))


def conv(
    name: str, reads: str, channels: tuple[int, int], kernel: int = 3, **fields: Value
) -> LayerSpec:
    """Return a convolution that keeps the size of its map when the kernel is 3."""
    given: dict[str, Value] = {"padding": 1 if kernel == 3 else 0, **fields}
    return layer(
        name,
        "Conv2d",
        reads,
        in_channels=channels[0],
        out_channels=channels[1],
        kernel_size=kernel,
        **given,
    )


def linear(name: str, reads: str, features: tuple[int, int]) -> LayerSpec:
    """Return a linear layer."""
    return layer(name, "Linear", reads, in_features=features[0], out_features=features[1])
