"""Hooks that change hooks while a run goes on, draw random numbers, or are refused."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest
import torch
from torch import Tensor, nn

import flow
from flow.hooking.actions import clamp, times
from flow.hooking.records import Kind
from flow.record import INPUT
from tests.flow.hooking.chains import KINDS, PLAIN, chain, hooks_of, numbers, on, one, run


def test_a_hook_that_removes_itself_stays_removed() -> None:
    module = chain()
    with flow.Hooking(module) as hooking:
        for place, kind in enumerate(KINDS):
            hooking.add(flow.Hook(kind, on(kind), partial(_removing, hooking, place)))
        counts = [len(hooking.run(one(), loss=torch.sum).fired) for _ in range(2)]
        assert counts == [len(KINDS), 0]
        assert not any(handle.live for handle in hooking.handles)
        assert hooks_of(module) == []


def _removing(hooking: flow.Hooking, number: int, _tensor: Tensor) -> None:
    hooking.remove(number)


def test_an_action_can_neither_add_a_hook_nor_run_the_module_once_more() -> None:
    module = chain()
    with flow.Hooking(module) as hooking:

        def add(_tensor: Tensor) -> None:
            hooking.add(flow.Hook("forward", "b"))

        def again(_tensor: Tensor) -> None:
            hooking.run(one(), loss=torch.sum)

        for action, told in ((add, "no hook can be added during a run"), (again, "once more")):
            number = hooking.add(flow.Hook("forward", "a", action))
            with pytest.raises(flow.HookError, match=told):
                hooking.run(one(), loss=torch.sum)
            hooking.remove(number)
        assert hooks_of(module) == []
        assert numbers(hooking.run(one(), loss=torch.sum)) == PLAIN


def _random(tensor: Tensor) -> Tensor:
    return torch.rand_like(tensor)


@pytest.mark.parametrize("kind", KINDS)
def test_random_numbers_of_an_action_come_from_the_seed_of_the_run(kind: Kind) -> None:
    module = chain()
    before = torch.get_rng_state()
    with flow.Hooking(module, [flow.Hook(kind, on(kind), _random)]) as hooking:
        one_, again, other = (
            numbers(hooking.run(one(), loss=torch.sum, seed=seed)) for seed in (3, 3, 4)
        )
    assert one_ == again != other
    assert torch.equal(torch.get_rng_state(), before)


class Refusing(nn.Linear):
    """Takes no full backward hook, as scripted modules do."""

    def register_full_backward_hook(self, *_: Any, **__: Any) -> Any:
        """Refuse it."""
        raise RuntimeError("not supported")


def test_nothing_stays_where_a_module_itself_refuses_a_hook() -> None:
    module = nn.Sequential(nn.Linear(1, 1), Refusing(1, 1))
    with pytest.raises(RuntimeError, match="not supported"):
        flow.Hooking(module, [flow.Hook("forward", "0"), flow.Hook("full backward", "1")])
    assert hooks_of(module) == []


def test_an_upstream_vector_for_no_tensor_and_a_negative_bound_are_refused_in_words() -> None:
    words = nn.Sequential(Words())
    with (
        flow.Hooking(words) as hooking,
        pytest.raises(flow.UpstreamError, match="it holds none"),
    ):
        hooking.run(one(), upstream=torch.ones(1, 1))
    with pytest.raises(flow.HookError, match="at least 0; -1 came"):
        clamp(-1)


class Words(nn.Module):
    """Returns no tensor."""

    def forward(self, _x: Tensor) -> str:
        """Return a word."""
        return "word"


def test_a_parameter_of_two_layers_goes_by_either_name() -> None:
    module = chain()
    module.get_submodule("b").weight = module.get_parameter("a.weight")  # type: ignore[assignment]
    for name in ("a.weight", "b.weight"):
        found = run([flow.Hook("parameter", name, times(2))], module)
        assert found.parameters["a.weight"] == 2 * (7 * 5 * 2 + 7 * 5 * 2), "5 · w · w · 7"


class Several(nn.Module):
    """Returns two tensors in a list or a dict."""

    def __init__(self, kind: type) -> None:
        super().__init__()
        self.kind = kind

    def forward(self, x: Tensor) -> Any:
        """Return x times 2 and times 3."""
        return [2 * x, 3 * x] if self.kind is list else {"a": 2 * x, "b": 3 * x}


@pytest.mark.parametrize(("kind", "key"), [(list, 0), (dict, "a")])
def test_a_tensor_hook_takes_the_first_of_a_list_or_a_dict(kind: type, key: Any) -> None:
    module = nn.Sequential(Several(kind))
    with flow.Hooking(module, [flow.Hook("tensor", "0", times(5))]) as hooking:
        found = hooking.run(one(), loss=lambda out: out[key].sum())
    assert [each.given[0].shapes for each in found.fired] == [((1, 1),)]
    assert found.gradients[INPUT] == 10
