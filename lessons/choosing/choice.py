"""What can be set in a lesson: an option, switches, actions in order, painted cells, a text.

Each kind says how it is read from a link and written into one; its control follows from its kind.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from lessons.asking import answers
from lessons.choosing.pictured import Pictured
from viz.answering.readers import decimal, flag, must, one_of, whole
from viz.cells import DECIMALS
from viz.language import Say
from viz.typed import MAX_CELLS, number

BETWEEN_ACTIONS = "."
LARGEST_CELL = 99.0
"""Of a cell that is painted; the smallest is its negative."""

MANY = 32
"""Whole numbers in a row from which on one is typed, not picked."""


@dataclass(frozen=True)
class Choice:
    """Something that can be chosen in a lesson: one of ``options``, all of one type.

    Of numbers with decimals, ``options`` are the smallest and the largest.
    """

    default: Any
    options: Sequence[Any]
    label: str = ""
    show: Callable[[Any], str] = str
    """How an option is written."""
    words: Mapping[Any, str] = field(default_factory=dict)
    """Where given, what each option is called, in English (``viz.language.english``)."""
    looks: bool = False
    """Whether it changes no number, so that attempts outlive its change."""
    answer: bool = False
    """Whether it is a learner's answer, which no exercise that is handed out may hold.

    A section ``<choice> <option>`` tells each option why it is right or wrong.
    """

    @property
    def is_typed(self) -> bool:
        """Whether it is a number that is typed: with decimals, or one of many in a row."""
        many = isinstance(self.options, range) and len(self.options) > MANY
        return many or isinstance(self.default, float)

    def read(self, text: str, say: Say) -> tuple[Any, str]:
        """Read it from a link: the value, or what must hold and what came."""
        kind = type(self.options[0])
        if kind is bool:
            return flag(text, say)
        if kind is int:
            return self._whole(text, say)
        if kind is float:
            return decimal(max(self.options), min(self.options))(text, say)
        return one_of(dict.fromkeys(self.options))(text, say)

    def _whole(self, text: str, say: Say) -> tuple[int, str]:
        """Read a whole number; where some between the bounds are no options, not one of those."""
        least, most = min(self.options), max(self.options)
        if len(self.options) > most - least:
            return whole(most, least)(text, say)
        options = {str(each): each for each in self.options}
        name, problem = one_of(options)(text, say)
        return options.get(name, self.default), problem

    def write(self, value: Any) -> str:
        """Write it for a link."""
        if isinstance(value, float):
            return f"{value:g}"
        return str(int(value)) if isinstance(value, bool) else str(value)


@dataclass(frozen=True)
class Switches:
    """Several switches in a list; the value says of each whether it is on."""

    names: Sequence[str]
    """What each is called, in English."""
    default: tuple[bool, ...]
    label: str = ""
    looks: bool = False
    answer: bool = False

    def read(self, text: str, say: Say) -> tuple[Any, str]:
        """Read a digit a switch."""
        if re.fullmatch("[01]+", text, re.ASCII) and len(text) == len(self.names):
            return tuple(digit == "1" for digit in text), ""
        return self.default, must(say, "{count} digits 0 or 1", text, count=len(self.names))

    def write(self, value: tuple[bool, ...]) -> str:
        """Write a digit a switch."""
        return "".join(str(int(each)) for each in value)


@dataclass(frozen=True)
class Actions:
    """Actions in the order in which they are done; each can be done several times."""

    offered: Mapping[str, str]
    """What each is called, by key; keys stand in links."""
    default: tuple[str, ...] = ()
    most: int = 12
    label: str = ""
    looks: bool = False
    answer: bool = False

    def read(self, text: str, say: Say) -> tuple[Any, str]:
        """Read keys with dots between; nothing is no action."""
        keys = tuple(text.split(BETWEEN_ACTIONS)) if text else ()
        if len(keys) <= self.most and all(key in self.offered for key in keys):
            return keys, ""
        hold = "up to {most} of {names}, with dots between"
        return self.default, must(say, hold, text, most=self.most, names=", ".join(self.offered))

    def write(self, value: tuple[str, ...]) -> str:
        """Write keys with dots between."""
        return BETWEEN_ACTIONS.join(value)


@dataclass(frozen=True)
class Painted:
    """Cells of a map that a visitor sets; empty while they are as the numbers of the lesson are.

    Other numbers begin them anew, and so do other sizes.
    """

    label: str = ""
    default: tuple[float, ...] = ()
    looks: bool = False
    answer: bool = False

    def read(self, text: str, say: Say) -> tuple[Any, str]:
        """Read numbers as those of an answer are."""
        cells = [number(cell) for cell in answers.read(text) or ("",)]
        found = [painted(cell) for cell in cells if cell is not None]
        if len(found) == len(cells) and None not in found:
            return tuple(found), ""
        hold = "up to {most} numbers from {least} to {largest}, with _ between them"
        bounds = {"least": f"{-LARGEST_CELL:g}", "largest": f"{LARGEST_CELL:g}"}
        return self.default, must(say, hold, text, most=MAX_CELLS, **bounds)

    def write(self, value: tuple[float, ...]) -> str:
        """Write numbers as those of an answer are."""
        return answers.write(tuple(f"{cell:g}" for cell in value))


def painted(value: float) -> float | None:
    """Return a number as a cell holds it; None where it is too large or too fine."""
    kept = round(value, DECIMALS) + 0.0
    return kept if abs(kept) <= LARGEST_CELL and abs(kept - value) < 1e-9 else None


@dataclass(frozen=True)
class Written:
    """A line of text that a visitor writes; a lesson says what it may hold where it is read."""

    default: str
    longest: int
    """Characters of it."""
    label: str = ""
    hint: str = ""
    """What stands in the field while nothing is written."""
    looks: bool = False
    answer: bool = False

    def read(self, text: str, say: Say) -> tuple[Any, str]:
        """Read a line that is not too long, and empty only where it begins so."""
        found = self.tidied(text)
        if found is not None:
            return found, ""
        if self.default:
            problem = must(say, "a line of 1 to {most} characters", text, most=self.longest)
        else:
            problem = must(say, "a line of at most {most} characters", text, most=self.longest)
        return self.default, problem

    def tidied(self, text: str) -> str | None:
        """Return a text as it is kept; None where it cannot be."""
        kept = text.strip()
        fits = len(kept) <= self.longest and kept.isprintable()
        return kept if fits and (kept or not self.default) else None

    def write(self, value: str) -> str:
        """Write it as it is."""
        return value


Settable = Choice | Switches | Actions | Painted | Written | Pictured
