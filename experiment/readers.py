"""Values of ours that stand in a link: networks, changes, pictures, shapes and targets."""

from __future__ import annotations

import re
from typing import Any

from experiment.packing import unpack
from models import cell_edits as edits
from models.inputs.shape import InputError, check_shape
from models.inputs.uploaded import from_text
from models.sgd import MAX_RATE, MAX_STEPS, NO_STEPS, Sgd
from models.shapes import Shape
from models.spec import SpecError
from models.targets import TARGETS, is_target, names_text
from viz.answering.readers import must, whole
from viz.language import Say, retold
from viz.markdown import plain

LONGEST_PROBLEM = 300
"""Characters of what is said about a network that cannot be read."""
SHAPE = re.compile(r"\d{1,7}(x\d{1,7}){0,4}", re.ASCII)
RATE = re.compile(r"\d{1,20}(\.\d{0,20})?(e[+-]?\d{1,3})?", re.ASCII)


def read_target(text: str, say: Say) -> tuple[Any, str]:
    """Accept the name of a target; whether it suits the loss is seen when it runs."""
    if is_target(text):
        return text, ""
    names = retold(names_text(tuple(TARGETS)), say)
    return text, must(say, "one of {names}, or a cell such as cell_1_0", text, names=names)


def read_net(text: str, say: Say) -> tuple[Any, str]:
    """Accept a packed network."""
    try:
        return unpack(text, say), ""
    except SpecError as error:
        return None, plain(retold(str(error), say).splitlines()[0][:LONGEST_PROBLEM])


def read_edits(text: str, say: Say) -> tuple[Any, str]:
    """Accept cells that were changed by hand."""
    try:
        return edits.read_edits(text), ""
    except edits.EditError as error:
        return None, plain(retold(str(error), say))


def read_picture(text: str, say: Say) -> tuple[Any, str]:
    """Accept a picture of the visitor's."""
    try:
        from_text(text)
    except InputError as error:
        return "", plain(retold(str(error), say))
    return text, ""


def read_rate(text: str, say: Say) -> tuple[float, str]:
    """Accept a learning rate."""
    if RATE.fullmatch(text) and 0 < float(text) <= MAX_RATE:
        return float(text), ""
    return NO_STEPS.rate, must(
        say, "a learning rate above 0 and at most {most}", text, most=f"{MAX_RATE:g}"
    )


def read_sgd(text: str, say: Say) -> tuple[Sgd, str]:
    """Accept a learning rate and a number of steps, such as ``0.1,3``."""
    rate, comma, steps = text.partition(",")
    learning, problem = read_rate(rate, say)
    if comma and not problem:
        count, problem = whole(MAX_STEPS)(steps, say)
        if not problem:
            return Sgd(learning, count), ""
    return NO_STEPS, must(
        say,
        "a learning rate above 0 and at most {most}, a comma, and 0 to {steps} steps: 0.1,3",
        text,
        most=f"{MAX_RATE:g}",
        steps=MAX_STEPS,
    )


def read_plane(text: str, say: Say) -> tuple[Any, str]:
    """Accept indices such as ``1x0``."""
    if SHAPE.fullmatch(text):
        return tuple(map(int, text.split("x"))), ""
    return (), must(say, "indices such as 1x0", text)


def read_shape(text: str, say: Say) -> tuple[Shape | None, str]:
    """Accept the sizes of an input such as ``2x1x8x8``."""
    if not SHAPE.fullmatch(text):
        return None, must(say, "sizes such as 2x1x8x8", text)
    sizes = tuple(map(int, text.split("x")))
    try:
        check_shape(sizes)
    except InputError as error:
        return None, plain(retold(str(error), say))
    return sizes, ""
