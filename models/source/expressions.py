"""What an expression of the text stands for."""

from __future__ import annotations

import ast
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from flow.said import said
from models.source import instead, operators
from models.source.arithmetic import (
    MAX_ITEMS,
    ValueProblem,
    binary,
    bounded,
    compare,
    item,
    truth,
    unary,
    written,
)
from models.source.network import Network
from models.source.program import Program
from models.source.site import GIVE_SHAPE, Site
from models.source.syntax import SourceError, at
from models.source.values import (
    SCALARS,
    Container,
    Data,
    Scope,
    Second,
    Shape,
    Unknown,
    Value,
    described,
    known,
    length,
)

MAX_STEPS = 60_000
"""Pieces of the text that are looked at, each as often as loops and calls come back to it."""
COPIED_PER_STEP = 16
"""Entries of a list that are copied in about the time of a step."""
Handler = Callable[[ast.AST, Scope, str], Value]


class Expressions(ABC):
    """Evaluates expressions; calls are left to the class that knows them."""

    def __init__(self, tree: ast.Module, shape: tuple[int, ...] | None = None) -> None:
        self.network = Network(shape)
        self.program = Program(tree, lambda node: self.evaluate(node, Scope()))
        self.line = 1
        """The line that is being read."""
        self.steps = 0
        """Pieces of the text that were looked at."""

    @abstractmethod
    def call(self, node: ast.Call, scope: Scope, wanted: str) -> Value:
        """Return what a call gives."""

    @abstractmethod
    def attribute(self, owner: Value, name: str) -> Value:
        """Return an attribute; ValueProblem when there is none."""

    def evaluate(self, node: ast.AST, scope: Scope, wanted: str = "") -> Value:
        """Return the value of an expression. A layer without a module may be named ``wanted``."""
        self.line = getattr(node, "lineno", self.line)
        handler: Handler | None = getattr(self, f"_on_{type(node).__name__.lower()}", None)
        with self.placed(node):
            self.spend(1)
            if handler is None:
                raise ValueProblem(instead.of_expression(node))
            return handler(node, scope, wanted)

    @contextmanager
    def placed(self, node: ast.AST) -> Iterator[None]:
        """Give the problems of plain values the place where they came up."""
        try:
            yield
        except ValueProblem as problem:
            raise at(node, str(problem)) from None

    def spend(self, steps: int) -> None:
        """Count work; SourceError when the text asks for too much of it."""
        self.steps += steps
        if self.steps > MAX_STEPS:
            raise SourceError(
                self.line, said("reading this takes too many steps. Use fewer loops.")
            )

    def charged(self, value: Value) -> Value:
        """Return the value; a list or text that was copied for it counts as work."""
        if isinstance(value, list | tuple | str):
            self.spend(len(value) // COPIED_PER_STEP)
        return value

    def items(self, value: Value) -> list[Value]:
        """Return what a loop over the value goes through."""
        value = known(value)
        if isinstance(value, Container):
            is_dict = value.kind == "ModuleDict"
            value = list(value.children) if is_dict else list(value.children.values())
        if not isinstance(value, list | tuple | dict | range | str):
            raise ValueProblem(said("a loop cannot go over {value}.", value=described(value)))
        self.spend(len(bounded(value)))
        return list(value)

    def _on_constant(self, node: ast.Constant, _scope: Scope, _wanted: str) -> Value:
        if isinstance(node.value, SCALARS) or node.value is Ellipsis:
            return bounded(node.value)
        raise ValueProblem(
            said(
                "only numbers, texts, True, False and None are read as constants. "
                "Write one of them."
            )
        )

    def _on_name(self, node: ast.Name, scope: Scope, _wanted: str) -> Value:
        found: Scope | None = scope
        while found is not None:
            if node.id in found.names:
                return found.names[node.id]
            found = found.outer
        return self.program.value(node.id, node)

    def _on_attribute(self, node: ast.Attribute, scope: Scope, _wanted: str) -> Value:
        return self.attribute(self.evaluate(node.value, scope), node.attr)

    def _on_call(self, node: ast.Call, scope: Scope, wanted: str) -> Value:
        return self.call(node, scope, wanted)

    def _on_list(self, node: ast.List, scope: Scope, _wanted: str) -> Value:
        return self.each(node.elts, scope)

    def _on_tuple(self, node: ast.Tuple, scope: Scope, _wanted: str) -> Value:
        return tuple(self.each(node.elts, scope))

    def each(self, nodes: Sequence[ast.expr], scope: Scope) -> list[Value]:
        """Return the values of several expressions, ``*parts`` spread out."""
        found: list[Value] = []
        for node in nodes:
            if isinstance(node, ast.Starred):
                with self.placed(node):
                    found += self.items(self.evaluate(node.value, scope))
            else:
                found.append(self.evaluate(node, scope))
        return list(bounded(found))

    def _on_dict(self, node: ast.Dict, scope: Scope, _wanted: str) -> Value:
        found: dict[Value, Value] = {}
        for key, value in zip(node.keys, node.values, strict=True):
            if key is None:
                raise ValueProblem(
                    said("** is not supported in a dictionary. Write its entries out.")
                )
            found[as_key(self.evaluate(key, scope))] = self.evaluate(value, scope)
        return bounded(found)

    def _on_binop(self, node: ast.BinOp, scope: Scope, wanted: str) -> Value:
        """``a + b + c`` is one layer that adds from left to right."""
        parts, left = [node.right], node.left
        while isinstance(left, ast.BinOp) and type(left.op) is type(node.op):
            parts.append(left.right)
            left = left.left
        values = [self.evaluate(part, scope) for part in (left, *reversed(parts))]
        if all(isinstance(value, Data) for value in values):
            return operators.combine(self.site(node, wanted), node.op, values)
        result = values[0]
        for value in values[1:]:
            result = self.operate(node, result, value, wanted)
        return result

    def operate(
        self, node: ast.BinOp | ast.AugAssign, left: Value, right: Value, wanted: str
    ) -> Value:
        """Return the result of an operator on two values."""
        for value in (left, right):
            if isinstance(value, Second):
                raise ValueProblem(said("{value} cannot be combined here.", value=described(value)))
        if isinstance(left, Data) or isinstance(right, Data):
            return operators.combine(self.site(node, wanted), node.op, [left, right])
        return self.charged(binary(node.op, left, right))

    @abstractmethod
    def site(self, node: ast.AST, wanted: str) -> Site:
        """Return where a layer without a module is to be added."""

    def _on_unaryop(self, node: ast.UnaryOp, scope: Scope, wanted: str) -> Value:
        value = self.evaluate(node.operand, scope)
        if isinstance(value, Data) and isinstance(node.op, ast.USub):
            return operators.scaled(self.site(node, wanted), value, -1.0)
        return unary(node.op, value)

    def _on_boolop(self, node: ast.BoolOp, scope: Scope, _wanted: str) -> Value:
        stops_at = isinstance(node.op, ast.Or)
        for part in node.values:
            value = self.evaluate(part, scope)
            if truth(value) is stops_at:
                break
        return value

    def _on_compare(self, node: ast.Compare, scope: Scope, _wanted: str) -> Value:
        left: Value = self.evaluate(node.left, scope)
        result: Value = True
        for symbol, part in zip(node.ops, node.comparators, strict=True):
            right = self.evaluate(part, scope)
            result = compare(symbol, left, right)
            if isinstance(result, Unknown) or not result:
                return result
            left = right
        return result

    def _on_ifexp(self, node: ast.IfExp, scope: Scope, wanted: str) -> Value:
        chosen = node.body if truth(self.evaluate(node.test, scope)) else node.orelse
        return self.evaluate(chosen, scope, wanted)

    def _on_joinedstr(self, node: ast.JoinedStr, scope: Scope, _wanted: str) -> Value:
        return bounded("".join(str(self.evaluate(part, scope)) for part in node.values))

    def _on_formattedvalue(self, node: ast.FormattedValue, scope: Scope, _wanted: str) -> Value:
        if node.format_spec is not None or node.conversion != -1:
            raise ValueProblem(said("formats in an f-string are not supported. Write only {name}."))
        return written(self.evaluate(node.value, scope))

    def _on_subscript(self, node: ast.Subscript, scope: Scope, wanted: str) -> Value:
        owner = self.evaluate(node.value, scope)
        if isinstance(owner, Data):
            index = self._index(node.slice, scope)
            return operators.cut(self.site(node, wanted), owner, index)
        return self.charged(entry(owner, self._index(node.slice, scope)))

    def _index(self, node: ast.expr, scope: Scope) -> Value:
        if isinstance(node, ast.Tuple):
            return tuple(self._index(part, scope) for part in node.elts)
        if not isinstance(node, ast.Slice):
            return self.evaluate(node, scope)
        parts = (node.lower, node.upper, node.step)
        ends = [None if part is None else known(self.evaluate(part, scope)) for part in parts]
        if all(end is None or isinstance(end, int) for end in ends):
            return slice(*ends)
        raise ValueProblem(
            said(
                "the ends of a slice must be whole numbers that the text gives. {give_shape}",
                give_shape=GIVE_SHAPE,
            )
        )

    def _on_listcomp(self, node: ast.ListComp, scope: Scope, _wanted: str) -> Value:
        return self.comprehended(node.elt, node.generators, scope)

    def _on_generatorexp(self, node: ast.GeneratorExp, scope: Scope, _wanted: str) -> Value:
        return self.comprehended(node.elt, node.generators, scope)

    def _on_dictcomp(self, node: ast.DictComp, scope: Scope, _wanted: str) -> Value:
        pair = ast.copy_location(ast.Tuple([node.key, node.value], ast.Load()), node)
        pairs = self.comprehended(pair, node.generators, scope)
        return {as_key(key): value for key, value in pairs}

    def comprehended(
        self, element: ast.expr, generators: list[ast.comprehension], scope: Scope
    ) -> list[Value]:
        """Return the list that a comprehension makes."""
        found: list[Value] = []
        self._comprehend(element, generators, Scope({}, scope), found)
        return found

    def _comprehend(
        self,
        element: ast.expr,
        generators: list[ast.comprehension],
        scope: Scope,
        found: list[Value],
    ) -> None:
        if not generators:
            found.append(self.evaluate(element, scope))
            if len(found) > MAX_ITEMS:
                raise ValueProblem(
                    said(
                        "this list is too long. At most {max_items:,} are read.",
                        max_items=MAX_ITEMS,
                    )
                )
            return
        first, *others = generators
        for value in self.items(self.evaluate(first.iter, scope)):
            self.assign(first.target, value, scope)
            if all(truth(self.evaluate(test, scope)) for test in first.ifs):
                self._comprehend(element, others, scope, found)

    @abstractmethod
    def assign(self, target: ast.expr, value: Value, scope: Scope) -> None:
        """Give a name, an attribute or an entry a value."""


def as_key(value: Value) -> Value:
    """Return the value when it can be a key of a dictionary."""
    if isinstance(value, SCALARS):
        return value
    raise ValueProblem(
        said("{value} cannot be a key here. Use a number or a text.", value=described(value))
    )


def entry(owner: Value, index: Value) -> Value:
    """Return ``owner[index]`` of anything but a tensor."""
    index = known(index)
    if isinstance(owner, Shape):
        return _size(owner, index)
    if isinstance(owner, Container):
        return _child(owner, index)
    if isinstance(owner, dict):
        if as_key(index) not in owner:
            raise ValueProblem(said("there is no entry {index}.", index=described(index)))
        return owner[index]
    if isinstance(owner, list | tuple | range | str):
        return item(owner, index)
    raise ValueProblem(said("{owner} has no entries.", owner=described(owner)))


def _size(shape: Shape, index: Value) -> Value:
    if isinstance(index, int):
        try:
            return length(shape, index)
        except IndexError:
            raise ValueProblem(said("this has no dimension {index}.", index=index)) from None
    if isinstance(index, slice) and index.stop is None and index.step is None:
        start = index.start or 0
        if start < 0 and shape.sizes is not None:
            start = max(0, len(shape.sizes) - shape.start + start)
        if start >= 0:
            return Shape(shape.layer, shape.start + start, shape.sizes)
    if isinstance(index, slice) and shape.sizes is not None:
        return shape.sizes[shape.start :][index]
    return Unknown()


def _child(owner: Container, index: Value) -> Value:
    if isinstance(index, str):
        if index in owner.children:
            return owner.children[index]
        raise ValueProblem(said("there is no entry {index}.", index=described(index)))
    found = item(list(owner.children.values()), index)
    if not isinstance(index, slice):
        return found
    names = list(owner.children)[index]
    return Container(owner.kind, dict(zip(names, found, strict=True)))
