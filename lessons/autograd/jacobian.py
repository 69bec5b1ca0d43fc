"""The Jacobian beside what backward computes: the vector times it, never it itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.autograd.functional import jacobian

from experiment.written.address import Experiment
from lessons.asking.exercise import Array, Exercise
from lessons.autograd.tape.play import VALUES, Tape, check
from lessons.autograd.tape.programs import Program, expression_of
from lessons.autograd.tripled import triple
from lessons.running.trial import SettingError
from viz.language import english

NOT_FINITE = english(
    "Expression: its gradient must be finite for x = {x}, and that of {code} is not. Write another "
    "one."
)


@dataclass(frozen=True, eq=False)
class Product:
    """A Jacobian, a vector, and ``x.grad``."""

    jacobian: Array
    """Rows for cells of the result, columns for cells of x."""
    vector: Array
    grad: Array

    @property
    def product(self) -> Array:
        """The vector times the Jacobian, by numpy."""
        return np.asarray(self.vector @ self.jacobian, np.float32)


@dataclass(frozen=True)
class Jacobian:
    """An expression as a function of x, and the vector that backward begins with."""

    program: Program
    vector: tuple[float, ...]

    def run(self) -> Product:
        """Ask PyTorch for the Jacobian, and separately for one backward."""
        expression = expression_of(self.program)
        with torch.enable_grad():
            tape = Tape(expression, self.vector)
            check(tape)
            begun, leaf = tape.begun, tape.variables["x"]
            tape.backward()
            whole = jacobian(self._result, leaf.detach())  # type: ignore[no-untyped-call]
        assert leaf.grad is not None  # noqa: S101 - x is in every expression
        if not (whole.isfinite().all() and leaf.grad.isfinite().all()):
            cells = "({}, {})".format(*(f"{each:g}" for each in VALUES["x"]))
            raise SettingError(NOT_FINITE, x=cells, code=expression.lines[-1].right)
        return Product(
            whole.reshape(-1, leaf.numel()).numpy(), begun.reshape(-1).numpy(), leaf.grad.numpy()
        )

    def exercises(self) -> Mapping[str, Callable[[Product], Exercise]]:
        """Ask nothing."""
        return {}

    def in_playground(self) -> Experiment:
        """Open y = 3x."""
        return triple()

    def _result(self, value: Tensor) -> Tensor:
        tape = Tape(expression_of(self.program), self.vector)
        tape.variables["x"] = value
        tape.compute()
        return tape.result
