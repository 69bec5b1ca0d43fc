"""All that is known of an operation is one entry: without it nothing is said of the operation."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

import flow
from flow.ops import OPS
from flow.ops.common.operation import pointwise
from flow.run import Run
from tests.flow.operations import Applied


class Bumped(torch.autograd.Function):
    """x exp(-x^2), with its backward by hand and a hard edge: nothing passes below -2."""

    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:
        ctx.save_for_backward(x)
        return torch.where(x < -2, 0, x * torch.exp(-(x**2)))

    @staticmethod
    def backward(ctx: Any, upstream: Tensor) -> Tensor:  # type: ignore[override]
        (x,) = ctx.saved_tensors
        slope = (1 - 2 * x**2) * torch.exp(-(x**2))
        return torch.where(x < -2, 0, slope * upstream)


BUMPED = pointwise(
    "Each cell is scaled by the slope of x times a bell curve; below -2 nothing passes.",
    {"x < -2": "0", "x >= -2": "x*exp(-x**2)"},
    {"x < -2": "0", "x >= -2": "(1 - 2*x**2)*exp(-x**2)"},
    saved={"x": "0"},
    zero="x is below -2 in this cell, so nothing is handed on.",
)
"""The one entry."""


class Layer(nn.Module):
    """The operation as a layer, so that its forward can be read."""

    def forward(self, x: Tensor) -> Tensor:
        return torch.special.entr(x)


def entropy_run() -> Run:
    x = torch.tensor([[0.25, 1.0, 1 / math.e]], dtype=torch.float64, requires_grad=True)
    module = nn.Sequential()
    module.add_module("entropy", Layer())
    return flow.run(module, x, upstream=torch.tensor([[2.0, 3.0, 5.0]]).double())


def test_without_its_entry_nothing_is_said_of_an_operation(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(OPS, "SpecialEntrBackward0")
    with entropy_run() as run:
        found = run.explain("n0", (0, 0))
        assert (found.rule, found.names) == (None, ())
        assert run.check("n0")[0].passed is None
        assert run.forward("entropy").kind == "other"


def test_one_entry_tells_everything_about_it() -> None:
    with entropy_run() as run:
        found = run.explain("n0", (0, 0))
        assert found.rule is not None
        assert found.rule.sentence == "Each cell is scaled by minus its logarithm and 1."
        assert found.rule.formula == r"\bar{x} = \bar{y} \odot f'(x), \quad f'(x) = -\log(x) - 1"
        assert found.names == ("-log(x) - 1 = 0.3863",)
        assert run.table("n0").names[0] == "-log(x) - 1 = -1"
        flat = run.explain("n0", (0, 2))
        assert flat.note == "The slope is 0 in this cell, so nothing is handed on."
        closed = run.check("n0")[0]
        assert (closed.name, closed.passed, closed.cells) == ("closed form", True, 3)
        forward = run.forward("entropy")
        assert forward.kind == "function"
        assert np.allclose(forward.coefficients, [0.25 * math.log(4), 0, 1 / math.e])


def test_a_wrong_entry_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = pointwise("Wrong.", "-x*log(x)", "-log(x) + 1")
    monkeypatch.setitem(OPS, "SpecialEntrBackward0", wrong)
    with entropy_run() as run:
        assert run.check("n0")[0].passed is False
        assert run.explain("n0", (0, 0)).names == ()


def test_a_function_of_ones_own_is_added_the_same_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(OPS, "BumpedBackward", BUMPED)
    x = torch.tensor([-3.0, 0.0, 1.0], dtype=torch.float64, requires_grad=True)
    with flow.run(Applied(Bumped.apply), x, upstream=torch.ones(3).double()) as run:
        assert run.explain("n0", (1,)).names == ("(1 - 2 x^2) exp(-x^2) = 1",)
        assert run.explain("n0", (2,)).names == ("(1 - 2 x^2) exp(-x^2) = -0.3679",)
        assert run.explain("n0", (0,)).note == BUMPED.zero
        assert run.check("n0")[0].passed is True


# Dropout: one node class, two rules


def product_run(module: nn.Module, *, train: bool = True) -> Run:
    module.train(train)
    x = torch.ones(4, 6, requires_grad=True)
    return flow.run(module, x, loss=lambda y: y.square().sum(), seed=3)


@pytest.mark.parametrize(
    "dropout", [nn.Dropout(0.5), nn.Dropout1d(0.5), nn.Dropout(0.5, inplace=True)]
)
def test_only_a_product_that_dropout_made_speaks_of_dropout(dropout: nn.Module) -> None:
    with product_run(nn.Sequential(Applied(lambda x: x * 3), dropout)) as run:
        mine, plain = (node for node in run.capture.nodes if node.name == "MulBackward0")
        known = OPS["MulBackward0"]
        assert known.rule_of(mine).sentence.startswith("Cells that dropout kept")
        assert (
            known.rule_of(plain).sentence == "Each factor gets the gradient times the other factor."
        )
        assert known.zero_of(mine) == "Dropout set this cell to 0, so its gradient is 0."
        assert known.zero_of(plain) == "The other factor is 0 in this cell, so its gradient is 0."
        assert set(run.table(mine.id).names) == {"2 (kept)"}
        assert set(run.table(plain.id).names) == {"3 (factor)"}
