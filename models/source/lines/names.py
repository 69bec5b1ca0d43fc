"""Which names a statement reads, gives a value and changes; what names of libraries stand for."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from models.source.program import PREDEFINED, imported
from models.source.syntax import dotted

DEFINITIONS = (ast.ClassDef, ast.FunctionDef, ast.Import, ast.ImportFrom)
CHANGING = frozenset({"apply", "double", "eval", "half", "load_state_dict", "train"})
"""Methods that change a layer or its weights; those that end in _ change their owner, too."""
HARMLESS = frozenset({"requires_grad", "requires_grad_", "retain_grad"})
"""They change which gradients are kept, and no value."""


def assigned(statement: ast.stmt) -> tuple[str, ast.expr | None]:
    """Return the name that a statement gives a value, and the value; nothing for any other."""
    if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
        target: ast.expr = statement.targets[0]
    elif isinstance(statement, ast.AnnAssign):
        target = statement.target
    else:
        return "", None
    return target.id if isinstance(target, ast.Name) else "", statement.value


LEAVES = (ast.Constant, ast.Name, ast.expr_context, ast.operator)


def parts(node: ast.AST) -> Iterator[ast.AST]:
    """Return a node and all below it, but no single numbers of a list of nothing else."""
    waiting = [node]
    while waiting:
        each = waiting.pop()
        yield each
        if not isinstance(each, LEAVES) and not _is_plain(each):
            waiting += ast.iter_child_nodes(each)


def _is_plain(node: ast.AST) -> bool:
    """Whether it is a list of numbers; it is looked through once."""
    if not isinstance(node, ast.List | ast.Tuple):
        return False
    if not hasattr(node, "is_plain"):
        node.is_plain = all(isinstance(each, ast.Constant) for each in node.elts)  # type: ignore[union-attr]
    return bool(node.is_plain)  # type: ignore[union-attr]


def read_by(node: ast.AST) -> set[str]:
    """Return the names whose values a statement or an expression reads."""
    return {each.id for each in _names(node) if isinstance(each.ctx, ast.Load)}


def given_by(node: ast.AST) -> list[str]:
    """Return the names that get a value, anywhere inside a statement."""
    return [each.id for each in _names(node) if isinstance(each.ctx, ast.Store)]


def _names(node: ast.AST) -> Iterator[ast.Name]:
    return (each for each in parts(node) if isinstance(each, ast.Name))


def changed_by(statement: ast.stmt) -> set[str]:
    """Return the names of values that a statement may change in place."""
    found: set[str] = set()
    for node in parts(statement):
        if isinstance(node, ast.AugAssign):
            found |= _root(node.target)
        elif isinstance(node, ast.Attribute | ast.Subscript) and not isinstance(node.ctx, ast.Load):
            harmless = isinstance(node, ast.Attribute) and node.attr in HARMLESS
            found |= set() if harmless else _root(node)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            found |= _changed_by_call(node, node.func.attr)
    return found


def _changed_by_call(call: ast.Call, name: str) -> set[str]:
    if name in HARMLESS or name.startswith("__"):
        return set()
    if name.endswith("_"):  # such as x.mul_(2), or nn.init.ones_(layer.weight)
        return set().union(_root(call.func), *map(_root, call.args))
    return _root(call.func) if name in CHANGING else set()


def _root(node: ast.expr) -> set[str]:
    while isinstance(node, ast.Attribute | ast.Subscript | ast.Call):
        node = node.func if isinstance(node, ast.Call) else node.value
    return {node.id} if isinstance(node, ast.Name) else set()


class Libraries:
    """What the text's names of libraries stand for: ``F.relu`` is ``torch.nn.functional.relu``."""

    def __init__(self, body: Sequence[ast.stmt]) -> None:
        self._paths = dict(PREDEFINED)
        for statement in body:
            if isinstance(statement, ast.Import | ast.ImportFrom):
                self._paths |= {name: library.path for name, library in imported(statement)}
        for statement in body:
            own = [*given_by(statement)] if not isinstance(statement, DEFINITIONS) else []
            if isinstance(statement, ast.ClassDef | ast.FunctionDef):
                own.append(statement.name)
            for name in own:
                self._paths.pop(name, None)

    def path(self, node: ast.expr) -> str:
        """Return the full name of what an expression names; empty for what is the text's own."""
        first, dot, rest = dotted(node).partition(".")
        path = self._paths.get(first, "")
        return f"{path}{dot}{rest}" if path else ""
