"""A backward is called not linear only where multiples or sums of upstream gradients say so."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor, nn

import flow
from flow.asking.linearity import conduct
from flow.run import Run
from tests.flow.asking.test_explain_operations import only
from tests.flow.operations import OPERATIONS, Applied
from tests.flow.proof.test_check import by_name


class Handed(torch.autograd.Function):
    """Doubles; its backward is any function of the upstream gradient."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, backward: Callable[[Tensor], Tensor]) -> Tensor:
        ctx.backward_of = backward
        return x * 2

    @staticmethod
    def backward(ctx: Any, upstream: Tensor) -> Any:
        return ctx.backward_of(upstream), None


def handed(function: Callable[[Tensor], Tensor], dtype: torch.dtype) -> Run:
    torch.manual_seed(0)
    x = torch.randn(50, dtype=dtype, requires_grad=True)
    return flow.run(
        Applied(lambda y: Handed.apply(y, function)), x, upstream=torch.randn(50, dtype=dtype)
    )


LINEAR: dict[str, Callable[[Tensor], Tensor]] = {
    "twice": lambda g: g * 2,
    "reversed": lambda g: -g.flip(0),
    "less its mean": lambda g: g - g.mean(),
    "nothing": torch.zeros_like,
    "a large part taken away": lambda g: g + 1000 * g.sum() - 1000 * g.sum(),
}
BENT: dict[str, Callable[[Tensor], Tensor]] = {
    "clamped": lambda g: g.clamp(-0.1, 0.1),
    "squared": lambda g: g * g,
    "absolute": lambda g: g.abs(),
    "signs": lambda g: g.sign(),
    "normalised": lambda g: g / g.norm(),
    "shifted": lambda g: g + 1,
    "rectified": lambda g: g.relu(),
}
DTYPES = [torch.float64, torch.float32, torch.float16, torch.bfloat16]


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", LINEAR)
def test_a_linear_backward_is_called_linear_in_every_precision(
    name: str, dtype: torch.dtype
) -> None:
    with handed(LINEAR[name], dtype) as run:
        assert run._live is not None
        found = conduct(run._live.graph, run.capture.nodes[0])
        assert (found.linear, found.constant) == (True, False)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", BENT)
def test_a_backward_that_is_not_linear_is_found_out(name: str, dtype: torch.dtype) -> None:
    with handed(BENT[name], dtype) as run:
        assert run._live is not None
        found = conduct(run._live.graph, run.capture.nodes[0])
        assert (found.linear, found.constant) == (False, name == "shifted")


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_operation_of_torch_is_linear(name: str) -> None:
    with OPERATIONS[name].run() as run:
        assert run._live is not None
        for node in run.capture.nodes:
            if not node.is_leaf and any(part is not None for part in node.upstream):
                assert conduct(run._live.graph, node).linear, node.name


def test_a_backward_that_is_not_linear_is_said_to_be_no_sum() -> None:
    with handed(BENT["clamped"], torch.float32) as run:
        one = by_name(run, "n0")["sum of terms"]
        assert one.passed is None
        assert one.sentence.startswith("The backward of HandedBackward is not linear in its")
        note = run.explain("n0", (0,)).note
        assert note == (
            "The terms do not add up to autograd's value. The backward of HandedBackward is not "
            "linear in its upstream gradient: multiples and sums of upstream gradients did not "
            "give multiples and sums of its result."
        )


def test_a_backward_that_adds_a_constant_is_said_to_do_so() -> None:
    with handed(BENT["shifted"], torch.float32) as run:
        assert "It hands something on even for zeros." in run.explain("n0", (0,)).note


def test_a_sum_that_fails_at_a_linear_node_is_called_a_fault() -> None:
    with flow.run(nn.Tanh(), torch.ones(3, requires_grad=True), upstream=torch.ones(3)) as run:
        node = run.capture.node(only(run, "TanhBackward0"))
        part = node.downstream[0]
        assert part is not None
        object.__setattr__(node, "downstream", (part + 1,))
        note = run.explain(node.id, (0,)).note
        assert note.startswith(
            "The terms do not add up to autograd's value: they give 0.419974, autograd has 1.41997."
        )
        assert "is linear in its upstream gradient" in note
        assert "not linear" not in note
        assert by_name(run, node.id)["sum of terms"].passed is False
