"""The step control's sentences say what each node received, handed on and stored."""

from __future__ import annotations

import pytest
import torch
from torch import nn

import flow
from flow.record import Capture
from viz.strip.steps import SENTENCE_LIMIT, step_data
from viz.theme import format_number


@pytest.fixture(scope="module")
def skip() -> Capture:
    """A convolution whose output goes two ways and is added."""

    class Skip(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.conv = nn.Conv2d(1, 1, 1, bias=False)
            self.tanh = nn.Tanh()

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            y = self.conv(x)
            return self.tanh(y) + y

    with flow.run(Skip(), torch.ones(1, 1, 2, 2), loss=torch.sum) as run:
        return run.capture


def sentence(capture: Capture, step: int) -> str:
    """What is said of one step of a short pass."""
    said: str = step_data(capture, step)["sentences"][step]
    return said


def _step_of(capture: Capture, name: str) -> int:
    return next(i for i, node in enumerate(capture.nodes) if node.name == name)


def test_the_first_step_begins_with_one(skip: Capture) -> None:
    assert sentence(skip, 0) == (
        "loss (SumBackward0) begins with ∂L/∂L = 1 and hands a 1\N{MULTIPLICATION SIGN}1"
        "\N{MULTIPLICATION SIGN}2\N{MULTIPLICATION SIGN}2 gradient to AddBackward0"
    )


def test_a_node_fed_by_two_consumers_says_whose_parts_were_added(skip: Capture) -> None:
    said = sentence(skip, _step_of(skip, "ConvolutionBackward0"))
    assert "the sum of 2 parts (from " in said
    assert "tanh" in said
    assert said.endswith("to conv.weight")


def test_accumulate_grad_says_what_it_stored(skip: Capture) -> None:
    """A single number is told by its value: its shape, 1x1x1x1, could be read as one."""
    stored = skip.nodes[_step_of(skip, "AccumulateGrad")].upstream[0]
    assert stored is not None
    said = sentence(skip, _step_of(skip, "AccumulateGrad"))
    assert said == f"conv.weight.grad stores the number {format_number(stored.item())}"


def test_a_tied_weight_says_that_its_parts_were_added() -> None:
    class Tied(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.weight = nn.Parameter(torch.ones(2))

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return self.weight * x + self.weight

    with flow.run(Tied(), torch.ones(2), loss=torch.sum) as run:
        said = sentence(run.capture, _step_of(run.capture, "AccumulateGrad"))
    assert said.startswith("weight.grad stores a vector of 2, the sum of 2 parts")


def test_a_node_with_several_outputs_says_what_arrived_at_each() -> None:
    class Parts(nn.Module):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            first, second, third = x.split((2, 2, 1))
            return first.sum() + second.sum() + second.prod() + third.sum()

    with flow.run(Parts(), torch.ones(5, requires_grad=True)) as run:
        said = sentence(run.capture, _step_of(run.capture, "SplitWithSizesBackward0"))
    assert said == (
        "SplitWithSizesBackward0 received a vector of 2 and a vector of 2, the sum of 2 parts "
        "(from ProdBackward0 and SumBackward0) and the number 1 and hands a vector of 5 to "
        "the input"
    )


def test_gradients_of_one_shape_at_several_outputs_are_counted() -> None:
    class Parts(nn.Module):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            first, _unused, third = x.split(2)
            return (first * third).sum()

    with flow.run(Parts(), torch.ones(6, requires_grad=True)) as run:
        said = sentence(run.capture, _step_of(run.capture, "SplitBackward0"))
    assert said == (
        "SplitBackward0 received 2 gradients, each a vector of 2, and hands a vector of 6 to "
        "the input"
    )


def test_the_data_hold_one_sentence_a_step(skip: Capture) -> None:
    data = step_data(skip, 2)
    assert data["count"] == len(skip.nodes) == len(data["sentences"])


def test_of_a_long_pass_only_the_sentences_near_the_step_are_sent() -> None:
    chain = nn.Sequential(*(nn.Tanh() for _ in range(SENTENCE_LIMIT + 200)))
    with flow.run(chain, torch.ones(1, requires_grad=True), loss=torch.sum) as run:
        capture = run.capture
    at = SENTENCE_LIMIT + 100
    data = step_data(capture, at)
    assert len(data["sentences"]) == SENTENCE_LIMIT
    node = capture.nodes[at]
    assert data["sentences"][at - data["first"]].startswith(f"{node.layer} ({node.name}) received")
