"""What a lesson's link opens in the playground: the same layer with the same numbers."""

from __future__ import annotations

from dataclasses import fields, replace

from lessons.convolving import Convolving
from lessons.trial import SettingError
from models.edits import NO_EDITS
from models.fields import Fields
from models.spec import INPUT, LayerSpec, ModelSpec
from pages.parts.experiment import Experiment, with_network
from pages.parts.feeding import TARGET
from pages.parts.lesson_setting import Setting


def recipe_of(setting: Setting) -> Convolving:
    """Return the convolution that a lesson's setting describes."""
    sizes = {each.name: setting[each.name] for each in fields(Convolving) if each.name != "seed"}
    return Convolving(seed=setting.seed, **sizes)


def convolution(recipe: Convolving) -> Experiment:
    """Return a network of one convolution with this input, kernel, bias and upstream.

    What cannot run, or is padded unevenly, opens the Test network at its own convolution.
    """
    try:
        recipe.check()
    except SettingError:
        return Experiment(node="n6")
    if recipe.margins[0] != recipe.margins[1]:
        return Experiment(node="n6")
    settings = {
        "in_channels": recipe.channels,
        "out_channels": recipe.out,
        "kernel_size": recipe.width,
        "stride": recipe.stride,
        "padding": "same" if recipe.padding == "same" else recipe.margins[0],
        "dilation": recipe.dilation,
    }
    layer = LayerSpec(name="conv", kind="Conv2d", fields=Fields(settings))
    spec = ModelSpec(name="Convolution", layers=(layer,))
    value = recipe.value()
    edits = NO_EDITS
    for name, cells in {
        INPUT: value,
        "conv.weight": recipe.weight(),
        "conv.bias": recipe.bias(),
        TARGET: recipe.upstream(),
    }.items():
        edits = edits.with_cells(name, dict(enumerate(cells.reshape(-1).tolist())))
    plain = Experiment(input="zeros", loss="vector", target="ones", input_gradient=True)
    return replace(with_network(plain, spec, value.shape), edits=edits)
