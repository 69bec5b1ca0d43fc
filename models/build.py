"""From a spec to a network that runs.

The weights are bitwise those of ``torch.manual_seed(seed)`` followed by making the same layers
in the same order, but torch's global generator is neither read nor moved.
"""

from __future__ import annotations

from typing import Any

from jaxtyping import Float
from torch import Tensor, nn

from flow.said import said
from flow.seeded import Seeded
from models.inplace import in_place_problem
from models.kinds.unpooling import unpool_size
from models.shapes import Shape, shape_text
from models.spec import INPUT, LayerSpec, ModelSpec

Batch = Float[Tensor, "batch *features"]

Values = dict[str, Any]
"""Layer name -> what it returned: a tensor, or (tensor, indices) of a pool."""


class LayerError(ValueError):
    """A layer that cannot work on what it is given. ``layer`` is its name."""

    def __init__(self, layer: str, problem: str) -> None:
        super().__init__(layer, problem)
        self.layer = layer
        self.problem = problem

    def __str__(self) -> str:
        return said("{layer}: {problem}", layer=self.layer, problem=self.problem)


class Network(nn.Module):
    """The layers of a spec, as children with their own names, in the spec's order."""

    def __init__(self, spec: ModelSpec) -> None:
        super().__init__()
        self._spec = spec
        first = {name: make_module(spec.layer(name)) for name in spec.drawn}
        for layer in spec.layers:
            self.add_module(layer.name, first.get(layer.name) or make_module(layer))

    def forward(self, x: Batch) -> Tensor:
        """Run the layers in order and return the last one's output; LayerError names a misfit."""
        values: Values = {INPUT: x}
        for layer in self._spec.layers:
            values[layer.name] = call_layer(
                self._spec, layer, self.get_submodule(layer.name), values
            )
        return tensor_of(values[self._spec.layers[-1].name])


def make_module(layer: LayerSpec) -> nn.Module:
    """Return the module of one layer; a frozen one's parameters take no gradient."""
    module = layer.layer_kind.make(layer.fields)
    return module.requires_grad_(not layer.frozen)


def build(spec: ModelSpec, seed: int, training: bool = True) -> Network:
    """Return the network with the weights of that seed; LayerError when it can never run.

    ``training`` decides what dropout and batch normalisation do, as ``.train()`` and ``.eval()``.
    """
    check_in_place(spec)
    with Seeded(seed):
        return Network(spec).train(training)


def check_in_place(spec: ModelSpec) -> None:
    """Raise LayerError when an in-place layer overwrites a value that is still needed."""
    for layer in spec.layers:
        problem = in_place_problem(spec, layer)
        if problem:
            raise LayerError(layer.name, problem)


def tensor_of(value: Any) -> Tensor:
    """Return the data of what a layer returned: a pool's indices are left out."""
    data = value[0] if isinstance(value, tuple) else value
    assert isinstance(data, Tensor)  # noqa: S101 - tells the type checker what every layer returns
    return data


def input_shapes(spec: ModelSpec, layer: LayerSpec, values: Values) -> tuple[Shape, ...]:
    """Return the shapes of a layer's inputs; an unpool also sees its pool's input, last."""
    names = list(layer.inputs)
    if layer.layer_kind.takes_indices:
        names.append(spec.layer(layer.inputs[1]).inputs[0])
    return tuple(tuple(tensor_of(values[name]).shape) for name in names)


def call_layer(spec: ModelSpec, layer: LayerSpec, module: nn.Module, values: Values) -> Any:
    """Run one layer on the values of the layers it reads; LayerError when they do not fit."""
    kind, shapes = layer.layer_kind, input_shapes(spec, layer, values)
    problem = kind.fits(layer.fields, shapes)
    if problem:
        raise LayerError(layer.name, problem)
    inputs = [tensor_of(values[name]) for name in layer.inputs]
    try:
        if kind.takes_indices:
            indices = values[layer.inputs[1]][1]
            return module(inputs[0], indices, output_size=unpool_size(layer.fields, shapes))
        return module(*inputs)
    except (RuntimeError, ValueError, IndexError) as error:
        came = " and ".join(shape_text(shape) for shape in shapes[: len(layer.inputs)])
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise LayerError(
            layer.name,
            said(
                "{kind} cannot take its input {came}. torch says: {reason}",
                kind=layer.kind,
                came=came,
                reason=reason,
            ),
        ) from error
