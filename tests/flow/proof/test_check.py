"""The proof strip: three checks that pass where autograd is right, fail where it is not."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F  # noqa: N812 - everybody's name for it
from torch import Tensor, nn

import flow
from flow.asking.matrix.sums import spread
from flow.errors import ExplainError
from flow.ops import OPS
from flow.ops import Operation as KnownOperation
from flow.record import Check, Rule
from flow.run import Run
from models.presets import PRESETS
from tests.flow.asking.test_explain_operations import leaf, only
from tests.flow.operations import OPERATIONS, Applied, Operation
from tests.flow.words.test_rules import preset_run

NAMES = ("closed form", "finite differences", "sum of terms")


def by_name(run: Run, node: str) -> dict[str, Check]:
    checks = run.check(node)
    assert tuple(one.name for one in checks) == NAMES
    return {one.name: one for one in checks}


@pytest.mark.parametrize("key", PRESETS)
def test_every_node_of_a_preset_passes_all_three_checks(key: str) -> None:
    with preset_run(key) as run:
        for node in run.capture.nodes:
            if node.is_leaf and key != "test":
                continue  # explained at the node that made it, so checked there
            for name, one in by_name(run, node.id).items():
                assert one.passed, (node.name, name, one.sentence)
                assert one.difference is not None
                assert one.tolerance is not None
                assert one.difference <= one.tolerance
                assert one.cells > 0


LAYERS = [
    "conv2d all",
    "conv2d grouped",
    "conv1d strided",
    "conv3d",
    "transposed 2d padded",
    "linear layer",
    "batch norm",
    "batch norm evaluated",
    "layer norm",
    "group norm",
    "instance norm",
    "gru",
    "attention",
    "prelu",
]


@pytest.mark.parametrize("name", LAYERS)
def test_a_layer_agrees_with_central_differences_of_its_forward(name: str) -> None:
    operation = OPERATIONS[name]
    inside = Operation(lambda: Outer(operation.make()), operation.shapes)
    with inside.run() as run:
        (node,) = [one.id for one in run.capture.nodes if one.layer == "layer"][:1]
        found = by_name(run, node)["finite differences"]
        assert found.passed, found.sentence


# A check that cannot fail proves nothing


class Halved(torch.autograd.Function):
    """A backward that is wrong by a factor of two, though linear."""

    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:  # noqa: ARG004 - torch's signature
        return x * 2

    @staticmethod
    def backward(ctx: Any, upstream: Tensor) -> Tensor:  # noqa: ARG004
        return upstream


class Wrong(nn.Module):
    """A layer with that backward."""

    def forward(self, x: Tensor) -> Tensor:
        return Halved.apply(x)  # type: ignore[no-any-return, no-untyped-call]


class Outer(nn.Module):
    """Holds one layer, so that the layer has a name of its own."""

    def __init__(self, layer: nn.Module) -> None:
        super().__init__()
        self.layer = layer

    def forward(self, *inputs: Tensor) -> Any:
        return self.layer(*inputs)


def checked(layer: nn.Module, x: Tensor, node: str = "n0") -> dict[str, Check]:
    """Run a layer inside a model and check one node."""
    x = x.requires_grad_()
    with torch.no_grad():
        shape = Outer(layer)(x).shape
    with flow.run(Outer(layer), x, upstream=torch.ones(shape)) as run:
        return by_name(run, node)


def test_finite_differences_find_a_wrong_backward() -> None:
    found = checked(Wrong(), torch.ones(3))
    assert found["finite differences"].passed is False
    assert found["finite differences"].difference == pytest.approx(1.0)
    assert found["sum of terms"].passed is True
    assert found["closed form"].passed is None
    assert "No closed form is written down for HalvedBackward" in found["closed form"].sentence


def test_a_wrong_closed_form_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(
        OPS, "TanhBackward0", KnownOperation(Rule("", ""), lambda backward: (backward.g,))
    )
    found = checked(nn.Tanh(), torch.ones(3))
    assert found["closed form"].passed is False
    assert found["finite differences"].passed is True


def test_a_slice_that_is_filled_twice_counts_once() -> None:
    index, value = torch.tensor([2, 0, 2]), torch.tensor(0.5, requires_grad=True)
    x = torch.randn(3, 4, generator=torch.Generator().manual_seed(1)).requires_grad_()
    function = Applied(lambda y, fill: y.index_fill(1, index, fill))
    with flow.run(function, (x, value), loss=lambda y: y.sum()) as run:
        node = only(run, "IndexFillBackward1")
        assert run.capture.node(node).downstream[1] == 6.0  # two columns of three cells
        assert by_name(run, node)["closed form"].passed is True


# Reasons


class Drawing(nn.Module):
    """Adds other noise at every call."""

    def forward(self, x: Tensor) -> Tensor:
        return x * torch.rand(x.shape)


class Calls:
    """A count that lives outside the module, where no run puts it back."""

    count = 0


class Counting(nn.Module):
    """Gives another output at every call."""

    def __init__(self) -> None:
        super().__init__()
        self.calls = Calls()

    def forward(self, x: Tensor) -> Tensor:
        self.calls.count += 1
        return x * self.calls.count


class Single(nn.Module):
    """Works in single precision only."""

    def forward(self, x: Tensor) -> Tensor:
        return x @ torch.ones(3, 1)


@pytest.mark.parametrize(
    ("layer", "x", "sentence"),
    [
        (Drawing(), torch.ones(50), "draws random numbers"),
        (Counting(), torch.ones(3), "gave another output"),
        (Single(), torch.ones(2, 3), "cannot be run again in float64"),
        (nn.Sequential(nn.Tanh()), torch.ones(3), ""),
        (nn.ReLU(), torch.zeros(3), "stands where the function bends"),
        (nn.MaxPool2d(2), torch.zeros(1, 1, 2, 2), "stands where the function bends"),
        (nn.MaxPool2d(2), torch.arange(4.0).view(1, 1, 2, 2), ""),
    ],
)
def test_a_layer_that_cannot_be_moved_says_why(layer: nn.Module, x: Tensor, sentence: str) -> None:
    one = checked(layer, x.clone())["finite differences"]
    assert sentence in one.sentence
    assert one.passed is (None if sentence else True)


def test_a_layer_without_any_module_says_so() -> None:
    x = torch.ones(3, requires_grad=True)
    with flow.run(Applied(torch.tanh), x, upstream=torch.ones(3)) as run:
        assert by_name(run, "n0")["finite differences"].passed is None


def test_cells_where_the_function_bends_are_left_out_and_counted() -> None:
    one = checked(nn.ReLU(), torch.tensor([-1.0, 0.0, 2.0]))["finite differences"]
    assert (one.passed, one.cells) == (True, 2)
    assert one.sentence.endswith("1 cell where the function bends was left out.")


def test_a_leaf_of_several_consumers_is_checked_as_their_sum() -> None:
    x = torch.tensor([0.5, 1.0], requires_grad=True)
    with flow.run(Applied(lambda y: y.exp() + y.sin()), x, upstream=torch.ones(2)) as run:
        found = by_name(run, leaf(run, "(input)"))
        assert found["sum of terms"].passed is True
        assert "Several consumers" in found["closed form"].sentence


def test_a_parameters_checks_are_about_that_parameter() -> None:
    with OPERATIONS["linear layer"].run() as run:
        found = by_name(run, leaf(run, "bias"))
        assert found["closed form"].cells == 4


def test_gradients_that_are_not_finite_are_not_called_wrong() -> None:
    found = checked(Applied(torch.sqrt), torch.zeros(2))
    assert all(one.passed is not False for one in found.values())


def test_an_unknown_node_is_refused() -> None:
    with OPERATIONS["relu"].run() as run, pytest.raises(ExplainError, match="no node 'n9'"):
        run.check("n9")


# Nothing is disturbed


def test_module_run_and_random_numbers_are_left_alone() -> None:
    layer = nn.Sequential(nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2), nn.Dropout(0.5))
    seen: list[int] = []
    layer[0].register_forward_hook(lambda *_: seen.append(1))
    x = torch.randn(2, 1, 5, 5, generator=torch.Generator().manual_seed(1))
    with flow.run(layer, x, upstream=torch.ones(2, 2, 3, 3)) as run:
        before = {name: value.clone() for name, value in layer.state_dict().items()}
        calls, state = len(seen), torch.get_rng_state()
        gradients = [array for node in run.capture.nodes for array in node.downstream]
        kept = [None if array is None else array.copy() for array in gradients]
        for node in run.capture.nodes:
            run.check(node.id)
        assert len(seen) == calls
        assert torch.equal(torch.get_rng_state(), state)
        assert all(torch.equal(before[name], value) for name, value in layer.state_dict().items())
        assert all(parameter.grad is None for parameter in layer.parameters())
        assert all(parameter.requires_grad for parameter in layer.parameters())
        for array, copy in zip(gradients, kept, strict=True):
            assert copy is None or (array is not None and np.array_equal(array, copy))


def test_weights_changed_after_the_run_are_told() -> None:
    layer = nn.Linear(3, 2)
    x = torch.ones(1, 3, requires_grad=True)
    with flow.run(layer, x, upstream=torch.ones(1, 2)) as run:
        with torch.no_grad():
            layer.weight.fill_(100.0)
        with pytest.raises(ExplainError, match="changed after the run"):
            run.check(only(run, "AddmmBackward0"))


def test_checks_can_be_pickled() -> None:
    with OPERATIONS["relu"].run() as run:
        found = pickle.loads(pickle.dumps(run.check("n0")))  # noqa: S301 - our own bytes
    assert [one.name for one in found] == list(NAMES)


@pytest.mark.parametrize(("count", "size"), [(4, 10), (12, 12), (12, 13), (24, 100_000), (5, 0)])
def test_cells_are_spread_evenly_and_the_same_every_time(count: int, size: int) -> None:
    found = spread(count, size)
    assert found == spread(count, size)
    assert len(found) == min(count, size) == len(set(found))
    assert all(0 <= place < size for place in found)
    if size > count:
        gaps = np.diff([*found, found[0] + size])
        assert gaps.max() <= size // count + 1


def test_a_loss_is_run_again_as_the_function_it_is() -> None:
    functions: list[Callable[[Tensor], Tensor]] = [
        lambda y: F.mse_loss(y, torch.ones(2, 3)),
        lambda y: F.cross_entropy(y, torch.tensor([0, 2])),
        lambda y: y.square().mean(),
    ]
    for function in functions:
        with flow.run(nn.Linear(3, 3), torch.ones(2, 3), function) as run:
            one = by_name(run, "n0")["finite differences"]
            assert one.passed is True
            assert one.sentence.startswith("The loss was run again")


def test_a_single_cell_is_not_said_to_be_all_of_them() -> None:
    found = checked(Applied(lambda y: 317 * y), torch.ones(1))
    assert found["closed form"].sentence.startswith("The only cell computed by the rule alone")
    assert found["sum of terms"].sentence.startswith("The terms of the only cell added up")
    assert "was run again in float64 with 1 cell moved" in found["finite differences"].sentence
    assert "(at most 320 here)" in found["sum of terms"].sentence
