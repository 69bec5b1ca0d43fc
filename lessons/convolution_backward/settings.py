"""What can be chosen in the lesson on convolution, and the convolutions that follow from it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from functools import partial
from typing import Any

from lessons.blocks import Again, Block, Choose, Controls, Prose
from lessons.by_hand import convolution as by_hand
from lessons.choosing.choice import Choice
from lessons.choosing.study import Study
from lessons.convolution_backward import recipe
from lessons.convolution_backward.recipe import Convolving
from lessons.convolution_backward.sliding import Sliding
from lessons.running.recipe import ran
from viz.language import english

WAYS = {
    "kernel": english("upstream · kernel turned"),
    "upstream": english("kernel · upstream turned"),
    "wrong": english("upstream turned · kernel"),
}
PARTS: dict[str, Callable[..., Any]] = {
    "forward": by_hand.Convolution.forward,
    "backward": by_hand.Convolution.backward,
    "taps": by_hand.Convolution.taps,
    "slide": by_hand.slide,
    "full": by_hand.full,
    "stuff": by_hand.stuff,
    "rotate": by_hand.rotate,
}
"""The layer by hand, a function at a time."""

CHOICES = {
    "size": Choice(3, recipe.SIZES, "Image", "{0}x{0}".format),
    "width": Choice(2, recipe.KERNELS, "Kernel", "{0}x{0}".format),
    "stride": Choice(1, recipe.STRIDES, "Stride"),
    "padding": Choice("valid", recipe.PADDINGS, "Padding"),
    "dilation": Choice(1, recipe.DILATIONS, "Dilation"),
    "channels": Choice(1, recipe.CHANNELS, "Channels in"),
    "out": Choice(1, recipe.CHANNELS, "Channels out"),
    "batch": Choice(1, recipe.BATCHES, "Batch"),
    "way": Choice("kernel", tuple(WAYS), "Over what slides what", words=WAYS, looks=True),
    "part": Choice("backward", tuple(PARTS), "Part", looks=True),
    "window": Choice(0, range(recipe.MOST_CELLS), "Cell", looks=True),
}
SIZES = tuple(each.name for each in fields(Convolving) if each.name != "seed")
OF_WINDOW = ("width", "stride", "padding", "dilation")
"""The sizes that say how a window moves."""

About = Callable[[Study], Convolving]


def convolving(study: Study) -> Convolving:
    """Return the convolution that is set."""
    return Convolving(seed=study.seed, **{name: study[name] for name in SIZES})


def sliding(study: Study) -> Sliding:
    """Return the picture with an edge, and a kernel that moves as it is set."""
    return Sliding(**{name: study[name] for name in OF_WINDOW})


def single(study: Study) -> Convolving:
    """Return it with one channel of one sample."""
    return replace(convolving(study), channels=1, out=1, batch=1)


def pair(study: Study) -> Convolving:
    """Return it with a batch of two samples."""
    return replace(convolving(study), batch=2)


def sizes(*fixed: str) -> Controls:
    """Offer every size that the step does not hold ``fixed``."""
    free = tuple(name for name in SIZES if name not in fixed)
    return Controls((Choose(free, compact=True), Again()))


def uneven(about: About) -> Block:
    """Explain a padding that is not the same on both sides."""
    return Prose("padded", partial(_margins, about), partial(_is_uneven, about))


def _margins(about: About, study: Study) -> Mapping[str, str]:
    before, after = about(study).margins
    return {"before": str(before), "after": str(after)}


def _is_uneven(about: About, study: Study) -> bool:
    convolution = about(study)
    convolution.check()
    return convolution.margins[0] != convolution.margins[1]


def size_of_output(study: Study) -> Mapping[str, str]:
    """Return what the size of the output is computed from, and the size that PyTorch made."""
    convolution = convolving(study)
    made = ran(convolution).output.shape[-1]
    numbers = {name: str(study[name]) for name in ("size", "width", "stride", "dilation")}
    return {**numbers, **_margins(convolving, study), "large": str(made)}
