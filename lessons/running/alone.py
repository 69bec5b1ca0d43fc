"""One layer as a network of its own in the playground, with the numbers of a lesson."""

from __future__ import annotations

from collections.abc import Mapping
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
    spec = ModelSpec(name=kind, layers=(layer,))
    edits = NO_EDITS
    for name, cells in {INPUT: value, **parameters, TARGET: upstream}.items():
        edits = edits.with_cells(name, dict(enumerate(cells.reshape(-1).tolist())))
    plain = Setting(input="zeros", loss="vector", target="ones", input_gradient=True)
    return Experiment(replace(with_network(plain, spec, value.shape), edits=edits))
