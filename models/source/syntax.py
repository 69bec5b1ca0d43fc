"""From text to a syntax tree, in bounded time and memory, without running any of it."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from contextlib import suppress

from flow import parsing
from flow.said import said

MAX_SOURCE = 60_000
"""Characters; a file of several networks with their comments has about half."""
MAX_BRACKETS = 40
"""Levels of brackets or of indentation; ordinary model code has about six."""
MAX_CHAIN = 120
"""Operators in a row without a comma or a new line between them."""
MAX_ELIFS = 200
MAX_DEPTH = 150
"""Levels of the syntax tree: a chain of operators is as deep as it is long."""

TOO_DEEP = said("the code is nested too deeply. Use simpler expressions.")
IMPOSSIBLE = re.compile("[\0\ud800-\udfff]")
COPIED = dict.fromkeys(map(ord, "\u00a0\u2007\u202f\u3000"), " ") | {0xFEFF: None, 0x200B: None}
"""Spaces as web pages write them, which Python does not take for spaces."""
FENCE = re.compile(r"^[ \t]*```.*$", re.M)
"""The lines around code in a chat or in Markdown."""
TYPED = re.compile(r"(>>>|In \[\d+\]:)( |\r?$)")
"""How a line begins that somebody typed into a Python session."""
PROMPT = re.compile(r"(>>>|\.\.\.|In \[\d+\]:| +\.\.\.:)( |\r?$)")
"""The same, or how the next line of one statement begins."""
ANSWER = re.compile(r"[ \t]*>>(?!>)")
"""How notes mark what a line printed; it goes on until its brackets are closed."""
OPENING, CLOSING = frozenset("([{"), frozenset(")]}")
WORDS = frozenset({"and", "else", "if", "in", "is", "lambda", "not", "or"})
"""Words that nest an expression in another."""


class SourceError(ValueError):
    """Source code that cannot be read as a model. ``line`` and ``column`` count from 1."""

    def __init__(self, line: int, problem: str, column: int = 1) -> None:
        super().__init__(line, problem, column)
        self.line = line
        self.column = column
        self.problem = problem
        self.steps = 0
        """How much of the text was followed before."""

    def __str__(self) -> str:
        return said(
            "line {line}, column {column}: {problem}",
            line=self.line,
            column=self.column,
            problem=self.problem,
        )


def at(node: ast.AST, problem: str) -> SourceError:
    """Return an error that points at a node."""
    line, column = getattr(node, "lineno", 1), getattr(node, "col_offset", 0)
    return SourceError(line, problem, column + 1)


def parse(text: str) -> ast.Module:
    """Return the syntax tree; SourceError when the text is too long, too deep or no Python."""
    if len(text) > MAX_SOURCE:
        raise SourceError(
            1,
            said(
                "the text has {count:,} characters; at most {max_source:,} fit.",
                count=len(text),
                max_source=MAX_SOURCE,
            ),
        )
    _check_characters(text)
    text = FENCE.sub("", text.translate(COPIED))
    try:
        tree = _tree(text)
    except SyntaxError:
        text = code_of(text)
        tree = _tree_or_problem(text)
    _check_tree(tree, text)
    return tree


def _tree_or_problem(text: str) -> ast.Module:
    try:
        return _tree(text)
    except SyntaxError as error:
        place = error.lineno or 1, max(error.offset or 1, 1)
        raise SourceError(
            place[0], said("this is not Python: {msg}.", msg=error.msg), place[1]
        ) from None


def _tree(text: str) -> ast.Module:
    """Return the syntax tree; SyntaxError where it is no Python, SourceError where it is deep."""
    try:
        with suppress(tokenize.TokenError):  # the text ends too early: the parser says it better
            _check_nesting(text)
        return parsing.module(text)
    except SyntaxError:
        raise
    except ValueError:
        raise SourceError(1, said("a number in the text is too long for Python.")) from None
    except (RecursionError, MemoryError):
        raise SourceError(1, TOO_DEEP) from None


def code_of(text: str) -> str:
    """Return what was typed, of a text that is no Python because it is a copied session.

    Prompts and answers are left out; every line keeps its number.
    """
    lines = text.split("\n")
    if any(TYPED.match(line) for line in lines):
        return "\n".join(_typed(line) for line in lines)
    if not any(ANSWER.match(line) for line in lines):
        return text
    kept, open_brackets = [], 0
    for line in lines:
        answer = open_brackets > 0 or ANSWER.match(line) is not None
        if answer:
            open_brackets += sum((mark in OPENING) - (mark in CLOSING) for mark in line)
        kept.append("" if answer else line)
    return "\n".join(kept)


def _typed(line: str) -> str:
    found = PROMPT.match(line)
    return line[found.end() :] if found else ""


def _check_characters(text: str) -> None:
    found = IMPOSSIBLE.search(text)
    if found:
        before = text[: found.start()]
        line, column = before.count("\n") + 1, found.start() - before.rfind("\n")
        raise SourceError(
            line, said("this character cannot stand in Python code. Remove it."), column
        )


def _check_nesting(text: str) -> None:
    """Raise SourceError where the parser would have to go deep; the text is only cut in words."""
    chains, indents, elifs = [0], 0, 0
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        indents += (token.type == tokenize.INDENT) - (token.type == tokenize.DEDENT)
        elifs += token.string == "elif"
        if token.type == tokenize.NEWLINE or token.string == ",":
            chains[-1] = 0
        elif token.string in CLOSING:
            chains = chains[:-1] or [0]
        elif token.type == tokenize.OP or token.string in WORDS:
            chains[-1] += 1
        if token.string in OPENING:
            chains.append(0)
        if max(len(chains), indents) > MAX_BRACKETS or chains[-1] > MAX_CHAIN or elifs > MAX_ELIFS:
            raise SourceError(token.start[0], TOO_DEEP, token.start[1] + 1)


def _check_tree(tree: ast.Module, text: str) -> None:
    """Raise SourceError where the tree is deep; count columns in characters, not in bytes."""
    lines = [] if text.isascii() else [line.encode() for line in io.StringIO(text, newline=None)]
    waiting: list[tuple[ast.AST, int, int]] = [(tree, 0, 1)]
    while waiting:
        node, depth, line = waiting.pop()
        line = getattr(node, "lineno", line)
        if depth > MAX_DEPTH:
            raise SourceError(line, TOO_DEEP)
        if lines and isinstance(node, ast.expr | ast.stmt):
            before = lines[line - 1][: node.col_offset]
            node.col_offset = len(before.decode(errors="replace"))
        waiting += [(child, depth + 1, line) for child in ast.iter_child_nodes(node)]


def dotted(node: ast.expr) -> str:
    """Return "torch.nn.Conv2d" for that expression; empty when it is no dotted name."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return ".".join([node.id, *reversed(parts)]) if isinstance(node, ast.Name) else ""
