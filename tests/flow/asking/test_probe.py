"""What a few probes say of a node's structure is exact, in every type of number, or not said."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

import flow
from flow.asking.matrix.probe import keeps_samples_apart, single_source, slopes
from flow.record import NodeRecord
from flow.run import Run
from tests.flow.operations import Applied


def backward(rule: Callable[[Tensor], Tensor]) -> Callable[[Tensor], Tensor]:
    """Return a function that keeps its input and whose backward is this rule."""

    class Own(torch.autograd.Function):
        @staticmethod
        def forward(_ctx: Any, x: Tensor) -> Tensor:
            return x.clone()

        @staticmethod
        def backward(_ctx: Any, upstream: Tensor) -> Tensor:  # type: ignore[override]
            return rule(upstream)

    def function(x: Tensor) -> Tensor:
        found: Tensor = Own.apply(x)  # type: ignore[no-untyped-call]
        return found

    return function


def run_of(
    function: Callable[[Tensor], Tensor] | nn.Module,
    *shape: int,
    dtype: torch.dtype = torch.float32,
) -> Run:
    x = torch.randn(shape, generator=torch.Generator().manual_seed(1)).to(dtype).requires_grad_()
    module = function if isinstance(function, nn.Module) else Applied(function)
    return flow.run(module, x, loss=lambda out: out.float().square().sum())


def node_of(run: Run, name: str) -> NodeRecord:
    (node,) = [node for node in run.capture.nodes if node.name == name]
    return node


def source(run: Run, name: str) -> Any:
    assert run._live is not None
    return single_source(run._live.graph, node_of(run, name), 0)


# One source


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32, torch.float16, torch.bfloat16])
def test_positions_are_exact_in_every_type_of_number(dtype: torch.dtype) -> None:
    """A bfloat16 cannot hold 257: positions are found digit by digit."""
    with run_of(lambda x: x.flip(0) * 1, 3000, dtype=dtype) as run:
        found = source(run, "FlipBackward0")
    assert found is not None
    assert found[0].tolist() == list(range(2999, -1, -1))
    assert set(found[1].tolist()) == {1.0}


def test_a_second_source_is_seen_however_small_its_coefficient() -> None:
    """1 + 1e-9 is 1 in float32, so only a vector that leaves the first source out tells."""
    rule = backward(lambda upstream: upstream + 1e-9 * upstream.roll(1))
    with run_of(rule, 6) as run:
        assert source(run, "OwnBackward") is None
        table = run.table(node_of(run, "OwnBackward").id)
        assert len(table.coefficients) == 12
        explanation = run.explain(node_of(run, "OwnBackward").id, (2,))
        assert explanation.places.tolist() == [1, 2]
        np.testing.assert_allclose(explanation.coefficients, [1e-9, 1])


def test_two_sources_that_cancel_for_equal_numbers_are_seen() -> None:
    rule = backward(lambda upstream: upstream - upstream.roll(1))
    with run_of(rule, 6) as run:
        assert source(run, "OwnBackward") is None
        assert len(run.table(node_of(run, "OwnBackward").id).coefficients) == 12


def test_a_cell_that_reads_nothing_is_no_source_of_doubt() -> None:
    with run_of(lambda x: x[2:4] * 1, 6) as run:
        found = source(run, "SliceBackward0")
    assert found is not None
    assert found[1].tolist() == [0, 0, 1, 1, 0, 0]
    assert found[0][2:4].tolist() == [0, 1]


def test_a_rule_that_adds_a_constant_has_no_single_source() -> None:
    with run_of(backward(lambda upstream: upstream + 0.25), 4) as run:
        assert source(run, "OwnBackward") is None


# Functions of single cells


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_the_slopes_of_a_function_are_its_derivatives(dtype: torch.dtype) -> None:
    with run_of(torch.tanh, 5, dtype=dtype) as run:
        node = node_of(run, "TanhBackward0")
        assert run._live is not None
        found = slopes(run._live.graph, node, 0)
        x = torch.tensor(run.capture.inputs[0])
    assert found is not None
    rounding = torch.finfo(dtype).eps
    np.testing.assert_allclose(found, 1 - x.double().tanh() ** 2, rtol=8 * rounding, atol=rounding)


def test_an_infinite_slope_spoils_no_other_cell() -> None:
    x = torch.tensor([0.0, 4.0], requires_grad=True)
    with flow.run(Applied(torch.sqrt), x, upstream=torch.tensor([1.0, 0.0])) as run:
        assert run.explain("n0", (1,)).coefficients.tolist() == [0.25]
        assert run.explain("n0", (0,)).coefficients.tolist() == [float("inf")]
        table = run.table("n0")
    assert table.coefficients.tolist() == [float("inf"), 0.25]
    assert table.places.tolist() == [0, 1]


# Samples


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
@pytest.mark.parametrize(
    ("rule", "apart"),
    [
        (lambda upstream: 3 * upstream, True),
        (lambda upstream: upstream - upstream.mean(1, keepdim=True), True),
        (lambda upstream: upstream - upstream.mean(0), False),
        (lambda upstream: upstream + 1e-6 * upstream.flip(0), False),
        (lambda upstream: upstream + (upstream[1] - upstream[1].flip(0)), False),
        (lambda upstream: torch.cat([upstream[:1], upstream[:1] + upstream[1:]]), False),
    ],
)
def test_samples_are_apart_only_where_none_leaks(
    rule: Callable[[Tensor], Tensor], apart: bool, dtype: torch.dtype
) -> None:
    with run_of(backward(rule), 2, 300, dtype=dtype) as run:
        node = node_of(run, "OwnBackward")
        assert run._live is not None
        for sample in range(2):
            assert keeps_samples_apart(run._live.graph, node, 0, sample) is apart
