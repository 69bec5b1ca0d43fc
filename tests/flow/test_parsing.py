"""Syntax trees: made although other trees are made meanwhile, and in one place alone."""

from __future__ import annotations

import ast
import gc
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest

from flow import parsing
from flow.parsing import DISTURBED, MOST_TRIES, expression, module
from scripts.served import ROOT

LINES = "\n".join(f"self.a{at} = nn.Conv2d({at}, 2, kernel_size=3)(x) + y[0]" for at in range(300))
DEEP = "x" + "[x" * 60 + "]" * 60
PACKAGES = ("models", "flow", "viz", "experiment", "lessons", "serving", "pages")


class Ring:
    """Garbage that Python finds in the middle of its work; another thread goes on meanwhile."""

    def __init__(self) -> None:
        self.ring = self

    def __del__(self) -> None:
        for _ in range(100):
            pass


def test_a_tree_is_made_although_another_is_made_in_the_middle_of_it() -> None:
    left = ["x + 1"] * 40

    def meanwhile(_phase: str, _info: object) -> None:
        """Parse another text whenever Python looks for garbage, for a while."""
        if left:
            with suppress(SystemError):
                ast.parse(left.pop())

    thresholds = gc.get_threshold()
    gc.callbacks.append(meanwhile)
    gc.set_threshold(1)
    try:
        tree = module(LINES)
    finally:
        gc.set_threshold(*thresholds)
        gc.callbacks.remove(meanwhile)
    assert not left
    assert ast.unparse(tree) == LINES


def test_eight_threads_make_trees_at_once() -> None:
    pace = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    begun = threading.Barrier(8)

    def made(text: str) -> list[str]:
        begun.wait()
        written = []
        for _ in range(20):
            Ring()
            written.append(ast.unparse(module(text)))
        return written

    try:
        with ThreadPoolExecutor(8) as pool:
            found = list(pool.map(made, [LINES, DEEP] * 4))
    finally:
        sys.setswitchinterval(pace)
    assert found == [[text] * 20 for text in (LINES, DEEP)] * 4


def test_it_is_tried_again_as_often_as_it_says_and_only_where_the_text_is_not_to_blame(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tried: list[str] = []

    def refuses(text: str, _mode: str) -> ast.AST:
        tried.append(text)
        raise SystemError(text)

    monkeypatch.setattr(parsing, "_once", refuses)
    with pytest.raises(SystemError, match=DISTURBED):
        expression(f"AST constructor {DISTURBED} (before=15, after=9)")
    assert len(tried) == MOST_TRIES
    with pytest.raises(SystemError, match="another"):
        expression("another")
    assert len(tried) == MOST_TRIES + 1


def test_what_is_no_python_is_refused_as_ever() -> None:
    assert ast.unparse(expression("x+1")) == "x + 1"
    with pytest.raises(SyntaxError):
        module("x +")
    with pytest.raises(SyntaxError):
        expression("x = 1")


def test_no_other_place_of_ours_makes_a_tree_itself() -> None:
    found = {
        file.relative_to(ROOT).as_posix()
        for package in PACKAGES
        for file in (ROOT / package).rglob("*.py")
        if "ast.parse(" in file.read_text(encoding="utf-8")
    }
    assert found == {"flow/parsing.py"}
