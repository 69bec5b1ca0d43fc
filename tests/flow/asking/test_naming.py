"""What coefficients are called: each name read by eye once, against the number beside it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
import torch
import torch.nn.functional as F  # noqa: N812 - everybody's name for it
from torch import Tensor, nn

import flow
from flow.ops import OPS
from flow.ops.common.interpolation import axis
from flow.ops.common.terms import everywhere
from flow.run import Run
from tests.flow.asking.test_explain_operations import cells, gradients, leaf, only
from tests.flow.operations import OPERATIONS, Applied

GRID = torch.arange(16.0).reshape(1, 1, 4, 4)
LINE = torch.tensor([[-2.0, 0.5, 1.0]])


def named(function: Callable[[Tensor], Tensor], x: Tensor, cell: tuple[int, ...]) -> list[str]:
    """Return the names of one cell's coefficients in the last operation."""
    x = x.clone().requires_grad_()
    with flow.run(Applied(function), x, upstream=torch.ones_like(function(x).detach())) as run:
        return list(run.explain("n0", cell).names)


@pytest.mark.parametrize(
    ("function", "x", "cell", "expected"),
    [
        (lambda x: F.interpolate(x, scale_factor=2), GRID, (0, 0, 0, 0), ["1 (copy)"] * 4),
        (lambda x: F.avg_pool2d(x, 2), GRID, (0, 0, 0, 0), ["1/4 (average)"]),
        (lambda x: F.avg_pool2d(x, 3, ceil_mode=True), GRID, (0, 0, 3, 0), ["1/3 (average)"]),
        (lambda x: F.adaptive_avg_pool2d(x, 3), GRID, (0, 0, 0, 0), ["1/4 (average)"]),
        (lambda x: F.max_pool2d(x, 2), GRID, (0, 0, 1, 1), ["1 (winner)"]),
        (lambda x: x.max(1).values, LINE, (0, 2), ["1 (largest)"]),
        (F.relu, LINE, (0, 2), ["1 (x > 0)"]),
        (lambda x: F.leaky_relu(x, 0.1), LINE, (0, 0), ["0.1 (slope, x <= 0)"]),
        (lambda x: F.leaky_relu(x, 0.1), LINE, (0, 1), ["1 (x > 0)"]),
        (torch.tanh, LINE, (0, 2), ["1 - tanh(x)^2 = 0.42"]),
        (torch.sigmoid, LINE, (0, 2), ["sigmoid(x) (1 - sigmoid(x)) = 0.1966"]),
        (torch.abs, LINE, (0, 0), ["-1 (x < 0)"]),
        (torch.neg, LINE, (0, 0), ["-1 (factor)"]),
        (lambda x: x**2, LINE, (0, 0), ["p x^(p - 1) = -4"]),
        (lambda x: x * torch.tensor([5.0, 6, 7]), LINE, (0, 1), ["other[1]"]),
        (lambda x: x * 2.5, LINE, (0, 1), ["2.5 (factor)"]),
        (lambda x: x / 4, LINE, (0, 1), ["1/4"]),
        (lambda x: 1 - x, LINE, (0, 1), ["-1 (factor)"]),
        (lambda x: x.mean(), LINE, (0, 1), ["1/3 (mean)"]),
        (lambda x: x.sum(), LINE, (0, 1), ["1 (copy)"]),
        (lambda x: x.expand(3, 3), LINE, (0, 1), ["1 (copy)"] * 3),
        (lambda x: F.mse_loss(x, torch.zeros(1, 3)), LINE, (0, 0), ["2 (y - t)/3 = -1.333"]),
        (lambda x: F.nll_loss(x, torch.tensor([1])), LINE, (0, 1), ["-1/1 (right class)"]),
        (
            lambda x: x.softmax(1),
            torch.zeros(1, 2),
            (0, 0),
            ["p (1 - p) = 0.25", "-p q = -0.25"],
        ),
    ],
)
def test_a_coefficient_is_called_what_it_is(
    function: Callable[[Tensor], Tensor], x: Tensor, cell: tuple[int, ...], expected: list[str]
) -> None:
    assert named(function, x, cell) == expected


def test_bilinear_weights_are_written_as_the_fractions_they_are() -> None:
    found = named(
        lambda x: F.interpolate(x, scale_factor=2, mode="bilinear", align_corners=False),
        GRID,
        (0, 0, 1, 1),
    )
    row = ["1/16", "3/16", "3/16", "1/16"]
    second = ["3/16", "9/16", "9/16", "3/16"]
    expected = [*row, *second, *second, *row]
    assert found == [f"{fraction} (bilinear)" for fraction in expected]


@pytest.mark.parametrize("name", [n for n in OPERATIONS if n.startswith(("bi", "tri", "linear"))])
def test_a_fraction_is_its_coefficient_to_single_precision(name: str) -> None:
    with OPERATIONS[name].run() as run:
        for node, which, gradient in gradients(run):
            for cell in cells(gradient.shape):
                for term in run.explain(node.id, cell, input=which).terms:
                    fraction, _, kind = term.name.partition(" ")
                    if kind in ("(bilinear)", "(linear)", "(trilinear)"):
                        assert float(Fraction(fraction)) == pytest.approx(
                            term.coefficient, abs=1e-6
                        )


@pytest.mark.parametrize(("size", "wide"), [(4, 8), (5, 7), (6, 3), (1, 4), (4, 4)])
@pytest.mark.parametrize("kind", ["linear", "bicubic", "nearest", "nearest-exact"])
@pytest.mark.parametrize("aligned", [False, True])
def test_resampling_weights_are_those_of_the_forward(
    kind: str, size: int, wide: int, aligned: bool
) -> None:
    found = axis(kind, size, wide, None, aligned=aligned and "nearest" not in kind)
    rows = torch.eye(size, dtype=torch.float64).view(size, 1, 1, size)
    mode = {"linear": "bilinear"}.get(kind, kind)
    corners = None if "nearest" in kind else aligned
    made = F.interpolate(rows, size=(1, wide), mode=mode, align_corners=corners)
    weights = found.numerators / found.denominator
    assert np.allclose(weights, made.view(size, wide).T.numpy(), atol=1e-6)


# Kernels, inputs and biases


def test_kernel_gradient_cells_are_named_by_the_input_cells_they_read() -> None:
    module = nn.Sequential(nn.Conv2d(1, 1, 2, stride=2, bias=True))
    x = GRID.clone()
    with flow.run(module, x, upstream=torch.ones(1, 1, 2, 2)) as run:
        weight = run.explain(leaf(run, "0.weight"), (0, 0, 0, 1), of="parameter")
        assert weight.names == ("x[0,0,0,1]", "x[0,0,0,3]", "x[0,0,2,1]", "x[0,0,2,3]")
        assert weight.coefficients.tolist() == [1, 3, 9, 11]
        bias = run.explain(leaf(run, "0.bias"), (0,), of="parameter")
        assert bias.names == ("1 (bias)",) * 4


@pytest.mark.parametrize("name", ["transposed 2d grouped", "transposed 1d", "conv2d all", "conv3d"])
def test_every_kernel_gradient_coefficient_is_the_named_input_cell(name: str) -> None:
    with OPERATIONS[name].run() as run:
        for cell in cells(run.capture.node(leaf(run, "weight")).shapes[0]):
            explanation = run.explain(leaf(run, "weight"), cell, of="parameter")
            assert len(explanation.terms) > 0
            for term in explanation.terms:
                assert term.coefficient == entry(run, term.name)


def entry(run: Run, name: str) -> float:
    """Return the number that a name such as ``(input)[0,1]`` stands for."""
    label, _, index = name.partition("[")
    assert label in ("x", "(input)")
    value: float = run.capture.inputs[0][tuple(map(int, index[:-1].split(",")))].item()
    return value


@pytest.mark.parametrize(
    ("name", "node"),
    [
        ("linear layer", "AddmmBackward0"),
        ("linear layer without bias", "MmBackward0"),
        ("linear layer of steps", "AddmmBackward0"),
        ("linear layer of steps without bias", "MmBackward0"),
    ],
)
def test_a_linear_layer_names_its_weight_entries(name: str, node: str) -> None:
    weight = next(OPERATIONS[name].build().parameters()).detach().numpy()
    with OPERATIONS[name].run() as run:
        which = 1 if node.startswith("Addmm") else 0
        explanation = run.explain(only(run, node), (1, 4), input=which)
        assert explanation.names == tuple(f"weight[{j},4]" for j in range(4))
        assert np.array_equal(explanation.coefficients, weight[:, 4])


def test_a_frozen_weight_is_still_called_weight() -> None:
    module = nn.Linear(2, 2, bias=False).requires_grad_(False)
    x = torch.ones(1, 2, requires_grad=True)
    with flow.run(module, x, upstream=torch.ones(1, 2)) as run:
        assert run.explain("n0", (0, 1)).names == ("weight[0,1]", "weight[1,1]")


def test_a_factor_that_is_a_parameter_has_its_name() -> None:
    class Scaled(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.scale = nn.Parameter(torch.tensor([[2.0], [3.0]]))

        def forward(self, x: Tensor) -> Tensor:
            return x * self.scale

    x = torch.ones(2, 3, requires_grad=True)
    with flow.run(Scaled(), x, upstream=torch.ones(2, 3)) as run:
        assert run.explain("n0", (1, 2)).names == ("scale[1,0]",)


def test_dropout_names_its_scale() -> None:
    with OPERATIONS["dropout"].run() as run:
        table = run.table(only(run, "MulBackward0"))
        assert table.names == ("2 (kept)",)


def test_batch_norm_names_what_its_parameters_multiply() -> None:
    with OPERATIONS["batch norm evaluated"].run() as run:
        node = only(run, "NativeBatchNormBackward0")
        assert run.explain(node, (0, 1, 0, 0)).names == ("weight[1]/sqrt(variance + eps)",)
        assert run.explain(node, (1,), input=1).names[0] == "normalised x[0,1,0,0]"
        assert set(run.explain(node, (1,), input=2).names) == {"1 (bias)"}


def test_a_name_that_does_not_hold_is_not_given(monkeypatch: pytest.MonkeyPatch) -> None:
    relu = OPS["ReluBackward0"]
    wrong = replace(relu, names=lambda _: everywhere("2 (wrong)", 2.0))
    monkeypatch.setitem(OPS, "ReluBackward0", wrong)
    assert named(F.relu, LINE, (0, 2)) == []
