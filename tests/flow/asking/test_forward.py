"""How output cells are made of input cells: against plain PyTorch, cell by cell."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest
import torch
from torch import Tensor, nn

import flow
from flow.asking import table as tables
from flow.errors import ExplainError
from flow.run import Run
from flow.seeded import Seeded
from flow.sparse import CONSTANT, ForwardTable

torch.set_num_threads(1)


class One(nn.Module):
    """A model with one layer, called ``layer``."""

    def __init__(self, layer: nn.Module) -> None:
        super().__init__()
        self.layer = layer

    def forward(self, *inputs: Tensor) -> Tensor:
        return self.layer(*inputs)


class Sum(nn.Module):
    """Two inputs, added."""

    def forward(self, a: Tensor, b: Tensor) -> Tensor:
        return a + b


class Joined(nn.Module):
    """Two inputs, side by side."""

    def forward(self, a: Tensor, b: Tensor) -> Tensor:
        return torch.cat([a, b], 1)


class Twice(nn.Module):
    """Two operations in one layer."""

    def forward(self, x: Tensor) -> Tensor:
        return torch.tanh(torch.tanh(x))


@dataclass(frozen=True)
class Case:
    """A layer, the shapes of its inputs and what its outputs are."""

    make: Callable[[], nn.Module]
    shapes: tuple[tuple[int, ...], ...]
    kind: str = "sum"

    def run(self, dtype: torch.dtype = torch.float32) -> Run:
        with Seeded(4):
            model = One(self.make()).to(dtype)
        generator = torch.Generator().manual_seed(2)
        inputs = tuple(
            torch.randn(shape, generator=generator, dtype=dtype).requires_grad_()
            for shape in self.shapes
        )
        return flow.run(model, inputs, loss=lambda y: y.square().sum(), seed=1)


MAP = (2, 2, 5, 5)
CASES = {
    "conv": Case(lambda: nn.Conv2d(2, 3, 3), (MAP,)),
    "conv strided, padded, grouped": Case(
        lambda: nn.Conv2d(2, 4, 3, stride=2, padding=1, groups=2), (MAP,)
    ),
    "conv without bias": Case(lambda: nn.Conv2d(2, 3, 2, bias=False), (MAP,)),
    "transposed conv": Case(lambda: nn.ConvTranspose2d(2, 3, 3, stride=2), (MAP,)),
    "linear": Case(lambda: nn.Linear(4, 3), ((2, 4),)),
    "linear of steps": Case(lambda: nn.Linear(4, 3), ((2, 5, 4),)),
    "nearest": Case(lambda: nn.Upsample(scale_factor=2), (MAP,)),
    "bilinear": Case(lambda: nn.Upsample(scale_factor=2, mode="bilinear"), (MAP,)),
    "average pool": Case(lambda: nn.AvgPool2d(2, padding=1), (MAP,)),
    "max pool": Case(lambda: nn.MaxPool2d(3, stride=1), (MAP,)),
    "flatten": Case(lambda: nn.Flatten(), (MAP,)),
    "dropout": Case(lambda: nn.Dropout(0.5), (MAP,)),
    "identity": Case(lambda: nn.Identity(), (MAP,)),
    "add": Case(Sum, ((2, 3), (2, 3))),
    "cat": Case(Joined, ((2, 3), (2, 2))),
    "tanh": Case(nn.Tanh, (MAP,), "function"),
    "relu": Case(nn.ReLU, (MAP,), "function"),
    "gelu": Case(nn.GELU, (MAP,), "function"),
    "softmax": Case(lambda: nn.Softmax(1), ((2, 4),), "other"),
    "batch norm": Case(lambda: nn.BatchNorm2d(2), (MAP,), "other"),
}


def row(table: ForwardTable, place: int) -> slice:
    (at,) = np.flatnonzero(table.cells == place)
    return slice(table.offsets[at], table.offsets[at + 1])


def product(run: Run, table: ForwardTable, part: slice) -> float:
    """Add up coefficient x input cell in float64."""
    inputs = run.capture.layer("layer").inputs
    total = 0.0
    for at in range(part.start, part.stop):
        value = inputs[table.sides[at]]
        assert value is not None
        place = table.places[at]
        cell = 1.0 if place == CONSTANT else float(value.reshape(-1)[place])
        total += float(table.coefficients[at]) * cell
    return total


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case.kind == "sum"])
def test_terms_add_up_to_every_output_cell(name: str) -> None:
    with CASES[name].run(torch.float64) as run:
        table = run.forward("layer")
        output = run.capture.layer("layer").output
        assert output is not None
        assert (table.kind, table.note, table.shape) == ("sum", "", output.shape)
        assert table.cells.tolist() == list(range(output.size))
        for place in range(output.size):
            total = product(run, table, row(table, place))
            assert total == pytest.approx(output.reshape(-1)[place], abs=1e-12)


@pytest.mark.parametrize("name", ["conv", "bilinear", "max pool", "linear of steps", "softmax"])
def test_coefficients_are_the_jacobian_of_the_layer(name: str) -> None:
    with CASES[name].run(torch.float64) as run:
        table = run.forward("layer")
        layer = run.capture.layer("layer")
        assert layer.inputs[0] is not None
        with Seeded(4):
            module = CASES[name].make().double()
        x = torch.from_numpy(layer.inputs[0].copy())
        jacobian = torch.autograd.functional.jacobian(module, x)
        matrix = np.zeros((int(np.prod(table.shape)), x.numel()))
        for place in table.cells:
            part = row(table, place)
            inside = table.places[part] != CONSTANT
            matrix[place, table.places[part][inside]] = table.coefficients[part][inside]
        assert np.allclose(matrix, jacobian.reshape(matrix.shape).numpy(), rtol=0, atol=1e-12)


@pytest.mark.parametrize(("name", "called"), [("tanh", "tanh"), ("relu", "relu"), ("gelu", "gelu")])
def test_a_function_of_single_cells_is_said_with_its_result(name: str, called: str) -> None:
    with CASES[name].run() as run:
        table = run.forward("layer", sample=1)
        layer = run.capture.layer("layer")
        assert layer.inputs[0] is not None
        assert (table.kind, table.function) == ("function", called)
        assert table.cells.tolist() == table.places.tolist() == list(range(50, 100))
        x = torch.from_numpy(layer.inputs[0].reshape(-1)[50:].copy())
        assert torch.allclose(torch.from_numpy(table.coefficients), CASES[name].make()(x))


COARSE = {
    "linear": (lambda: nn.Linear(64, 3), (4, 64), "sum"),
    "convolution": (lambda: nn.Conv2d(4, 4, 3, padding=1), (2, 4, 6, 6), "sum"),
    "average pool": (lambda: nn.AvgPool2d(2), (2, 4, 6, 6), "sum"),
    "bilinear": (lambda: nn.Upsample(scale_factor=2, mode="bilinear"), (2, 4, 6, 6), "sum"),
    "tanh": (nn.Tanh, (2, 4), "function"),
    "gelu": (nn.GELU, (2, 4), "function"),
}


@pytest.mark.parametrize("kind", [torch.bfloat16, torch.float16])
def test_coarse_numbers_are_the_same_sums_and_functions(kind: torch.dtype) -> None:
    for name, (make, shape, expected) in COARSE.items():
        with Seeded(4):
            module, x = One(make()).to(kind), torch.randn(shape).to(kind).requires_grad_()
        with flow.run(module, x, loss=lambda y: y.float().square().mean()) as run:
            table = run.forward("layer")
        assert (name, table.kind) == (name, expected)
        assert table.unit == torch.finfo(kind).eps / 2


def test_a_function_that_cancels_is_one_all_the_same() -> None:
    x = torch.linspace(-5.4, -3, 300).requires_grad_()
    with flow.run(One(nn.GELU()), x, loss=torch.sum) as run:
        assert run.forward("layer").kind == "function"


@pytest.mark.parametrize("name", ["softmax", "batch norm"])
def test_what_is_no_sum_is_not_called_one(name: str) -> None:
    with CASES[name].run() as run:
        table = run.forward("layer")
        assert table.kind == "other"
        assert len(table.coefficients) > 0


def test_names_say_kernel_entry_bias_and_share() -> None:
    with CASES["conv"].run() as run:
        table = run.forward("layer")
        part = row(table, 0)
        names = [table.names[at] for at in table.name_of[part]]
        entries = [f"layer.weight[0,{c},{y},{x}]" for c, y, x in np.ndindex(2, 3, 3)]
        assert names == [*entries, "layer.bias[0]"]
        assert table.places[part][-1] == CONSTANT
    for name, expected in {
        "average pool": "1/4 (average)",
        "max pool": "1 (winner)",
        "nearest": "1 (copy)",
        "identity": "1 (copy)",
    }.items():
        with CASES[name].run() as run:
            assert run.forward("layer").names == (expected,)


def test_a_sample_is_its_part_of_the_whole() -> None:
    with CASES["conv"].run() as run:
        whole, part = run.forward("layer"), run.forward("layer", sample=1)
        assert part.cells.tolist() == list(range(27, 54))
        for place in part.cells:
            mine, theirs = row(part, place), row(whole, place)
            assert np.array_equal(part.places[mine], whole.places[theirs])
            assert np.array_equal(part.coefficients[mine], whole.coefficients[theirs])


def test_a_layer_that_mixes_samples_is_covered_whole() -> None:
    with CASES["batch norm"].run() as run:
        assert len(run.forward("layer", sample=0).cells) == 100


@pytest.mark.parametrize("name", CASES)
def test_one_cell_alone_is_its_row_of_the_table(name: str) -> None:
    with CASES[name].run() as run:
        table = run.forward("layer")
        for place in table.cells[:: max(1, len(table.cells) // 7)]:
            cell = tuple(int(axis) for axis in np.unravel_index(place, table.shape))
            alone = run.forward("layer", cell=cell)
            part, own = row(table, place), row(alone, place)
            assert (alone.kind, alone.function) == (table.kind, table.function)
            assert np.array_equal(alone.places[own], table.places[part])
            assert np.array_equal(alone.sides[own], table.sides[part])
            assert np.allclose(alone.coefficients[own], table.coefficients[part], rtol=1e-5)
            assert named(alone, own) == named(table, part)


def named(table: ForwardTable, part: slice) -> list[str]:
    return [table.names[at] for at in table.name_of[part]] if table.names else []


@pytest.mark.parametrize("name", CASES)
def test_the_reach_of_an_input_cell_is_its_column_of_the_table(name: str) -> None:
    with CASES[name].run() as run:
        table = run.forward("layer")
        above = np.repeat(table.cells, np.diff(table.offsets))
        shapes = [value.shape for value in run.capture.layer("layer").inputs if value is not None]
        for which, shape in enumerate(shapes):
            for place in (0, int(np.prod(shape)) - 1):
                cell = tuple(int(axis) for axis in np.unravel_index(place, shape))
                reach = run.forward_reach("layer", cell, which)
                mine = (table.sides == which) & (table.places == place)
                assert reach.cells.tolist() == above[mine].tolist()
                assert (reach.places == place).all()
                assert np.allclose(reach.coefficients, table.coefficients[mine], rtol=1e-5)


def test_a_layer_of_several_operations_says_so() -> None:
    with flow.run(One(Twice()), torch.ones(2, requires_grad=True), loss=torch.sum) as run:
        table = run.forward("layer")
        assert table.note.startswith("layer is more than one operation on each of its inputs")
        assert len(table.cells) == 0


def test_an_input_that_asks_for_no_gradient_is_said() -> None:
    with flow.run(One(nn.Linear(2, 2)), torch.ones(1, 2), loss=torch.sum) as run:
        assert not run.forward("layer").cells.size
        assert run.forward("layer").note


def test_a_layer_that_reads_whole_numbers_only_says_so() -> None:
    with flow.run(One(nn.Embedding(4, 2)), torch.tensor([1, 3]), loss=torch.sum) as run:
        assert run.forward("layer").note.startswith("layer has no operation of its own")


def test_too_large_a_layer_says_so_and_one_cell_still_works(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(tables, "MAX_CELLS", 10)
    with CASES["conv"].run() as run:
        assert "This gradient has 100 cells" in run.forward("layer").note
        assert len(run.forward("layer", cell=(0, 0, 0, 0)).coefficients) == 19


@pytest.mark.parametrize(
    ("ask", "sentence"),
    [
        (lambda run: run.forward("nobody"), "There is no layer 'nobody'"),
        (lambda run: run.forward("layer", cell=(9, 0)), r"layer output: cell \(9, 0\) is outside"),
        (lambda run: run.forward_reach("layer", (0,)), r"layer input 0: cell \(0,\) is outside"),
        (lambda run: run.forward_reach("layer", (0, 0), 3), "layer input 3: it has 1"),
    ],
)
def test_what_does_not_exist_is_refused(ask: Callable[[Run], object], sentence: str) -> None:
    with CASES["linear"].run() as run, pytest.raises(ExplainError, match=sentence):
        ask(run)


def test_it_can_be_pickled() -> None:
    with CASES["conv"].run() as run:
        table = run.forward("layer")
    copy = pickle.loads(pickle.dumps(table))  # noqa: S301 - our own bytes
    assert copy.names == table.names
    assert np.array_equal(copy.coefficients, table.coefficients)
