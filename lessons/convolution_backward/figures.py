"""The maps of the lesson, and the tables that compare its code with PyTorch."""

from __future__ import annotations

import numpy as np

from lessons.asking.exercise import Array
from lessons.choosing.study import Study
from lessons.convolution_backward.padded import downstream_windows
from lessons.convolution_backward.settings import convolving, pair, sliding
from lessons.running.recipe import ran
from lessons.showing.figure import Figure, kernel_map
from lessons.showing.grid import Grid, comparison
from lessons.showing.shown import Shown
from viz.language import Say, english

OF_SAMPLES = (english("∂L/∂w, sample 0"), english("∂L/∂w, sample 1"))


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


def of_windows(study: Study) -> Figure:
    """Show the sums of the output."""
    return shown(study).output_sum


def of_taps(study: Study) -> Figure:
    """Show the sums of the kernel's gradient."""
    return shown(study).weight_gradient_sum


def of_cells(study: Study) -> Figure:
    """Show the sums of the downstream gradient."""
    return shown(study).downstream_sum


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


# From scratch


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
