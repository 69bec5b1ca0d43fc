"""Hooks, detached values and a backward inside the forward are shown as what they are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
from numpy.testing import assert_array_equal
from torch import Tensor, nn

import flow
from flow.record import Capture, Problem


def linear() -> nn.Sequential:
    with flow.Seeded(0):
        return nn.Sequential(nn.Linear(3, 2), nn.Tanh())


X = torch.tensor([[1.0, -2.0, 3.0], [0.5, 4.0, -1.0]])


def of_kind(capture: Capture, kind: str) -> list[Problem]:
    return [problem for problem in capture.problems if problem.kind == kind]


def test_a_hook_on_a_parameter_changes_what_is_stored_and_not_what_was_handed_on() -> None:
    module = linear()
    plain = torch.autograd.grad(module(X).sum(), module.get_parameter("0.weight"))[0]
    module.get_parameter("0.weight").register_hook(lambda gradient: gradient.clamp(-0.1, 0.1))
    capture = flow.run(module, X, loss=torch.sum).capture
    (leaf,) = [node for node in capture.nodes if node.parameter == "0.weight"]
    (giver,) = [node for node in capture.nodes if leaf.id in node.targets]
    assert leaf.hooked == (0,)
    assert_array_equal(giver.downstream[0], plain)
    assert_array_equal(leaf.upstream[0], plain.clamp(-0.1, 0.1))
    (note,) = of_kind(capture, "hook")
    assert note.node == leaf.id
    assert note.message == (
        "A hook on 0.weight changed its gradient on arrival: what is shown as its gradient is "
        "what the hook returned, not what was handed on to it."
    )


def test_a_hook_that_only_looks_changes_nothing_and_is_not_reported() -> None:
    module, seen = linear(), []
    module.get_parameter("0.weight").register_hook(lambda gradient: seen.append(gradient.clone()))
    capture = flow.run(module, X, loss=torch.sum).capture
    (gradient,) = seen
    (leaf,) = [node for node in capture.nodes if node.parameter == "0.weight"]
    assert_array_equal(leaf.upstream[0], gradient)
    assert of_kind(capture, "hook") == []
    assert all(node.hooked == () for node in capture.nodes if node.parameter != "0.weight")


class Hooking(nn.Module):
    """Hangs a hook on a value that two operations read."""

    def __init__(self, hook: Callable[[Tensor], Tensor]) -> None:
        super().__init__()
        self.hook = hook

    def forward(self, x: Tensor) -> Tensor:
        h = x * 2
        h.register_hook(self.hook)
        return h.sin() + h * 5


@pytest.mark.parametrize("factor", [1.0, 3.0])
def test_a_hook_on_a_value_inside_the_forward_is_seen(factor: float) -> None:
    x = torch.tensor([0.3, 0.7]).requires_grad_()
    capture = flow.run(Hooking(lambda gradient: gradient * factor), x, loss=torch.sum).capture
    (product,) = [node for node in capture.nodes if node.hooked]
    parts = [node.downstream[0] for node in capture.nodes if product.id in node.targets]
    total = torch.cos(2 * x.detach()) + 5
    torch.testing.assert_close(torch.tensor(sum(part for part in parts if part is not None)), total)
    torch.testing.assert_close(torch.tensor(product.upstream[0]), total * factor)
    notes = [note.message for note in of_kind(capture, "hook")]
    assert [note.startswith("A hook on the output of MulBackward0 changed") for note in notes] == (
        [] if factor == 1 else [True]
    )


def test_a_full_backward_hook_that_changes_a_gradient_is_reported_with_its_layer() -> None:
    module = linear()

    def double(_module: nn.Module, given: Any, _arrived: Any) -> Any:
        return (given[0] * 2,)

    module[0].register_full_backward_hook(double)
    x = X.clone().requires_grad_()
    capture = flow.run(module, x, loss=torch.sum).capture
    assert capture.layer("0").hooked
    assert not capture.layer("1").hooked
    (note,) = of_kind(capture, "hook")
    assert note.layer == "0"
    assert note.message == (
        "A backward hook of 0 changed a gradient: what is shown as handed on is what the hook "
        "returned."
    )
    quiet = linear()
    quiet[0].register_full_backward_hook(lambda *_: None)
    assert of_kind(flow.run(quiet, x, loss=torch.sum).capture, "hook") == []


def test_a_layer_that_detaches_a_value_is_named() -> None:
    class Straight(nn.Module):
        def forward(self, x: Tensor) -> Tensor:
            return x + (x.round() - x).detach()

    class Calm(nn.Module):
        def forward(self, x: Tensor) -> Tensor:
            with torch.no_grad():
                self.last = x.detach()
            return x * torch.ones(1).detach()

    x = torch.tensor([0.3, 0.7]).requires_grad_()
    capture = flow.run(nn.Sequential(Straight(), Calm()), x, loss=torch.sum).capture
    assert [layer.detaches for layer in capture.layers] == [True, False]
    (note,) = of_kind(capture, "detach")
    assert note.layer == "0"
    assert note.message == (
        "0 (Straight) detaches a tensor that asks for a gradient: no gradient passes through the "
        "detached value, though the output depends on it."
    )


@pytest.mark.parametrize("taking", [Tensor.detach, torch.detach, lambda h: h.data])
def test_every_way_to_detach_is_seen(taking: Any) -> None:
    class Scaled(nn.Module):
        def forward(self, x: Tensor) -> Tensor:
            return x * taking(x)

    x = torch.ones(2).requires_grad_()
    assert flow.run(nn.Sequential(Scaled()), x, loss=torch.sum).capture.layers[0].detaches


@pytest.mark.parametrize("before", [None, 3.0])
def test_a_backward_inside_the_forward_leaves_grad_alone(before: float | None) -> None:
    class Eager(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.fc = nn.Linear(3, 2)

        def forward(self, x: Tensor) -> Tensor:
            y: Tensor = self.fc(x).sum()
            y.backward(retain_graph=True)  # type: ignore[no-untyped-call]
            return y

    with flow.Seeded(0):
        module = Eager()
    kept: dict[str, Tensor] = {}
    for name, parameter in module.named_parameters():
        if before is not None:
            parameter.grad = kept[name] = torch.full_like(parameter, before)
    capture = flow.run(module, X).capture
    for record in capture.parameters:
        assert record.gradient is not None
    assert_array_equal(capture.parameters[1].gradient, [2, 2])
    for name, parameter in module.named_parameters():
        assert parameter.grad is kept.get(name)
        assert parameter.grad is None or torch.equal(parameter.grad, torch.full_like(parameter, 3))
