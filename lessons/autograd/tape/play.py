"""A list of actions on a few variables, and what PyTorch tells after each of them.

Plain PyTorch, on tensors of its own, in the thread that asks: nothing is recorded, no mode is left
switched. Where PyTorch refuses an action its message is kept, and the list goes on from what there
is: a backward that fails half way has freed what it went through.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import torch
from torch import Tensor

from flow.record import GraphPicture
from lessons.autograd.tape.expression import Argument, Expression, Line
from lessons.autograd.tape.observed import FREED, Observer, Variable
from lessons.autograd.tape.pictured import pictured
from lessons.running.trial import SettingError
from viz.language import english

VALUES: Mapping[str, tuple[float, ...]] = {"x": (2.0, 3.0), "y": (5.0, 1.0)}
"""What the leaves hold."""

OPERATIONS: Mapping[str, Callable[..., Tensor]] = {
    "+": lambda left, right: left + right,
    "-": lambda left, right: left - right,
    "*": lambda left, right: left * right,
    "/": lambda left, right: left / right,
    "**": lambda left, right: left**right,
    "neg": lambda value: -value,
    "exp": torch.exp,
    "sin": torch.sin,
    "relu": torch.relu,
    "sum": torch.sum,
    "mean": torch.mean,
}


@dataclass(frozen=True, eq=False)
class State:
    """What there is after an action."""

    action: str
    """Its key in ``ACTIONS``; empty before the first one."""
    message: str
    """The first line of what PyTorch said when it refused; empty where it did not."""
    variables: tuple[Variable, ...]
    picture: GraphPicture

    def __getitem__(self, name: str) -> Variable:
        """Return a variable by its name."""
        return next(each for each in self.variables if each.name == name)


@dataclass
class Tape:
    """The variables of an expression while actions are done on them."""

    expression: Expression
    vector: tuple[float, ...]
    """What ``backward`` begins with; its first number alone where the result is a scalar."""
    variables: dict[str, Tensor] = field(default_factory=dict)
    observer: Observer = field(default_factory=Observer)

    def __post_init__(self) -> None:
        for name in self.expression.leaves:
            self.variables[name] = torch.tensor(VALUES[name], requires_grad=True)
        self.compute()

    @property
    def result(self) -> Tensor:
        """What the last line made."""
        return self.variables[self.expression.result]

    @property
    def begun(self) -> Tensor:
        """The vector, shaped like the result."""
        whole = torch.tensor(self.vector)
        return whole if self.result.dim() else whole[0]

    def compute(self) -> None:
        """Run every line."""
        for line in self.expression.lines:
            self.variables[line.name] = self._run(line)

    def backward(self, *, given: bool = True, retain: bool = False) -> None:
        """Go backward from the result, beginning with the vector or with nothing."""
        torch.autograd.backward(self.result, self.begun if given else None, retain_graph=retain)

    def detach(self) -> None:
        """Let the name of the result stand for its value alone."""
        self.variables[self.expression.result] = self.result.detach()

    def compute_without_graph(self) -> None:
        """Run every line where no graph is made."""
        with torch.no_grad():
            self.compute()

    def retain(self) -> None:
        """Ask every variable that an operation made to keep its gradient."""
        for line in self.expression.lines:
            self.variables[line.name].retain_grad()

    def forget(self) -> None:
        """Let go of the gradient of x."""
        self.variables["x"].grad = None

    def fill_with_zeros(self) -> None:
        """Fill the gradient of x with zeros; AttributeError where it has none, as in PyTorch."""
        self.variables["x"].grad.zero_()  # type: ignore[union-attr]

    def _run(self, line: Line) -> Tensor:
        return OPERATIONS[line.operation](*map(self._value, line.arguments))

    def _value(self, argument: Argument) -> Tensor | float:
        return self.variables[argument] if isinstance(argument, str) else argument


ACTIONS: Mapping[str, Callable[[Tape], object]] = {
    "b": lambda tape: tape.backward(given=False),
    "bv": lambda tape: tape.backward(),
    "bvr": lambda tape: tape.backward(retain=True),
    "again": Tape.compute,
    "none": Tape.forget,
    "zeros": Tape.fill_with_zeros,
    "retain": Tape.retain,
    "detach": Tape.detach,
    "no_grad": Tape.compute_without_graph,
    "off": lambda tape: tape.variables["x"].requires_grad_(False),
    "on": lambda tape: tape.variables["x"].requires_grad_(True),
    "add": lambda tape: tape.variables["x"].add_(1),
    "mul": lambda tape: tape.result.mul_(2),
}
"""What can be done, by key; keys stand in links."""

LABELS: Mapping[str, str] = {
    "b": english("backward()"),
    "bv": english("backward(v)"),
    "bvr": english("backward(v, retain_graph=True)"),
    "again": english("compute again"),
    "none": english("x.grad = None"),
    "zeros": english("x.grad.zero_()"),
    "retain": english("retain_grad()"),
    "detach": english("detach()"),
    "no_grad": english("compute in no_grad()"),
    "off": english("x.requires_grad_(False)"),
    "on": english("x.requires_grad_(True)"),
    "add": english("x.add_(1)"),
    "mul": english("mul_(2)"),
}
"""What stands on the buttons."""

WHY: Mapping[str, str] = {
    "grad can be implicitly created only for scalar outputs": "vector",
    FREED: "freed",
    "element 0 of tensors does not require grad": "cut",
    "one of the variables needed for gradient computation has been modified": "changed",
    "a leaf Variable that requires grad is being used in an in-place": "leaf",
    "'NoneType' object has no attribute": "nothing",
    "can't retain_grad on Tensor that has requires_grad=False": "retain",
}
"""Which section of the text says what a message of PyTorch's means, by how it begins."""
NOT_FINITE = english(
    "Expression: all that it computes must be finite for x = {x} and y = {y}, and {name} = {code} "
    "is not. Write one with smaller numbers."
)


def why(message: str) -> str:
    """Return the key of what a message means; ``other`` for one that is not known."""
    return next((key for begins, key in WHY.items() if message.startswith(begins)), "other")


def play(
    expression: Expression, vector: tuple[float, ...], actions: Sequence[str]
) -> tuple[State, ...]:
    """Do the actions one after the other: the state before them, and the one after each."""
    with torch.enable_grad():
        tape = Tape(expression, vector)
        check(tape)
        states = [_state(tape, "", "")]
        states += [_state(tape, action, _tried(tape, action)) for action in actions]
    return tuple(states)


def check(tape: Tape) -> None:
    """Raise SettingError where something that was computed is not finite."""
    for line in tape.expression.lines:
        if not tape.variables[line.name].isfinite().all():
            shown = {name: f"({cells[0]:g}, {cells[1]:g})" for name, cells in VALUES.items()}
            raise SettingError(NOT_FINITE, **shown, name=line.name, code=line.right)


def _tried(tape: Tape, action: str) -> str:
    """Do an action; return what PyTorch said where it refused."""
    try:
        ACTIONS[action](tape)
    except (RuntimeError, AttributeError) as refusal:
        return str(refusal).partition("\n")[0]
    return ""


def _state(tape: Tape, action: str, message: str) -> State:
    looked = tape.observer.look(tape.variables)
    return State(action, message, looked, pictured(tape.variables))
