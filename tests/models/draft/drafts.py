"""Drafts to begin tests with, and how to speak of their layers by name."""

from __future__ import annotations

from models.draft import INPUT_KEY, Draft, draft_of
from models.presets import PRESETS
from models.spec import INPUT

EMPTY = Draft((), (2, 1, 2, 2))


def preset(key: str = "test") -> Draft:
    """A preset as a draft."""
    return draft_of(PRESETS[key].spec, PRESETS[key].input_shape)


def key_of(draft: Draft, name: str) -> int:
    """The key of the layer with this name."""
    if name == INPUT:
        return INPUT_KEY
    (key,) = (layer.key for layer in draft.layers if layer.name == name)
    return key


def wiring(draft: Draft) -> list[str]:
    """Every layer with what it reads, in order: ``conv2 < conv1``."""
    return [
        f"{layer.name} < {' + '.join(map(draft.name_of, layer.reads))}" for layer in draft.layers
    ]
