"""Lesson: what slides backward through a convolution."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

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
from lessons.convolution_backward.figures import (
    bias_sum,
    from_scratch,
    of_cells,
    of_downstream,
    of_kernel,
    of_output,
    of_sizes,
    of_taps,
    of_windows,
    padded_windows,
    samples,
    samples_added,
    slid,
)
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
from lessons.showing.card import gradients
from lessons.showing.figure import Figure


def walked(figure: Callable[[Study], Figure]) -> tuple[Slide, Walked]:
    """Walk a window through the cells of the map that a figure explains."""

    def count(study: Study) -> int:
        found = figure(study)
        (link,) = found.links
        return found.array(link.from_map).size

    return Slide("window", count), Walked("window", figure)


def ruled(figure: Callable[[Study], Figure], derivation: Derivation) -> Columns:
    """Show the sums beside the rule that they follow."""
    return Columns(0.45, walked(figure), (derivation,))


def bias(study: Study) -> Mapping[str, str]:
    """Return the bias of the first output channel."""
    return {"bias": f"{convolving(study).bias()[0]:g}"}


def steps_of_kernel(study: Study) -> Mapping[str, str]:
    """Return how far apart what the kernel meets stands."""
    return {"stride": str(study["stride"]), "dilation": str(study["dilation"])}


# The layer by hand


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
    columns = Columns(0.5, (Maps(f"bug {name}", pictured(name)),), (Code(function),))
    return Prose(f"bug {name}"), columns, Controls((Again(),))


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
                Columns(0.34, (Prose("slide"), SCRUBBED), (SLID,)),
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
                    revealed=walked(of_windows),
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
                Columns(0.34, (Prose("around"), OVER_PADDED), (PADDED,)),
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
                    0.3,
                    (Prose("scratch"), Table(from_scratch)),
                    (Choose(("part",)), *PARTS_BY_HAND),
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
