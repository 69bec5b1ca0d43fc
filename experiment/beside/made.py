"""The same run but for one thing: another loss, an activation exchanged, a skip left out, ..."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from experiment.setting import Setting, with_network
from models.draft.changes import remove
from models.draft.draft import Draft, draft_of
from models.fields import Fields
from models.kinds.activation import ACTIVATIONS
from models.losses import LOSSES
from models.shapes import Shape
from models.spec import INPUT, LayerSpec, ModelSpec, spec_of

SKIPS = "Add"
"""The kind of layer that joins a skip connection to what it goes round."""
STEM = re.compile(r"[a-z]+")


@dataclass(frozen=True)
class Skip:
    """A connection that goes round layers: the layer that it joins, and what it brings there."""

    layer: str
    source: str


def with_loss(setting: Setting, loss: str) -> Setting:
    """Take another loss, with its first target where the old one does not suit it."""
    suiting = LOSSES[loss].targets
    kept = setting.target in suiting or not suiting
    return replace(setting, loss=loss, target=setting.target if kept else suiting[0])


def with_cell(setting: Setting, tensor: str, place: int, value: float) -> Setting:
    """Change one cell of the input or of a parameter; EditError where the value is none."""
    return replace(setting, edits=setting.edits.with_cells(tensor, {place: value}))


def exchangeable(setting: Setting) -> Mapping[str, Sequence[str]]:
    """Return the activations that the network has, and what can stand in the place of each.

    Those along a dimension, such as Softmax, are exchanged among themselves.
    """
    present = dict.fromkeys(layer.kind for layer in setting.network.layers)
    return {
        kind: [other for other in ACTIVATIONS if other != kind and _alike(kind, other)]
        for kind in present
        if kind in ACTIVATIONS
    }


def _alike(kind: str, other: str) -> bool:
    fields = (ACTIVATIONS[name].field("dim") is None for name in (kind, other))
    return len(set(fields)) == 1


def with_activation(setting: Setting, kind: str, other: str) -> Setting:
    """Exchange every activation of one kind for another; ``sigmoid4`` is called ``relu4`` then."""
    spec = setting.network
    names = dict(_renamed(spec, kind, other))
    layers = tuple(
        layer.model_copy(
            update={
                "name": names.get(layer.name, layer.name),
                "inputs": tuple(names.get(name, name) for name in layer.inputs),
                **(_exchanged(layer, other) if layer.kind == kind else {}),
            }
        )
        for layer in spec.layers
    )
    drawn = tuple(names.get(name, name) for name in spec.drawn)
    return _with_layers(setting, layers, drawn)


def _exchanged(layer: LayerSpec, other: str) -> dict[str, str | Fields]:
    """Return kind and fields of a layer that does the other; what both can say stays."""
    fields = {
        field.name: layer.fields.get(field.name, field.default)
        for field in ACTIVATIONS[other].fields
    }
    return {"kind": other, "fields": Fields(fields)}


def _renamed(spec: ModelSpec, kind: str, other: str) -> Iterator[tuple[str, str]]:
    """Yield old and new names of the layers that are named after what they do."""
    taken = {layer.name for layer in spec.layers}
    for layer in spec.layers:
        stem = STEM.match(layer.name)
        if layer.kind != kind or stem is None or not kind.lower().endswith(stem[0]):
            continue
        name = other.lower() + layer.name[stem.end() :]
        if name not in taken:
            taken.add(name)
            yield layer.name, name


def removable(setting: Setting, shapes: Mapping[str, Shape]) -> list[str]:
    """Return the layers that hand on the shape they get, so that the next one fits without them.

    ``shapes`` are those of the layers' outputs.
    """
    known = {INPUT: setting.shape, **shapes}
    layers = setting.network.layers
    fitting = (
        layer.name
        for layer in layers
        if layer.inputs and known.get(layer.inputs[0]) == known.get(layer.name)
    )
    return list(fitting) if len(layers) > 1 else []


def without_layer(setting: Setting, name: str) -> Setting:
    """Leave a layer out: what read it reads its first input.

    SpecError where nothing else may stand there, such as a pool whose indices are used.
    """
    spec = setting.network
    draft = draft_of(spec, setting.shape)
    left = remove(draft, next(key for key in draft.keys if draft.name_of(key) == name))
    return _with_layers(setting, _layers(left), tuple(each for each in spec.drawn if each != name))


def _layers(draft: Draft) -> tuple[LayerSpec, ...]:
    return tuple(LayerSpec.model_validate(draft.described(layer)) for layer in draft.layers)


def skips(setting: Setting) -> list[Skip]:
    """Return every skip connection: of the inputs of a sum, all but the one made last."""
    layers = setting.network.layers
    places = {INPUT: -1, **{layer.name: place for place, layer in enumerate(layers)}}
    return [
        Skip(layer.name, source)
        for layer in layers
        if layer.kind == SKIPS
        for source in sorted(set(layer.inputs), key=places.__getitem__)[:-1]
    ]


def without_skip(setting: Setting, skip: Skip) -> Setting:
    """Leave a skip connection out, with the layers that nothing reads any more.

    A sum of which one input is left is left out too.
    """
    spec = setting.network
    layer = spec.layer(skip.layer)
    others = tuple(name for name in layer.inputs if name != skip.source)
    if len(others) >= layer.layer_kind.inputs[0]:
        layers = [
            each.model_copy(update={"inputs": others}) if each is layer else each
            for each in spec.layers
        ]
    else:
        instead = {skip.layer: others[0]}
        layers = [
            each.model_copy(
                update={"inputs": tuple(instead.get(name, name) for name in each.inputs)}
            )
            for each in spec.layers
            if each is not layer
        ]
    kept = _read(layers, skip.source)
    names = {each.name for each in kept}
    return _with_layers(setting, kept, tuple(name for name in spec.drawn if name in names))


def _read(layers: Sequence[LayerSpec], source: str) -> tuple[LayerSpec, ...]:
    """Leave out a layer, and those that lead to it alone, as long as nothing reads them."""
    while source != INPUT and source != layers[-1].name:
        if any(source in each.inputs for each in layers):
            break
        gone = next(each for each in layers if each.name == source)
        layers = [each for each in layers if each is not gone]
        if not gone.inputs:
            break
        source = gone.inputs[0]
    return tuple(layers)


def _with_layers(
    setting: Setting, layers: tuple[LayerSpec, ...], drawn: tuple[str, ...]
) -> Setting:
    """Run these layers on the same input; SpecError where they do not fit together."""
    spec = setting.network
    made = spec_of(spec.name, layers, drawn, renamed=spec.renamed)
    return with_network(setting, made, setting.shape)
