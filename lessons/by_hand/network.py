"""A network written with numpy: layers in a row, forward, backward, and one step of descent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from lessons.by_hand.layers import Array, Layer
from lessons.by_hand.losses import Loss

PARAMETERS = ("kernel", "weight", "bias")
CALLED = {"kernel": "weight"}
"""What PyTorch calls a parameter, where it is called otherwise here."""

Network = Mapping[str, Layer]
"""Layers by name, in the order in which they run."""


@dataclass(frozen=True, eq=False)
class Pass:
    """A forward and a backward pass."""

    loss: float
    values: tuple[Array, ...]
    """What went in, and what came out of every layer."""
    gradients: tuple[Array, ...]
    """Of each of these, in the same order."""
    parameters: Mapping[str, tuple[Array, ...]]
    """The gradients of every layer's parameters."""


def run(network: Network, loss: Loss, x: Array, target: Array) -> Pass:
    """Go forward to the loss, and back to the input."""
    values = [x]
    for layer in network.values():
        values.append(layer.forward(values[-1]))
    gradients = [loss.backward(values[-1], target)]
    parameters = {}
    for name, went_in in zip(reversed(list(network)), reversed(values[:-1]), strict=True):
        downstream, *own = network[name].backward(went_in, gradients[0])
        gradients.insert(0, downstream)
        parameters[name] = tuple(own)
    return Pass(loss.forward(values[-1], target), tuple(values), tuple(gradients), parameters)


def stepped(network: Network, gradients: Mapping[str, tuple[Array, ...]], rate: float) -> Network:
    """Move every parameter against its gradient."""
    after: dict[str, Layer] = {}
    for name, layer in network.items():
        moved = {
            parameter: value - rate * gradient
            for (parameter, value), gradient in zip(
                parameters(layer).items(), gradients[name], strict=True
            )
        }
        after[name] = _with(layer, moved)
    return after


def parameters(layer: Any) -> dict[str, Array]:
    """Return the parameters of a layer by name, in the order of their gradients."""
    return {
        each.name: getattr(layer, each.name) for each in fields(layer) if each.name in PARAMETERS
    }


def every(network: Network) -> dict[str, Array]:
    """Return all parameters, named as PyTorch names them."""
    return {
        f"{name}.{CALLED.get(parameter, parameter)}": value
        for name, layer in network.items()
        for parameter, value in parameters(layer).items()
    }


def _with(layer: Any, moved: Mapping[str, Array]) -> Layer:
    changed: Layer = replace(layer, **moved)
    return changed


def precise(network: Network, kind: type) -> Network:
    """Return the network with all its numbers in another precision."""
    return {
        name: _with(layer, {own: value.astype(kind) for own, value in parameters(layer).items()})
        for name, layer in network.items()
    }
