"""Values that stand in a link: each reader says what must hold and what came."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from experiment.packing import unpack
from models import cell_edits as edits
from models.inputs.shape import InputError, check_shape
from models.inputs.uploaded import from_text
from models.shapes import Shape
from models.spec import SpecError
from models.targets import TARGETS, is_target, names_text
from viz.language import Say
from viz.markdown import code, plain

SHOWN_LENGTH = 60
"""Characters of an unreadable value that are repeated in the message."""

LONGEST_PROBLEM = 300
"""Characters of what is said about a network that cannot be read."""
SHAPE = re.compile(r"\d{1,7}(x\d{1,7}){0,4}", re.ASCII)

Reader = Callable[[str, Say], tuple[Any, str]]
"""text -> (value, empty) or (anything, what must hold and what came, in a visitor's language)."""


def shown(text: str) -> str:
    """Quote a visitor's text, which Markdown must leave alone."""
    return code(text if len(text) <= SHOWN_LENGTH else f"{text[:SHOWN_LENGTH]}…")


def must(say: Say, hold: str, came: str, **words: object) -> str:
    """Say what must hold and what came."""
    sentence = say("it must be {hold}; {came} came.")
    return sentence.format(hold=say(hold).format(**words), came=shown(came))


def one_of(names: Mapping[str, object]) -> Reader:
    """Accept one of these names."""

    def read(text: str, say: Say) -> tuple[Any, str]:
        if text in names:
            return text, ""
        return text, must(say, "one of {names}", text, names=", ".join(names))

    return read


def read_target(text: str, say: Say) -> tuple[Any, str]:
    """Accept the name of a target; whether it suits the loss is seen when it runs."""
    if is_target(text):
        return text, ""
    names = names_text(tuple(TARGETS))
    return text, must(say, "one of {names}, or a cell such as cell_1_0", text, names=names)


def whole(
    largest: int, smallest: int = 0, hold: str = "a whole number from {smallest} to {largest}"
) -> Reader:
    """Accept whole numbers in a range."""

    def read(text: str, say: Say) -> tuple[Any, str]:
        if re.fullmatch(r"\d{1,10}", text, re.ASCII) and smallest <= int(text) <= largest:
            return int(text), ""
        return smallest, must(say, hold, text, smallest=smallest, largest=largest)

    return read


def decimal(largest: float, smallest: float) -> Reader:
    """Accept numbers with up to two decimals in a range."""

    def read(text: str, say: Say) -> tuple[Any, str]:
        if re.fullmatch(r"\d{1,4}(\.\d{1,2})?", text, re.ASCII):
            value = float(text)
            if smallest <= value <= largest:
                return value, ""
        hold = "a number from {smallest} to {largest}, with at most two decimals"
        return smallest, must(say, hold, text, smallest=f"{smallest:g}", largest=f"{largest:g}")

    return read


def flag(text: str, say: Say) -> tuple[Any, str]:
    """Accept 0 or 1."""
    if text in ("0", "1"):
        return text == "1", ""
    return False, must(say, "0 or 1", text)


def matching(pattern: re.Pattern[str], meaning: str) -> Reader:
    """Accept what a pattern matches as a whole."""

    def read(text: str, say: Say) -> tuple[Any, str]:
        if pattern.fullmatch(text):
            return text, ""
        return text, must(say, meaning, text)

    return read


def all_or_whole(largest: int) -> Reader:
    """Accept ``all``, which is None, or a whole number from 0 on."""

    def read(text: str, say: Say) -> tuple[Any, str]:
        if text == "all":
            return None, ""
        return whole(largest, hold="'all' or a whole number from 0 to {largest}")(text, say)

    return read


def read_net(text: str, say: Say) -> tuple[Any, str]:
    """Accept a packed network."""
    try:
        return unpack(text, say), ""
    except SpecError as error:
        return None, plain(str(error).splitlines()[0][:LONGEST_PROBLEM])


def read_edits(text: str, _say: Say) -> tuple[Any, str]:
    """Accept cells that were changed by hand."""
    try:
        return edits.read_edits(text), ""
    except edits.EditError as error:
        return None, plain(str(error))


def read_picture(text: str, _say: Say) -> tuple[Any, str]:
    """Accept a picture of the visitor's."""
    try:
        from_text(text)
    except InputError as error:
        return "", plain(str(error))
    return text, ""


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
        return None, plain(str(error))
    return sizes, ""
