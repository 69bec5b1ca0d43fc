"""A card: a claim, the few lines that test it, what may be predicted, and what they gave."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lessons.blocks import Place
from viz.language import english

ERROR = english("An error")
"""An option, beside what the last line may show."""
WRITTEN_FOR = "2.13"
"""The version of PyTorch of which the cards say what is expected."""
LONGEST = 76
"""Characters of a message that are shown."""


@dataclass(frozen=True)
class Note:
    """What Python said at one line."""

    text: str
    line: int
    """Counted from 1, as Python does."""


@dataclass(frozen=True)
class Outcome:
    """What a few lines came to."""

    short: str
    """What the last line shows, as Python writes it, or the kind of error: ``RuntimeError``."""
    refused: Note | None = None
    """The first line of an error's message, and where it was raised."""
    warned: Note | None = None
    """What PyTorch warned of, and where."""

    @property
    def option(self) -> str:
        """How it is called among options."""
        return ERROR if self.refused else self.short

    @property
    def said(self) -> str:
        """What is shown of it: the value, or the error with its message."""
        return f"{self.short}: {cut(self.refused.text)}" if self.refused else self.short


def cut(message: str) -> str:
    """Shorten a message between two words."""
    if len(message) <= LONGEST:
        return message
    return message[:LONGEST].rpartition(" ")[0].rstrip(",.:(") + " …"


@dataclass(frozen=True, eq=False)
class Card:
    """A claim under test. The lines are ours: they are shown as they stand, and run as they stand.

    The last line is an expression: what it comes to is shown, as in a notebook.
    """

    key: str
    """Its step, its exercise, and the prefix of its sections."""
    label: str
    """What its step is called, in English."""
    lines: tuple[str, ...]
    changed: int
    """Place of the line that is changed afterwards, to see what it depends on."""
    others: tuple[str, ...]
    """What then stands in this line, one run each."""
    options: Mapping[str, str]
    """What may be predicted of the first run, by the keys of sections."""
    expected: tuple[str, ...]
    """What each run came to on WRITTEN_FOR, see ``Outcome.short``; the first is of the lines."""
    preset: str
    """What opens in the playground."""
    seen: Sequence[Place] = ()

    @property
    def code(self) -> str:
        """The lines as they are shown and run."""
        return "\n".join(self.lines)

    @property
    def line(self) -> str:
        """The line that is changed."""
        return self.lines[self.changed]

    @property
    def runs(self) -> tuple[str, ...]:
        """The text of every run: the lines, and each with one line changed."""
        before, after = self.lines[: self.changed], self.lines[self.changed + 1 :]
        others = ("\n".join((*before, other, *after)) for other in self.others)
        return (self.code, *others)

    def came_to(self, outcome: Outcome) -> str:
        """Return the key of the option that came true; of the expected one where none did."""
        keys = {option: key for key, option in self.options.items()}
        first = ERROR if self.expected[0].endswith("Error") else self.expected[0]
        return keys.get(outcome.option, keys[first])
