"""Whether an in-place layer may overwrite its input.

torch notices only in the backward pass, and does not name the layer; some cases it never notices.
"""

from __future__ import annotations

from flow.said import said
from models.spec import INPUT, LayerSpec, ModelSpec


def in_place_problem(spec: ModelSpec, layer: LayerSpec) -> str:
    """Return why this layer must not overwrite its input; empty when it may or does not."""
    if not layer.fields.get("inplace", False):
        return ""
    owner = _memory_owner(spec, layer.inputs[0])
    if owner == INPUT:
        return said("inplace would overwrite the model's input. Turn inplace off.")
    if spec.layer(owner).layer_kind.saves_output:
        return said(
            "inplace would overwrite what {owner} needs for its gradient. Turn inplace off.",
            owner=owner,
        )
    reader = _other_reader(spec, layer, owner)
    if reader:
        return said(
            "inplace would overwrite the output of {owner}, which {reader} reads too. "
            "Turn inplace off.",
            owner=owner,
            reader=reader,
        )
    return ""


def _memory_owner(spec: ModelSpec, name: str) -> str:
    """Return the layer that made the memory: views and identities lead back to it."""
    while name != INPUT and spec.layer(name).layer_kind.passes_through:
        name = spec.layer(name).inputs[0]
    return name


def _other_reader(spec: ModelSpec, layer: LayerSpec, owner: str) -> str:
    for other in spec.layers:
        if other.name == layer.name or other.layer_kind.passes_through:
            continue
        data = other.inputs[:1] if other.layer_kind.takes_indices else other.inputs
        if any(_memory_owner(spec, name) == owner for name in data):
            return other.name
    return ""
