"""The paths from a loss back to a leaf: along each of them factors multiply, and paths add up."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import torch
from torch import Tensor

from experiment.setting import of_preset
from experiment.written.address import Experiment
from lessons.asking.exercise import Exercise
from lessons.autograd.tape.expression import Expression, Line
from lessons.autograd.tape.play import OPERATIONS, Tape
from lessons.autograd.tape.programs import VECTOR


@dataclass(frozen=True)
class Path:
    """One way from the loss to a cell of x."""

    names: tuple[str, ...]
    """Variables from the loss on; the leaf last, with the place that it has where it is read
    several times."""
    factors: tuple[float, ...]
    """The local derivative of each step, as autograd has it."""

    @property
    def product(self) -> float:
        """What this path alone brings."""
        return math.prod(self.factors)


@dataclass(frozen=True)
class Followed:
    """All paths to one cell of x, and what autograd left there."""

    paths: tuple[Path, ...]
    grad: float


@dataclass(frozen=True)
class Paths:
    """An expression that goes on cell by cell until a sum, and the cell of x that is looked at."""

    expression: Expression
    cell: int

    def run(self) -> Followed:
        """Compute every factor with a backward of its own, and ``x.grad`` with one of all."""
        with torch.enable_grad():
            tape = Tape(self.expression, VECTOR)
            tape.backward(given=False)
            paths = tuple(self._back(tape, self.expression.result))
        grad = tape.variables["x"].grad
        assert grad is not None  # noqa: S101 - x is in every expression
        return Followed(paths, float(grad[self.cell]))

    def exercises(self) -> Mapping[str, Callable[[Followed], Exercise]]:
        """Ask nothing."""
        return {}

    def in_playground(self) -> Experiment:
        """Open a network in which a value has two ways on."""
        return Experiment(of_preset("residual"))

    def _back(self, tape: Tape, name: str) -> Iterator[Path]:
        """Yield every path from a variable back to x."""
        line = next((each for each in self.expression.lines if each.name == name), None)
        if line is None:
            if name == "x":
                yield Path((name,), ())
            return
        several = line.arguments.count("x") > 1
        for place, argument in enumerate(line.arguments):
            if not isinstance(argument, str):
                continue
            factor = self._factor(tape, line, place)
            for path in self._back(tape, argument):
                first, *rest = path.names
                told = f"{first} ({place + 1})" if several and argument == "x" else first
                yield Path((name, told, *rest), (factor, *path.factors))

    def _factor(self, tape: Tape, line: Line, place: int) -> float:
        """Return how far the line moves with one of its arguments, in the cell that is meant."""
        arguments: list[Tensor | float] = [
            tape.variables[each].detach().clone() if isinstance(each, str) else each
            for each in line.arguments
        ]
        meant = arguments[place]
        assert isinstance(meant, Tensor)  # noqa: S101 - numbers are left out
        meant.requires_grad_()
        made = OPERATIONS[line.operation](*arguments)
        (slope,) = torch.autograd.grad(made.sum(), meant)
        return float(slope[self.cell])
