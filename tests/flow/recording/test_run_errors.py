"""A run that cannot be made says what must hold, what came and what to do."""

from __future__ import annotations

import re
from typing import Any

import pytest
import torch
from torch import Tensor, nn

import flow
from flow import (
    BackwardError,
    ClosedRunError,
    LossError,
    NoGradientError,
    RunError,
    UpstreamError,
)
from tests.flow.networks import Pair

X = torch.ones(2, 3)


def model() -> nn.Module:
    return nn.Sequential(nn.Linear(3, 2), nn.Linear(2, 2))


def message(error: pytest.ExceptionInfo[BaseException]) -> str:
    return str(error.value)


def test_a_loss_of_several_numbers_says_how_to_reduce_it() -> None:
    with pytest.raises(LossError) as error:
        flow.run(model(), X, loss=torch.abs)
    assert message(error) == (
        "The loss must be one number; it has shape (2, 2). "
        "Reduce it with .mean() or .sum(), or give upstream=, a vector of that shape."
    )


def test_an_output_of_several_numbers_needs_a_loss() -> None:
    with pytest.raises(LossError, match=r"^The output, used as the loss, must be one number"):
        flow.run(model(), X)


def test_outputs_that_are_no_tensor_need_a_loss() -> None:
    with pytest.raises(LossError) as error:
        flow.run(Pair(), X)
    assert message(error) == (
        "The output, used as the loss, must be a tensor with one element; it is of type tuple. "
        "Give loss=, a function of the output."
    )


def test_a_loss_that_is_a_python_number_is_refused() -> None:
    with pytest.raises(LossError, match=r"it is of type float"):
        flow.run(model(), X, loss=lambda output: output.sum().item())


def test_a_complex_loss_is_refused() -> None:
    with pytest.raises(LossError, match=r"must be a real number; it is complex64.*\.abs\(\)"):
        flow.run(model(), X, loss=lambda output: output.sum() * 1j)


@pytest.mark.parametrize(
    ("loss", "why"),
    [
        (lambda output: output.argmax(), "an operation without derivative such as argmax"),
        (lambda output: output.detach().sum(), "by detach()"),
        (lambda _output: torch.tensor(1.0), "the way to every parameter is cut"),
    ],
)
def test_a_loss_that_cuts_the_way_back_says_so(loss: Any, why: str) -> None:
    with pytest.raises(NoGradientError, match=re.escape(why)):
        flow.run(model(), X, loss=loss)


def test_a_frozen_model_says_what_to_set() -> None:
    with pytest.raises(NoGradientError) as error:
        flow.run(model().requires_grad_(False), X, loss=torch.sum)
    assert message(error) == (
        "There is no gradient to show: every parameter is frozen and no input asks for a "
        "gradient. Set requires_grad on a parameter or on the input."
    )
    frozen = model().requires_grad_(False)
    capture = flow.run(frozen, X.clone().requires_grad_(), loss=torch.sum).capture
    assert [node.parameter for node in capture.nodes if node.is_leaf] == ["(input)"]


def test_a_model_without_parameters_says_what_to_set() -> None:
    with pytest.raises(NoGradientError, match="the model has no parameters"):
        flow.run(nn.Tanh(), X, loss=torch.sum)


def test_a_loss_and_a_vector_exclude_each_other() -> None:
    with pytest.raises(UpstreamError, match="either a loss or an upstream vector, not both"):
        flow.run(model(), X, loss=torch.sum, upstream=X)


def test_a_vector_of_another_shape_names_both_shapes() -> None:
    with pytest.raises(UpstreamError) as error:
        flow.run(model(), X, upstream=torch.ones(2, 3))
    assert message(error) == (
        "upstream: output 0 has shape (2, 2), the vector has shape (2, 3). "
        "Give a vector of the output's shape."
    )


def test_the_number_of_vectors_is_that_of_the_outputs() -> None:
    with pytest.raises(UpstreamError) as error:
        flow.run(Pair(), X, upstream=torch.ones(2, 4))
    assert message(error) == (
        "upstream: the model has 2 output tensors, 1 vectors came. Give one vector per output."
    )


def test_a_vector_that_is_no_tensor_is_refused() -> None:
    with pytest.raises(UpstreamError, match="a tensor or a tuple of tensors is needed, float came"):
        flow.run(model(), X, upstream=1.0)  # type: ignore[arg-type]


def test_an_input_that_a_layer_cannot_take_is_refused_by_the_layer() -> None:
    with pytest.raises(TypeError, match=r"must be Tensor, not str") as error:
        flow.run(model(), "x")
    assert error.value.__notes__ == ["in layer 0 (Linear)"]


def test_a_device_that_does_not_exist_is_refused() -> None:
    with pytest.raises(RunError, match=r"^device: .* is not available"):
        flow.run(model(), X, loss=torch.sum, device="cuda:99")


def test_a_backward_that_raises_keeps_its_own_words() -> None:
    class Broken(torch.autograd.Function):
        @staticmethod
        def forward(_ctx: Any, x: Tensor) -> Tensor:
            return x * 2

        @staticmethod
        def backward(_ctx: Any, _upstream: Tensor) -> Any:  # type: ignore[override]
            raise RuntimeError("the rule is missing")

    class Model(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.fc = nn.Linear(3, 1)

        def forward(self, x: Tensor) -> Any:
            return Broken.apply(self.fc(x))  # type: ignore[no-untyped-call]

    with pytest.raises(BackwardError, match="The backward pass failed: the rule is missing"):
        flow.run(Model(), X, loss=torch.sum)


def test_a_write_that_destroys_a_saved_value_is_reported_as_torch_reports_it() -> None:
    def loss(output: Tensor) -> Tensor:
        squared = output.exp()
        squared.add_(1)
        return squared.sum()

    with pytest.raises(BackwardError, match="modified by an inplace operation"):
        flow.run(model(), X, loss=loss)


def test_an_exception_of_the_forward_names_the_innermost_layer() -> None:
    module = nn.Sequential(nn.Linear(3, 2), nn.Sequential(nn.ReLU(), nn.Linear(5, 1)))
    with pytest.raises(RuntimeError, match="shapes cannot be multiplied") as error:
        flow.run(module, X, loss=torch.sum)
    assert error.value.__notes__ == ["in layer 1.1 (Linear)"]


def test_an_exception_outside_every_layer_names_none() -> None:
    class Failing(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.fc = nn.Linear(3, 1)

        def forward(self, x: Tensor) -> Tensor:
            self.fc(x)
            raise KeyError("outside")

    with pytest.raises(KeyError) as error:
        flow.run(Failing(), X, loss=torch.sum)
    assert getattr(error.value, "__notes__", []) == []


def test_a_closed_run_answers_nothing_but_keeps_its_capture() -> None:
    with flow.run(model(), X, loss=torch.sum) as run:
        run.explain("n1", (0, 0), input=1)
    for ask in (
        lambda: run.explain("n1", (0, 0), input=1),
        lambda: run.reach("n1", (0, 0)),
        lambda: run.picture(),
    ):
        with pytest.raises(ClosedRunError, match="Run the module again"):
            ask()
    assert run.capture.loss is not None
    run.close()
