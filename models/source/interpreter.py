"""Following the statements of a text: what Python would do, on numbers and names of layers."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from flow.said import said
from models.source import builtin, instead
from models.source.arithmetic import ValueProblem, truth
from models.source.calls import Calls
from models.source.children import add_child, set_child
from models.source.expressions import as_key
from models.source.program import imported
from models.source.syntax import at
from models.source.values import (
    Container,
    Data,
    Function,
    Indices,
    Instance,
    Scope,
    Second,
    Shape,
    Unknown,
    Value,
    described,
    is_module,
    length,
)


class Jump(Enum):
    """Leaving a loop, or one turn of it."""

    BREAK = "break"
    CONTINUE = "continue"


@dataclass(frozen=True)
class Returned:
    """A value on its way out of a function."""

    value: Value


Signal = Jump | Returned | None
Handler = Callable[[ast.stmt, Scope], Signal]


class Interpreter(Calls):
    """Runs statements. Loops are unrolled, and conditions must be known."""

    def run(self, body: list[ast.stmt], scope: Scope) -> Value:
        """Return what a function with this body returns."""
        signal = self._block(body, scope)
        return signal.value if isinstance(signal, Returned) else None

    def _block(self, body: list[ast.stmt], scope: Scope) -> Signal:
        for statement in body:
            self.line = statement.lineno
            self.spend(1)
            name = f"_do_{type(statement).__name__.lower()}"
            handler: Handler | None = getattr(self, name, None)
            if handler is None:
                raise at(statement, instead.of_statement(statement))
            with self.placed(statement):
                signal = handler(statement, scope)
            if signal is not None:
                return signal
        return None

    def _do_pass(self, _node: ast.Pass, _scope: Scope) -> Signal:
        return None

    def _do_break(self, _node: ast.Break, _scope: Scope) -> Signal:
        return Jump.BREAK

    def _do_continue(self, _node: ast.Continue, _scope: Scope) -> Signal:
        return Jump.CONTINUE

    def _do_return(self, node: ast.Return, scope: Scope) -> Signal:
        return Returned(None if node.value is None else self.evaluate(node.value, scope))

    def _do_expr(self, node: ast.Expr, scope: Scope) -> Signal:
        if not isinstance(node.value, ast.Constant):
            self.evaluate(node.value, scope)
        return None

    def _do_assign(self, node: ast.Assign, scope: Scope) -> Signal:
        value = self.evaluate(node.value, scope, _new_name(node.targets[0], scope))
        for target in node.targets:
            self.assign(target, value, scope)
        return None

    def _do_annassign(self, node: ast.AnnAssign, scope: Scope) -> Signal:
        if node.value is not None:
            value = self.evaluate(node.value, scope, _new_name(node.target, scope))
            self.assign(node.target, value, scope)
        return None

    def _do_augassign(self, node: ast.AugAssign, scope: Scope) -> Signal:
        old = self.evaluate(node.target, scope)
        value = self.evaluate(node.value, scope)
        if isinstance(old, list) and isinstance(node.op, ast.Add):
            builtin.list_method(old, "extend", [value], self.items)
        elif isinstance(old, Data):
            new = self.operate(node, old, value, "")
            self.network.overwrite(old.layer, node)
            old.layer = new.layer
        else:
            self.assign(node.target, self.operate(node, old, value, ""), scope)
        return None

    def _do_if(self, node: ast.If, scope: Scope) -> Signal:
        with self.placed(node.test):
            holds = truth(self.evaluate(node.test, scope))
        return self._block(node.body if holds else node.orelse, scope)

    def _do_for(self, node: ast.For, scope: Scope) -> Signal:
        with self.placed(node.iter):
            values = self.items(self.evaluate(node.iter, scope))
        for value in values:
            self.assign(node.target, value, scope)
            signal = self._block(node.body, scope)
            if signal is Jump.BREAK:
                return None
            if isinstance(signal, Returned):
                return signal
        return self._block(node.orelse, scope)

    def _do_while(self, node: ast.While, scope: Scope) -> Signal:
        while truth(self.evaluate(node.test, scope)):
            signal = self._block(node.body, scope)
            if signal is Jump.BREAK:
                return None
            if isinstance(signal, Returned):
                return signal
        return self._block(node.orelse, scope)

    def _do_assert(self, node: ast.Assert, scope: Scope) -> Signal:
        """Check what is known; what only a run could tell is left to it."""
        value = self.evaluate(node.test, scope)
        try:
            holds = truth(value)
        except ValueProblem:
            return None
        if not holds:
            raise at(node, said("this assertion does not hold."))
        return None

    def _do_raise(self, node: ast.Raise, _scope: Scope) -> Signal:
        raise at(
            node, said("the code raises an error here. Choose arguments for which it does not.")
        )

    def _do_functiondef(self, node: ast.FunctionDef, scope: Scope) -> Signal:
        scope.names[node.name] = Function(node, scope)
        return None

    def _do_import(self, node: ast.Import, scope: Scope) -> Signal:
        scope.names.update(imported(node))
        return None

    def _do_importfrom(self, node: ast.ImportFrom, scope: Scope) -> Signal:
        scope.names.update(imported(node))
        return None

    def assign(self, target: ast.expr, value: Value, scope: Scope) -> None:
        """Give a name, an attribute or an entry a value."""
        with self.placed(target):
            if isinstance(target, ast.Name):
                scope.names[target.id] = value
            elif isinstance(target, ast.Attribute):
                self.set_attribute(self.evaluate(target.value, scope), target.attr, value)
            elif isinstance(target, ast.Subscript):
                self._set_entry(target, value, scope)
            elif isinstance(target, ast.Tuple | ast.List):
                self._unpack(target, value, scope)
            else:
                raise ValueProblem(said("a value cannot be given to this here."))

    def _unpack(self, target: ast.Tuple | ast.List, value: Value, scope: Scope) -> None:
        count = len(target.elts)
        if isinstance(value, Shape):
            value = _lengths(value, count)
        if isinstance(value, Unknown):
            value = [value if isinstance(value, Second) else Unknown()] * count
        if isinstance(value, Data):
            raise ValueProblem(
                said(
                    "a layer's output is one value. Two names on the left need a MaxPool2d with "
                    "return_indices=True."
                )
            )
        parts = self.items(value)
        if len(parts) != count or any(isinstance(part, ast.Starred) for part in target.elts):
            raise ValueProblem(
                said(
                    "{count} names on the left do not fit {came} values.",
                    count=count,
                    came=len(parts),
                )
            )
        for name, part in zip(target.elts, parts, strict=True):
            self.assign(name, part, scope)

    def _set_entry(self, target: ast.Subscript, value: Value, scope: Scope) -> None:
        owner = self.evaluate(target.value, scope)
        index = self.evaluate(target.slice, scope) if _is_plain(target.slice) else None
        if isinstance(owner, dict) and index is not None:
            owner[as_key(index)] = value
            self.items(owner)
        elif isinstance(owner, Container) and index is not None:
            set_child(owner, index, value)
        elif (
            isinstance(owner, list) and isinstance(index, int) and -len(owner) <= index < len(owner)
        ):
            owner[index] = value
        else:
            raise ValueProblem(
                said("entries of {owner} cannot be changed like this here.", owner=described(owner))
            )

    def set_attribute(self, owner: Value, name: str, value: Value) -> None:
        """Give an attribute of an object of the text a value."""
        if not isinstance(owner, Instance):
            raise ValueProblem(
                said("attributes of {owner} cannot be changed here.", owner=described(owner))
            )
        if name.startswith("__") or name in ("forward", "training"):
            raise ValueProblem(said("{name} cannot be given another value here.", name=name[:40]))
        if is_module(value):
            add_child(owner, name, value)
        elif isinstance(value, Indices) or not is_module(owner.attributes.get(name)) or not value:
            owner.attributes[name] = value
        else:
            raise ValueProblem(
                said("{name} is a layer. Give this value another name.", name=name[:40])
            )


def _lengths(shape: Shape, count: int) -> list[Value]:
    """Return the sizes that a shape is unpacked into; as many as are asked for where not known."""
    if shape.sizes is not None:
        count = len(shape.sizes) - shape.start
    return [length(shape, dim) for dim in range(count)]


def _is_plain(node: ast.expr) -> bool:
    return not isinstance(node, ast.Slice | ast.Tuple)


def _new_name(target: ast.expr, scope: Scope) -> str:
    """Return the name of a variable that has no value yet; empty for anything else."""
    if isinstance(target, ast.Name) and target.id not in scope.names:
        return target.id
    return target.attr if isinstance(target, ast.Attribute) else ""
