"""Compiled modules are recorded as the eager ones they are made of, scripted ones as one layer."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from numpy.testing import assert_allclose, assert_array_equal
from torch import Tensor, nn

import flow
from tests.flow.networks import squared_mean

X = torch.linspace(-1, 1, 20).view(5, 4)


def block() -> nn.Sequential:
    with flow.Seeded(0):
        return nn.Sequential(nn.Linear(4, 4), nn.Sigmoid())


class Host(nn.Module):
    """A linear layer before a module under test."""

    def __init__(self, inner: nn.Module) -> None:
        super().__init__()
        with flow.Seeded(1):
            self.fc = nn.Linear(4, 4)
        self.inner = inner

    def forward(self, x: Tensor) -> Any:
        return self.inner(self.fc(x))


def refuse(*_: Any) -> Any:
    """Stands for a compiler that must not be asked."""
    raise AssertionError("compiled")


def graph_of(module: nn.Module) -> list[tuple[str, str, str]]:
    capture = flow.run(module, X, loss=squared_mean).capture
    return [(node.name, node.layer, node.call) for node in capture.nodes]


def test_a_compiled_module_is_recorded_as_the_eager_one() -> None:
    eager = block()
    compiled: Any = torch.compile(eager, backend=refuse)
    assert graph_of(compiled) == graph_of(eager)
    inner = graph_of(Host(torch.compile(eager, backend=refuse)))  # type: ignore[arg-type]
    assert [(name, layer.replace("._orig_mod", ""), call) for name, layer, call in inner] == (
        graph_of(Host(eager))
    )


def test_a_module_compiled_in_place_is_recorded_as_the_eager_one_and_stays_compiled() -> None:
    outer, inner = block(), block()
    expected = graph_of(outer)
    outer.compile(backend=refuse)
    inner[0].compile(backend=refuse)
    call = outer._compiled_call_impl
    assert graph_of(outer) == graph_of(inner) == expected
    assert outer._compiled_call_impl is call


@pytest.mark.filterwarnings("ignore:.*torch.jit:DeprecationWarning")
@pytest.mark.parametrize("how", ["script", "trace"])
def test_a_scripted_module_is_one_layer_with_its_gradients(how: str) -> None:
    inner: Any = torch.jit.script(block()) if how == "script" else torch.jit.trace(block(), X)
    module, twin = Host(inner), Host(block())
    squared_mean(twin(X)).backward()  # type: ignore[no-untyped-call]
    for _ in range(3):  # torch makes another graph of it at the third call
        capture = flow.run(module, X, loss=squared_mean).capture
        assert [layer.name for layer in capture.layers] == ["fc", "inner"]
        assert {node.layer for node in capture.nodes} == {"fc", "inner", "(loss)"}
        for record, parameter in zip(capture.parameters, twin.parameters(), strict=True):
            assert parameter.grad is not None
            assert record.gradient is not None
            assert_allclose(record.gradient, parameter.grad, rtol=1e-4, atol=1e-8)
        assert capture.layer("inner").parameters[0].name == "inner.0.weight"
        assert_array_equal(capture.layer("inner").downstream[0], capture.layer("fc").upstream)
    assert flow.run(inner, X, loss=squared_mean).capture.layers == ()
