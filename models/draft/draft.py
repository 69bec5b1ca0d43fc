"""A network that is being edited: it may be wrong, and it keeps what was typed until it is right.

Layers know each other by keys that never change, so that renaming, moving and two equal names
lose no connection. ``changes`` changes drafts, ``diagnosis`` says what is wrong with one, and
``fixes`` how to repair it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from models.fields import Fields
from models.kinds.kind import LayerKind
from models.layers import LAYERS
from models.shapes import Shape
from models.spec import INPUT, LayerSpec, ModelSpec

INPUT_KEY = 0
"""The key of the model's own input."""
SWITCHES = tuple(name for name, info in LayerSpec.model_fields.items() if info.annotation is bool)
"""What can be turned on for a layer of any kind."""


@dataclass(frozen=True)
class DraftLayer:
    """One layer as typed: nothing but its kind is known to be right."""

    key: int
    name: str
    kind: str
    """Name in ``LAYERS``."""
    reads: tuple[int, ...]
    """Keys of its inputs."""
    fields: Fields
    """Every field of the kind, in or out of its bounds."""
    switches: Fields

    @property
    def layer_kind(self) -> LayerKind:
        """The catalogue's entry for this kind."""
        return LAYERS[self.kind]


@dataclass(frozen=True)
class Draft:
    """The layers in the order in which they run, and the shape of what goes in."""

    layers: tuple[DraftLayer, ...]
    input_shape: Shape
    name: str = "Model"
    """Class name in source code."""

    @property
    def keys(self) -> tuple[int, ...]:
        """The keys of the layers, in order."""
        return tuple(layer.key for layer in self.layers)

    def place(self, key: int) -> int:
        """Return where a layer stands, from 0; -1 for the input; KeyError when there is none."""
        if key == INPUT_KEY:
            return -1
        if key not in self.keys:
            raise KeyError(key)
        return self.keys.index(key)

    def layer(self, key: int) -> DraftLayer:
        """Return the layer with this key; KeyError when there is none."""
        place = self.place(key)
        if place < 0:
            raise KeyError(key)
        return self.layers[place]

    def name_of(self, key: int) -> str:
        """Return a layer's name, or what the input is called."""
        return INPUT if key == INPUT_KEY else self.layer(key).name

    def above(self, key: int) -> tuple[int, ...]:
        """Return what a layer may read: the input and the layers above it."""
        return (INPUT_KEY, *self.keys[: self.place(key)])

    def described(self, layer: DraftLayer) -> dict[str, Any]:
        """Return a layer as ``LayerSpec.model_validate`` reads it."""
        reads = tuple(self.name_of(key) for key in layer.reads)
        own = {"name": layer.name, "kind": layer.kind, "inputs": reads}
        return {**own, "fields": dict(layer.fields), **layer.switches}


def draft_of(spec: ModelSpec, input_shape: Shape) -> Draft:
    """Return a network as a draft; layers get the keys 1, 2, ..."""
    keys = {INPUT: INPUT_KEY, **{layer.name: key for key, layer in enumerate(spec.layers, 1)}}
    layers = tuple(
        DraftLayer(
            key=keys[layer.name],
            name=layer.name,
            kind=layer.kind,
            reads=tuple(keys[name] for name in layer.inputs),
            fields=layer.fields,
            switches=Fields({name: getattr(layer, name) for name in SWITCHES}),
        )
        for layer in spec.layers
    )
    return Draft(layers, input_shape, spec.name)


def switched_off() -> Mapping[str, bool]:
    """Return the switches of a new layer."""
    return {name: bool(LayerSpec.model_fields[name].default) for name in SWITCHES}
