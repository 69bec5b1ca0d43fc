"""What the tests of the lesson on autograd share."""

from __future__ import annotations

from lessons.autograd.tape.expression import read
from lessons.autograd.tape.play import State, play
from lessons.autograd.tape.programs import VECTOR


def played(text: str, *actions: str) -> tuple[State, ...]:
    """The states of a typed expression."""
    return play(read(text), VECTOR, actions)
