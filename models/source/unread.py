"""Lines of a text that are no part of its model: what a script feeds it and does with its output.

A model is its class and all that its classes and functions name. The rest is not read.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from models.source.lines.names import DEFINITIONS, read_by

Stretch = tuple[int, int]
"""The first and the last line, counted from 1."""


def unread(tree: ast.Module) -> frozenset[ast.stmt]:
    """Return the statements that say nothing of the model."""
    wanted = _wanted(tree.body)
    return frozenset(each for each in tree.body if _is_experiment(each, wanted))


def stretches(statements: Iterable[tuple[ast.stmt, bool]]) -> tuple[Stretch, ...]:
    """Return the lines of those statements that are marked; neighbours are one stretch."""
    found: list[Stretch] = []
    before = False
    for statement, marked in statements:
        last = statement.end_lineno or statement.lineno
        if marked and before:
            found[-1] = (found[-1][0], last)
        elif marked:
            found.append((statement.lineno, last))
        before = marked
    return tuple(found)


def lines_text(lines: tuple[Stretch, ...]) -> str:
    """Write stretches of lines: ``7, 9-12``."""
    return ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in lines)


def _wanted(body: list[ast.stmt]) -> set[str]:
    """Return the names that classes and functions read, and those that their values read."""
    known = {name: statement for statement in body for name in _assigned(statement)}
    wanted = {name for statement in body for name in _free(statement)}
    left = [name for name in wanted if name in known]
    while left:
        more = read_by(known[left.pop()]) - wanted
        wanted |= more
        left += [name for name in more if name in known]
    return wanted


def _assigned(statement: ast.stmt) -> Iterator[str]:
    if isinstance(statement, ast.Assign | ast.AnnAssign):
        targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
        yield from (target.id for target in targets if isinstance(target, ast.Name))


def _is_experiment(statement: ast.stmt, wanted: set[str]) -> bool:
    if isinstance(statement, DEFINITIONS):
        return False
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
        return False  # a docstring
    if _makes_plainly(statement):
        return False
    return not wanted.intersection(_assigned(statement))


def _makes_plainly(statement: ast.stmt) -> bool:
    """Whether it is such as ``model = Net()``, which changes nothing, or an nn.Sequential."""
    value = statement.value if isinstance(statement, ast.Assign | ast.AnnAssign) else None
    if not isinstance(value, ast.Call):
        return False
    plain = isinstance(value.func, ast.Name) and not value.args and not value.keywords
    return plain or ast.unparse(value.func).endswith("Sequential")


def _free(node: ast.stmt) -> set[str]:
    """Return the names that a class or function takes from outside of itself."""
    if isinstance(node, ast.ClassDef):
        own = set().union(*(_free(each) for each in node.body))
        outside = [*node.bases, *node.decorator_list]
        plain = [each for each in node.body if not isinstance(each, ast.FunctionDef)]
        return own.union(*(read_by(each) for each in (*outside, *plain)))
    if not isinstance(node, ast.FunctionDef):
        return set()
    parts = list(ast.walk(node))
    own = {part.arg for part in parts if isinstance(part, ast.arg)}
    own |= {p.id for p in parts if isinstance(p, ast.Name) and not isinstance(p.ctx, ast.Load)}
    defaults = [each for each in (*node.args.defaults, *node.args.kw_defaults) if each]
    return (read_by(node) - own).union(*(read_by(each) for each in defaults))
