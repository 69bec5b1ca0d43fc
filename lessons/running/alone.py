"""A few layers as a network of their own in the playground, with the numbers of a lesson."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from experiment.feeding import TARGET
from experiment.setting import Setting, with_network
from experiment.written.address import Experiment
from lessons.asking.exercise import Array
from lessons.running.trial import LAYER
from models.cell_edits import NO_EDITS
from models.fields import Fields
from models.spec import INPUT, LayerSpec, ModelSpec

NOTHING: Mapping[str, Array] = MappingProxyType({})


def alone(
    kind: str,
    settings: Mapping[str, Any],
    value: Array,
    upstream: Array,
    parameters: Mapping[str, Array] = NOTHING,
) -> Experiment:
    """Return a network of one layer; its loss hands the layer this upstream gradient.

    ``kind`` and ``settings`` are those of the palette; ``parameters`` are named ``layer.weight``.
    """
    layer = LayerSpec(name=LAYER, kind=kind, fields=Fields(settings))
    return together((layer,), value, upstream, parameters)


def together(
    layers: Sequence[LayerSpec],
    value: Array,
    upstream: Array,
    parameters: Mapping[str, Array] = NOTHING,
) -> Experiment:
    """Return a network of several layers; its loss hands the last one this upstream gradient.

    The layers stand in the order in which they run, and each says what it reads.
    """
    spec = ModelSpec(name=layers[-1].kind, layers=tuple(layers))
    edits = NO_EDITS
    for name, cells in {INPUT: value, **parameters, TARGET: upstream}.items():
        edits = edits.with_cells(name, dict(enumerate(cells.reshape(-1).tolist())))
    plain = Setting(input="zeros", loss="vector", target="ones", input_gradient=True)
    return Experiment(replace(with_network(plain, spec, value.shape), edits=edits))
