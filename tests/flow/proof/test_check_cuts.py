"""What a layer cuts off, casts, hooks or keeps out of training is no fault, and is said."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

import flow
from flow.record import Check
from flow.run import Run
from tests.flow.asking.test_explain_operations import leaf, only
from tests.flow.operations import Applied
from tests.flow.proof.test_check import Outer, by_name


def run_of(layer: nn.Module, *inputs: Tensor) -> Run:
    return flow.run(Outer(layer), inputs, loss=lambda y: y.float().square().sum())


def all_checks(run: Run) -> list[Check]:
    return [one for node in run.capture.nodes for one in run.check(node.id)]


def asking(*shape: int) -> Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(1)).requires_grad_()


def _spread(x: Tensor) -> Tensor:
    with torch.no_grad():
        width = x.std()
    return x / width


CUT: dict[str, Callable[[Tensor], Tensor]] = {
    "straight through": lambda x: x + (x.round() - x).detach(),
    "half of a square": lambda x: x * x.detach(),
    "without gradients": _spread,
    "data": lambda x: x * x.data,
}


@pytest.mark.parametrize("name", CUT)
def test_what_a_layer_detaches_is_held_and_said(name: str) -> None:
    with run_of(Applied(CUT[name]), asking(5)) as run:
        made = [node.id for node in run.capture.nodes if node.layer == "layer"]
        found = by_name(run, made[0])["finite differences"]
        assert found.passed is True
        assert (
            "What it detaches was held at its value, as the backward pass does." in found.sentence
        )
        assert all(one.passed is not False for one in all_checks(run))


class Rounded(nn.Module):
    """Computes in float32 whatever it is given, as the norms of language models do."""

    def __init__(self) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(8))

    def forward(self, x: Tensor) -> Tensor:
        wide = x.to(torch.float32)
        wide = wide * torch.rsqrt(wide.pow(2).mean(-1, keepdim=True) + 1e-6)
        return self.weight * wide.to(x.dtype)


@pytest.mark.parametrize("layer", [Rounded(), Applied(lambda x: x.bfloat16() * 3)])
def test_a_cast_inside_a_layer_is_taken_out_and_said(layer: nn.Module) -> None:
    with run_of(layer, asking(4, 8)) as run:
        made = [node.id for node in run.capture.nodes if node.layer == "layer"]
        found = by_name(run, made[-1])["finite differences"]
        assert found.passed is True
        assert "Its conversions to a narrower type were left out." in found.sentence
        assert all(one.passed is not False for one in all_checks(run))


class Buffered(nn.Module):
    """Writes what it is given into numbers of its own, in float32."""

    def forward(self, x: Tensor) -> Tensor:
        kept = torch.zeros(3)
        kept[:] = x * 2
        return kept


def test_a_layer_that_rounds_to_float32_all_the_same_says_so() -> None:
    with run_of(Buffered(), asking(3)) as run:
        made = [node.id for node in run.capture.nodes if node.layer == "layer"]
        found = by_name(run, made[0])["finite differences"]
        assert found.passed is None
        assert found.sentence.startswith("layer computes in float32 even when it is given float64")


def test_the_way_back_through_a_layers_own_output_is_counted_once() -> None:
    class Both(nn.Module):
        def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
            h = torch.tanh(x)
            return h, h * 2

    class Added(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.layer = Both()

        def forward(self, x: Tensor) -> Tensor:
            one, two = self.layer(x)
            return one * two.exp()  # type: ignore[no-any-return]

    with flow.run(Added(), asking(5), loss=lambda y: y.sum()) as run:
        found = by_name(run, only(run, "TanhBackward0"))["finite differences"]
        assert found.passed is True
        assert found.cells == 5


def test_an_lstm_cell_that_is_given_a_tuple_passes() -> None:
    class Steps(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.cell = nn.LSTMCell(3, 4)

        def forward(self, x: Tensor) -> Tensor:
            h, c = self.cell(x)
            h, c = self.cell(x, (h, c))
            return h + c  # type: ignore[no-any-return]

    torch.manual_seed(0)
    with flow.run(Steps(), asking(2, 3), loss=lambda y: y.square().sum()) as run:
        assert all(one.passed is not False for one in all_checks(run))
        made = [node.id for node in run.capture.nodes if node.layer == "cell#2"]
        assert by_name(run, made[0])["finite differences"].passed is True


def test_the_row_of_padding_is_left_out_and_said() -> None:
    torch.manual_seed(0)
    with run_of(nn.Embedding(5, 3, padding_idx=0), torch.tensor([0, 1, 4, 0])) as run:
        found = by_name(run, leaf(run, "layer.weight"))["finite differences"]
        assert found.passed is True
        assert "Row 0 is padding, which is not trained: left out." in found.sentence


def test_gradients_scaled_by_frequency_are_not_compared_with_the_derivative() -> None:
    layer = nn.Embedding(5, 3, scale_grad_by_freq=True)
    with flow.run(Outer(layer), torch.tensor([1, 1, 2]), loss=lambda y: y.sum()) as run:
        found = by_name(run, leaf(run, "layer.weight"))["finite differences"]
        assert found.passed is None
        assert "divides each row's gradient by how often the row was looked up" in found.sentence


def test_a_gradient_reversal_is_said_to_be_no_derivative() -> None:
    class Reversed(torch.autograd.Function):
        @staticmethod
        def forward(ctx: Any, x: Tensor) -> Tensor:  # noqa: ARG004 - torch's signature
            return x.view_as(x)

        @staticmethod
        def backward(ctx: Any, upstream: Tensor) -> Tensor:  # noqa: ARG004
            return -upstream

    with run_of(Applied(Reversed.apply), asking(4)) as run:
        found = by_name(run, only(run, "ReversedBackward"))["finite differences"]
        assert found.passed is False
        assert "The backward of layer is not the derivative of its forward." in found.sentence
        assert "ReversedBackward is written by hand." in found.sentence


# Infinities


@pytest.mark.parametrize(
    "function",
    [
        lambda x: x.sqrt() + x.log(),
        lambda x: x.relu().sqrt(),
        lambda x: x.relu().log(),
        lambda x: x / x,
    ],
)
def test_infinity_and_nan_are_left_out_not_called_wrong(
    function: Callable[[Tensor], Tensor],
) -> None:
    x = torch.tensor([0.0, 1.0, 2.0], requires_grad=True)
    with run_of(Applied(function), x) as run:
        assert all(one.passed is not False for one in all_checks(run))


def test_cells_that_cannot_be_compared_are_counted() -> None:
    x = torch.tensor([0.0, 1.0, 4.0], requires_grad=True)
    with flow.run(Applied(lambda y: y.relu().sqrt()), x, upstream=torch.ones(3)) as run:
        found = by_name(run, only(run, "ReluBackward0"))["closed form"]
        assert (found.passed, found.cells) == (True, 2)
        assert "1 cell is left out: infinity or NaN meets another number there" in found.sentence


# Hooks


def hooked(register: Callable[[nn.Sequential], Any]) -> Run:
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(4, 3), nn.Tanh(), nn.Linear(3, 2))
    register(model)
    return flow.run(model, asking(5, 4), loss=lambda y: y.square().sum())


def test_a_hook_on_a_parameter_is_told_and_the_gradient_before_it_checked() -> None:
    def clamped(model: nn.Sequential) -> Any:
        return model.get_parameter("0.weight").register_hook(lambda g: g.clamp(-0.1, 0.1))

    with hooked(clamped) as run:
        assert all(one.passed is not False for one in all_checks(run))
        node = run.capture.node(leaf(run, "0.weight"))
        giver = next(one for one in run.capture.nodes if node.id in one.targets)
        told = "A hook on 0.weight changed"
        for asked in (node.id, giver.id):
            found = by_name(run, asked)
            assert found["sum of terms"].passed is True
            assert found["closed form"].passed is True
        assert by_name(run, node.id)["sum of terms"].sentence.endswith(
            f"{told} this gradient on arrival; what is compared is what was handed on to it."
        )
        assert f"{told} a gradient of 0" in by_name(run, node.id)["finite differences"].sentence
        handed = run.handover(giver.id)
        assert handed.passed
        assert handed.difference > 0.1
        assert handed.note == f"{told} this gradient on the way."


def test_a_hook_on_a_tensor_between_two_layers_is_told() -> None:
    class Watched(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.one, self.two = nn.Linear(4, 3), nn.Tanh()

        def forward(self, x: Tensor) -> Tensor:
            h = self.one(x)
            h.register_hook(lambda g: g * 2)
            return self.two(h)  # type: ignore[no-any-return]

    with flow.run(Watched(), asking(5, 4), loss=lambda y: y.square().sum()) as run:
        assert all(one.passed is not False for one in all_checks(run))
        found = run.handover(only(run, "TanhBackward0"))
        assert found.passed
        assert found.note.startswith("A hook on the output of ")
        assert found.note.endswith("AddmmBackward0 changed this gradient on the way.")


@pytest.mark.parametrize(
    "change", [lambda g: g * 2, lambda g: g.clamp(-0.1, 0.1), torch.ones_like, lambda _: None]
)
def test_a_node_behind_a_hook_is_asked_about_what_the_hook_made(
    change: Callable[[Tensor], Tensor | None],
) -> None:
    class Watched(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.one, self.two = nn.Tanh(), nn.Linear(4, 3)

        def forward(self, x: Tensor) -> Tensor:
            h = self.one(x)
            h.register_hook(change)
            return self.two(h)  # type: ignore[no-any-return]

    with flow.run(Watched(), asking(5, 4), loss=lambda y: y.square().sum()) as run:
        node = run.capture.node(only(run, "TanhBackward0"))
        table, part, upstream = run.table(node.id), node.downstream[0], node.upstream[0]
        assert part is not None
        assert upstream is not None
        assert (table.notes, table.note) == ((), "")
        assert np.allclose(table.coefficients * upstream.reshape(-1), part.reshape(-1))
        for row in range(5):
            found = run.explain(node.id, (row, 1))
            assert found.note == ""
            assert found.total == pytest.approx(found.autograd, rel=1e-5)
            fed = run.reach(node.id, (row, 1)).inputs[0]
            assert fed is not None
            assert fed[row, 1] == found.coefficients[0]
        assert all(one.passed for one in all_checks(run) if one.name == "sum of terms")
        assert [one.passed for one in run.check(node.id)] == [True] * 3


def test_a_hook_on_a_leaf_of_two_consumers_is_told() -> None:
    class Twice(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.weight = nn.Parameter(torch.ones(3))

        def forward(self, x: Tensor) -> Tensor:
            return x * self.weight + self.weight.exp()

    model = Twice()
    model.weight.register_hook(lambda g: g * 2)
    with flow.run(model, asking(3), loss=lambda y: y.sum()) as run:
        found = by_name(run, leaf(run, "weight"))["sum of terms"]
        assert found.passed is None
        assert found.sentence.startswith("A hook on weight changed this gradient: what is stored")


@pytest.mark.parametrize("change", [lambda g: g * 2, lambda g: g.clamp(-0.1, 0.1), lambda _: None])
def test_a_node_with_a_full_backward_hook_is_not_asked_alone_and_says_so(
    change: Callable[[Tensor], Tensor | None],
) -> None:
    def look(_module: nn.Module, given: Any, _upstream: Any) -> Any:
        made = change(given[0])
        return None if made is None else (made,)

    with hooked(lambda model: model[1].register_full_backward_hook(look)) as run:
        assert all(one.passed is not False for one in all_checks(run))
        nodes = [node for node in run.capture.nodes if node.name == "BackwardHookFunctionBackward"]
        assert len(nodes) == 2
        for node in nodes:
            assert by_name(run, node.id)["sum of terms"].sentence == (
                "A full backward hook of 1 runs whenever this node does, so it cannot be asked "
                "alone."
            )
            assert run.handover(node.id).passed


def only_linear(run: Run) -> str:
    """Return the node of the first layer."""
    return next(one.id for one in run.capture.nodes if one.layer == "0" and "Addmm" in one.name)


def test_without_a_hook_a_changed_gradient_is_a_fault() -> None:
    with hooked(lambda _: None) as run:
        node = run.capture.node(only_linear(run))
        part = node.downstream[1]
        assert part is not None
        object.__setattr__(node, "downstream", (node.downstream[0], part * 2, *node.downstream[2:]))
        found = by_name(run, node.id)
        assert found["closed form"].passed is False
        assert found["sum of terms"].passed is False
        assert "hook" not in found["sum of terms"].sentence
