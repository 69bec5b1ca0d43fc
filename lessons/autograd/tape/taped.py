"""An expression and a list of actions on it, as a step of the lesson is about them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from experiment.written.address import Experiment
from lessons.asking.exercise import Exercise
from lessons.autograd.tape.play import State, play
from lessons.autograd.tape.programs import Program, expression_of
from lessons.autograd.tripled import triple


@dataclass(frozen=True)
class Taped:
    """Actions in order; equal ones give equal states."""

    program: Program
    vector: tuple[float, ...]
    actions: tuple[str, ...]

    def run(self) -> tuple[State, ...]:
        """Do them: the state before all of them, and the one after each."""
        return play(expression_of(self.program), self.vector, self.actions)

    def exercises(self) -> Mapping[str, Callable[[Sequence[State]], Exercise]]:
        """Ask nothing."""
        return {}

    def in_playground(self) -> Experiment:
        """Open y = 3x."""
        return triple()
