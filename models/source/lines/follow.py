"""A text without a class: lines that make layers and call them on a tensor, as a model."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from flow.said import said
from models.shapes import Shape
from models.source.interpreter import Interpreter
from models.source.lines.losses import Script, Taken, taken
from models.source.lines.names import (
    DEFINITIONS,
    HARMLESS,
    Libraries,
    assigned,
    changed_by,
    given_by,
    parts,
    read_by,
)
from models.source.lines.outside import Outside, asking, steady
from models.source.lines.tensors import Written, assigned_tensor
from models.source.network import stem
from models.source.site import Site
from models.source.syntax import at
from models.source.values import Container, Data, Layer, Scope, Value, is_module
from models.spec import INPUT

LOOKING = frozenset(
    {"data", "dim", "dtype", "grad", "grad_fn", "item", "numel", "numpy", "shape", "size", "tolist"}
)
"""What tells something of a value and is none that goes on."""


@dataclass(frozen=True)
class Start:
    """A tensor of which the lines make other values, as it is when they first do."""

    tensor: Written
    places: tuple[ast.stmt, ...]
    """Where it is written."""
    first: int
    """Place of the first statement that makes something of it, among all."""


def starts_in(tree: ast.Module) -> dict[str, Start]:
    """Return the tensors of which a text makes other values."""
    known: dict[str, Written] = {}
    places: dict[str, tuple[ast.stmt, ...]] = {}
    found: dict[str, Start] = {}
    for place, statement in enumerate(tree.body):
        if isinstance(statement, DEFINITIONS) or is_aside(statement):
            for name in asking(statement) & known.keys():
                known[name] = replace(known[name], needs_gradient=True)
                places[name] = (*places[name], statement)
            continue
        name, value = assigned(statement)
        made = assigned_tensor(name, value, known)
        if made is not None:
            known[name], places[name] = made, (*places.get(name, ()), statement)
            continue
        for read in read_by(statement) & known.keys() - found.keys():
            found[read] = Start(known[read], places[read], place)
        for gone in changed_by(statement).union(given_by(statement)) & known.keys():
            del known[gone]
    return dict(sorted(found.items(), key=lambda item: item[1].places[0].lineno))


def is_aside(statement: ast.stmt) -> bool:
    """Whether a statement only prints, or only says which gradients are kept."""
    value = statement.value if isinstance(statement, ast.Expr) else None
    if isinstance(value, ast.Constant):
        return True
    if isinstance(value, ast.Call):
        prints = isinstance(value.func, ast.Name) and value.func.id == "print"
        return prints or (isinstance(value.func, ast.Attribute) and value.func.attr in HARMLESS)
    return isinstance(statement, ast.Assign) and bool(asking(statement))


def is_read_over(statement: ast.stmt) -> bool:
    """Whether a statement does nothing by itself: a definition, an import, a remark."""
    if isinstance(statement, ast.Expr):
        return isinstance(statement.value, ast.Constant)
    return isinstance(statement, DEFINITIONS)


class Lines(Interpreter):
    """Follows the statements that lead from one tensor to the output."""

    def __init__(self, tree: ast.Module, name: str, start: Start, shape: Shape) -> None:
        super().__init__(tree, shape)
        self._body = tree.body
        self._start = start
        self._name = name
        own = [each for each in tree.body if not isinstance(each, DEFINITIONS)]
        self._script = Script(own, Libraries(tree.body))
        tensors = steady(own)
        self._others = tensors.known.keys() - {name}
        self._loss = taken(self._script, tensors.find, tensors.places)
        self._scope = Scope({name: Data(INPUT)})
        self._layers = Container("ModuleDict")
        self.end: ast.AST = tree
        """The last statement that was followed."""

    def follow(self) -> tuple[Data, Outside, frozenset[ast.stmt]]:
        """Return the output, what the text gives beside it, and the statements that were not read.

        SourceError says which line cannot be followed, or that nothing is called on the tensor.
        """
        reached = self._reached()
        loss = self._loss if self._loss and read_by(self._loss.output) & reached else None
        last = self._last(reached, loss)
        wanted = self._wanted(last, loss)
        output = self._run(wanted, loss)
        if output is None or output.layer == INPUT:
            raise at(
                self._body[last],
                said("no layer is called on {name}. Call one, as in m(x).", name=self._name),
            )
        given = Outside(self._start.tensor, self._start.places[-1].lineno)
        given = replace(given, fed=frozenset(self._start.places))
        if loss is not None:
            given = replace(given, loss=loss.loss, target=loss.target, scored=loss.statements)
        followed = {self._body[place] for place in wanted}
        left = frozenset(each for each in self._body if not is_read_over(each))
        return output, given, left - followed

    def _reached(self) -> set[str]:
        """Return the names of values that are made of the tensor."""
        reached = {self._name}
        for statement in self._body[self._start.first :]:
            if not isinstance(statement, DEFINITIONS) and read_by(statement) & reached:
                reached.update(given_by(statement))
        return reached

    def _last(self, reached: set[str], loss: Taken | None) -> int:
        """Return the place of the statement that makes the output."""
        places = range(self._start.first, len(self._body))
        if loss is not None:
            places = range(self._start.first, self._place_of_loss(loss) + 1)
        for place in reversed(places):
            statement = self._body[place]
            if isinstance(statement, DEFINITIONS) or is_aside(statement):
                continue
            if loss is not None and isinstance(loss.output, ast.Name):
                if loss.output.id in given_by(statement):
                    return place
            elif loss is not None or (
                read_by(statement) & reached and not self._is_no_output(statement)
            ):
                return place
        return self._start.first

    def _place_of_loss(self, loss: Taken) -> int:
        """Return the place of the statement in which the loss is taken of the output."""
        holding = (
            place
            for place, statement in enumerate(self._body)
            if any(node is loss.output for node in parts(statement))
        )
        return next(holding)

    def _is_no_output(self, statement: ast.stmt) -> bool:
        """Whether a statement takes a loss, goes backward, or only looks at a value."""
        owners = [getattr(call.func, "value", None) for _, call in self._script.backwards]
        scored = {owner.id for owner in owners if isinstance(owner, ast.Name)}
        if self._script.is_about_a_loss(statement) or scored.intersection(given_by(statement)):
            return True
        value = getattr(statement, "value", None)
        looked_at = value.func if isinstance(value, ast.Call) else value
        is_tuple = isinstance(value, ast.Tuple) and isinstance(statement, ast.Expr)
        return is_tuple or (isinstance(looked_at, ast.Attribute) and looked_at.attr in LOOKING)

    def _wanted(self, last: int, loss: Taken | None) -> list[int]:
        """Return the places of the statements on which the output depends, from first to last.

        SourceError for a line between them that may change one of their values.
        """
        whole = loss is None or isinstance(loss.output, ast.Name)
        found = [last] if whole else []
        needed = read_by(self._body[last] if loss is None or whole else loss.output)
        for place in range(last - 1, -1, -1):
            statement = self._body[place]
            if isinstance(statement, DEFINITIONS) or is_aside(statement):
                continue
            if place < self._start.first and statement in self._start.places:
                continue
            gives = set(given_by(statement))
            if gives & self._others:
                continue
            if gives & needed:
                found.append(place)
                if assigned(statement)[0] or _unpacks(statement):
                    needed -= gives
                needed |= read_by(statement)
            elif changed_by(statement) & needed:
                changed = ", ".join(sorted(changed_by(statement) & needed))
                problem = said(
                    "this may change {changed}, and it is not read. Leave it out.", changed=changed
                )
                raise at(statement, problem)
        return sorted(found)

    def _run(self, places: Sequence[int], loss: Taken | None) -> Data | None:
        made: Value = None
        for place in places:
            statement = self._body[place]
            self.end = statement
            if isinstance(statement, ast.Expr):
                made = self.evaluate(statement.value, self._scope)
                continue
            self.run([statement], self._scope)
            for name in given_by(statement):
                value = self._scope.names.get(name)
                if is_module(value):
                    self._layers.children[name] = value
            self.network.name_modules(self._layers)
            values = [self._scope.names.get(name) for name in given_by(statement)]
            made = next((value for value in values if isinstance(value, Data)), None)
        if loss is not None:
            made = self.evaluate(loss.output, self._scope)
        return _first(made)

    def evaluate(self, node: ast.AST, scope: Scope, wanted: str = "") -> Value:
        """Return the value of an expression; SourceError for one of a second tensor."""
        if isinstance(node, ast.Name) and node.id in self._others:
            problem = said(
                "{id} is a second tensor, but a model is fed one: {name}.",
                id=node.id,
                name=self._name,
            )
            raise at(
                node,
                said(
                    "{problem} Make it from {name}, or write a number.",
                    problem=problem,
                    name=self._name,
                ),
            )
        return super().evaluate(node, scope, wanted)

    def call_module(
        self, module: Value, values: Sequence[Value], named: Mapping[str, Value], site: Site
    ) -> Value:
        """Call a layer; one that has no name, as in ``nn.Linear(1, 1)(x)``, is given one."""
        if isinstance(module, Layer) and not self.network.name_of(module):
            self.network.name_modules(Container("ModuleDict", {stem(module.kind): module}))
        return super().call_module(module, values, named, site)


def _unpacks(statement: ast.stmt) -> bool:
    """Whether it is such as ``y, indices = pool(x)``."""
    target = statement.targets[0] if isinstance(statement, ast.Assign) else None
    return isinstance(target, ast.Tuple | ast.List)


def _first(value: Value) -> Data | None:
    parts = value if isinstance(value, list | tuple) else (value,)
    return next((part for part in parts if isinstance(part, Data)), None)
