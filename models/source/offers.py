"""What a text offers to be run: its models with their arguments, and the shapes that it tries."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from models.shapes import Shape
from models.source.interpreter import Interpreter
from models.source.lines.follow import starts_in
from models.source.lines.names import DEFINITIONS
from models.source.lines.outside import outside
from models.source.program import made_by
from models.source.reader import chosen_name
from models.source.syntax import parse
from models.source.values import Class, Function

MAX_SHAPES = 8
SIZED = frozenset({"empty", "full", "ones", "rand", "randn", "reshape", "view", "zeros"})
"""Functions and methods that are told the sizes of a tensor."""
MAX_DIMENSIONS = 5


@dataclass(frozen=True)
class Offer:
    """A class that is a model, a function that makes one, or a tensor with which lines begin."""

    name: str
    parameters: tuple[str, ...] = ()
    """Its arguments as the text writes them, such as ``classes=10``; self is left out."""
    needed: bool = False
    """Whether one of them has no default."""


def offers_in(text: str) -> tuple[Offer, ...]:
    """Return what can be run, the one that is run if nobody chooses first; SourceError.

    Of lines without a class these are the tensors on which they call their layers.
    """
    tree = parse(text)
    interpreter = Interpreter(tree)
    classes = interpreter.program.classes()
    names = {one.name for one in classes}
    found = [_offer(interpreter, one) for one in classes]
    found += [
        _signature(statement.name, statement.args, 0)
        for statement in tree.body
        if isinstance(statement, ast.FunctionDef) and made_by(statement) & names
    ]
    if not found:
        return tuple(Offer(name) for name in starts_in(tree))
    first = chosen_name(interpreter)
    return tuple(sorted(found, key=lambda offer: offer.name != first))


def _offer(interpreter: Interpreter, made: Class) -> Offer:
    found = interpreter.find(made, "__init__")
    return (
        _signature(made.name, found.node.args, 1)
        if isinstance(found, Function)
        else Offer(made.name)
    )


def _signature(name: str, takes: ast.arguments, skipped: int) -> Offer:
    plain = [*takes.posonlyargs, *takes.args]
    defaults: list[ast.expr | None] = [None] * (len(plain) - len(takes.defaults))
    pairs = list(zip(plain, [*defaults, *takes.defaults], strict=True))[skipped:]
    pairs += zip(takes.kwonlyargs, takes.kw_defaults, strict=True)
    written = tuple(
        argument.arg if default is None else f"{argument.arg}={ast.unparse(default)}"
        for argument, default in pairs
    )
    return Offer(name, written, any(default is None for _, default in pairs))


def shapes_in(text: str) -> tuple[Shape, ...]:
    """Return the shapes of tensors that the text itself makes outside of its classes.

    ``x = torch.randn(1, 3, 8, 8)`` gives (1, 3, 8, 8); what a model is called on comes first.
    Raises SourceError.
    """
    tree = parse(text)
    fed = outside(tree, chosen_name(Interpreter(tree))).input
    found = [fed.shape] if fed is not None else []
    for statement in tree.body:
        if not isinstance(statement, DEFINITIONS):
            found += _sized(statement)
    return tuple(dict.fromkeys(found))[:MAX_SHAPES]


def _sized(statement: ast.stmt) -> Iterator[Shape]:
    for node in ast.walk(statement):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            shape = _whole(node.args)
            if node.func.attr in SIZED and 1 <= len(shape) <= MAX_DIMENSIONS:
                yield shape


def _whole(arguments: list[ast.expr]) -> Shape:
    """Return sizes that are written out, one by one or as one tuple; empty for anything else."""
    if len(arguments) == 1 and isinstance(arguments[0], ast.Tuple | ast.List):
        arguments = arguments[0].elts
    values = [part.value for part in arguments if isinstance(part, ast.Constant)]
    sizes = tuple(value for value in values if type(value) is int and value > 0)
    return sizes if len(sizes) == len(arguments) else ()
