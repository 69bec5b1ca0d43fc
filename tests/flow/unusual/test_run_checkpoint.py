"""Parts that are computed again in the backward, with and without random numbers."""

from __future__ import annotations

import threading
from typing import Any

import pytest
import torch
from numpy.testing import assert_array_equal
from torch import Tensor, nn
from torch.utils.checkpoint import checkpoint

import flow
from flow.record import Capture
from tests.flow.networks import Checkpointed, squared_mean

X = torch.linspace(-1, 1, 20).view(5, 4)


class Dropping(nn.Module):
    """Dropout before, inside and after a checkpoint; the inner layer is used outside it too."""

    def __init__(self, reentrant: bool) -> None:
        super().__init__()
        self.fc = nn.Linear(4, 4)
        self.drop = nn.Dropout(0.5)
        self.reentrant = reentrant

    def forward(self, x: Tensor) -> Any:
        h = self.drop(self.fc(x))
        h = checkpoint(lambda y: self.drop(self.fc(y)), h, use_reentrant=self.reentrant)
        return self.drop(h)


def made(make: Any, *args: Any) -> nn.Module:
    with flow.Seeded(1):
        return make(*args)  # type: ignore[no-any-return]


def plain(module: nn.Module, x: Tensor, seed: int) -> dict[str, Tensor]:
    """The gradients that ``backward()`` stores after ``torch.manual_seed``."""
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        squared_mean(module(x)).backward()  # type: ignore[no-untyped-call]
    return {name: one.grad for name, one in module.named_parameters() if one.grad is not None}


def assert_same_gradients(capture: Capture, expected: dict[str, Tensor]) -> None:
    assert [record.name for record in capture.parameters] == list(expected)
    for record in capture.parameters:
        assert_array_equal(record.gradient, expected[record.name])


@pytest.mark.parametrize("seed", [0, 3])
@pytest.mark.parametrize("reentrant", [False, True])
def test_dropout_inside_a_checkpoint_draws_what_plain_torch_draws(
    reentrant: bool, seed: int
) -> None:
    module, x = made(Dropping, reentrant), X.clone().requires_grad_()
    state = torch.get_rng_state()
    capture = flow.run(module, x, loss=squared_mean, seed=seed).capture
    assert torch.equal(torch.get_rng_state(), state)
    assert all(parameter.grad is None for parameter in module.parameters())
    assert_same_gradients(capture, plain(module, x, seed))
    assert x.grad is not None
    (leaf,) = [node for node in capture.nodes if node.parameter == "(input)"]
    assert_array_equal(leaf.upstream[0], x.grad)


def test_a_reentrant_checkpoint_is_one_node_and_its_parameters_have_gradients() -> None:
    module, x = made(Checkpointed, True), X.clone().requires_grad_()
    kept = module.fc.weight.grad = torch.ones(1, 4)  # type: ignore[union-attr]
    capture = flow.run(module, x, loss=squared_mean).capture
    assert module.fc.weight.grad is kept  # type: ignore[union-attr]
    assert torch.equal(kept, torch.ones(1, 4))
    module.zero_grad()
    expected = plain(module, x, 0)
    assert_same_gradients(capture, expected)
    (node,) = [node for node in capture.nodes if node.name == "CheckpointFunctionBackward"]
    inside = {record.name: record.node for record in capture.parameters}
    assert inside["part.0.weight"] is None
    assert inside["fc.weight"] is not None
    twin, again = made(Checkpointed, False), X.clone().requires_grad_()
    same = flow.run(twin, again, loss=squared_mean).capture
    (bend,) = [one for one in same.nodes if one.targets and one.name == "TanhBackward0"][1:]
    assert_array_equal(node.downstream[-1], bend.upstream[0])
    (note,) = [problem for problem in capture.problems if problem.kind == "checkpoint"]
    assert note.node == node.id
    assert note.message == (
        "CheckpointFunctionBackward hides what was computed inside it: a reentrant checkpoint is "
        "one node of the graph. The gradients of its parameters are shown, those of the layers "
        "inside are not. Call checkpoint(..., use_reentrant=False) to see them."
    )
    assert {problem.kind for problem in capture.problems} == {"checkpoint"}


def test_the_nodes_around_a_reentrant_checkpoint_are_explained() -> None:
    x = X.clone().requires_grad_()
    with flow.run(made(Checkpointed, True), x, loss=squared_mean) as run:
        for node in run.capture.nodes:
            if node.name in ("AddmmBackward0", "TanhBackward0", "PowBackward0"):
                told = run.explain(node.id, (0, 0), input=1 if node.name[0] == "A" else 0)
                assert told.total == pytest.approx(told.autograd)


def test_the_node_of_a_reentrant_checkpoint_says_that_it_cannot_be_asked_alone() -> None:
    x = X.clone().requires_grad_()
    with flow.run(made(Checkpointed, True), x, loss=squared_mean) as run:
        (node,) = [one.id for one in run.capture.nodes if one.name == "CheckpointFunctionBackward"]
        for ask in (
            lambda: run.explain(node, (0, 0)),
            lambda: run.reach(node, (0, 0)),
        ):
            with pytest.raises(flow.ExplainError, match=r"cannot be asked alone\. Call checkpoint"):
                ask()


def test_a_parameter_inside_and_outside_a_reentrant_checkpoint_has_both_parts() -> None:
    class Both(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.w = nn.Parameter(torch.tensor([2.0, 3.0]))

        def forward(self, x: Tensor) -> Any:
            return checkpoint(lambda y: y * self.w, x, use_reentrant=True) + self.w * 10

    x = torch.tensor([5.0, 7.0]).requires_grad_()
    (record,) = flow.run(Both(), x, loss=torch.sum).capture.parameters
    assert_array_equal(record.gradient, [15, 17])


def test_checkpoints_that_drop_run_in_several_threads_and_agree() -> None:
    expected = [
        flow.run(made(Dropping, False), X, loss=squared_mean, seed=seed).capture.loss
        for seed in range(4)
    ]
    losses: dict[int, float | None] = {}

    def work(seed: int) -> None:
        losses[seed] = flow.run(made(Dropping, False), X, loss=squared_mean, seed=seed).capture.loss

    threads = [threading.Thread(target=work, args=(seed,)) for seed in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [losses[seed] for seed in range(4)] == expected
