"""A typed expression: read into lines, and refused in words where it is anything else."""

from __future__ import annotations

import builtins
from typing import NoReturn

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from lessons.autograd.tape import expression
from lessons.autograd.tape.expression import read
from lessons.autograd.tape.play import play
from lessons.autograd.tape.programs import VECTOR
from lessons.running.trial import SettingError


def codes(text: str) -> list[str]:
    return [line.code for line in read(text).lines]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("3*x", ["z = 3 * x"]),
        ("exp(x*x)+y", ["a = x * x", "b = exp(a)", "z = b + y"]),
        ("-(x ** 2) / 4", ["a = x ** 2", "b = -a", "z = b / 4"]),
        ("relu(x - -2)", ["a = x - -2", "z = relu(a)"]),
        ("mean(sin(x)) - sum(y)", ["a = sin(x)", "b = mean(a)", "c = sum(y)", "z = b - c"]),
    ],
)
def test_every_operation_becomes_a_line_of_its_own(text: str, lines: list[str]) -> None:
    assert codes(text) == lines


def test_the_leaves_are_what_is_read() -> None:
    assert read("x + 1").leaves == ("x",)
    assert read("y * x").leaves == ("x", "y")
    assert read("exp(x) + y").names == ("x", "y", "a", "z")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("__import__('os')", "__import__ is none of these"),
        ("x.__class__", r"x\.__class__ is none of these"),
        ("x[0]", r"x\[0\] is none of these"),
        ("lambda x: x", "lambda x: x is none of these"),
        ("[x for x in y]", "is none of these"),
        ("x if y else x", "is none of these"),
        ("(a := x)", "is none of these"),
        ("exec('x')", "exec is none of these"),
        ("exp.__call__(x)", r"exp\.__call__ is none of these"),
        ("True * x", "True is none of these"),
        ("1j * x", "1j is none of these"),
        ("'a' * x", "'a' is none of these"),
        ("x @ y", "x @ y is none of these"),
        ("x % 2", "x % 2 is none of these"),
        ("+x", r"\+x is none of these"),
        ("w * x", "w is none of these"),
        ("x ** 9 ** 9 ** 9", r"9 \*\* 9 has numbers only"),
        ("exp(3) * x", r"exp\(3\) has numbers only"),
        ("x * 1e400", "between -1000 and 1000, and 1e400 does not"),
        ("x * 1001", "between -1000 and 1000, and 1001 does not"),
        ("x * " + "9" * 50, "between -1000 and 1000"),
        ("sum()", "sum must have one argument"),
        ("sin(x, y)", "sin must have one argument"),
        ("exp(x=x)", "exp must have one argument"),
        ("x", "as in 3 \\* x, and in x it does not"),
        ("y * 2", "in y \\* 2 it does not"),
        ("3 + 4", r"3 \+ 4 has numbers only"),
        ("(x", r"\(x does not\. Mend it"),
        ("x; y", "x; y does not"),
        ("x = y", "x = y does not"),
        ("\0x", "does not"),
        ("x" * 61, "up to 60 characters, and has 61"),
        ("(" * 60, "does not"),
        ("+".join(["x"] * 25), "up to 20 numbers, names and operations"),
        ("-" * 40 + "x", "up to 20 numbers, names and operations"),
    ],
)
def test_anything_else_is_refused_and_its_part_is_named(text: str, says: str) -> None:
    with pytest.raises(SettingError, match=says) as refusal:
        read(text)
    assert str(refusal.value).startswith("Expression: ")


@given(st.text(max_size=70))
def test_whatever_is_typed_it_is_read_or_refused_in_words(text: str) -> None:
    try:
        found = read(text)
    except SettingError:
        return
    assert found.result == "z"


NODES = st.recursive(
    st.sampled_from(["x", "y", "2", "0.5"]),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from("+-*/"), inner).map(
            lambda parts: "({}{}{})".format(*parts)
        ),
        st.tuples(st.sampled_from(expression.FUNCTIONS), inner).map(
            lambda parts: "{}({})".format(*parts)
        ),
    ),
    max_leaves=8,
)


@given(NODES)
def test_what_is_read_has_the_value_that_python_gives_it(text: str) -> None:
    """Python evaluates the same text on tensors: an oracle that our reader must never be."""
    try:
        found = read(text)
        (state,) = play(found, VECTOR, ())
    except SettingError:
        return
    names: dict[str, object] = {name: getattr(torch, name) for name in expression.FUNCTIONS}
    leaves = {"x": torch.tensor([2.0, 3.0]), "y": torch.tensor([5.0, 1.0])}
    expected = eval(text, {"__builtins__": {}}, names | leaves)  # noqa: S307 - ours, in a test
    assert list(state["z"].value) == pytest.approx(expected.reshape(-1).tolist(), rel=1e-6)


def test_nothing_that_is_typed_is_run(monkeypatch: pytest.MonkeyPatch) -> None:
    def ran(*_arguments: object, **_named: object) -> NoReturn:
        raise AssertionError("a typed text was executed")

    for name in ("eval", "exec", "__import__"):
        monkeypatch.setattr(builtins, name, ran)
    for text in ("__import__('os').getcwd()", "exec('1')", "eval('x')"):
        with pytest.raises(SettingError):
            read(text)
    assert codes("x * x") == ["z = x * x"]


def test_what_is_not_finite_is_refused_by_its_line() -> None:
    with pytest.raises(SettingError, match=r"z = x / 0 is not\. Write one with smaller numbers"):
        play(read("x / 0"), VECTOR, ())
    with pytest.raises(SettingError, match=r"x = \(2, 3\) and y = \(5, 1\), and c = exp\(b\)"):
        play(read("exp(exp(exp(exp(x))))"), VECTOR, ())


@pytest.mark.parametrize("text", ["", "   "])
def test_an_empty_line_is_refused_as_empty(text: str) -> None:
    with pytest.raises(SettingError, match=r"it must not be empty\. Write one, as in 3 \* x"):
        read(text)
