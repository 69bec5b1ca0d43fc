"""Values that somebody wrote: each reader says what must hold and what came."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from viz.language import Say
from viz.markdown import code

SHOWN_LENGTH = 60
"""Characters of an unreadable value that are repeated in the message."""

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


def all_or_whole(largest: int, every: str | None = None) -> Reader:
    """Accept ``all``, which is ``every``, or a whole number from 0 on."""

    def read(text: str, say: Say) -> tuple[Any, str]:
        if text == "all":
            return every, ""
        return whole(largest, hold="'all' or a whole number from 0 to {largest}")(text, say)

    return read
