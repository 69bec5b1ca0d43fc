"""A text without a class: lines that make layers and call them on a tensor, as a model."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from dataclasses import replace

from models.shapes import Shape
from models.source.interpreter import Interpreter
from models.source.lines.outside import DEFINITIONS, asking, assigned
from models.source.lines.tensors import Written, assigned_tensor
from models.source.network import stem
from models.source.site import Site
from models.source.syntax import SourceError, at
from models.source.values import Container, Data, Layer, Scope, Value, is_module
from models.spec import INPUT

ABOUT_A_RUN = frozenset(
    {"autograd", "backward", "grad", "make_dot", "manual_seed", "optim", "plt", "print"}
    | {"requires_grad", "requires_grad_", "retain_grad", "step", "zero_grad"}
)
"""Words of statements that say what is done with the values, not how they are made."""


class Lines(Interpreter):
    """Follows the statements that lead from one tensor to the last value that is made of it."""

    def __init__(self, tree: ast.Module, start: str, shape: Shape) -> None:
        super().__init__(tree, shape)
        self._scope = Scope()
        self._layers = Container("ModuleDict")
        self._start = start
        self._begun = False
        self._made = {start}
        self._others: set[str] = set()
        self._known: dict[str, Written] = {}
        self.left: list[ast.stmt] = []
        """Statements that were not followed."""
        self.end: ast.AST = tree
        """The last one that was."""

    def follow(self, body: Sequence[ast.stmt], skipped: frozenset[int]) -> Data:
        """Return the last value; ``skipped`` are first lines of statements about the loss.

        SourceError says which line cannot be followed, or that nothing is called on the tensor.
        """
        last: Data | None = None
        for statement in body:
            if isinstance(statement, DEFINITIONS):
                continue
            if self._is_start(statement):
                self._scope.names[self._start] = Data(INPUT)
            elif statement.lineno in skipped or self._is_left(statement):
                self.left.append(statement)
            else:
                self.end = statement
                last = self._made_by(statement) or last
        if last is None or last.layer == INPUT:
            line = next((s.lineno for s in body if self._start in _names(s)), 1)
            raise SourceError(line, f"no layer is called on {self._start}. Call one, as in m(x).")
        return last

    def _is_start(self, statement: ast.stmt) -> bool:
        name, value = assigned(statement)
        made = assigned_tensor(name, value, self._known)
        if made is not None:
            self._known[name] = made
        return name == self._start and made is not None and not self._begun

    def _is_left(self, statement: ast.stmt) -> bool:
        """Whether a statement has no part in the value, or belongs to another tensor."""
        name, value = assigned(statement)
        if name not in self._made and assigned_tensor(name, value, self._known):
            self._others.add(name)
            return True
        if is_about_a_run(statement):
            return True
        names = _names(statement)
        if names & self._made:
            self._begun = True
            self._made.update(_targets(statement))
            return False
        if names & self._others:
            self._others.update(_targets(statement))
            return True
        return not _targets(statement)

    def _made_by(self, statement: ast.stmt) -> Data | None:
        """Follow one statement and return the value that it makes."""
        if isinstance(statement, ast.Expr):
            return _first(self.evaluate(statement.value, self._scope))
        self.run([statement], self._scope)
        values = [self._scope.names.get(name) for name in _targets(statement)]
        for name in _targets(statement):
            value = self._scope.names.get(name)
            if is_module(value):
                self._layers.children.setdefault(name, value)
        self.network.name_modules(self._layers)
        return next((value for value in values if isinstance(value, Data)), None)

    def evaluate(self, node: ast.AST, scope: Scope, wanted: str = "") -> Value:
        """Return the value of an expression; SourceError for one of a second tensor."""
        if isinstance(node, ast.Name) and node.id in self._others:
            problem = f"{node.id} is a second tensor, but a model is fed one: {self._start}."
            raise at(node, f"{problem} Make it from {self._start}, or write a number.")
        return super().evaluate(node, scope, wanted)

    def call_module(
        self, module: Value, values: Sequence[Value], named: Mapping[str, Value], site: Site
    ) -> Value:
        """Call a layer; one that has no name, as in ``nn.Linear(1, 1)(x)``, is given one."""
        if isinstance(module, Layer) and not self.network.name_of(module):
            self.network.name_modules(Container("ModuleDict", {stem(module.kind): module}))
        return super().call_module(module, values, named, site)


def starts_in(tree: ast.Module) -> dict[str, Written]:
    """Return the tensors of which a text makes other values, as they are when it first does."""
    known: dict[str, Written] = {}
    used: dict[str, Written] = {}
    for statement in tree.body:
        name, value = assigned(statement)
        made = assigned_tensor(name, value, known)
        for asked in asking(statement) & known.keys():
            known[asked] = replace(known[asked], needs_gradient=True)
        if isinstance(statement, DEFINITIONS) or is_about_a_run(statement):
            continue
        if made is not None:
            known[name] = made
        else:
            used = {**{each: known[each] for each in known if each in _names(statement)}, **used}
    return {name: used[name] for name in known if name in used}


def is_about_a_run(statement: ast.stmt) -> bool:
    """Whether a statement says what is done with values, such as a loss that is taken of them."""
    words = _words(statement)
    return bool(ABOUT_A_RUN & words) or any(word.endswith(("Loss", "_loss")) for word in words)


def _first(value: Value) -> Data | None:
    parts = value if isinstance(value, list | tuple) else (value,)
    return next((part for part in parts if isinstance(part, Data)), None)


def _names(statement: ast.stmt) -> set[str]:
    return {
        node.id
        for node in ast.walk(statement)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
    }


def _targets(statement: ast.stmt) -> list[str]:
    return [
        node.id
        for node in ast.walk(statement)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    ]


def _words(statement: ast.stmt) -> set[str]:
    attributes = {node.attr for node in ast.walk(statement) if isinstance(node, ast.Attribute)}
    return attributes | _names(statement)
