"""How the lines of a card are run: as they stand in the repository, in a namespace of their own.

Nothing a visitor types or sends is ever run here: what is run is the text of a ``Card``.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import nn
from torch.nn import functional as F  # noqa: N812 - everybody's name for it

from lessons.claims.card import Card, Note, Outcome

FILE = "<card>"
"""What Python calls the lines in a traceback."""
MOST_WARNINGS = 8
"""After as many runs that a warning ended, the last one counts as an error."""
REGISTRY = "__warningregistry__"
"""Where Python notes the warnings of a namespace."""

RAISED = (RuntimeError, TypeError, ValueError, AttributeError)
"""What PyTorch refuses with."""


def outcomes(card: Card) -> tuple[Outcome, ...]:
    """Run a card's lines, and again with each changed line."""
    return tuple(_outcome(text) for text in card.runs)


def _outcome(text: str) -> Outcome:
    """Run lines, and return what came of them, with what PyTorch warned of.

    Filters of warnings belong to the whole process, where other threads run, and stay as they are.
    Python notes a warning in the namespace of the lines that caused it, and keeps quiet about one
    that stands there already. So what was shown is read there. Where a filter makes an error of it,
    it is written there, and the lines are run once more. Where warnings are switched off, there is
    none to read.
    """
    noted: dict[Any, Any] = {}
    for _ in range(MOST_WARNINGS):
        try:
            value = _executed(text, noted)
        except Warning as raised:
            last = raised
            noted[(str(raised), type(raised), _line(raised))] = True
        except RAISED as raised:
            return _refused(raised, _warned(noted))
        else:
            return Outcome(repr(value), warned=_warned(noted))
    return _refused(last, None)


def _refused(raised: Exception, warned: Note | None) -> Outcome:
    first, _newline, _rest = str(raised).partition("\n")
    return Outcome(type(raised).__name__, Note(first, _line(raised)), warned)


def _executed(text: str, noted: dict[Any, Any]) -> object:
    """Run lines; return what the last one, an expression, comes to.

    They are compiled as text: Python 3.11 cannot make syntax trees in several threads at once.
    """
    *lines, last = text.split("\n")
    space = {"__name__": FILE, "torch": torch, "nn": nn, "F": F, REGISTRY: noted}
    with torch.enable_grad():
        exec(compile("\n".join(lines), FILE, "exec"), space)  # noqa: S102 - of a card, ours
        below = "\n" * len(lines) + last  # at its own line, which a warning names
        return eval(compile(below, FILE, "eval"), space)  # noqa: S307 - the same


def _line(raised: Exception) -> int:
    """Return the line of a card at which something was raised."""
    line, traceback = 0, raised.__traceback__
    while traceback is not None:
        if traceback.tb_frame.f_code.co_filename == FILE:
            line = traceback.tb_lineno
        traceback = traceback.tb_next
    return line


def _warned(noted: dict[Any, Any]) -> Note | None:
    """Return the first warning that was noted, without where PyTorch's sources triggered it."""
    for text, _category, line in (key for key in noted if isinstance(key, tuple)):
        return Note(str(text).partition(" (Triggered internally")[0], line)
    return None
