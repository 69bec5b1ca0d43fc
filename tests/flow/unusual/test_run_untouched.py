"""A run leaves the visitor's module, tensors and random numbers as it found them."""

from __future__ import annotations

import copy
import gc
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.overrides import _get_current_function_mode_stack
from torch.utils._python_dispatch import _get_current_dispatch_mode_stack

import flow
from flow import Seeded
from tests.flow.networks import CASES, Checkpointed, plain_backward, squared_mean

HOOKS = (
    "_forward_hooks",
    "_forward_pre_hooks",
    "_forward_hooks_with_kwargs",
    "_forward_pre_hooks_with_kwargs",
    "_forward_hooks_always_called",
    "_backward_hooks",
    "_backward_pre_hooks",
)


def seeded(make: Callable[[], Any]) -> Any:
    """Make a module without drawing from the global generator."""
    with Seeded(1):
        return make()


def state_of(module: nn.Module) -> dict[str, Any]:
    """Everything that can be read off a module."""
    tensors = {**dict(module.named_parameters()), **dict(module.named_buffers())}
    return {
        "values": {name: tensor.detach().clone() for name, tensor in tensors.items()},
        "objects": {name: id(tensor) for name, tensor in tensors.items()},
        "grad": {name: None if t.grad is None else t.grad.clone() for name, t in tensors.items()},
        "requires_grad": {name: tensor.requires_grad for name, tensor in tensors.items()},
        "training": {name: child.training for name, child in module.named_modules()},
        "attributes": {name: sorted(child.__dict__) for name, child in module.named_modules()},
        "hooks": {
            name: [dict(getattr(child, hooks)) for hooks in HOOKS]
            for name, child in module.named_modules()
        },
    }


def assert_same_state(module: nn.Module, before: dict[str, Any]) -> None:
    now = state_of(module)
    for kind in ("values", "grad"):
        assert now[kind].keys() == before[kind].keys()
        for name, tensor in now[kind].items():
            expected = before[kind][name]
            assert (tensor is None) is (expected is None), name
            assert tensor is None or torch.equal(tensor, expected), (kind, name)
    for kind in ("objects", "requires_grad", "training", "attributes", "hooks"):
        assert now[kind] == before[kind]


@pytest.fixture(autouse=True)
def nothing_of_the_process_changes() -> Iterator[None]:
    """No mode stays on, no random number is drawn, the collector and grad mode stay as set."""
    random = torch.get_rng_state()
    yield
    assert _get_current_function_mode_stack() == []
    assert _get_current_dispatch_mode_stack() == []
    assert torch.equal(torch.get_rng_state(), random)
    assert torch.is_grad_enabled()
    assert not torch.is_inference_mode_enabled()
    assert gc.isenabled()


@pytest.mark.parametrize("name", CASES)
def test_two_runs_leave_the_module_as_it_was(name: str) -> None:
    case = CASES[name]
    module, x = case.build(), case.input()
    for parameter in module.parameters():
        parameter.grad = torch.full_like(parameter, 3.0)
    before = state_of(module)
    captures = [flow.run(module, x, loss=squared_mean).capture for _ in range(2)]
    assert_same_state(module, before)
    assert x.grad is None
    assert captures[0].loss == captures[1].loss


class Restless(nn.Module):
    """Its forward changes everything that can be changed."""

    def __init__(self, fails: bool) -> None:
        super().__init__()
        self.fc = nn.Linear(3, 3)
        self.norm = nn.BatchNorm1d(3)
        self.drop = nn.Dropout(0.5)
        self.unused = nn.Parameter(torch.ones(2))
        self.register_buffer("steps", torch.zeros(()))
        self.seen: list[Tensor] = []
        self.table: dict[str, Tensor] = {}
        self.calls = 0
        self.fails = fails

    def forward(self, x: Tensor) -> Tensor:
        h: Tensor = self.drop(self.norm(self.fc(x)))
        self.calls += 1
        self.last = h
        self.seen.append(h)
        self.table["h"] = h
        self.extra = nn.Identity()
        self.register_buffer("late", torch.ones(1))
        self.steps += 1  # type: ignore[operator, assignment]
        self.fc.bias.requires_grad_(False)
        self.norm.eval()
        self.drop.register_forward_hook(lambda *_: None)
        with torch.no_grad():
            self.unused.mul_(2)
        self.fc.weight.data.add_(1)
        if self.fails:
            raise RuntimeError("on purpose")
        return h


@pytest.mark.parametrize("fails", [False, True])
def test_whatever_a_forward_changes_is_put_back(fails: bool) -> None:
    module = seeded(lambda: Restless(fails))
    before = state_of(module)
    fc, steps = module.fc.weight, module.steps
    if fails:
        with pytest.raises(RuntimeError, match="on purpose"):
            flow.run(module, torch.ones(4, 3), loss=squared_mean)
    else:
        flow.run(module, torch.ones(4, 3), loss=squared_mean)
    assert_same_state(module, before)
    assert module.fc.weight is fc
    assert module.steps is steps
    assert module.seen == []
    assert module.table == {}
    assert module.calls == 0
    assert not hasattr(module, "last")
    assert not hasattr(module, "extra")


def test_a_weight_that_the_forward_replaces_is_put_back() -> None:
    class Replacing(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.fc = nn.Linear(2, 1)

        def forward(self, x: Tensor) -> Any:
            self.fc.weight = nn.Parameter(torch.ones(1, 2))
            self.fc.bias.data = torch.zeros(1)
            return self.fc(x)

    module = seeded(Replacing)
    before = state_of(module)
    capture = flow.run(module, torch.ones(1, 2)).capture
    assert capture.loss == 2.0
    assert_same_state(module, before)


def test_running_statistics_stay_while_the_run_uses_those_of_the_batch() -> None:
    case = CASES["cnn"]
    module, x = case.build(), case.input()
    norm = module[1]  # type: ignore[index]
    mean, count = norm.running_mean.clone(), norm.num_batches_tracked.clone()
    flow.run(module, x, loss=squared_mean)
    assert torch.equal(norm.running_mean, mean)
    assert torch.equal(norm.num_batches_tracked, count)
    module(x)
    assert not torch.equal(norm.running_mean, mean)


def test_questions_to_a_checkpointed_run_leave_the_module_as_it_was() -> None:
    module, x = seeded(Checkpointed), torch.linspace(-1, 1, 20).view(5, 4)
    before = state_of(module)
    with flow.run(module, x, loss=squared_mean) as run:
        for node in run.capture.nodes:
            if not node.is_leaf and node.downstream[0] is not None:
                run.explain(node.id, (0,) * node.downstream[0].ndim)
                assert node.upstream[0] is not None
                run.reach(node.id, (0,) * node.upstream[0].ndim)
        run.picture(saved=True)
    assert_same_state(module, before)


def test_frozen_and_evaluating_modules_stay_so() -> None:
    case = CASES["cnn"]
    module = case.build().eval()
    module[0].requires_grad_(False)  # type: ignore[index]
    before = state_of(module)
    flow.run(module, case.input(), loss=squared_mean)
    assert_same_state(module, before)


def test_a_run_works_under_no_grad_and_under_inference_mode() -> None:
    case = CASES["residual"]
    plain = plain_backward(case.build(), case.input())
    for mode in (torch.no_grad, torch.inference_mode):
        module, x = case.build(), case.input()
        with mode():
            capture = flow.run(module, x, loss=squared_mean).capture
        assert capture.loss == plain.loss.item()
        module(x).sum().backward()


def test_hooks_of_the_visitor_still_work_and_stay() -> None:
    module = seeded(lambda: nn.Sequential(nn.Linear(2, 2)))
    seen: list[str] = []
    module[0].register_forward_pre_hook(lambda *_: seen.append("before"))
    module[0].register_forward_hook(lambda *_: seen.append("after"))
    before = state_of(module)
    flow.run(module, torch.ones(1, 2), loss=torch.sum)
    assert seen == ["before", "after"]
    assert_same_state(module, before)


def test_a_module_can_be_copied_and_pickled_after_a_run() -> None:
    case = CASES["encoder"]
    module, x = case.build(), case.input()
    with flow.run(module, x, loss=squared_mean):
        twin = copy.deepcopy(module)
    assert torch.equal(twin(x), module(x))
