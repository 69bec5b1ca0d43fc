"""Changes of a draft, of which ways out are made: each returns a new draft and leaves the old one.

A change never disconnects the network; ``models.draft.diagnosis`` says whether its shapes fit.
Keys that do not exist raise KeyError.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from models.draft.draft import INPUT_KEY, Draft, DraftLayer, switched_off
from models.fields import Fields, Value
from models.layers import LAYERS

INDICES = "return_indices"
"""The field of a pool that an unpool can use."""


def add(draft: Draft, kind: str, after: int = INPUT_KEY) -> Draft:
    """Insert a new layer of this kind after a layer or the input; what followed reads it."""
    reads = _first_reads(draft, kind, after)
    defaults = {field.name: field.default for field in LAYERS[kind].fields}
    key, name = max(draft.keys, default=INPUT_KEY) + 1, free_name(draft, _stem(kind))
    layer = DraftLayer(key, name, kind, reads, Fields(defaults), Fields(switched_off()))
    return _inserted(draft, layer, after)


def remove(draft: Draft, key: int) -> Draft:
    """Remove a layer; its readers read its first input instead."""
    heir = next((source for source in draft.layer(key).reads if source != key), INPUT_KEY)
    left = (other for other in draft.layers if other.key != key)
    return replace(draft, layers=tuple(_reading(other, {key: heir}) for other in left))


def rename(draft: Draft, key: int, name: str) -> Draft:
    """Rename a layer; its readers keep reading it."""
    return _changed(draft, key, name=name)


def rewire(draft: Draft, key: int, reads: tuple[int, ...]) -> Draft:
    """Set which layers a layer reads."""
    for source in reads:
        draft.place(source)
    return _changed(draft, key, reads=reads)


def set_field(draft: Draft, key: int, field: str, value: Value) -> Draft:
    """Set a field of a layer, in or out of its bounds; KeyError when its kind has no such field."""
    layer = draft.layer(key)
    if layer.layer_kind.field(field) is None:
        raise KeyError(field)
    return _changed(draft, key, fields=Fields({**layer.fields, field: value}))


def free_name(draft: Draft, stem: str) -> str:
    """Return the stem with the smallest number that no layer has: ``conv1``."""
    taken = {layer.name for layer in draft.layers}
    return next(
        name for name in (f"{stem}{n}" for n in range(1, len(taken) + 2)) if name not in taken
    )


def pools(draft: Draft, keys: tuple[int, ...]) -> tuple[int, ...]:
    """Return those of these layers that can return indices, the last one first."""
    layers = (key for key in reversed(keys) if key != INPUT_KEY)
    return tuple(key for key in layers if INDICES in draft.layer(key).fields)


def _first_reads(draft: Draft, kind: str, after: int) -> tuple[int, ...]:
    """Let a join skip the layer that it follows, and an unpool read the nearest pool above."""
    second = after
    if after != INPUT_KEY and draft.layer(after).reads:
        second = draft.layer(after).reads[0]
    if LAYERS[kind].takes_indices:
        before = draft.keys[: draft.place(after) + 1]
        second = next(iter(pools(draft, before)), after)
    fewest = LAYERS[kind].inputs[0]
    return (after, *[second] * (fewest - 1))[:fewest]


def _inserted(draft: Draft, layer: DraftLayer, after: int) -> Draft:
    """Insert a layer after another; the one that followed reads it if it read the other."""
    place = draft.place(after) + 1
    before, following = draft.layers[:place], draft.layers[place:]
    if following:
        following = (_reading(following[0], {after: layer.key}), *following[1:])
    return replace(draft, layers=(*before, layer, *following))


def _reading(layer: DraftLayer, instead: dict[int, int]) -> DraftLayer:
    return replace(layer, reads=tuple(instead.get(key, key) for key in layer.reads))


def _changed(draft: Draft, key: int, **changes: Any) -> Draft:
    place = draft.place(key)
    changed = replace(draft.layer(key), **changes)
    return replace(draft, layers=(*draft.layers[:place], changed, *draft.layers[place + 1 :]))


def _stem(kind: str) -> str:
    """``Conv2d`` -> ``conv``."""
    letters = re.match(r"[A-Za-z]+", kind)
    return letters[0].lower() if letters else "layer"
