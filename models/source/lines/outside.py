"""What a text does around its model: the tensor that it feeds, and the loss that it takes.

Only what is certain is taken: a model that is always called on the same tensor, whose values
nothing changes, and the only loss that goes backward, where it is taken of the output itself.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass, replace

from models.source.lines.losses import Script, Taken, taken
from models.source.lines.names import DEFINITIONS, Libraries, assigned, changed_by, given_by, parts
from models.source.lines.tensors import Written, assigned_tensor, written_tensor

Statements = frozenset[ast.stmt]
NONE: Statements = frozenset()


@dataclass(frozen=True)
class Outside:
    """What was found outside of all definitions."""

    input: Written | None = None
    """What the model is called on; None where the text does not write it out."""
    line: int = 0
    """Where it is written."""
    loss: str = ""
    """Name in LOSSES, or ``SINGLE``; empty where the text takes none that is known."""
    target: Written | None = None
    fed: Statements = NONE
    """Statements that say what is fed."""
    scored: Statements = NONE
    """Those that say what the loss is."""
    evaluating: Statements = NONE
    """Those that put the model into evaluation."""


NOTHING_GIVEN = Outside()


@dataclass(frozen=True)
class Tensors:
    """The tensors that have a name, which stands for the same values all along."""

    known: dict[str, Written]
    places: dict[str, Statements]
    """Where their values are written."""

    def find(self, node: ast.expr) -> Written | None:
        """Return a tensor that is written, there or under a name; None for anything else."""
        return written_tensor(node, self.known)


def steady(body: Sequence[ast.stmt]) -> Tensors:
    """Return the tensors whose names get no other values; ``x = x.view(2, 2)`` is still writing."""
    known: dict[str, Written] = {}
    places: dict[str, Statements] = {}
    lost: set[str] = set()
    for statement in body:
        name, value = assigned(statement)
        made = assigned_tensor(name, value, known)
        if made is not None and name not in lost:
            known[name] = made
            places[name] = places.get(name, NONE) | {statement}
        else:
            lost |= {*given_by(statement)}
        lost |= changed_by(statement)
        for asked in asking(statement) & known.keys():
            known[asked] = replace(known[asked], needs_gradient=True)
            places[asked] |= {statement}
    kept = [name for name in known if name not in lost]
    return Tensors({name: known[name] for name in kept}, {name: places[name] for name in kept})


def outside(tree: ast.Module, chosen: str) -> Outside:
    """Return what the model called ``chosen`` is fed, and which loss is taken of its output."""
    if not chosen:
        return NOTHING_GIVEN
    body = [each for each in tree.body if not isinstance(each, DEFINITIONS)]
    script, tensors = Script(body, Libraries(tree.body)), steady(body)
    calls = [
        (statement, node)
        for statement in body
        for node in parts(statement)
        if isinstance(node, ast.Call) and _is_model(script, node.func, chosen)
    ]
    if not calls or len({ast.dump(call) for _, call in calls}) != 1:
        return NOTHING_GIVEN
    call = calls[0][1]
    fed = tensors.find(call.args[0]) if len(call.args) == 1 and not call.keywords else None
    found = taken(script, tensors.find, tensors.places)
    if found is not None and not _is_output(script, found, call):
        found = None
    plain = Outside(evaluating=_evaluating(script, chosen))
    if fed is None:
        return _with_loss(plain, found)
    name = call.args[0].id if isinstance(call.args[0], ast.Name) else ""
    said = {each for each, _ in calls if isinstance(each, ast.Assign | ast.Expr)}
    places = tensors.places.get(name, NONE) | said
    given = replace(plain, input=fed, line=call.lineno, fed=places)
    return _with_loss(given, found)


def _with_loss(given: Outside, found: Taken | None) -> Outside:
    if found is None:
        return given
    return replace(given, loss=found.loss, target=found.target, scored=found.statements)


def _is_model(script: Script, function: ast.expr, chosen: str) -> bool:
    """Whether this is the model, by a name that stands for nothing else, or made on the spot."""
    if isinstance(function, ast.Name) and function.id == chosen:
        return chosen in script.once  # such as an nn.Sequential
    made, _ = script.value(function)
    return isinstance(made, ast.Call) and isinstance(made.func, ast.Name) and made.func.id == chosen


def _evaluating(script: Script, chosen: str) -> Statements:
    """Return the statements ``net.eval()``; none where the model is put into training, too."""
    found: set[ast.stmt] = set()
    for statement in script.body:
        for node in parts(statement):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
                continue
            if node.func.attr == "train" and _is_model(script, node.func.value, chosen):
                return NONE
            if node.func.attr == "eval" and _is_model(script, node.func.value, chosen):
                found.add(statement)
    return frozenset(found)


def _is_output(script: Script, found: Taken, call: ast.Call) -> bool:
    output, _ = script.value(found.output)
    return ast.dump(output) == ast.dump(call)


def asking(statement: ast.stmt) -> set[str]:
    """Return the names x of ``x.requires_grad_()`` and ``x.requires_grad = True``."""
    if isinstance(statement, ast.Assign) and not _is_true(statement.value):
        return set()
    return {
        node.value.id
        for node in parts(statement)
        if isinstance(node, ast.Attribute)
        and node.attr in ("requires_grad", "requires_grad_")
        and isinstance(node.value, ast.Name)
        and isinstance(statement, ast.Assign | ast.Expr)
    }


def _is_true(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is True
