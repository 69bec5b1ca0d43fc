"""The shapes of the layers that were read so far, on an input of a given shape.

Layers are made and run on torch's meta device, where tensors have shapes but no cells.
"""

from __future__ import annotations

from collections.abc import Mapping

import torch

from models.build import Values, call_layer, make_module, tensor_of
from models.shapes import Shape
from models.spec import INPUT, LayerSpec, ModelSpec

LAST = "#last"
"""Marks the last step of a recurrent layer until it is known that nothing else of it is read."""


class Sizes:
    """Follows the layers one by one; each is run once."""

    def __init__(self, shape: Shape) -> None:
        self._values: Values = {INPUT: torch.empty(shape, device="meta")}

    def of(self, name: str, layers: Mapping[str, LayerSpec]) -> Shape:
        """Return the shape of a layer's output; LayerError for the first that does not fit."""
        spec = ModelSpec.model_construct(layers=tuple(layers.values()))
        for layer in spec.layers:
            if name in self._values:
                break
            if layer.name not in self._values:
                self._run(spec, layer)
        return tuple(tensor_of(self._values[name]).shape)

    def _run(self, spec: ModelSpec, layer: LayerSpec) -> None:
        with torch.device("meta"), torch.no_grad():
            value = call_layer(spec, layer, make_module(layer), self._values)
            self._values[layer.name] = value
            if "outputs" in layer.fields:
                step = tensor_of(value).select(1 if layer.fields["batch_first"] else 0, -1)
                self._values[layer.name + LAST] = step
