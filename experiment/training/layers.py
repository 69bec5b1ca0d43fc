"""Steps of a training layer by layer: whose norms they are, and which whole step is at hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from models.training.step import Frame, Numbers, Step


def layer_of(parameter: str) -> str:
    """Return the layer of a parameter; one of the model itself stands for itself."""
    return parameter.rpartition(".")[0] or parameter


def by_layer(names: Sequence[str]) -> Mapping[str, tuple[int, ...]]:
    """Return the layers in the order of their parameters, each with the places of its own."""
    found: dict[str, list[int]] = {}
    for place, name in enumerate(names):
        found.setdefault(layer_of(name), []).append(place)
    return {layer: tuple(places) for layer, places in found.items()}


def norms_by_layer(steps: Sequence[Step]) -> Numbers:
    """Return the norm of each layer's whole gradient at each step: layers x steps.

    A layer of which no parameter has a gradient has 0.
    """
    each = np.array([step.norms for step in steps])
    layers = by_layer(steps[0].names).values()
    return np.array([_together(each[:, places]) for places in layers])


def _together(norms: Numbers) -> Numbers:
    """Return the norm of all parameters of a layer together."""
    return np.asarray(np.linalg.norm(norms, axis=1))


def frame_at(steps: Sequence[Step], step: int) -> tuple[int, Frame]:
    """Return the last step up to this one that was kept whole, as the first is, and its frame."""
    places = range(min(step, len(steps) - 1), -1, -1)
    frames = ((place, steps[place].frame) for place in places)
    return next((place, frame) for place, frame in frames if frame is not None)
