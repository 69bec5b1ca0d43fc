"""Lesson: what slides backward through a convolution."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from functools import partial
from pathlib import Path

import numpy as np

from lessons.asking.exercise import Array
from lessons.blocks import (
    Again,
    Choose,
    Code,
    Controls,
    Derivation,
    Maps,
    Predict,
    Prose,
    Refusal,
    Slide,
    Table,
    Uses,
    Walked,
)
from lessons.choosing.choice import Choice
from lessons.choosing.study import Study
from lessons.convolution_backward import by_hand, recipe
from lessons.convolution_backward.by_hand import StrideError, full, rotate, stuff
from lessons.convolution_backward.recipe import Convolving, whole_gradient
from lessons.lesson import Lesson, Step
from lessons.running.recipe import ran
from lessons.showing.card import gradients
from lessons.showing.figure import Figure, kernel_map, map_of
from lessons.showing.grid import Grid, comparison
from lessons.showing.shown import Shown
from viz.language import Say, english

CHOICES = {
    "size": Choice(3, recipe.SIZES, "Image", "{0}x{0}".format),
    "width": Choice(2, recipe.KERNELS, "Kernel", "{0}x{0}".format),
    "stride": Choice(1, recipe.STRIDES, "Stride"),
    "padding": Choice("valid", recipe.PADDINGS, "Padding"),
    "dilation": Choice(1, recipe.DILATIONS, "Dilation"),
    "channels": Choice(1, recipe.CHANNELS, "Channels in"),
    "out": Choice(1, recipe.CHANNELS, "Channels out"),
    "batch": Choice(1, recipe.BATCHES, "Batch"),
    "window": Choice(0, range(recipe.MOST_CELLS), "Cell", looks=True),
}
OF_SAMPLES = (english("∂L/∂w, sample 0"), english("∂L/∂w, sample 1"))
SIZES = tuple(each.name for each in fields(Convolving) if each.name != "seed")

# What the steps are about


def convolving(study: Study) -> Convolving:
    """Return the convolution that is set."""
    return Convolving(seed=study.seed, **{name: study[name] for name in SIZES})


def single(study: Study) -> Convolving:
    """Return it with one channel of one sample."""
    return replace(convolving(study), channels=1, out=1, batch=1)


def pair(study: Study) -> Convolving:
    """Return it with a batch of two samples."""
    return replace(convolving(study), batch=2)


About = Callable[[Study], Convolving]


def controls(about: About, *fixed: str) -> tuple[Controls, Prose]:
    """Offer every size that the step does not hold ``fixed``, and explain an uneven padding."""
    free = tuple(name for name in SIZES if name not in fixed)
    padded = Prose("padded", partial(_margins, about), partial(_is_uneven, about))
    return Controls((Choose(free, compact=True), Again())), padded


def _margins(about: About, study: Study) -> Mapping[str, str]:
    before, after = about(study).margins
    return {"before": str(before), "after": str(after)}


def _is_uneven(about: About, study: Study) -> bool:
    convolution = about(study)
    convolution.check()
    return convolution.margins[0] != convolution.margins[1]


# Predict, then reveal


def shown(study: Study) -> Shown:
    """Return the maps of the convolution that is set."""
    return Shown(ran(convolving(study)))


def of_output(study: Study) -> Figure:
    """Show what the output is made of."""
    return Figure([[shown(study).value, shown(study).weight]])


def of_kernel(study: Study) -> Figure:
    """Show what the kernel's gradient is made of."""
    return Figure([[shown(study).value, shown(study).upstream]])


def of_downstream(study: Study) -> Figure:
    """Show what the downstream gradient is made of."""
    return Figure([[shown(study).upstream, shown(study).weight]])


def walked(figure: Callable[[Study], Figure]) -> tuple[Slide, Walked]:
    """Walk a window through the cells of the map that a figure explains."""

    def count(study: Study) -> int:
        found = figure(study)
        (link,) = found.links
        return found.array(link.from_map).size

    return Slide("window", count), Walked("window", figure)


def bias(study: Study) -> Mapping[str, str]:
    """Return the bias of the first output channel."""
    return {"bias": f"{convolving(study).bias()[0]:g}"}


def steps_of_kernel(study: Study) -> Mapping[str, str]:
    """Return how far apart what the kernel meets stands."""
    return {"stride": str(study["stride"]), "dilation": str(study["dilation"])}


def asks(study: Study) -> bool:
    """Tell whether the first question still stands."""
    return not study.attempt("output").open


# Turn which?


def spread(study: Study) -> Array:
    """Return the upstream gradient with the zeros of the stride between its cells."""
    return stuff(ran(single(study)).upstream[0, 0], study["stride"])


def window(study: Study) -> Array:
    """Return the kernel with the zeros of the dilation between its cells."""
    return stuff(single(study).weight()[0, 0], study["dilation"])


def refused(study: Study) -> str:
    """Return what a full convolution says to a stride."""
    try:
        full(ran(single(study)).upstream[0, 0], rotate(window(study)), study["stride"])
    except StrideError as refusal:
        return str(refusal)
    return ""


def ways(study: Study) -> dict[str, Array]:
    """Slide one over the other, with either of them turned."""
    arrived, kernel = spread(study), window(study)
    return {
        english("upstream · kernel turned"): full(arrived, rotate(kernel)),
        english("kernel · upstream turned"): full(kernel, rotate(arrived)),
        english("upstream turned · kernel"): full(rotate(arrived), kernel),
    }


def turned(study: Study) -> Figure:
    """Show the results, and below them what was slid."""
    arrived, kernel = spread(study), window(study)
    operands = {
        english("upstream"): arrived,
        english("kernel turned"): rotate(kernel),
        english("upstream turned"): rotate(arrived),
        english("kernel"): kernel,
    }
    results = [map_of(f"way {name}", name, each[None, None]) for name, each in ways(study).items()]
    below = [map_of(name, name, each[None, None], value=True) for name, each in operands.items()]
    return Figure([results, below])


def turned_alike(study: Study, say: Say) -> Grid:
    """Compare the results with what autograd hands on."""
    expected = whole_gradient(single(study), ran(single(study)))
    found = ways(study)
    third = rotate(list(found.values())[2])
    pairs = {say(name): (array, expected) for name, array in found.items()}
    return comparison({**pairs, say("the third, turned back"): (third, expected)}, say)


# Bias and batch


def bias_sum(study: Study) -> Figure:
    """Show that the bias gradient is a sum over places and samples."""
    both = Shown(ran(pair(study)))
    everywhere = english("Upstream of all samples")
    arrived = kernel_map("upstream", everywhere, both.trial.upstream, "gradient")
    handed = both.gradient_of("bias", "bias", english("∂L/∂bias"), "bias gradient")
    sums = both.backward_to("bias", "bias", "∂L/∂bias")
    return Figure([[handed, arrived]], [sums], arrow="backward")


def of_samples(study: Study) -> list[Array]:
    """Return the kernel's gradient from each sample alone."""
    both, arrived = pair(study), ran(pair(study)).upstream
    layer, value = both.by_hand(), both.value()
    return [layer.backward(value[[n]], arrived[[n]])[1] for n in range(both.batch)]


def samples(study: Study) -> Figure:
    """Show the kernel's gradient of the batch, and right of it that of each sample."""
    parts = [
        kernel_map(f"sample{n}", title, part, "kernel gradient")
        for n, (title, part) in enumerate(zip(OF_SAMPLES, of_samples(study), strict=True))
    ]
    title = english("∂L/∂w of the batch")
    both = Shown(ran(pair(study))).gradient_of("weight", "both", title, "kernel gradient")
    return Figure([[both, *parts]])


def samples_added(study: Study, say: Say) -> Grid:
    """Compare the sum of the samples with the batch."""
    whole = ran(pair(study)).parameters["weight"].gradient
    return comparison({say("sum of the samples"): (np.sum(of_samples(study), 0), whole)}, say)


def from_scratch(study: Study, say: Say) -> Grid:
    """Compare the layer written with numpy with PyTorch's."""
    convolution, run = convolving(study), ran(convolving(study))
    layer, value = convolution.by_hand(), convolution.value()
    downstream, d_kernel, d_bias = layer.backward(value, run.upstream)
    return comparison(
        {
            say("output"): (layer.forward(value), run.output),
            "∂L/∂x": (downstream, convolution.inside(run.downstream)),
            "∂L/∂w": (d_kernel, run.parameters["weight"].gradient),
            "∂L/∂bias": (d_bias, run.parameters["bias"].gradient),
        },
        say,
    )


LESSON = Lesson(
    key="convolution_backward",
    title="Convolution by hand",
    question="A kernel slides forward. What slides backward, and over what?",
    card=gradients(Convolving()),
    choices=CHOICES,
    steps=(
        Step(
            "output",
            "Forward",
            convolving,
            (
                Prose("question", in_room=asks),
                *controls(convolving),
                Predict(
                    "output",
                    given=(Maps("in", of_output),),
                    revealed=walked(lambda study: shown(study).output_sum),
                    numbers=bias,
                    forward=True,
                ),
            ),
        ),
        Step(
            "kernel",
            "Kernel gradient",
            convolving,
            (
                *controls(convolving),
                Predict(
                    "kernel",
                    given=(Maps("x", of_kernel),),
                    revealed=walked(lambda study: shown(study).weight_gradient_sum),
                    after=(Derivation("kernel rule", "window", "weight"),),
                    numbers=steps_of_kernel,
                ),
            ),
        ),
        Step(
            "downstream",
            "Downstream",
            convolving,
            (
                *controls(convolving),
                Predict(
                    "downstream",
                    given=(Maps("u", of_downstream),),
                    revealed=walked(lambda study: shown(study).downstream_sum),
                    after=(Derivation("downstream rule", "window"),),
                ),
            ),
        ),
        Step(
            "turning",
            "Turn which?",
            single,
            (
                *controls(single, "channels", "out", "batch"),
                Prose("turning"),
                Refusal(refused),
                Prose("stuffing", when=lambda study: bool(refused(study))),
                Maps("turned", turned),
                Table(turned_alike),
                Prose("turned"),
            ),
        ),
        Step(
            "batch",
            "Bias and batch",
            pair,
            (
                *controls(pair, "batch"),
                Prose("batch"),
                Maps("bias", bias_sum),
                Maps("samples", samples),
                Table(samples_added),
            ),
        ),
        Step(
            "scratch",
            "From scratch",
            convolving,
            (
                *controls(convolving),
                Prose("scratch"),
                Table(from_scratch),
                Code(Path(by_hand.__file__)),
            ),
        ),
        Step(
            "end",
            "Take away",
            convolving,
            (Uses("used", ("lenet", "residual")), Prose("take away")),
        ),
    ),
)
