"""Elementwise operations: the written derivative is the function's, and both are torch's."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import sympy
import torch

from flow.ops import OPS
from flow.ops.common.closed import double
from flow.ops.common.elementwise import Elementwise
from flow.ops.common.expressions import evaluate, replaced, symbols
from flow.record import Array
from flow.run import Run
from tests.flow.closed_forms.cellwise import CELLWISE, Cellwise
from tests.flow.words.test_rules import opened

KNOWN = {name: known.cells for name, known in OPS.items() if known.cells is not None}


def named(case: Cellwise) -> str:
    return case.node


def spec(name: str) -> Elementwise:
    found = KNOWN[name]
    assert found is not None
    return found


def first(run: Run, name: str) -> int:
    """Return which node of the run has that class."""
    return next(i for i, node in enumerate(run.capture.nodes) if node.name == name)


def test_every_elementwise_operation_is_run() -> None:
    missing = set(KNOWN) - {case.node for case in CELLWISE}
    assert missing == {"AddBackward1", "SubBackward1", "SgnBackward0"}


@pytest.mark.parametrize("case", CELLWISE, ids=named)
def test_the_closed_form_is_what_autograd_computes_at_every_bend(case: Cellwise) -> None:
    with case.run() as run:
        index = first(run, case.node)
        with np.errstate(all="ignore"):
            found = spec(case.node).closed_form(opened(run, index))
        expected = run.capture.nodes[index].downstream
        assert len(found) >= len([part for part in expected if part is not None]) > 0
        for mine, theirs in zip(found, expected, strict=False):
            assert (mine is None) == (theirs is None)
            if mine is not None and theirs is not None:
                assert mine.shape == theirs.shape
                np.testing.assert_allclose(mine, theirs, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("case", [c for c in CELLWISE if OPS[c.node].copies], ids=named)
def test_what_rounds_nothing_is_the_same_to_the_bit_in_single_precision(case: Cellwise) -> None:
    with case.run(torch.float32) as run:
        index = first(run, case.node)
        found = spec(case.node).closed_form(opened(run, index))
        for mine, theirs in zip(found, run.capture.nodes[index].downstream, strict=False):
            assert mine is None or theirs is None or np.array_equal(mine, theirs)


def settings(run: Run, case: Cellwise, names: frozenset[str]) -> dict[str, Any]:
    """Return what the node saved for some letters, inputs from what the run was given."""
    assert run._live is not None
    node = run._live.graph.nodes[first(run, case.node)]
    inputs = tuple(spec(case.node).slopes)
    given = dict(zip(inputs, run.capture.inputs, strict=False))
    return {**spec(case.node).read(node, names - set(given), double), **given}


UNSAVED = {"ThresholdBackward0": {"value": 9.0}, "RemainderBackward0": {"b": 0.75}}
UNSAVED["FmodBackward0"] = UNSAVED["RemainderBackward0"]
UNSAVED["NanToNumBackward0"] = {"replacement": 0.0}
UNSAVED["AddBackward0"] = UNSAVED["SubBackward0"] = {"b": 2.0}
UNSAVED["RsubBackward1"] = {"b": 3.0}
"""Settings that the backward does not need, so the node does not save them."""
MULTIPLE = {"DivBackward2"}
"""One class for two functions, rounding down and cutting off."""


@pytest.mark.parametrize("case", [c for c in CELLWISE if c.node not in MULTIPLE], ids=named)
def test_the_written_function_is_torchs(case: Cellwise) -> None:
    cells = spec(case.node)
    with case.run() as run:
        unsaved = UNSAVED.get(case.node, {}) if len(run.capture.inputs) == 1 else {}
        pieces = pieces_of(cells.function)
        names = cells.needed(*(text for piece in pieces for text in piece)) - set(unsaved)
        values = {**settings(run, case, names), **unsaved}
        values |= {letter: evaluate(text, values) for letter, text in cells.letters.items()}
        with np.errstate(all="ignore"):
            made = chosen(pieces, values)
        result = run.capture.outputs[0]
        if cells.loss and result.ndim == 0:
            made = made.mean() if is_mean(run, case) else made.sum()
        np.testing.assert_allclose(
            np.broadcast_to(made, result.shape), result, rtol=1e-12, atol=1e-12
        )


def is_mean(run: Run, case: Cellwise) -> bool:
    assert run._live is not None
    return bool(run._live.graph.nodes[first(run, case.node)]._saved_reduction == 1)


def pieces_of(cases: Any) -> list[tuple[str, str]]:
    return [("", cases)] if isinstance(cases, str) else list(cases.items())


def chosen(pieces: list[tuple[str, str]], values: dict[str, Any]) -> Array:
    """Return the piece that holds at each cell; exactly one must."""
    if len(pieces) == 1 and not pieces[0][0]:
        return np.asarray(evaluate(pieces[0][1], values))
    made = [np.asarray(evaluate(text, values), float) for _, text in pieces]
    holds = [np.asarray(evaluate(condition, values)) for condition, _ in pieces]
    made, holds = np.broadcast_arrays(*made), np.broadcast_arrays(*holds)  # type: ignore[assignment]
    whole = np.broadcast_shapes(made[0].shape, holds[0].shape)
    return np.asarray(
        np.select(
            [np.broadcast_to(h, whole) for h in holds],
            [np.broadcast_to(m, whole) for m in made],
            np.nan,
        )
    )


# The derivative, by sympy

SETTINGS: dict[str, float] = {
    "alpha": 0.75,
    "beta": 2,
    "threshold": 1,
    "slope": 0.25,
    "scale": 1.25,
    "c": 0.5,
    "w": 0.625,
    "lambd": 0.5,
    "low": -0.5,
    "high": 0.5,
    "p": 3,
    "q": 2,
    "v": 2,
    "eps": 0.125,
    "delta": 1,
    "l": -0.5,
    "u": 0.5,
    "value": 9,
    "replacement": 0,
    "t": 0.75,
    "lower": 0.125,
    "upper": 0.25,
    "training": 0,
}
POINTS = [
    {"x": x, "a": a, "b": b, "y": y, "t": t, "p": p}
    for x, a, b, y, t, p in (
        (-1.75, 0.375, 1.5, 2.5, 0.25, 0.625),
        (-0.3125, 1.25, 0.75, 0.25, 0.75, 0.25),
        (0.3125, 0.625, 2.5, -1.5, 0.5, 0.875),
        (1.375, 2.25, 0.5, 0.75, 0.125, 0.375),
        (3.5, 1.75, 1.125, 0.5, 1, 0.75),
    )
]
DOMAINS = {"ErfinvBackward0": "-1 < x < 1", "AcoshBackward0": "x > 1"}
"""Where a function is real, for those that sympy continues beyond."""
X = sympy.Symbol("X", real=True)
READ: dict[str, Any] = {
    "abs": sympy.Abs,
    "sigmoid": sympy.Lambda(X, 1 / (1 + sympy.exp(-X))),
    "softplus": sympy.Lambda(X, sympy.log(1 + sympy.exp(X))),
    "Phi": sympy.Lambda(X, (1 + sympy.erf(X / sympy.sqrt(2))) / 2),
    "phi": sympy.Lambda(X, sympy.exp(-(X**2) / 2) / sympy.sqrt(2 * sympy.pi)),
    "trunc": sympy.Lambda(X, sympy.sign(X) * sympy.floor(sympy.Abs(X))),
    "lgamma": sympy.loggamma,
    "digamma": sympy.digamma,
    "trigamma": sympy.trigamma,
    "i0": sympy.Lambda(X, sympy.besseli(0, X)),
    "i1": sympy.Lambda(X, sympy.besseli(1, X)),
    "round": sympy.Lambda(X, sympy.floor(X + sympy.Rational(1, 2))),
    "sixth": sympy.Rational(1, 6),
}


def read_by_sympy(text: str) -> sympy.Expr:
    letters = {name: sympy.Symbol(name, real=True) for name in symbols(text)}
    return sympy.sympify(text, locals={**READ, **letters})


def pairs(cells: Elementwise, letter: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield the function and the derivative that hold at each point, abbreviations resolved."""
    inputs = set(cells.slopes)
    for point in POINTS:
        values: dict[str, Any] = {**SETTINGS, **{k: v for k, v in point.items() if k in inputs}}
        for form in ("none", "tanh"):
            here = {**values, "approximate": form}
            texts = [_at(cases, here) for cases in (cells.function, cells.slopes[letter])]
            if None not in texts:
                function, slope = (_resolved(cells, str(text)) for text in texts)
                yield function, replaced(slope, {} if "y" in inputs else {"y": function}), here


def _at(cases: Any, values: dict[str, Any]) -> str | None:
    found = [text for where, text in pieces_of(cases) if not where or bool(evaluate(where, values))]
    return found[0] if len(found) == 1 else None


def _resolved(cells: Elementwise, text: str) -> str:
    return replaced(text, cells.letters)


@pytest.mark.parametrize("name", KNOWN)
def test_the_written_slope_is_the_derivative_of_the_written_function(name: str) -> None:
    cells = spec(name)
    for letter in cells.slopes:
        compared = 0
        for function, slope, values in pairs(cells, letter):
            if not evaluate(DOMAINS.get(name, "0 == 0"), values):
                continue
            known = {sympy.Symbol(k, real=True): v for k, v in values.items() if k != "approximate"}
            derivative = sympy.diff(read_by_sympy(function), sympy.Symbol(letter, real=True))
            between_steps = derivative.replace(sympy.Derivative, lambda *_: sympy.Integer(0))
            between_steps = between_steps.replace(sympy.Subs, lambda *_: sympy.Integer(0))
            made, wanted = (sympy.N(e.subs(known)) for e in (read_by_sympy(slope), between_steps))
            if made.is_real and wanted.is_real:
                assert float(made) == pytest.approx(float(wanted), rel=1e-12, abs=1e-12)
                compared += 1
        assert compared >= 2, letter
