"""Lesson: what slides backward through a convolution."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st

from lessons import by_hand, convolving
from lessons.by_hand import StrideError, full, rotate, stuff
from lessons.convolving import Convolving
from lessons.trial import Trial
from pages.lesson import maps
from pages.lesson.controls import again, choose
from pages.lesson.frame import Desk, Step, show
from pages.lesson.playground import convolution
from pages.lesson.predict import predict
from pages.lesson.recipes import ask_downstream, ask_kernel, ask_output, convolving_of
from pages.lesson.rule import derive
from pages.lesson.setting import Choice, Setting
from pages.lesson.trial import Shown, walked
from pages.parts.text import _
from viz.markdown import plain

CODE_HEIGHT = 520
"""Pixels of the layer's code that are shown at once."""
CHOICES = {
    "size": Choice(3, convolving.SIZES, "Image", "{0}x{0}".format),
    "width": Choice(2, convolving.KERNELS, "Kernel", "{0}x{0}".format),
    "stride": Choice(1, convolving.STRIDES, "Stride"),
    "padding": Choice("valid", convolving.PADDINGS, "Padding"),
    "dilation": Choice(1, convolving.DILATIONS, "Dilation"),
    "channels": Choice(1, convolving.CHANNELS, "Channels in"),
    "out": Choice(1, convolving.CHANNELS, "Channels out"),
    "batch": Choice(1, convolving.BATCHES, "Batch"),
    "window": Choice(0, range(convolving.MOST_CELLS), "Cell", looks=True),
}
SIZES = tuple(CHOICES)[:-1]


FIXED: dict[str, Any] = {"turning": {"channels": 1, "out": 1, "batch": 1}, "batch": {"batch": 2}}
"""What a step holds fixed, whatever is set."""


def recipe_of(setting: Setting) -> Convolving:
    """Return the convolution that a step shows."""
    return replace(convolving_of(setting), **FIXED.get(setting.step, {}))


def controls(desk: Desk) -> tuple[Convolving, Trial]:
    """Draw the controls that the step does not hold fixed; return what it shows, and its run."""
    fixed = FIXED.get(desk.setting.step, {})
    with desk.controls():
        choose(desk, *(name for name in SIZES if name not in fixed), compact=True)
        again(desk)
    recipe = recipe_of(desk.setting)
    recipe.check()
    before, after = recipe.margins
    if before != after:
        desk.say("padded", before=str(before), after=str(after))
    return recipe, maps.trial(recipe)


def output(desk: Desk) -> None:
    """Ask what the layer computes forward, and show every term of every output cell."""
    if not (desk.setting.present and desk.setting.attempt("output").open):
        desk.say("question")
    _recipe, trial = controls(desk)
    shown = Shown(trial)
    predict(
        desk,
        ask_output(desk.setting),
        given=lambda: maps.draw(desk.key("in"), [[shown.value, shown.weight]], arrow=False),
        revealed=lambda: walked(desk, "window", *shown.output_sum),
        numbers={"bias": f"{trial.parameters['bias'].value[0]:g}"},
    )


def kernel(desk: Desk) -> None:
    """Ask for the kernel's gradient, and show every term of it."""
    recipe, trial = controls(desk)
    shown = Shown(trial)
    done = predict(
        desk,
        ask_kernel(desk.setting),
        given=lambda: maps.draw(desk.key("x"), [[shown.value, shown.upstream]], arrow=False),
        revealed=lambda: walked(desk, "window", *shown.weight_gradient_sum),
        numbers={"stride": str(recipe.stride), "dilation": str(recipe.dilation)},
    )
    if done:
        derive(desk, "kernel rule", trial, desk.setting["window"], "weight")


def downstream(desk: Desk) -> None:
    """Ask for the gradient handed on, and show every term of it."""
    _recipe, trial = controls(desk)
    shown = Shown(trial)
    done = predict(
        desk,
        ask_downstream(desk.setting),
        given=lambda: maps.draw(desk.key("u"), [[shown.upstream, shown.weight]], arrow=False),
        revealed=lambda: walked(desk, "window", *shown.downstream_sum),
    )
    if done:
        derive(desk, "downstream rule", trial, desk.setting["window"])


def turning(desk: Desk) -> None:
    """Turn the kernel, or turn the upstream: and see which of them give the same map."""
    recipe, trial = controls(desk)
    window, arrived = stuff(recipe.weight()[0, 0], recipe.dilation), trial.upstream[0, 0]
    spread = stuff(arrived, recipe.stride)
    desk.say("turning")
    try:
        full(arrived, rotate(window), recipe.stride)
    except StrideError as refusal:
        st.error(plain(str(refusal)))
        desk.say("stuffing")
    ways = {
        _("upstream · kernel turned"): full(spread, rotate(window)),
        _("kernel · upstream turned"): full(window, rotate(spread)),
        _("upstream turned · kernel"): full(rotate(spread), window),
    }
    results = [maps.map_of(f"way {name}", name, array[None, None]) for name, array in ways.items()]
    expected = convolving.whole_gradient(recipe, trial)
    operands = {
        _("upstream"): spread,
        _("kernel turned"): rotate(window),
        _("upstream turned"): rotate(spread),
        _("kernel"): window,
    }
    sources = [
        maps.map_of(name, name, array[None, None], value=True) for name, array in operands.items()
    ]
    maps.draw(desk.key("turned"), [results, sources], arrow=False)
    pairs = {name: (array, expected) for name, array in ways.items()}
    third = list(ways.values())[2]
    maps.comparison({**pairs, _("the third, turned back"): (rotate(third), expected)})
    desk.say("turned")


def batch(desk: Desk) -> None:
    """Show that the bias gradient is a sum, and that the samples of a batch add up."""
    recipe, trial = controls(desk)
    layer = recipe.by_hand()
    bias, weight = trial.parameters["bias"], trial.parameters["weight"]
    everywhere = _("Upstream of all samples")
    arrived = maps.kernel_map("upstream", everywhere, trial.upstream, "gradient")
    handed = maps.kernel_map("bias", "∂L/∂bias", bias.gradient, "bias gradient")
    link = maps.backward_link(bias.table, "bias", "upstream", "∂L/∂bias")
    desk.say("batch")
    maps.draw(desk.key("bias"), [[arrived, handed]], [link])
    alone = [
        layer.backward(recipe.value()[[n]], trial.upstream[[n]])[1] for n in range(recipe.batch)
    ]
    parts = [
        maps.kernel_map(f"sample{n}", f"∂L/∂w, {_('sample')} {n}", part, "kernel gradient")
        for n, part in enumerate(alone)
    ]
    both = maps.kernel_map("both", _("∂L/∂w of the batch"), weight.gradient, "kernel gradient")
    maps.draw(desk.key("samples"), [[*parts, both]], arrow=False)
    maps.comparison({_("sum of the samples"): (np.sum(alone, 0), weight.gradient)})


def scratch(desk: Desk) -> None:
    """Run the layer written with numpy beside PyTorch's, and show its code."""
    recipe, trial = controls(desk)
    layer, value = recipe.by_hand(), recipe.value()
    downstream_, d_kernel, d_bias = layer.backward(value, trial.upstream)
    desk.say("scratch")
    maps.comparison(
        {
            _("output"): (layer.forward(value), trial.output),
            "∂L/∂x": (downstream_, recipe.inside(trial.downstream)),
            "∂L/∂w": (d_kernel, trial.parameters["weight"].gradient),
            "∂L/∂bias": (d_bias, trial.parameters["bias"].gradient),
        }
    )
    with st.container(height=CODE_HEIGHT, key="scratch_code"):
        st.code(Path(by_hand.__file__).read_text(encoding="utf-8"), language="python")


show(
    "convolution_backward",
    {
        "output": Step("Forward", output, {"output": ask_output}),
        "kernel": Step("Kernel gradient", kernel, {"kernel": ask_kernel}),
        "downstream": Step("Downstream", downstream, {"downstream": ask_downstream}),
        "turning": Step("Turn which?", turning),
        "batch": Step("Bias and batch", batch),
        "scratch": Step("From scratch", scratch),
        "end": Step("Take away", lambda desk: desk.say("take away")),
    },
    CHOICES,
    lambda setting: convolution(recipe_of(setting)),
)
