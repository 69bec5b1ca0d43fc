"""Lesson: what slides backward through a convolution."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import numpy as np

from lessons.asking.exercise import Array
from lessons.blocks import (
    Again,
    Block,
    Choose,
    Code,
    Columns,
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
from lessons.choosing.study import Study
from lessons.convolution_backward import bugs
from lessons.convolution_backward.bugged import ThreeBugs, pictured, told
from lessons.convolution_backward.padded import downstream_windows
from lessons.convolution_backward.recipe import Convolving
from lessons.convolution_backward.settings import (
    CHOICES,
    OF_WINDOW,
    PARTS,
    convolving,
    pair,
    single,
    size_of_output,
    sizes,
    sliding,
    uneven,
)
from lessons.convolution_backward.turning import refused, turned, turned_alike
from lessons.lesson import Lesson, Step
from lessons.running.recipe import ran
from lessons.showing.card import gradients
from lessons.showing.figure import Figure, kernel_map
from lessons.showing.grid import Grid, comparison
from lessons.showing.shown import Shown
from viz.language import Say, english

OF_SAMPLES = (english("∂L/∂w, sample 0"), english("∂L/∂w, sample 1"))

# Predict, then reveal


def slid(study: Study) -> Figure:
    """Show the picture, what a kernel finds in it, and the window of one cell."""
    return Shown(ran(sliding(study))).output_sum


def shown(study: Study) -> Shown:
    """Return the maps of the convolution that is set."""
    return Shown(ran(convolving(study)))


def of_output(study: Study) -> Figure:
    """Show what the output is made of."""
    return Figure([[shown(study).value, shown(study).weight]])


def of_sizes(study: Study) -> Figure:
    """Show what the kernel slides over, and how large what comes out is."""
    return Figure([[shown(study).value, shown(study).output, shown(study).weight]])


def of_kernel(study: Study) -> Figure:
    """Show what the kernel's gradient is made of."""
    return Figure([[shown(study).value, shown(study).upstream]])


def of_downstream(study: Study) -> Figure:
    """Show what the downstream gradient is made of."""
    return Figure([[shown(study).upstream, shown(study).weight]])


def padded_windows(study: Study) -> Figure:
    """Show the turned kernel on the padded upstream."""
    convolution = convolving(study)
    return downstream_windows(convolution, ran(convolution))


def walked(figure: Callable[[Study], Figure]) -> tuple[Slide, Walked]:
    """Walk a window through the cells of the map that a figure explains."""

    def count(study: Study) -> int:
        found = figure(study)
        (link,) = found.links
        return found.array(link.from_map).size

    return Slide("window", count), Walked("window", figure)


def of_taps(study: Study) -> Figure:
    """Show the sums of the kernel's gradient."""
    return shown(study).weight_gradient_sum


def of_cells(study: Study) -> Figure:
    """Show the sums of the downstream gradient."""
    return shown(study).downstream_sum


def ruled(figure: Callable[[Study], Figure], derivation: Derivation) -> Columns:
    """Show the sums beside the rule that they follow."""
    return Columns(((0.45, walked(figure)), (0.55, (derivation,))))


def bias(study: Study) -> Mapping[str, str]:
    """Return the bias of the first output channel."""
    return {"bias": f"{convolving(study).bias()[0]:g}"}


def steps_of_kernel(study: Study) -> Mapping[str, str]:
    """Return how far apart what the kernel meets stands."""
    return {"stride": str(study["stride"]), "dilation": str(study["dilation"])}


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


def is_part(name: str, study: Study) -> bool:
    """Tell whether this part of the layer by hand is chosen."""
    return bool(study["part"] == name)


PARTS_BY_HAND = tuple(Code(function, partial(is_part, name)) for name, function in PARTS.items())

# Three bugs


def three_bugs(study: Study) -> ThreeBugs:
    """Return three layers by hand, each with a bug, beside PyTorch's."""
    return ThreeBugs(study.seed)


def bug(name: str, function: Callable[..., Any]) -> tuple[Block, ...]:
    """Show what comes of a bug, beside the code that has it."""
    columns = ((0.5, (Maps(f"bug {name}", pictured(name)),)), (0.5, (Code(function),)))
    return Prose(f"bug {name}"), Columns(columns), Controls((Again(),))


SCRUBBED, SLID = walked(slid)
OVER_PADDED, PADDED = walked(padded_windows)

LESSON = Lesson(
    key="convolution_backward",
    title="Convolution by hand",
    question="A kernel slides forward. What slides backward, and over what?",
    card=gradients(Convolving()),
    choices=CHOICES,
    formerly="output",
    steps=(
        Step(
            "slide",
            "Slide",
            sliding,
            (
                Prose("question"),
                Columns(((0.34, (Prose("slide"), SCRUBBED)), (0.66, (SLID,)))),
                uneven(sliding),
                Controls((Choose(OF_WINDOW, compact=True),)),
            ),
        ),
        Step(
            "output",
            "Forward",
            convolving,
            (
                uneven(convolving),
                Predict(
                    "output",
                    given=(Maps("in", of_output),),
                    revealed=walked(lambda study: shown(study).output_sum),
                    numbers=bias,
                    forward=True,
                ),
                sizes(),
            ),
        ),
        Step(
            "size",
            "Size",
            convolving,
            (
                uneven(convolving),
                Prose("size", size_of_output),
                Maps("sized", of_sizes),
                sizes(),
            ),
        ),
        Step(
            "kernel",
            "Kernel gradient",
            convolving,
            (
                uneven(convolving),
                Predict(
                    "kernel",
                    given=(Maps("x", of_kernel),),
                    revealed=walked(of_taps),
                    numbers=steps_of_kernel,
                ),
                sizes(),
            ),
        ),
        Step(
            "kernel_rule",
            "Kernel rule",
            convolving,
            (
                uneven(convolving),
                ruled(of_taps, Derivation("kernel rule", "window", "weight")),
                sizes(),
            ),
        ),
        Step(
            "downstream",
            "Downstream",
            convolving,
            (
                uneven(convolving),
                Predict(
                    "downstream",
                    given=(Maps("u", of_downstream),),
                    revealed=walked(of_cells),
                ),
                sizes(),
            ),
        ),
        Step(
            "downstream_rule",
            "Downstream rule",
            convolving,
            (
                uneven(convolving),
                ruled(of_cells, Derivation("downstream rule", "window")),
                sizes(),
            ),
        ),
        Step(
            "padded",
            "Padded",
            convolving,
            (
                Columns(((0.34, (Prose("around"), OVER_PADDED)), (0.66, (PADDED,)))),
                uneven(convolving),
                sizes(),
            ),
        ),
        Step(
            "turning",
            "Turning",
            single,
            (
                uneven(single),
                Prose("turning"),
                Refusal(refused),
                Prose("stuffing", when=lambda study: bool(refused(study))),
                Choose(("way",)),
                Maps("turned", turned),
                sizes("channels", "out", "batch"),
            ),
        ),
        Step(
            "compared",
            "Compared",
            single,
            (
                uneven(single),
                Prose("turned"),
                Table(turned_alike),
                sizes("channels", "out", "batch"),
            ),
        ),
        Step(
            "bias",
            "Bias",
            pair,
            (uneven(pair), Prose("bias"), Maps("bias", bias_sum), sizes("batch")),
        ),
        Step(
            "batch",
            "Batch",
            pair,
            (
                uneven(pair),
                Prose("batch"),
                Maps("samples", samples),
                Table(samples_added),
                sizes("batch"),
            ),
        ),
        Step(
            "scratch",
            "By hand",
            convolving,
            (
                uneven(convolving),
                Columns(
                    (
                        (0.3, (Prose("scratch"), Table(from_scratch))),
                        (0.7, (Choose(("part",)), *PARTS_BY_HAND)),
                    )
                ),
                sizes(),
            ),
        ),
        Step(
            "bugs",
            "Bugs",
            three_bugs,
            (
                Predict(
                    "bugged",
                    given=(Code(bugs.convolve),),
                    revealed=(Maps("bug stride", pictured("stride")),),
                    forward=True,
                ),
                Controls((Again(),)),
            ),
        ),
        Step("even", "Even kernel", three_bugs, bug("same", bugs.convolve_same)),
        Step("uncut", "Not cut off", three_bugs, bug("uncut", bugs.hand_on)),
        Step("unseen", "Unseen", three_bugs, (Prose("bugs found"), Table(told))),
        Step(
            "end",
            "Takeaways",
            convolving,
            (Uses("used", ("lenet", "residual")), Prose("take away")),
        ),
    ),
)
