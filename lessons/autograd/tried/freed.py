"""What nodes save for their backward, and what is left of it after one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lessons.asking.exercise import Exercise, choice
from lessons.autograd.tape.expression import Expression
from lessons.autograd.tape.observed import Saved
from lessons.autograd.tape.play import play
from lessons.autograd.tape.programs import EXPONENTIAL, NAMES, SHIFT, SQUARE, TRIPLE, VECTOR
from lessons.autograd.tried.attempt import Tried

ASKED: Mapping[str, Expression] = {
    "triple": TRIPLE,
    "square": SQUARE,
    "exponential": EXPONENTIAL,
    "shift": SHIFT,
}


@dataclass(frozen=True)
class Freed:
    """Two calls of ``y.backward(v)`` on one graph."""

    code: str
    node: str
    before: tuple[Saved, ...]
    """What the node holds until the first."""
    after: tuple[Saved, ...]
    """The same after it."""
    message: str
    """What PyTorch said to the second where it refused."""

    @property
    def held(self) -> int:
        """Bytes before the first call."""
        return sum(each.bytes for each in self.before)

    @property
    def left(self) -> int:
        """Bytes after it."""
        return sum(each.bytes for each in self.after if each.fate == "held")


def twice() -> Mapping[str, Freed]:
    """Go backward twice through each expression."""
    return {key: _twice(each) for key, each in ASKED.items()}


def _twice(expression: Expression) -> Freed:
    begun, first, second = play(expression, VECTOR, ("bv", "bv"))
    result = expression.result
    return Freed(
        expression.lines[-1].code,
        begun[result].grad_fn,
        begun[result].saved,
        first[result].saved,
        second.message,
    )


def freed_exercise(found: Mapping[str, Freed]) -> Exercise:
    """Choose the expression whose second backward is not refused."""
    (truth,) = (key for key, each in found.items() if not each.message)
    return choice("freed", {key: NAMES[key] for key in found}, truth)


FREED_TWICE = Tried("freed", twice, freed_exercise)


def first_message(found: Mapping[str, Freed]) -> str:
    """Return what PyTorch says to a second backward."""
    messages: Sequence[str] = [each.message for each in found.values() if each.message]
    return messages[0]
