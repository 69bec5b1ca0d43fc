"""A fault must turn the proof red: one coefficient, one term, one cell, one rule, one backward."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

import flow
import flow.asking.matrix.sums
import flow.asking.proof.subject
from flow.asking.explain import explain
from flow.asking.matrix.blocks import Asked
from flow.asking.matrix.search import Searched, search
from flow.ops import OPS
from flow.ops.common.closed import Backward, Gradients
from flow.record import Array, Check, Explanation
from flow.run import Run
from tests.flow.asking.test_explain_operations import only
from tests.flow.operations import Applied
from tests.flow.proof.test_check import Outer, by_name

TERMS = [1, 16, 512, 4096, 65_536]
SMALL = 2.0**-20
"""Eight units in the last place of float32, far below what a sum of 65,536 terms rounds."""


def weighed(terms: int, dtype: torch.dtype = torch.float32) -> tuple[Run, str]:
    """Run a linear layer whose one weight has a gradient of so many terms; return its node."""
    torch.manual_seed(terms)
    layer, x = nn.Linear(1, 1, dtype=dtype), torch.randn(terms, 1).to(dtype)
    run = flow.run(layer, x, upstream=torch.randn(terms, 1).to(dtype))
    return run, only(run, "AddmmBackward0")


def red(checks: dict[str, Check]) -> set[str]:
    return {name for name, one in checks.items() if one.passed is False}


def middling(terms: Array) -> int:
    """Return the place of the term of median size."""
    return int(np.argsort(np.abs(terms))[len(terms) // 2])


def altered(monkeypatch: pytest.MonkeyPatch, change: Callable[[Array, Array], Array]) -> None:
    """Let every explanation of the weight's gradient have other coefficients."""

    def wrong(*asked: Any) -> Explanation:
        found = explain(*asked)
        coefficients = change(found.coefficients.copy(), found.upstreams)
        return replace(found, coefficients=coefficients) if asked[5] == WEIGHT else found

    monkeypatch.setattr(flow.asking.proof.subject, "explain", wrong)


WEIGHT = 2
"""Which input of an ``AddmmBackward0`` the weight is."""


@pytest.mark.parametrize("terms", TERMS)
@pytest.mark.parametrize(
    ("dtype", "factor"),
    [
        (torch.float32, 1 + 1e-4),
        (torch.float32, 1 + SMALL),
        (torch.bfloat16, 1 + 16 * torch.finfo(torch.bfloat16).eps),
        (torch.float16, 1 + 16 * torch.finfo(torch.float16).eps),
    ],
)
def test_one_wrong_coefficient_of_a_sum_is_seen(
    monkeypatch: pytest.MonkeyPatch, terms: int, dtype: torch.dtype, factor: float
) -> None:
    def change(coefficients: Array, upstreams: Array) -> Array:
        coefficients[middling(coefficients * upstreams)] *= factor
        return coefficients

    run, node = weighed(terms, dtype)
    with run:
        assert red(by_name(run, node)) == set()
        altered(monkeypatch, change)
        assert "closed form" in red(by_name(run, node))


@pytest.mark.parametrize("terms", TERMS[:-1])
def test_one_wrong_coefficient_of_a_whole_matrix_is_seen(
    monkeypatch: pytest.MonkeyPatch, terms: int
) -> None:
    def wrong(asked: Asked) -> Searched:
        right = search(asked)
        values = right.found.values.copy()
        values[len(values) // 2] *= 1 + 1e-4
        return replace(right, found=replace(right.found, values=values))

    run, node = weighed(terms)
    for shortcut in ("of_single_cells", "of_single_sources"):
        monkeypatch.setattr(flow.asking.matrix.sums, shortcut, lambda *_: None)
    monkeypatch.setattr(flow.asking.matrix.sums, "search", wrong)
    with run:
        assert "closed form" in red(by_name(run, node))


@pytest.mark.parametrize("terms", TERMS[1:])
def test_one_missing_term_is_seen(monkeypatch: pytest.MonkeyPatch, terms: int) -> None:
    def change(coefficients: Array, upstreams: Array) -> Array:
        coefficients[middling(coefficients * upstreams)] = 0
        return coefficients

    run, node = weighed(terms)
    altered(monkeypatch, change)
    with run:
        found = red(by_name(run, node))
        assert "closed form" in found
        assert terms > 4096 or "sum of terms" in found  # beyond, autograd rounds as much itself


# The gradient itself is wrong


def spoiled(run: Run, node: str, which: int, change: Callable[[Array], Array]) -> dict[str, Check]:
    """Check a node whose recorded gradient is another one."""
    record = run.capture.node(node)
    part = record.downstream[which]
    assert part is not None
    wrong = change(part.copy())
    before = record.downstream
    object.__setattr__(record, "downstream", (*before[:which], wrong, *before[which + 1 :]))
    assert run._live is not None
    run._live.graph.known.clear()  # what was found out about the right gradient
    layers = [layer for layer in run.capture.layers if node in layer.nodes]
    for layer in layers:
        given = tuple(wrong if one is part else one for one in layer.downstream)
        object.__setattr__(layer, "downstream", given)
    return by_name(run, node)


def layer_run(layer: nn.Module, *shape: int) -> Run:
    torch.manual_seed(1)
    x = torch.randn(shape, requires_grad=True)
    return flow.run(Outer(layer), x, loss=_weighed)


def _weighed(y: Tensor) -> Tensor:
    """Return a loss whose gradient has no pattern, so that no sum cancels."""
    weights = torch.randn(y.shape, generator=torch.Generator().manual_seed(2))
    return (y * weights).sum()


ALL = {"closed form", "finite differences", "sum of terms"}


def of_shape(run: Run, node: str, shape: tuple[int, ...]) -> int:
    """Return the input of a node whose gradient has a shape."""
    parts = run.capture.node(node).downstream
    return next(k for k, part in enumerate(parts) if part is not None and part.shape == shape)


LAYERS: dict[str, tuple[Callable[[], nn.Module], tuple[int, ...], str]] = {
    "tanh": (nn.Tanh, (2, 3), "TanhBackward0"),
    "conv": (lambda: nn.Conv2d(2, 3, 3), (2, 2, 6, 6), "ConvolutionBackward0"),
    "linear": (lambda: nn.Linear(5, 4), (3, 5), "AddmmBackward0"),
    "pool": (lambda: nn.AvgPool2d(2), (1, 2, 4, 4), "AvgPool2DBackward0"),
    "norm": (lambda: nn.LayerNorm(5), (3, 5), "NativeLayerNormBackward0"),
    "softmax": (lambda: nn.Softmax(-1), (3, 5), "SoftmaxBackward0"),
}


@pytest.mark.parametrize("name", LAYERS)
def test_a_cell_that_is_off_by_a_ten_thousandth_fails_all_three(name: str) -> None:
    make, shape, node = LAYERS[name]

    def change(part: Array) -> Array:
        flat = part.reshape(-1)
        flat[np.abs(flat).argmax()] *= 1 + 1e-4
        return part

    with layer_run(make(), *shape) as run:
        at = only(run, node)
        which = of_shape(run, at, shape)
        assert red(by_name(run, at)) == set()
        assert red(spoiled(run, at, which, change)) == ALL


@pytest.mark.parametrize("name", LAYERS)
def test_a_neighbours_cell_fails_all_three(name: str) -> None:
    make, shape, node = LAYERS[name]

    def change(part: Array) -> Array:
        flat = part.reshape(-1)
        flat[0] = flat[2]  # a pool's next neighbour shares its window
        return part

    with layer_run(make(), *shape) as run:
        at = only(run, node)
        which = of_shape(run, at, shape)
        assert red(spoiled(run, at, which, change)) == ALL


def test_a_cell_among_thousands_is_seen_where_all_are_added_up() -> None:
    def change(part: Array) -> Array:
        part.reshape(-1)[1234] *= 1.5
        return part

    with layer_run(nn.Tanh(), 50, 40) as run:
        found = spoiled(run, only(run, "TanhBackward0"), 0, change)
        assert red(found) == ALL


# A rule is wrong


@pytest.mark.parametrize("cell", [0, 7, 35])
def test_a_closed_form_that_is_wrong_in_one_cell_fails(
    monkeypatch: pytest.MonkeyPatch, cell: int
) -> None:
    known = OPS["ConvolutionBackward0"]

    def wrong(backward: Backward) -> Gradients:
        assert known.closed_form is not None
        found = known.closed_form(backward)
        assert found[0] is not None
        found[0].reshape(-1)[cell] += 1e-4 * np.abs(found[0]).max()
        return found

    with layer_run(nn.Conv2d(2, 3, 3), 2, 2, 6, 6) as run:
        monkeypatch.setitem(OPS, "ConvolutionBackward0", replace(known, closed_form=wrong))
        assert red(by_name(run, only(run, "ConvolutionBackward0"))) == {"closed form"}


# A backward is wrong


class Bent(torch.autograd.Function):
    """A sine whose backward is off by a factor."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, factor: float) -> Tensor:
        ctx.save_for_backward(x)
        ctx.factor = factor
        return x.sin()

    @staticmethod
    def backward(ctx: Any, upstream: Tensor) -> Any:
        (x,) = ctx.saved_tensors
        return upstream * x.cos() * ctx.factor, None


@pytest.mark.parametrize("off", [1e-3, 1e-5, 1e-6])
@pytest.mark.parametrize("shape", [(1,), (5, 40)])
def test_differences_find_a_backward_that_is_off_by_little(off: float, shape: Any) -> None:
    layer = Applied(lambda x: Bent.apply(x, 1 + off))
    if shape != (1,) and off < 1e-5:
        pytest.skip("the products of 200 cells round more than that")
    with layer_run(layer, *shape) as run:
        found = by_name(run, only(run, "BentBackward"))
        assert red(found) == {"finite differences"}
        assert found["finite differences"].sentence.endswith(
            "The backward of layer is not the derivative of its forward. BentBackward is written "
            "by hand."
        )


def test_the_same_backward_without_the_fault_passes() -> None:
    with layer_run(Applied(lambda x: Bent.apply(x, 1.0)), 5, 40) as run:
        assert red(by_name(run, only(run, "BentBackward"))) == set()
