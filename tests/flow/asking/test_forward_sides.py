"""Each coefficient of a layer belongs to the right input and the right output: the Jacobian's."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F  # noqa: N812 - everybody's name for it
from torch import Tensor, nn

import flow
from flow.record import Shape
from flow.sparse import CONSTANT, ForwardTable

Function = Callable[..., Any]

ONE_INPUT: dict[str, tuple[Function, Shape]] = {
    "second half of a chunk": (lambda x: x.chunk(2, 1)[1], (2, 4)),
    "last slice of an unbind": (lambda x: x.unbind(1)[2], (2, 3)),
    "middle part of a split": (lambda x: x.split([1, 2, 1])[1], (4, 2)),
    "larger of aminmax": (lambda x: x.aminmax(dim=1).max, (2, 3)),
    "logarithm of slogdet": (lambda x: torch.linalg.slogdet(x)[1], (3, 3)),
    "values of a sort": (lambda x: x.sort(1).values, (2, 3)),
    "product with itself": (lambda x: x * x, (2, 2)),
    "matrix times itself": (lambda x: x @ x, (3, 3)),
    "sum with itself": (lambda x: x + x, (2, 2)),
}
TWO_INPUTS: dict[str, tuple[Function, Shape, Shape]] = {
    "difference": (lambda x, y: y - x, (2, 2), (2, 2)),
    "difference with alpha": (lambda x, y: torch.sub(y, x, alpha=3), (2, 2), (2, 2)),
    "product": (lambda x, y: y * x, (2, 2), (2, 2)),
    "broadcast product": (lambda x, y: y * x, (2, 1), (1, 3)),
    "quotient": (lambda x, y: y / x, (2, 2), (2, 2)),
    "matrix product": (lambda x, y: y @ x, (3, 3), (3, 3)),
    "batched matrix product": (torch.bmm, (2, 2, 2), (2, 2, 2)),
    "batched matrix product turned": (lambda x, y: torch.bmm(y, x), (2, 2, 2), (2, 2, 2)),
    "einsum": (lambda x, y: torch.einsum("bij,bjk->bki", x, y), (2, 2, 2), (2, 2, 2)),
    "where": (lambda x, y: torch.where(x.detach() > 0, y, x), (2, 3), (2, 3)),
    "squared error": (lambda x, y: F.mse_loss(y, x, reduction="none"), (2, 2), (2, 2)),
    "maximum": (lambda x, y: torch.maximum(y, x), (2, 3), (2, 3)),
    "cat": (lambda x, y: torch.cat([y, x], 1), (2, 2), (2, 2)),
    "stack": (lambda x, y: torch.stack([y, x]), (3,), (3,)),
}
UNBATCHED: dict[str, tuple[Callable[[], nn.Module], Shape]] = {
    "convolution of a signal": (lambda: nn.Conv1d(2, 3, 3), (2, 6)),
    "convolution of a picture": (lambda: nn.Conv2d(2, 3, 3), (2, 6, 5)),
    "transposed convolution": (lambda: nn.ConvTranspose2d(2, 3, 2, stride=2), (2, 3, 3)),
    "linear": (lambda: nn.Linear(4, 3), (4,)),
    "max pool": (lambda: nn.MaxPool2d(2), (2, 4, 4)),
}


class Applied(nn.Module):
    """A function as a layer."""

    def __init__(self, function: Function) -> None:
        super().__init__()
        self.function = function

    def forward(self, *inputs: Tensor) -> Any:
        return self.function(*inputs)


class One(nn.Module):
    """A network of one layer, called ``layer``."""

    def __init__(self, layer: nn.Module) -> None:
        super().__init__()
        self.layer = layer

    def forward(self, *inputs: Tensor) -> Any:
        return self.layer(*inputs)


def numbers(*shapes: Shape) -> tuple[Tensor, ...]:
    generator = torch.Generator().manual_seed(3)
    return tuple(
        torch.randn(shape, generator=generator, dtype=torch.float64).requires_grad_()
        for shape in shapes
    )


def squares(output: Tensor) -> Tensor:
    return output.square().sum()


def dense(table: ForwardTable, which: int, width: int) -> np.ndarray[Any, Any]:
    """Write the coefficients of one input as a matrix: output cell x input cell."""
    found = np.zeros((math.prod(table.shape), width))
    mine = (table.sides == which) & (table.places != CONSTANT)
    np.add.at(found, (table.rows[mine], table.places[mine]), table.coefficients[mine])
    return found


def compared(layer: nn.Module, inputs: tuple[Tensor, ...]) -> ForwardTable:
    """Compare the whole table, each of its rows and each column with the Jacobian."""
    jacobians = torch.autograd.functional.jacobian(layer, inputs)
    with flow.run(One(layer), inputs, loss=squares) as run:
        table = run.forward("layer")
        for which, (value, jacobian) in enumerate(zip(inputs, jacobians, strict=True)):
            truth = jacobian.reshape(-1, value.numel()).numpy()
            assert np.allclose(dense(table, which, value.numel()), truth, atol=1e-12)
            for place, cell in enumerate(np.ndindex(*table.shape)):
                row = dense(run.forward("layer", cell=cell), which, value.numel())
                assert np.allclose(row[place], truth[place], atol=1e-12)
            for place, cell in enumerate(np.ndindex(*value.shape)):
                column = dense(run.forward_reach("layer", cell, which), which, value.numel())
                assert np.allclose(column[:, place], truth[:, place], atol=1e-12)
    return table


@pytest.mark.parametrize("name", ONE_INPUT)
def test_a_later_output_of_a_node_is_made_of_its_own_cells(name: str) -> None:
    function, shape = ONE_INPUT[name]
    compared(Applied(function), numbers(shape))


@pytest.mark.parametrize("name", TWO_INPUTS)
def test_inputs_are_told_apart_by_which_tensor_they_are(name: str) -> None:
    function, *shapes = TWO_INPUTS[name]
    compared(Applied(function), numbers(*shapes))


@pytest.mark.parametrize("name", UNBATCHED)
def test_a_layer_on_one_sample_without_a_batch_is_still_a_sum(name: str) -> None:
    make, shape = UNBATCHED[name]
    with flow.Seeded(1):
        layer = make().double()
    (x,) = numbers(shape)
    table = compared(layer, (x,))
    assert table.kind == "sum"
    constants = table.places == CONSTANT
    made = np.bincount(table.rows[constants], table.coefficients[constants], minlength=1)
    products = dense(table, 0, x.numel()) @ x.detach().numpy().reshape(-1)
    if constants.any():
        products = products + made
    assert np.allclose(products, layer(x).detach().numpy().reshape(-1))


def test_one_sample_of_a_sequence_is_the_layers_own() -> None:
    """A linear layer flattens samples and steps into rows; a sample is several of them."""
    with flow.Seeded(1):
        layer = nn.Linear(2, 3).double()
    (x,) = numbers((2, 4, 2))
    with flow.run(One(layer), x, loss=squares) as run:
        whole, part = run.forward("layer"), run.forward("layer", sample=1)
    assert part.kind == "sum"
    first = part.cells[0]
    assert np.array_equal(part.cells, whole.cells[first : first + len(part.cells)])
    assert set(range(12, 24)) <= set(part.cells.tolist())


def test_an_input_without_a_gradient_leaves_the_other_one_right() -> None:
    x, y = numbers((2, 2), (2, 2))
    with flow.run(One(Applied(lambda a, b: b @ a)), (x, y.detach()), loss=squares) as run:
        table = run.forward("layer")
    jacobian = torch.autograd.functional.jacobian(lambda a: y.detach() @ a, x)
    assert table.kind == "sum"
    assert set(table.sides.tolist()) == {0}
    assert np.allclose(dense(table, 0, 4), jacobian.reshape(4, 4).numpy())


def test_an_output_at_which_no_gradient_arrives_says_so() -> None:
    def parts(x: Tensor) -> Any:
        return x.chunk(2, 1)

    (x,) = numbers((2, 4))
    with flow.run(One(Applied(parts)), x, loss=lambda out: out[1].sum()) as run:
        table = run.forward("layer")
    assert table.note == "No gradient arrives at the output of layer, so there is none to follow."


def test_a_layer_of_complex_numbers_says_so() -> None:
    (x,) = numbers((4,))
    with flow.run(One(Applied(torch.fft.fft)), x, loss=lambda out: out.abs().square().sum()) as run:
        table = run.forward("layer")
    assert table.note == "layer computes with complex numbers: choose one of its nodes."
