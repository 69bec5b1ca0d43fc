"""What is odd about a run is found where it begins, and said in one sentence."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812 - everybody's name for it

import flow
from flow import Seeded
from flow.record import Capture, Problem
from tests.flow.networks import CASES, squared_mean


class Then(nn.Module):
    """A linear layer with given weights, followed by a function."""

    def __init__(self, then: Any, weight: float = 1.0, size: int = 2) -> None:
        super().__init__()
        self.fc = nn.Linear(size, size, bias=False)
        self.fc.weight.data = weight * torch.eye(size)
        self.then = then

    def forward(self, x: Tensor) -> Any:
        return self.then(self.fc(x))


def capture_of(module: nn.Module, x: Tensor, loss: Any = torch.sum) -> Capture:
    return flow.run(module, x, loss=loss).capture


def kinds(capture: Capture) -> list[str]:
    return [problem.kind for problem in capture.problems]


def only(capture: Capture, kind: str) -> Problem:
    (found,) = [problem for problem in capture.problems if problem.kind == kind]
    return found


@pytest.mark.parametrize("name", CASES)
def test_nothing_is_odd_about_an_ordinary_network(name: str) -> None:
    case = CASES[name]
    assert kinds(capture_of(case.build(), case.input(), squared_mean)) == []


def test_the_root_of_zero_is_named_and_not_the_product_behind_it() -> None:
    module = Then(lambda h: torch.sqrt(h * h))
    capture = capture_of(module, torch.tensor([[0.0, 4.0]]))
    problem = only(capture, "non-finite backward")
    assert capture.node(problem.node).name == "SqrtBackward0"
    assert problem.severity == "error"
    assert problem.message.startswith("SqrtBackward0 (test_problems.py:")
    assert "turned a finite upstream gradient into infinite values" in problem.message
    assert not torch.tensor(capture.parameters[0].gradient).isfinite().all()


def test_a_logarithm_hidden_under_where_is_named() -> None:
    module = Then(lambda h: torch.where(h > 0, torch.log(h), 0.0))
    capture = capture_of(module, torch.tensor([[0.0, 4.0]]))
    assert capture.loss == pytest.approx(1.3862944)
    problem = only(capture, "non-finite backward")
    assert capture.node(problem.node).name == "LogBackward0"
    assert "into NaN" in problem.message
    assert kinds(capture) == ["non-finite backward"]


def test_a_layer_that_makes_nan_of_finite_input_is_named() -> None:
    class Root(nn.Module):
        def forward(self, x: Tensor) -> Tensor:
            return torch.sqrt(x)

    module = nn.Sequential(Then(lambda h: h), Root(), nn.Tanh())
    capture = capture_of(module, torch.tensor([[-1.0, 4.0]]))
    problem = only(capture, "non-finite forward")
    assert problem.layer == "1"
    assert problem.message.startswith("1 (Root) turned finite input into NaN in the forward pass.")
    assert kinds(capture)[0] == "non-finite loss"


def test_nan_in_the_input_is_blamed_on_the_input() -> None:
    capture = capture_of(Then(torch.relu), torch.tensor([[float("nan"), 1.0]]))
    problem = only(capture, "non-finite input")
    assert problem.message == "Input 0 already contains NaN; it spreads from there."
    assert "non-finite forward" not in kinds(capture)
    assert only(capture, "non-finite loss").message == "The loss is nan, not a number."


def test_an_infinite_input_is_said_to_be_infinite() -> None:
    capture = capture_of(Then(torch.tanh), torch.tensor([[float("inf"), 1.0]]))
    assert "infinite values" in only(capture, "non-finite input").message


def test_a_dead_relu_is_named_once() -> None:
    module = nn.Sequential(Then(lambda h: h), nn.ReLU(), Then(lambda h: h + 1))
    capture = capture_of(module, -torch.ones(1, 2), squared_mean)
    problems = [p for p in capture.problems if p.layer == "1"]
    assert [(p.kind, p.severity) for p in problems] == [("zero gradient", "warning")]
    assert problems[0].message == (
        "ReluBackward0 in 1 received a gradient and hands on exactly 0: its derivative is 0 at "
        "every cell, so nothing before it learns through it."
    )


def test_zeros_at_an_input_stop_what_the_weights_get_and_nothing_else() -> None:
    capture = capture_of(nn.Conv2d(1, 1, 2), torch.zeros(1, 1, 3, 3), squared_mean)
    assert "zero gradient" not in kinds(capture)


def test_the_node_behind_a_dead_relu_is_not_blamed_for_it() -> None:
    """What its weight gets is 0, for its input was; what it hands on is not."""
    last = nn.Linear(2, 1)
    module = nn.Sequential(Then(lambda h: h), nn.ReLU(), last)
    problem = only(capture_of(module, -torch.ones(1, 2), squared_mean), "zero gradient")
    assert problem.layer == "1"


def test_a_recurrent_layer_of_which_the_last_output_is_used_stops_nothing() -> None:
    class Last(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.gru = nn.GRU(4, 5, batch_first=True)

        def forward(self, x: Tensor) -> Any:
            return self.gru(x)[0][:, -1]

    capture = capture_of(Last(), torch.ones(1, 3, 4), squared_mean)
    assert "zero gradient" not in kinds(capture)


def test_several_dead_branches_are_counted_in_one_sentence() -> None:
    class Branches(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.fc = nn.Linear(2, 2)
            self.a, self.b, self.c = nn.ReLU(), nn.ReLU(), nn.ReLU()
            nn.init.constant_(self.fc.weight, -1.0)
            nn.init.constant_(self.fc.bias, -1.0)

        def forward(self, x: Tensor) -> Any:
            h = self.fc(x)
            return self.a(h) + self.b(h) + self.c(h)

    problem = only(capture_of(Branches(), torch.ones(1, 2)), "zero gradient")
    assert problem.layer == "c"
    assert "hands on exactly 0, and so do 2 more (b, a): its derivative" in problem.message


def test_a_step_function_is_a_derivative_of_zero() -> None:
    capture = capture_of(Then(torch.round), torch.ones(1, 2))
    problem = only(capture, "zero gradient")
    assert capture.node(problem.node).name == "RoundBackward0"


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_a_gradient_that_underflows_has_vanished_and_is_reported_once(dtype: Any) -> None:
    depth = 30 if dtype is torch.float32 else 200
    module = nn.Sequential(*[Then(lambda h: h * 0.01 + 1) for _ in range(depth)]).to(dtype)
    capture = capture_of(module, torch.ones(1, 2, dtype=dtype))
    assert kinds(capture) == ["vanished gradient"]
    problem = capture.problems[0]
    assert problem.message.endswith(f"it became too small for {str(dtype).removeprefix('torch.')}.")
    assert "derivative is 0" not in problem.message
    arrived = capture.node(problem.node).upstream[0]
    assert arrived is not None
    assert arrived.any()


def test_a_small_gradient_that_a_dead_relu_stops_is_not_said_to_vanish() -> None:
    module = nn.Sequential(Then(lambda h: h), nn.ReLU(), Then(lambda h: h * 1e-20))
    capture = capture_of(module, -torch.ones(1, 2))
    assert "vanished gradient" not in kinds(capture)
    assert "ReluBackward0" in {
        capture.node(p.node).name for p in capture.problems if p.kind == "zero gradient"
    }


def test_zero_gradients_that_only_pass_through_are_not_reported() -> None:
    capture = capture_of(CASES["residual"].build(), torch.ones(1, 4), lambda y: (y * 0).sum())
    assert [(p.kind, capture.node(p.node).name) for p in capture.problems] == [
        ("zero gradient", "MulBackward0")
    ]


def test_unused_parameters_are_listed() -> None:
    class Unused(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.fc = nn.Linear(2, 2)
            self.spare = nn.ParameterList([nn.Parameter(torch.ones(1)) for _ in range(6)])

        def forward(self, x: Tensor) -> Any:
            return self.fc(x)

    problem = only(capture_of(Unused(), torch.ones(1, 2)), "not in the graph")
    assert problem.message == (
        "No gradient reaches spare.0, spare.1, spare.2, spare.3 and 2 more: not used in the "
        "forward pass, or cut off by detach(), no_grad() or an operation without derivative."
    )


def test_frozen_parameters_are_a_note() -> None:
    module = nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 2))
    module[0].requires_grad_(False)
    problem = only(capture_of(module, torch.ones(1, 2)), "frozen")
    assert problem.severity == "note"
    assert problem.message == (
        "Frozen (requires_grad is off), so without a gradient: 0.weight, 0.bias."
    )


class Cut(nn.Module):
    """Two layers, of which what the first computed is detached."""

    def __init__(self, *, detach: nn.Module | None = None) -> None:
        super().__init__()
        self.first, self.second = nn.Linear(2, 2), nn.Linear(2, 2)
        self.detach = detach

    def forward(self, x: Tensor) -> Any:
        found = self.first(x)
        return self.second(found.detach() if self.detach is None else self.detach(found))


class Detach(nn.Module):
    """A layer that detaches."""

    def forward(self, x: Tensor) -> Tensor:
        return x.detach()


@pytest.mark.parametrize(
    ("detach", "where"), [(None, "in the model's own forward"), (Detach(), "in detach")]
)
def test_a_detached_layer_is_named_once_with_what_cuts_it_off(
    detach: nn.Module | None, where: str
) -> None:
    capture = capture_of(Cut(detach=detach), torch.ones(1, 2))
    (problem,) = capture.problems
    assert (problem.kind, problem.layer) == ("detached", "first")
    assert problem.message == (
        "first (Linear) has trainable parameters, but its output is not connected to the loss: "
        f"no gradient comes back to it. What came of it is detached {where}."
    )


def test_layers_that_are_not_connected_are_told_together() -> None:
    class Aside(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.one, self.two, self.last = (nn.Linear(2, 2) for _ in range(3))

        def forward(self, x: Tensor) -> Any:
            self.two(self.one(x))
            return self.last(x)

    (problem,) = capture_of(Aside(), torch.ones(1, 2)).problems
    assert problem.message == (
        "one (Linear), two (Linear) have trainable parameters, but their outputs are not connected "
        "to the loss: no gradient comes back to them."
    )


def test_a_change_of_number_types_is_a_note_and_counted() -> None:
    with Seeded(0):
        module = nn.Sequential(
            Then(lambda h: h.double()), Then(lambda h: h).double(), Then(lambda h: h.double())
        )
    module[2].fc.double()  # type: ignore[union-attr, operator]
    capture = capture_of(module, torch.ones(1, 2))
    problem = only(capture, "dtype")
    assert capture.node(problem.node).name == "ToCopyBackward0"
    assert problem.severity == "note"
    assert problem.message.endswith("its gradients are float32 and float64.")


def test_the_most_serious_comes_first() -> None:
    module = nn.Sequential(nn.Linear(2, 2), Then(lambda h: torch.sqrt(h * 0)))
    module[0].bias.requires_grad_(False)
    severities = [p.severity for p in capture_of(module, torch.ones(1, 2)).problems]
    assert severities == sorted(severities, key=["error", "warning", "note"].index)
    assert severities[0] == "error"
    assert severities[-1] == "note"


def test_dropout_of_everything_is_a_derivative_of_zero() -> None:
    module = Then(lambda h: F.dropout(h, 1.0))
    assert "zero gradient" in kinds(capture_of(module, torch.ones(1, 2)))
