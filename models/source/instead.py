"""What Python has and is not read here, with what can be written in its place."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from flow.said import said
from models.source.syntax import dotted

NO_GRADIENT = said(
    "no gradient would flow through what it covers. Write the code without it, and .detach() "
    "behind a value that is to get no gradient."
)
PRECISION = said("it changes only the precision. Write the code without it.")
CONTEXTS = {
    "autocast": PRECISION,
    "inference_mode": NO_GRADIENT,
    "no_grad": NO_GRADIENT,
    "set_grad_enabled": NO_GRADIENT,
}
"""Last word of a context manager or a decorator of torch -> why it is not read, and what to do."""
STATEMENTS: dict[type[ast.stmt], tuple[str, str]] = {
    ast.AsyncFor: (said("async for"), said("Write a plain loop.")),
    ast.AsyncFunctionDef: (said("async def"), said("Write a plain function.")),
    ast.ClassDef: (said("a class inside of a function"), said("Define it outside of all classes.")),
    ast.Delete: ("del", said("Leave it out: it changes no value.")),
    ast.Global: ("global", said("Hand the value over as an argument.")),
    ast.Match: ("match", said("Write it with if and elif.")),
    ast.Nonlocal: ("nonlocal", said("Hand the value over as an argument.")),
    ast.Try: ("try", said("Write only the lines that run when nothing goes wrong.")),
    ast.TryStar: ("try", said("Write only the lines that run when nothing goes wrong.")),
}
EXPRESSIONS: dict[type[ast.AST], tuple[str, str]] = {
    ast.Await: ("await", said("Write a plain call.")),
    ast.Lambda: ("lambda", said("Define a function with def.")),
    ast.NamedExpr: (":=", said("Give the name its value on a line of its own.")),
    ast.Set: (said("a set"), said("Write a list.")),
    ast.SetComp: (said("a set"), said("Write a list.")),
    ast.Yield: ("yield", said("Return a list.")),
    ast.YieldFrom: ("yield", said("Return a list.")),
}


def of_statement(node: ast.stmt) -> str:
    """Return why a statement is not read, and what to write."""
    if isinstance(node, ast.With | ast.AsyncWith):
        return _of_contexts("with", [item.context_expr for item in node.items])
    word, way = STATEMENTS.get(
        type(node), (said("this statement"), said("Write it in simpler steps."))
    )
    return said("{word} is not supported here. {way}", word=word, way=way)


def of_expression(node: ast.AST) -> str:
    """Return why an expression is not read, and what to write."""
    word, way = EXPRESSIONS.get(
        type(node), (said("this expression"), said("Write it in simpler steps."))
    )
    return said("{word} is not supported here. {way}", word=word, way=way)


def of_decorator(node: ast.expr) -> str:
    """Return why a decorator is not read, and what to write."""
    return _of_contexts(said("a decorator"), [node])


def _of_contexts(word: str, used: Sequence[ast.expr]) -> str:
    paths = [dotted(each.func if isinstance(each, ast.Call) else each) for each in used]
    for path in paths:
        name = path.rpartition(".")[2]
        if name in CONTEXTS:
            return said("{name} is not supported here: {way}", name=name, way=CONTEXTS[name])
    return said("{word} is not supported here. Write the code without it.", word=word)
