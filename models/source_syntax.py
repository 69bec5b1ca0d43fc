"""Reading pieces of Python text without ever running it."""

from __future__ import annotations

import ast

MAX_SOURCE = 20_000
"""Characters; a class of a hundred layers has about half."""
MAX_DEPTH = 40
"""Levels of nesting; ordinary model code has about ten."""


class SourceError(ValueError):
    """Source code that cannot be read as a model. ``line`` counts from 1."""

    def __init__(self, line: int, problem: str) -> None:
        super().__init__(line, problem)
        self.line = line
        self.problem = problem

    def __str__(self) -> str:
        return f"line {self.line}: {self.problem}"


def parse(text: str) -> ast.Module:
    """Return the syntax tree; SourceError when the text is too long, too deep or no Python."""
    if len(text) > MAX_SOURCE:
        raise SourceError(1, f"the text has {len(text):,} characters; at most {MAX_SOURCE:,} fit.")
    try:
        tree = ast.parse(text)
    except SyntaxError as error:
        raise SourceError(error.lineno or 1, f"this is not Python: {error.msg}.") from None
    except ValueError:
        raise SourceError(1, "the text has characters that Python does not allow.") from None
    except (RecursionError, MemoryError):
        raise SourceError(1, "the code is nested too deeply. Use simpler expressions.") from None
    _check_depth(tree)
    return tree


def _check_depth(tree: ast.Module) -> None:
    """Raise SourceError where the tree is deep, so that recursion over it is safe."""
    waiting: list[tuple[ast.AST, int, int]] = [(tree, 0, 1)]
    while waiting:
        node, depth, line = waiting.pop()
        line = getattr(node, "lineno", line)
        if depth > MAX_DEPTH:
            raise SourceError(line, "the code is nested too deeply. Use simpler expressions.")
        waiting += [(child, depth + 1, line) for child in ast.iter_child_nodes(node)]


def dotted(node: ast.expr) -> str:
    """Return "torch.nn.Conv2d" for that expression; empty when it is no dotted name."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return ".".join([node.id, *reversed(parts)]) if isinstance(node, ast.Name) else ""


def literal(node: ast.expr) -> object:
    """Return the value of a written number, text, switch, None or tuple of those."""
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, ast.Tuple | ast.List):
        return tuple(literal(part) for part in node.elts)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        value = literal(node.operand)
        if isinstance(value, int | float):
            return -value
    raise SourceError(node.lineno, "only written values are read here, such as 3 or True.")


def is_text(statement: ast.stmt) -> bool:
    """Whether the statement is a docstring."""
    return (
        isinstance(statement, ast.Expr)
        and isinstance(statement.value, ast.Constant)
        and isinstance(statement.value.value, str)
    )


def self_attribute(node: ast.expr) -> str:
    """Return "conv1" for ``self.conv1``; empty for anything else."""
    name = dotted(node)
    return name.removeprefix("self.") if name.startswith("self.") and name.count(".") == 1 else ""
