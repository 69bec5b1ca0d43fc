"""An expression that a visitor types: read node by node into lines of code, never executed.

``exp(x * x) + y`` becomes ``a = x * x``, ``b = exp(a)``, ``z = b + y``: a variable for every
operation, so that each has a place in the graph and in the tables.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Mapping
from dataclasses import dataclass

from flow import parsing
from lessons.running.trial import SettingError
from viz.language import english

LEAVES = ("x", "y")
"""What an expression may read."""
LONGEST = 60
"""Characters of an expression."""
MOST_NODES = 20
"""Numbers, names and operations in it."""
LARGEST = 1000.0
"""Of a number in it; the smallest is its negative."""
NAMES = "abcdefghijklmnopqrstuvw"
"""Of what is computed on the way; the result is ``z``."""

OPERATORS: Mapping[type[ast.AST], str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.Pow: "**",
}
FUNCTIONS = ("exp", "sin", "relu", "sum", "mean")

READ = english(
    "Expression: use numbers, x, y, + - * / **, brackets, exp, sin, relu, sum and mean. {part} is "
    "none of these. Take it out."
)
TOO_LONG = english(
    "Expression: it may have up to {most} characters, and has {came}. Write a shorter one."
)
EMPTY = english("Expression: it must not be empty. Write one, as in 3 * x.")
TOO_MANY = english(
    "Expression: it may have up to {most} numbers, names and operations, and has more. Write a "
    "simpler one."
)
BROKEN = english(
    "Expression: brackets and signs must fit together, as in (x + 1) * y. {part} does not. Mend it."
)
TOO_LARGE = english(
    "Expression: a number must lie between -{largest} and {largest}, and {part} does not. Write a "
    "smaller one."
)
ONE_ARGUMENT = english(
    "Expression: {part} must have one argument in its brackets, as in {part}(x). Write it so."
)
NUMBERS_ONLY = english(
    "Expression: every operation must contain x or y, as in 3 * x, and {part} has numbers only. "
    "Write its result instead."
)
NO_OPERATION = english(
    "Expression: x must go through an operation, as in 3 * x, and in {part} it does not. Write an "
    "operation on x."
)

Argument = str | float
"""A variable, or a number."""


@dataclass(frozen=True)
class Line:
    """One operation, and the variable that it makes."""

    name: str
    operation: str
    """One of ``OPERATORS`` or ``FUNCTIONS``, or ``neg``."""
    arguments: tuple[Argument, ...]

    @property
    def code(self) -> str:
        """The line as one writes it."""
        return f"{self.name} = {self.right}"

    @property
    def right(self) -> str:
        """What stands behind the equals sign."""
        shown = [each if isinstance(each, str) else f"{each:g}" for each in self.arguments]
        if self.operation == "neg":
            return f"-{shown[0]}"
        if self.operation in FUNCTIONS:
            return f"{self.operation}({shown[0]})"
        return f" {self.operation} ".join(shown)


@dataclass(frozen=True)
class Expression:
    """Operations in order; the last one makes the result."""

    leaves: tuple[str, ...]
    """What it reads, in the order of ``LEAVES``."""
    lines: tuple[Line, ...]

    @property
    def result(self) -> str:
        """The name of what it makes."""
        return self.lines[-1].name

    @property
    def names(self) -> tuple[str, ...]:
        """Every variable, as they come to be."""
        return (*self.leaves, *(line.name for line in self.lines))


def read(text: str) -> Expression:
    """Read an expression; raises SettingError, which names the part that does not fit."""
    if len(text) > LONGEST:
        raise SettingError(TOO_LONG, most=LONGEST, came=len(text))
    written = text.strip()
    if not written:
        raise SettingError(EMPTY)
    try:
        tree = parsing.expression(written)
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        raise SettingError(BROKEN, part=_shown(text)) from None
    reader = _Reader(written)
    reader.argument(tree)
    if not reader.lines or "x" not in reader.read:
        raise SettingError(NO_OPERATION, part=_shown(text))
    *before, last = reader.lines
    named = Line("z", last.operation, last.arguments)
    return Expression(tuple(each for each in LEAVES if each in reader.read), (*before, named))


class _Reader:
    """Reads a tree into lines, one an operation on a variable."""

    def __init__(self, text: str) -> None:
        self._text = text
        self.lines: list[Line] = []
        self.read: set[str] = set()
        self._nodes = 0

    def argument(self, node: ast.expr) -> Argument:
        """Return what a part of the tree stands for, after the lines that make it."""
        self._nodes += 1
        if self._nodes > MOST_NODES:
            raise SettingError(TOO_MANY, most=MOST_NODES)
        if isinstance(node, ast.Constant):
            return self._number(node)
        if isinstance(node, ast.Name):
            return self._name(node)
        if isinstance(node, ast.UnaryOp):
            return self._sign(node)
        if isinstance(node, ast.BinOp) and type(node.op) in OPERATORS:
            parts = (self.argument(node.left), self.argument(node.right))
            return self._made(node, OPERATORS[type(node.op)], parts)
        if isinstance(node, ast.Call):
            return self._call(node)
        raise SettingError(READ, part=self._shown(node))

    def _name(self, node: ast.Name) -> str:
        if node.id not in LEAVES:
            raise SettingError(READ, part=_shown(node.id))
        self.read.add(node.id)
        return node.id

    def _sign(self, node: ast.UnaryOp) -> Argument:
        if not isinstance(node.op, ast.USub):
            raise SettingError(READ, part=self._shown(node))
        operand = self.argument(node.operand)
        return -operand if isinstance(operand, float) else self._made(node, "neg", (operand,))

    def _call(self, node: ast.Call) -> str:
        function = node.func.id if isinstance(node.func, ast.Name) else self._shown(node.func)
        if function not in FUNCTIONS:
            raise SettingError(READ, part=_shown(function))
        if len(node.args) != 1 or node.keywords:
            raise SettingError(ONE_ARGUMENT, part=function)
        argument = self.argument(node.args[0])
        if isinstance(argument, float):
            raise SettingError(NUMBERS_ONLY, part=self._shown(node))
        return self._added(function, (argument,))

    def _made(self, node: ast.expr, operation: str, parts: tuple[Argument, ...]) -> str:
        if all(isinstance(each, float) for each in parts):
            raise SettingError(NUMBERS_ONLY, part=self._shown(node))
        return self._added(operation, parts)

    def _added(self, operation: str, parts: tuple[Argument, ...]) -> str:
        name = NAMES[len(self.lines)]
        self.lines.append(Line(name, operation, parts))
        return name

    def _number(self, node: ast.Constant) -> float:
        value = node.value
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise SettingError(READ, part=self._shown(node))
        if not -LARGEST <= value <= LARGEST or not math.isfinite(value):
            raise SettingError(TOO_LARGE, largest=f"{LARGEST:g}", part=self._shown(node))
        return float(value)

    def _shown(self, node: ast.AST) -> str:
        """Return a part as it was typed."""
        return _shown(ast.get_source_segment(self._text, node) or self._text)


def _shown(part: str) -> str:
    """Return a part of what was typed, cut short."""
    return part if len(part) <= LONGEST else f"{part[:LONGEST]}…"
