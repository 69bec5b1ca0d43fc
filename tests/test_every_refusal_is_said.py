"""What a visitor may be told is made of words that a catalogue holds, wherever it is raised."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args, get_type_hints

import pytest

from flow.record import Check, Problem

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("models", "flow", "experiment", "serving")
TELLING = frozenset(
    ("at", "Problem", "Note", "skipped", "Refused", "Misfit", "remark", "Diagnosis")
)
"""Functions that take a sentence and are no ``raise``."""
SENTENCE = re.compile(r"[A-Za-z]{2,}[,;:]? [A-Za-z(]")
KINDS = frozenset(
    name
    for kind, field in ((Problem, "kind"), (Check, "name"))
    for name in get_args(get_type_hints(kind)[field])
)
"""What problems and checks are called among ourselves."""
FOR_DEVELOPERS: dict[str, str] = {
    "models/kinds/check.py": "a new kind of layer that is not right: the server does not start",
    "models/budget.py": "cannot happen: an estimate runs no backward pass",
    "models/kinds/recurrent.py": "cannot happen: an estimate runs no backward pass",
    "models/inputs/pictures.py": "a package that is not installed",
    "flow/ops/common/printing.py": "a rule that is not right: the server does not start",
    "flow/recording/keeping.py": "PyTorch's own words, where a hook hides them from it",
    "serving/document.py": "another edition of Streamlit: the server does not start",
}
"""Files with something that no visitor sees -> what it is."""


def told_plainly(source: str) -> set[tuple[int, str]]:
    """The sentences that are raised or told as they stand, with their lines."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        call = node.exc if isinstance(node, ast.Raise) else node
        if not isinstance(call, ast.Call):
            continue
        name = ast.unparse(call.func).rpartition(".")[2]
        if isinstance(node, ast.Raise) or name in TELLING:
            found |= {(call.lineno, text) for each in call.args for text in plain(each)}
    return found


def plain(argument: ast.expr) -> Iterator[str]:
    """A sentence that is written out there, and neither said nor made elsewhere."""
    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
        told = SENTENCE.search(argument.value) and argument.value not in KINDS
        yield from [argument.value] if told else []
    elif isinstance(argument, ast.JoinedStr):
        yield ast.unparse(argument)
    elif isinstance(argument, ast.BinOp):
        yield from (*plain(argument.left), *plain(argument.right))
    elif isinstance(argument, ast.IfExp):
        yield from (*plain(argument.body), *plain(argument.orelse))


FILES = sorted(file for package in PACKAGES for file in (ROOT / package).rglob("*.py"))
NAMES = [file.relative_to(ROOT).as_posix() for file in FILES]


def test_whatever_is_refused_is_said_in_words_that_can_be_translated() -> None:
    found = [
        f"{name}:{line} {text}"
        for name, file in zip(NAMES, FILES, strict=True)
        if name not in FOR_DEVELOPERS
        for line, text in sorted(told_plainly(file.read_text(encoding="utf-8")))
    ]
    assert found == [], "\n".join(found)


@pytest.mark.parametrize("name", FOR_DEVELOPERS)
def test_no_file_is_excused_that_needs_no_excuse(name: str) -> None:
    assert told_plainly((ROOT / name).read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("source", "count"),
    [
        ("raise InputError('this is too large.')", 1),
        ("raise InputError(f'{a} is too large.')", 1),
        ("raise InputError('too ' + f'{a}')", 1),
        ("raise at(node, 'a set is not read.' if a else said('too long.'))", 1),
        ("yield Problem('hook', 'note', f'{a} changed it.')", 1),
        ("raise InputError(said('this is too large.'))", 0),
        ("raise InputError(say('{a} is too large.').format(a=a))", 0),
        ("raise InputError(str(error)) from error", 0),
        ("raise KeyError(name)", 0),
    ],
)
def test_the_check_sees_a_sentence_that_nobody_can_translate(source: str, count: int) -> None:
    assert len(told_plainly(source)) == count
