"""A run that keeps some layers keeps their bits, the whole graph, and little memory."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from numpy.testing import assert_array_equal
from torch import Tensor, nn

import flow
from flow.errors import ExplainError, RunError
from flow.record import Capture
from tests.flow.networks import CASES, squared_mean


def names_of(capture: Capture) -> Any:
    """All that is not a value: graph, names, layers, shapes."""
    nodes = [
        (node.id, node.name, node.layer, node.call, node.parameter, node.shapes)
        for node in capture.nodes
    ]
    layers = [
        (layer.name, layer.kind, layer.detail, layer.nodes, layer.input_shapes, layer.output_shapes)
        for layer in capture.layers
    ]
    return nodes, layers, capture.edges, capture.loss


def assert_same_arrays(ours: tuple[Any, ...], theirs: tuple[Any, ...]) -> None:
    assert len(ours) == len(theirs)
    for mine, yours in zip(ours, theirs, strict=True):
        assert (mine is None) == (yours is None)
        if mine is not None:
            assert_array_equal(mine, yours)


@pytest.mark.parametrize("name", CASES)
def test_what_is_kept_has_the_bits_it_has_in_a_whole_run(name: str) -> None:
    case = CASES[name]
    module, x = case.build(), case.input()
    whole = flow.run(module, x, loss=squared_mean).capture
    for path in dict.fromkeys(layer.path for layer in whole.layers):
        capture = flow.run(module, x, loss=squared_mean, keep=[path]).capture
        assert names_of(capture) == names_of(whole)
        for mine, yours in zip(capture.layers, whole.layers, strict=True):
            assert mine.kept == (mine.path == path or mine.path.startswith(f"{path}."))
            if mine.kept:
                assert_same_arrays(mine.inputs, yours.inputs)
                assert_same_arrays(mine.outputs, yours.outputs)
                assert_same_arrays(mine.upstreams, yours.upstreams)
                assert_same_arrays(mine.downstream, yours.downstream)
                for record, other in zip(mine.parameters, yours.parameters, strict=True):
                    assert_same_arrays((record.gradient,), (other.gradient,))
        for node, other_node in zip(capture.nodes, whole.nodes, strict=True):
            if node.kept:
                assert_same_arrays(node.upstream, other_node.upstream)
                assert_same_arrays(node.downstream, other_node.downstream)
        assert_same_arrays(capture.outputs, whole.outputs)


def wide() -> nn.Sequential:
    with flow.Seeded(0):
        return nn.Sequential(
            *(nn.Sequential(nn.Linear(64, 64), nn.Tanh()) for _ in range(6)), nn.Linear(64, 2)
        )


X = torch.linspace(-1, 1, 512 * 64).view(512, 64)


def test_a_kept_layer_is_explained_and_another_says_that_it_was_not_kept() -> None:
    with flow.run(wide(), X, loss=squared_mean, keep=("2",)) as run:
        (node,) = [node for node in run.capture.nodes if node.name == "TanhBackward0" and node.kept]
        assert node.layer == "2.1"
        told = run.explain(node.id, (0, 0))
        assert told.total == pytest.approx(told.autograd)
        assert run.table(node.id, sample=0).coefficients.size == 64
        assert all(check.passed is not False for check in run.check(node.id))
        (other,) = [node.id for node in run.capture.nodes if node.layer == "4.1"]
        words = (
            f"{other} was not kept: this run keeps 2 alone. "
            "Run the module again with it in keep=, or without keep=."
        )
        for ask in (
            lambda: run.explain(other, (0, 0)),
            lambda: run.reach(other, (0, 0)),
            lambda: run.table(other),
            lambda: run.check(other),
            lambda: run.handover(other),
        ):
            with pytest.raises(ExplainError) as error:
                ask()
            assert str(error.value) == words
        with pytest.raises(ExplainError, match=r"^4\.0 was not kept"):
            run.forward("4.0", sample=0)
        assert len(run.picture().nodes) == len(run.capture.nodes) + 15
        assert run.capture.problems == ()


def test_an_unkept_layer_has_no_values_and_the_kept_ones_little_memory() -> None:
    def size(capture: Capture) -> int:
        arrays = {
            id(array.base if array.base is not None else array): array.nbytes
            for layer in capture.layers
            for array in (*layer.inputs, *layer.outputs, *layer.upstreams, *layer.downstream)
            if array is not None
        }
        return sum(arrays.values())

    whole = flow.run(wide(), X, loss=squared_mean).capture
    part = flow.run(wide(), X, loss=squared_mean, keep=("2.1",)).capture
    other = part.layer("4.1")
    assert (other.inputs, other.outputs, other.upstreams, other.downstream) == ((None,),) * 4
    assert size(part) == 4 * X.nbytes < size(whole)
    assert [record.gradient is None for record in part.parameters] == [True] * 14


def test_what_the_other_layers_saved_is_let_go_of() -> None:
    seen: list[Any] = []

    class Square(torch.autograd.Function):
        @staticmethod
        def forward(ctx: Any, x: Tensor) -> Tensor:
            ctx.save_for_backward(x)
            return x * x

        @staticmethod
        def backward(ctx: Any, gradient: Tensor) -> Tensor:
            seen.append(ctx.saved_tensors)
            return 2 * gradient * seen[-1][0]

    class Squaring(nn.Module):
        def forward(self, x: Tensor) -> Any:
            return Square.apply(x)  # type: ignore[no-untyped-call]

    x = torch.ones(2).requires_grad_()
    whole = flow.run(nn.Sequential(Squaring(), nn.Tanh()), x, loss=torch.sum).capture
    seen.clear()
    with flow.run(nn.Sequential(Squaring(), nn.Tanh()), x, loss=torch.sum, keep=["1"]) as run:
        assert len(seen) == 1
        assert [node.kept for node in run.capture.nodes] == [False, True, False, False]
        assert run.capture.edges == whole.edges
        (square,) = [node for node in run._live.graph.nodes if "Square" in type(node).__name__]  # type: ignore[union-attr]
        with pytest.raises(ExplainError, match="was not kept"):
            square.saved_tensors  # noqa: B018


def test_a_value_overwritten_after_it_was_saved_is_refused_as_without_keep() -> None:
    class Overwriting(nn.Module):
        def forward(self, x: Tensor) -> Tensor:
            y = x.sigmoid()
            with torch.no_grad():
                y.add_(1)
            return y

    x = torch.ones(2).requires_grad_()
    for keep in (None, ["0"], ["1"]):
        with pytest.raises(flow.BackwardError, match="modified by an inplace operation"):
            flow.run(nn.Sequential(Overwriting(), nn.Tanh()), x, loss=torch.sum, keep=keep)


def test_a_layer_that_does_not_exist_is_refused_with_those_that_do() -> None:
    with pytest.raises(RunError) as error:
        flow.run(wide(), X, loss=squared_mean, keep=["layer4"])
    assert str(error.value) == (
        "keep: there is no layer 'layer4'. The layers are 0, 0.0, 0.1, 1, 1.0, 1.1, 2, 2.0, ...."
    )


def test_nothing_at_all_can_be_kept() -> None:
    capture = flow.run(wide(), X, loss=squared_mean, keep=()).capture
    assert not any(node.kept for node in capture.nodes)
    assert all(array is None for node in capture.nodes for array in node.upstream)
    assert np.isfinite(capture.loss or np.nan)


def test_layers_far_from_the_kept_ones_leave_no_gradient_behind() -> None:
    class Residual(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.conv = nn.Conv2d(2, 2, 1, bias=False)

        def forward(self, x: Tensor) -> Tensor:
            return x.tanh() + self.conv(x)  # type: ignore[no-any-return]

    with flow.Seeded(0):
        stem = nn.Conv2d(1, 2, 1, bias=False)
        module = nn.Sequential(stem, nn.ReLU(), Residual(), nn.Tanh(), Residual())
    capture = flow.run(module, torch.ones(1, 1, 3, 3), loss=squared_mean, keep=["0"]).capture
    kept = {node.id for node in capture.nodes if node.kept}
    for node in capture.nodes:
        if not kept.intersection([node.id, *node.targets]):
            assert all(array is None for array in (*node.upstream, *node.downstream))
    assert len(kept) == 2
