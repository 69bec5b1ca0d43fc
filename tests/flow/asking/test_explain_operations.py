"""Cells of every kind of operation, explained: the sum, the coefficients, the sentences."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F  # noqa: N812 - everybody's name for it
from torch import Tensor, nn

import flow
from flow.asking.matrix import blocks
from flow.errors import ExplainError
from flow.record import INPUT, NodeRecord
from flow.run import Run
from tests.flow.operations import CONVOLUTIONS, OPERATIONS, POOLS, RESAMPLING, Applied, applied

ROUNDINGS = 64
"""Units in the last place of the sum of |terms| that the order of additions may cost."""


def cells(shape: tuple[int, ...]) -> list[tuple[int, ...]]:
    """Return the first, the middle and the last cell."""
    size = int(np.prod(shape))
    places = sorted({0, size // 2, size - 1})
    return [tuple(int(i) for i in np.unravel_index(place, shape)) for place in places]


def gradients(run: Run) -> Iterator[tuple[NodeRecord, int, Any]]:
    """Yield every gradient that a node of the run handed on."""
    for node in run.capture.nodes:
        for which, gradient in enumerate(node.downstream):
            if gradient is not None:
                yield node, which, gradient


def only(run: Run, name: str) -> str:
    """Return the id of the one node of that class."""
    (found,) = [node.id for node in run.capture.nodes if node.name == name]
    return found


def leaf(run: Run, parameter: str) -> str:
    """Return the id of the node that stores a parameter's gradient."""
    (found,) = [node.id for node in run.capture.nodes if node.parameter == parameter]
    return found


@pytest.mark.parametrize("name", OPERATIONS)
def test_the_terms_of_a_cell_add_up_to_what_autograd_computed(name: str) -> None:
    with OPERATIONS[name].run() as run:
        explained = 0
        for node, which, gradient in gradients(run):
            for cell in cells(gradient.shape):
                explanation = run.explain(node.id, cell, input=which)
                size = float(np.abs(explanation.coefficients * explanation.upstreams).sum())
                allowed = ROUNDINGS * np.finfo(np.float32).eps * size
                assert explanation.autograd == gradient[cell]
                assert explanation.difference <= allowed, (node.name, which, cell)
                assert "add up" not in explanation.note
                explained += 1
    assert explained > 0


def test_more_than_a_hundred_operations_are_explained() -> None:
    assert len(OPERATIONS) > 150


@pytest.mark.parametrize("name", [*CONVOLUTIONS, *POOLS, *RESAMPLING])
def test_every_coefficient_of_a_local_operation_has_a_name(name: str) -> None:
    """A name is only given to a coefficient that equals the saved value or exact fraction."""
    with OPERATIONS[name].run() as run:
        for node, which, gradient in gradients(run):
            for cell in cells(gradient.shape):
                explanation = run.explain(node.id, cell, input=which)
                assert len(explanation.names) == len(explanation.coefficients)
                assert all(explanation.names), node.name


LINEAR_MAPS = {
    name: operation
    for name, operation in {**CONVOLUTIONS, **POOLS, **RESAMPLING}.items()
    if "max" not in name
}


@pytest.mark.parametrize("name", LINEAR_MAPS)
def test_coefficients_are_the_matrix_of_the_forward_transposed(name: str) -> None:
    """Forward y = M x + b has the backward M^T g; M is found by running the forward alone."""
    operation = LINEAR_MAPS[name]
    module = operation.build(torch.float64)
    with operation.run(torch.float64) as run:
        (start,) = [node for node in run.capture.nodes if node.parameter == INPUT]
        matrix = matrix_of(module, operation.shapes[0])
        for cell in cells(start.shapes[0]):
            column = matrix[:, np.ravel_multi_index(cell, start.shapes[0])]
            explanation = run.explain(start.id, cell, of="parameter")
            found = np.zeros_like(column)
            found[explanation.places] = explanation.coefficients
            assert np.allclose(found, column, rtol=0, atol=1e-15)


def matrix_of(function: Callable[[Tensor], Tensor], shape: tuple[int, ...]) -> Any:
    """Return the matrix of a linear function, column by column, without autograd."""
    size = int(np.prod(shape))
    basis = torch.eye(size, dtype=torch.float64).reshape(size, *shape)
    with torch.no_grad():
        zero = function(torch.zeros(shape, dtype=torch.float64)).reshape(-1)
        return np.stack([(function(row).reshape(-1) - zero).numpy() for row in basis], 1)


@pytest.mark.parametrize("name", CONVOLUTIONS)
def test_a_convolutions_coefficients_are_bitwise_entries_of_its_kernel(name: str) -> None:
    operation = CONVOLUTIONS[name]
    kernel = next(operation.build().parameters()).detach().numpy()
    with operation.run() as run:
        node = only(run, "ConvolutionBackward0")
        gradient = run.capture.node(node).downstream[0]
        assert gradient is not None
        for cell in cells(gradient.shape):
            for term in run.explain(node, cell).terms:
                label, _, index = term.name.partition("[")
                assert label == "weight"
                assert term.coefficient == kernel[tuple(map(int, index[:-1].split(",")))]


@pytest.mark.parametrize(
    ("name", "expected"),
    [("max 2d overlapping", 1.0), ("nearest 2d uneven", 1.0), ("average 2d", 0.25)],
)
def test_pools_and_copies_have_exact_coefficients(name: str, expected: float) -> None:
    with OPERATIONS[name].run() as run:
        for node, which, gradient in gradients(run):
            for cell in cells(gradient.shape):
                assert set(run.explain(node.id, cell, input=which).coefficients) <= {expected}


def test_a_residual_connection_adds_nothing_to_a_nodes_own_coefficients() -> None:
    with OPERATIONS["residual"].run() as run:
        added = only(run, "AddBackward0")
        for which in (0, 1):
            assert [t.coefficient for t in run.explain(added, (1, 2), input=which).terms] == [1]
        through = run.explain(only(run, "TanhBackward0"), (1, 2))
        x = run.capture.inputs[0][1, 2]
        assert through.terms[0].coefficient == pytest.approx(1 - np.tanh(x) ** 2, rel=1e-5)


# Parameters, shared tensors


def test_a_linear_weights_cell_is_explained_at_the_product_behind_its_transposition() -> None:
    with OPERATIONS["linear layer"].run() as run:
        explanation = run.explain(leaf(run, "weight"), (3, 5), of="parameter")
        x = run.capture.inputs[0]
        assert explanation.node == only(run, "AddmmBackward0")
        assert explanation.cell == (5, 3)
        assert explanation.names == ("(input)[0,5]", "(input)[1,5]", "(input)[2,5]")
        assert np.array_equal(explanation.coefficients, x[:, 5])
        assert [term.cell for term in explanation.terms] == [(0, 3), (1, 3), (2, 3)]


def test_a_weight_used_twice_is_the_sum_of_the_parts_of_its_consumers() -> None:
    class Twice(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.scale = nn.Parameter(torch.tensor([0.5, 2.0]))

        def forward(self, x: Tensor) -> Tensor:
            return self.scale * x + self.scale.exp()

    with flow.run(Twice(), torch.tensor([3.0, 4.0]), upstream=torch.tensor([1.0, -1.0])) as run:
        explanation = run.explain(leaf(run, "scale"), (1,), of="parameter")
        assert explanation.method == "accumulate"
        assert {name.split()[4] for name in explanation.names} == {"MulBackward0)", "ExpBackward0)"}
        assert sorted(explanation.upstreams) == pytest.approx([-np.exp(2.0), -4.0])
        assert explanation.difference == 0


def test_what_arrived_at_a_shared_tensor_is_explained_by_its_consumers() -> None:
    with flow.run(
        Applied(lambda x: (y := x.exp()) * 2 + y.sin()),
        torch.tensor([0.5], requires_grad=True),
        upstream=torch.ones(1),
    ) as run:
        explanation = run.explain(only(run, "ExpBackward0"), (0,), of="upstream")
        assert len(explanation.terms) == 2
        assert explanation.total == pytest.approx(2 + np.cos(np.exp(0.5)))
        assert explanation.difference == 0
        start = run.explain("n0", (0,), of="upstream")
        assert (start.note, start.total) == ("The backward pass begins here, with this value.", 1)


def test_the_largest_terms_come_with_what_is_left() -> None:
    with OPERATIONS["batch norm"].run() as run:
        explanation = run.explain(only(run, "NativeBatchNormBackward0"), (0, 1, 2, 3))
        largest = explanation.largest(5)
        sizes = [abs(term.value) for term in explanation.terms]
        assert [abs(term.value) for term in largest.terms] == sorted(sizes, reverse=True)[:5]
        assert largest.left == len(sizes) - 5 == 55
        shown = sum(term.value for term in largest.terms)
        assert shown + largest.rest == pytest.approx(explanation.autograd, abs=1e-5)
        assert explanation.largest(100).left == 0
        assert explanation.largest(100).rest == 0


# Sentences


class Doubled(torch.autograd.Function):
    """A backward that is not linear in its upstream gradient."""

    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:  # noqa: ARG004 - torch's signature
        return x * 2

    @staticmethod
    def backward(ctx: Any, upstream: Tensor) -> Tensor:  # noqa: ARG004
        return upstream**2


class InNumpy(torch.autograd.Function):
    """A backward that autograd cannot differentiate again."""

    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:  # noqa: ARG004 - torch's signature
        return x * 2

    @staticmethod
    def backward(ctx: Any, upstream: Tensor) -> Tensor:  # noqa: ARG004
        return torch.from_numpy(2 * upstream.detach().numpy())


def note_of(
    function: Callable[[Tensor], Tensor], values: list[float], cell: int = 0, upstream: float = 1.0
) -> str:
    x = torch.tensor(values, requires_grad=True)
    vector = torch.full_like(function(x).detach(), upstream)
    with flow.run(Applied(function), x, upstream=vector) as run:
        return run.explain("n0", (cell,)).note


@pytest.mark.parametrize(
    ("function", "values", "sentence"),
    [
        (torch.round, [0.4], "The derivative of round is 0 everywhere"),
        (torch.sign, [0.4], "The derivative of sign is 0 everywhere"),
        (F.relu, [-1.0, 1.0], "x is not positive in this cell"),
        (torch.sqrt, [0.0, 4.0], "A local derivative is infinite here"),
        (lambda x: x[1:], [1.0, 2.0], "not in the range that was taken"),
        (Doubled.apply, [1.0, 2.0], "is not linear in its upstream gradient"),
        (InNumpy.apply, [1.0, 2.0], ""),
        (torch.exp, [1.0], ""),
    ],
)
def test_a_cell_that_is_no_plain_sum_says_why(
    function: Callable[[Tensor], Tensor], values: list[float], sentence: str
) -> None:
    note = note_of(function, values, upstream=3.0)
    assert sentence in note
    assert bool(note) is bool(sentence)


def test_a_cell_whose_upstream_is_zero_says_so() -> None:
    assert "Every upstream cell that feeds this cell is 0" in note_of(torch.exp, [1.0], upstream=0)


def test_a_gradient_that_is_not_finite_is_told_from_an_infinite_derivative() -> None:
    sentence = note_of(torch.exp, [1.0], upstream=float("inf"))
    assert sentence.startswith("A gradient that is not finite arrived here")


def test_another_cells_infinite_derivative_does_not_spoil_this_cell() -> None:
    x = torch.tensor([0.0, 4.0], requires_grad=True)
    with flow.run(Applied(torch.sqrt), x, upstream=torch.ones(2)) as run:
        explanation = run.explain("n0", (1,))
        assert [term.value for term in explanation.terms] == [0.25]
        assert explanation.note == ""


def test_dropped_and_losing_cells_say_why_they_get_nothing() -> None:
    for name, kind, sentence in (
        ("dropout", "MulBackward0", "Dropout set this cell to 0"),
        ("max 2d", "MaxPool2DWithIndicesBackward0", "won none of its windows"),
    ):
        with OPERATIONS[name].run() as run:
            node = only(run, kind)
            gradient = run.capture.node(node).downstream[0]
            assert gradient is not None
            first = tuple(int(i) for i in np.argwhere(gradient == 0)[0])
            assert sentence in run.explain(node, first).note


def test_without_second_derivative_a_large_node_says_how_far_one_hot_runs_go(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(blocks, "ONE_HOT_LIMIT", 1)
    x = torch.ones(2, requires_grad=True)
    with flow.run(Applied(InNumpy.apply), x, upstream=torch.ones(2)) as run:
        explanation = run.explain("n0", (0,))
        assert explanation.note.startswith(
            "The coefficients of this operation are found by running"
        )
        assert explanation.terms == ()
        assert np.isnan(explanation.total)
        assert explanation.autograd == 2


@pytest.mark.parametrize(
    ("node", "cell", "of", "which", "message"),
    [
        ("n99", (0, 0), "downstream", 0, "There is no node 'n99': this run has n0 to n2"),
        ("n0", (9, 0), "downstream", 0, "cell (9, 0) is outside its shape (3, 6)"),
        ("n0", (0,), "downstream", 0, "cell (0,) is outside its shape (3, 6)"),
        ("n0", (0, 0), "downstream", 5, "n0 downstream 5: it has 2, counted from 0"),
        ("n0", (0, 0), "parameter", 0, "AddBackward0 stores no parameter gradient"),
        ("n0", (0, 0), "sideways", 0, "'sideways' came"),
    ],
)
def test_a_cell_that_does_not_exist_is_refused_in_words(
    node: str, cell: tuple[int, ...], of: str, which: int, message: str
) -> None:
    with OPERATIONS["add"].run() as run, pytest.raises(ExplainError) as caught:
        run.explain(node, cell, of=of, input=which)
    assert message in str(caught.value)


def test_the_reach_of_an_upstream_cell_is_the_column_of_the_same_coefficients() -> None:
    with applied(lambda x: F.conv2d(x, torch.ones(1, 1, 2, 2)), (1, 1, 3, 3)).run() as run:
        reached = run.reach("n0", (0, 0, 1, 0))
        (found, *_) = reached.inputs
        assert found is not None
        assert found[0, 0].tolist() == [[0, 0, 0], [1, 1, 0], [1, 1, 0]]
