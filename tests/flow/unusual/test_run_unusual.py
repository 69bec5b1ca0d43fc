"""Tensors without memory, without a shape or without gradients: an answer, or one sentence."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from numpy.testing import assert_array_equal
from torch import Tensor, nn

import flow
from flow import RunError

NESTED = (
    "A nested tensor has no single shape, so it cannot be shown cell by cell. "
    "Pad it: torch.nested.to_padded_tensor(x, 0.0)."
)


class Applying(nn.Module):
    """Gives a function the name of a layer."""

    def __init__(self, function: Any) -> None:
        super().__init__()
        self.op = _Function(function)

    def forward(self, *args: Any) -> Any:
        return self.op(*args)


class _Function(nn.Module):
    def __init__(self, function: Any) -> None:
        super().__init__()
        self.function = function

    def forward(self, *args: Any) -> Any:
        return self.function(*args)


def test_the_zeros_that_the_backward_of_sgn_hands_on_are_shown() -> None:
    x = torch.tensor([-2.0, 0.0, 3.0]).requires_grad_()
    with flow.run(Applying(lambda x: x * 5 + torch.sgn(x)), x, loss=torch.sum) as run:
        (sign,) = [node for node in run.capture.nodes if node.name == "SgnBackward0"]
        assert_array_equal(sign.downstream[0], [0, 0, 0])
        assert_array_equal(run.capture.nodes[-1].upstream[0], [5, 5, 5])
        assert run.explain(sign.id, (0,)).total == 0
        assert_array_equal(run.reach(sign.id, (0,)).inputs[0], [0, 0, 0])
        assert run.handover(sign.id).passed


def test_a_lazy_layer_says_to_call_it_once() -> None:
    module = nn.Sequential(nn.ReLU(), nn.LazyLinear(3))
    with pytest.raises(RunError) as error:
        flow.run(module, torch.ones(2, 4), loss=torch.sum)
    assert str(error.value) == (
        "1.weight has no shape yet: LazyLinear learns it from its first input. "
        "Call the module once before you record it."
    )
    module(torch.ones(2, 4))
    assert (
        flow.run(module, torch.ones(2, 4), loss=torch.sum).capture.layer("1").upstream is not None
    )


def test_a_module_made_under_inference_mode_says_so() -> None:
    with torch.inference_mode(), flow.Seeded(0):
        module = nn.Sequential(nn.Linear(2, 2))
    with pytest.raises(RunError) as error:
        flow.run(module, torch.ones(1, 2), loss=torch.sum)
    assert str(error.value) == (
        "0.weight was made under torch.inference_mode(), so it can have no gradient. "
        "Build the module outside of it."
    )


def jagged() -> Tensor:
    parts = [torch.ones(2, 3), torch.ones(1, 3)]
    return torch.nested.nested_tensor(parts, layout=torch.jagged)


@pytest.mark.filterwarnings("ignore:The PyTorch API of nested tensors")
@pytest.mark.parametrize(
    ("function", "inputs", "where"),
    [
        (lambda x: x, jagged(), "The model"),
        (
            lambda x: torch.nested.as_nested_tensor(list(x), layout=torch.jagged),
            torch.ones(2, 3, 3).requires_grad_(),
            "op",
        ),
        (
            lambda x: torch.nested.as_nested_tensor(list(x)),
            torch.ones(2, 3, 3).requires_grad_(),
            "op",
        ),
    ],
)
def test_a_nested_tensor_is_refused_with_the_name_of_the_layer(
    function: Any, inputs: Tensor, where: str
) -> None:
    with pytest.raises(RunError) as error:
        flow.run(Applying(function), inputs, loss=lambda out: out.sum())
    assert str(error.value) == f"{where}: {NESTED}"


def test_a_nested_tensor_inside_a_function_is_refused_too() -> None:
    def inside(x: Tensor) -> Tensor:
        return torch.nested.as_nested_tensor([x[0], x[1]], layout=torch.jagged).values()

    x = torch.ones(2, 3, 3).requires_grad_()
    with pytest.raises(RunError) as error:
        flow.run(Applying(inside), x, loss=torch.sum)
    assert str(error.value) == NESTED


def test_the_sparse_gradient_of_an_embedding_is_shown_dense() -> None:
    with flow.Seeded(0):
        sparse = nn.Embedding(4, 2, sparse=True)
    dense = nn.Embedding.from_pretrained(sparse.weight.detach(), freeze=False)
    indices = torch.tensor([[1, 3], [1, 1]])

    def loss(output: Tensor) -> Tensor:
        return output.square().sum()

    loss(dense(indices)).backward()  # type: ignore[no-untyped-call]
    with flow.run(nn.Sequential(sparse), indices, loss=loss) as run:
        (parameter,) = run.capture.parameters
        assert_array_equal(parameter.gradient, dense.weight.grad)
        assert parameter.node is not None
        for row in range(4):
            told = run.explain(parameter.node, (row, 0), of="parameter")
            assert told.total == dense.weight.grad[row, 0]  # type: ignore[index]
    assert sparse.weight.grad is None
