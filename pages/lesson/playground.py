"""What a lesson's link opens in the playground: the same layer with the same numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from experiment.address import Experiment
from experiment.feeding import TARGET
from experiment.setting import Setting, with_network
from experiment.view import View
from lessons.convolving import Convolving
from lessons.exercise import Array
from lessons.nearest import Enlarging, Pooling
from lessons.trial import LAYER, SettingError
from models.cell_edits import NO_EDITS
from models.fields import Fields
from models.spec import INPUT, LayerSpec, ModelSpec

NOTHING: Mapping[str, Array] = MappingProxyType({})


def convolution(recipe: Convolving) -> Experiment:
    """Return a network of one convolution with this input, kernel, bias and upstream.

    What is padded unevenly is padded before, as in the lesson. What cannot run opens the Test
    network at its own convolution.
    """
    try:
        recipe.check()
    except SettingError:
        return Experiment(view=View(node="n6"))
    uneven = recipe.margins[0] != recipe.margins[1]
    settings = {
        "in_channels": recipe.channels,
        "out_channels": recipe.out,
        "kernel_size": recipe.width,
        "stride": recipe.stride,
        "padding": "same" if recipe.padding == "same" and not uneven else recipe.inner_padding,
        "dilation": recipe.dilation,
    }
    value = recipe.by_hand().padded(recipe.value()) if uneven else recipe.value()
    parameters = {"layer.weight": recipe.weight(), "layer.bias": recipe.bias()}
    return alone("Conv2d", settings, value, recipe.upstream(), parameters)


def enlarging(recipe: Enlarging) -> Experiment:
    """Return a network of one upsampling; what copies nothing opens the Test network at its own."""
    try:
        recipe.check()
    except SettingError:
        return Experiment(view=View(node="n9"))
    settings = {"scale_factor": recipe.scale, "mode": "nearest"}
    return alone("Upsample", settings, recipe.value(), recipe.upstream())


def pooling(recipe: Pooling) -> Experiment:
    """Return a network of one 2x2 max pooling with this input and upstream."""
    return alone("MaxPool2d", {"kernel_size": 2}, recipe.value(), recipe.upstream())


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
