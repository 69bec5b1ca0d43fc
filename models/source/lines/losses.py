"""Which loss a text takes: the one ``backward()`` of the text, and what it is called on."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from torch.nn import functional as F  # noqa: N812 - everybody's name for it

from models.losses import LOSSES
from models.source.lines.names import Libraries, assigned, changed_by, given_by, parts
from models.source.lines.tensors import Written

CRITERIA = {
    f"torch.nn.{kind.name}": key for key, kind in LOSSES.items() if kind.name.endswith("Loss")
}
"""``torch.nn.MSELoss`` -> its name among LOSSES."""
FUNCTIONS = {
    f"torch.nn.functional.{kind.compare.__name__}": key
    for key, kind in LOSSES.items()
    if hasattr(F, kind.compare.__name__)
}
LIKE = {
    "torch.ones_like": "ones",
    "torch.randn_like": "random",
    "torch.zeros_like": "zeros",
}
REDUCTIONS = ("mean", "sum")
OF_THE_OUTPUT = ()
"""Shape of a target that takes the output's."""
SINGLE = "single"
"""The output itself, which ``backward()`` takes where it is a single number."""
Find = Callable[[ast.expr], Written | None]


@dataclass(frozen=True)
class Taken:
    """A loss that is known."""

    loss: str
    """Name in LOSSES, or ``SINGLE``."""
    output: ast.expr
    """What it is taken of."""
    target: Written | None
    statements: frozenset[ast.stmt]
    """Those that say so."""


class Script:
    """The statements outside of all definitions, and the names that they give a value once."""

    def __init__(self, body: Sequence[ast.stmt], libraries: Libraries) -> None:
        self.body = body
        self.libraries = libraries
        counted: dict[str, list[ast.stmt]] = {}
        for statement in body:
            for name in given_by(statement):
                counted.setdefault(name, []).append(statement)
        self.given = counted
        once = {name: found[0] for name, found in counted.items() if len(found) == 1}
        self.once: Mapping[str, ast.stmt] = {
            name: statement for name, statement in once.items() if assigned(statement)[0] == name
        }
        self.changed = set().union(*map(changed_by, body))
        """Names of values that a statement may change in place."""
        self.backwards = self._calls_of_backward()
        """Every call of backward, and the statement in which it stands."""

    def value(self, node: ast.expr) -> tuple[ast.expr, frozenset[ast.stmt]]:
        """Return an expression, in place of a name that is given once what it is, and where."""
        where: set[ast.stmt] = set()
        while isinstance(node, ast.Name) and node.id in self.once:
            statement = self.once[node.id]
            value = assigned(statement)[1]
            if value is None or statement in where:
                break
            where.add(statement)
            node = value
        return node, frozenset(where)

    def _calls_of_backward(self) -> list[tuple[ast.stmt, ast.Call]]:
        return [
            (statement, node)
            for statement in self.body
            for node in parts(statement)
            if isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr == "backward"
        ]

    def criterion(self, function: ast.expr) -> tuple[str, frozenset[ast.stmt]]:
        """Return the loss that a call of this takes, and where it is made; empty for any other."""
        made, where = self.value(function)
        if isinstance(made, ast.Call) and not made.args and not made.keywords:
            return CRITERIA.get(self.libraries.path(made.func), ""), where
        return FUNCTIONS.get(self.libraries.path(function), ""), frozenset()

    def is_about_a_loss(self, statement: ast.stmt) -> bool:
        """Whether a statement takes a loss, or goes backward."""
        return any(
            isinstance(node, ast.Call)
            and (
                "loss" in self.libraries.path(node.func).lower()
                or self.libraries.path(node.func).endswith("cross_entropy")
                or bool(self.criterion(node.func)[0])
                or (isinstance(node.func, ast.Attribute) and node.func.attr == "backward")
            )
            for node in parts(statement)
        )


def taken(script: Script, find: Find, places: Mapping[str, frozenset[ast.stmt]]) -> Taken | None:
    """Return the loss of the only ``backward()``; None where there is none, or none that is known.

    ``find`` tells the tensors that the text writes out, ``places`` where those that have a name are
    written. A value that is changed in place is no longer what its name was given.
    """
    found = _taken(script, find, places)
    output = found.output if found is not None else None
    return None if isinstance(output, ast.Name) and output.id in script.changed else found


def _taken(script: Script, find: Find, places: Mapping[str, frozenset[ast.stmt]]) -> Taken | None:
    if not script.backwards:
        return _without_backward(script, find, places)
    if len(script.backwards) != 1:
        return None
    statement, call = script.backwards[0]
    plain = isinstance(statement, ast.Expr) and statement.value is call
    assert isinstance(call.func, ast.Attribute)  # noqa: S101 - so they were found
    vector = _vector(call)
    if not plain or len(call.args) + len(call.keywords) > (vector is not None):
        return None
    owner, where = script.value(call.func.value)
    where |= {statement}
    if vector is not None:
        given = _target(script, vector, find)
        lines = where | _places(vector, places)
        if isinstance(owner, ast.Call) and _is_reduction(owner):
            return None
        return Taken("given", call.func.value, given, frozenset({statement}) | (lines - where))
    if isinstance(owner, ast.Call):
        if _is_reduction(owner):
            assert isinstance(owner.func, ast.Attribute)  # noqa: S101 - a reduction is a method
            return Taken(owner.func.attr, owner.func.value, None, where)
        loss, made = script.criterion(owner.func)
        if loss:
            return _compared(script, loss, owner, find, where | made, places)
    if _is_a_score(script, owner):
        return None
    return Taken(SINGLE, call.func.value, None, frozenset({statement}))


def _without_backward(
    script: Script, find: Find, places: Mapping[str, frozenset[ast.stmt]]
) -> Taken | None:
    """Return the only loss of a text that stops there."""
    found = [each for each in script.body if script.is_about_a_loss(each)]
    made = [each for each in found if not _makes_a_criterion(script, each)]
    value = made[0].value if len(made) == 1 and isinstance(made[0], ast.Assign | ast.Expr) else None
    if not isinstance(value, ast.Call):
        return None
    loss, where = script.criterion(value.func)
    where |= {made[0]}
    return _compared(script, loss, value, find, where, places) if loss else None


def _makes_a_criterion(script: Script, statement: ast.stmt) -> bool:
    name, value = assigned(statement)
    made = isinstance(value, ast.Call) and script.libraries.path(value.func) in CRITERIA
    return bool(name) and made


def _is_a_score(script: Script, node: ast.expr) -> bool:
    """Whether a loss or a sum has a part in a value, so that it is no output of a layer."""
    places = script.given.get(node.id, []) if isinstance(node, ast.Name) else []
    return any(
        isinstance(part, ast.Call) and (_is_reduction(part) or bool(script.criterion(part.func)[0]))
        for each in (node, *places)
        for part in parts(each)
    )


def _vector(call: ast.Call) -> ast.expr | None:
    if len(call.args) == 1 and not call.keywords:
        return call.args[0]
    named = [keyword.value for keyword in call.keywords if keyword.arg == "gradient"]
    return named[0] if named and not call.args and len(call.keywords) == 1 else None


def _compared(
    script: Script,
    loss: str,
    call: ast.Call,
    find: Find,
    where: frozenset[ast.stmt],
    places: Mapping[str, frozenset[ast.stmt]],
) -> Taken | None:
    """Read the two arguments of a loss."""
    named = {keyword.arg: keyword.value for keyword in call.keywords}
    both = [*call.args, *(named.pop(key) for key in ("input", "target") if key in named)]
    if len(both) != 2 or named:
        return None
    target = _target(script, both[1], find)
    return Taken(loss, both[0], target, where | _places(both[1], places)) if target else None


def _target(script: Script, node: ast.expr, find: Find) -> Written | None:
    found = find(node)
    if found is not None:
        return found
    made, _ = script.value(node)
    like = LIKE.get(script.libraries.path(made.func), "") if isinstance(made, ast.Call) else ""
    return Written(OF_THE_OUTPUT, like, drawn=like == "random") if like else None


def _places(node: ast.expr, places: Mapping[str, frozenset[ast.stmt]]) -> frozenset[ast.stmt]:
    return places.get(node.id, frozenset()) if isinstance(node, ast.Name) else frozenset()


def _is_reduction(call: ast.Call) -> bool:
    """Whether it is such as ``y.sum()``, without arguments."""
    method = call.func.attr if isinstance(call.func, ast.Attribute) else ""
    return method in REDUCTIONS and not call.args and not call.keywords
