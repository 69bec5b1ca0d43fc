"""Syntax trees of text, in a process whose other threads make some too.

Python 3.11 counts how deep a tree is in one place for all threads. Where another thread makes a
tree before this one is done, the count is off, and ``ast.parse`` raises ``SystemError``, whatever
the text (https://github.com/python/cpython/issues/106905). The same text is then parsed again.
"""

from __future__ import annotations

import ast

DISTURBED = "recursion depth mismatch"
"""Stands in the message of the error that says nothing of the text."""
MOST_TRIES = 20
"""Threads that do nothing but parse disturb one try in ten."""


def module(text: str) -> ast.Module:
    """Return the tree of statements; raises what ``ast.parse`` does: SyntaxError and so on."""
    tree = _parsed(text, "exec")
    assert isinstance(tree, ast.Module)  # noqa: S101 - for the type checker
    return tree


def expression(text: str) -> ast.expr:
    """Return the tree of one expression; raises what ``ast.parse`` does."""
    tree = _parsed(text, "eval")
    assert isinstance(tree, ast.Expression)  # noqa: S101 - for the type checker
    return tree.body


def _parsed(text: str, mode: str) -> ast.AST:
    for _ in range(MOST_TRIES - 1):
        try:
            return _once(text, mode)
        except SystemError as error:
            if DISTURBED not in str(error):
                raise
    return _once(text, mode)


def _once(text: str, mode: str) -> ast.AST:
    return ast.parse(text, mode=mode)
