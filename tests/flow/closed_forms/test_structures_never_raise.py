"""Layers, products, moves and lookups asked about complex numbers, infinities and NaN."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from torch import Tensor

import flow
from flow.run import Run
from flow.seeded import Seeded
from tests.flow.asking.test_names_never_raise import explained, odd
from tests.flow.closed_forms.structures import STRUCTURES
from tests.flow.operations import Operation, outputs_of


def run_of(operation: Operation, dtype: torch.dtype, change: Callable[[Tensor], Tensor]) -> Run:
    """Run an operation on changed inputs, with ones as upstream."""
    module = operation.build(dtype)
    generator = torch.Generator().manual_seed(3)
    inputs = tuple(
        change(torch.randn(shape, generator=generator, dtype=dtype)).requires_grad_()
        for shape in operation.shapes
    )
    with Seeded(1):
        vectors = tuple(torch.ones_like(output) for output in outputs_of(module(*inputs)))
    return flow.run(module, inputs, upstream=vectors, seed=1)


CRASHING = {name for name in STRUCTURES if "grid" in name}
"""torch reads outside of its memory where a grid says infinity."""


@pytest.mark.parametrize("name", [name for name in STRUCTURES if name not in CRASHING])
def test_numbers_that_are_not_finite_get_an_answer(name: str) -> None:
    with run_of(STRUCTURES[name], torch.float64, odd) as run:
        assert explained(run) > 0


@pytest.mark.filterwarnings("ignore:Complex modules are a new feature")
@pytest.mark.parametrize("name", STRUCTURES)
def test_complex_numbers_get_an_answer_where_torch_takes_them(name: str) -> None:
    try:
        run = run_of(STRUCTURES[name], torch.complex64, lambda x: x)
    except (RuntimeError, ValueError, NotImplementedError, TypeError):
        return  # the operation itself takes no complex numbers
    with run:
        assert explained(run) > 0
