"""A namer answers or stays silent: complex numbers, single numbers, infinities and NaN."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import Tensor

from flow.ops import OPS
from flow.ops.common.closed import NoClosedFormError
from flow.run import Run
from tests.flow.closed_forms.cellwise import CELLWISE, Cellwise
from tests.flow.closed_forms.reduced import REDUCED
from tests.flow.closed_forms.test_cellwise import named
from tests.flow.words.test_rules import opened

ODD = torch.tensor([0.0, -0.0, torch.inf, -torch.inf, torch.nan, 1e-300, 1.0], dtype=torch.float64)
CASES = [*CELLWISE, *REDUCED]


def odd(tensor: Tensor) -> Tensor:
    """Put every odd number into a tensor, as many as there is room for."""
    flat = tensor.clone().reshape(-1)
    flat[: len(ODD)] = ODD[: len(flat)]
    return flat.reshape(tensor.shape)


def explained(run: Run) -> int:
    """Explain the first, a middle and the last cell of every gradient; return how many."""
    count = 0
    for node in run.capture.nodes:
        for which, gradient in enumerate(node.downstream):
            if gradient is None or not gradient.size:
                continue
            for place in {0, gradient.size // 2, gradient.size - 1}:
                cell = np.unravel_index(place, gradient.shape)
                explanation = run.explain(node.id, tuple(map(int, cell)), input=which)
                assert len(explanation.names) in (0, len(explanation.coefficients))
                count += 1
    computed(run)
    return count


def computed(run: Run) -> None:
    """Compute every closed form that the check of a node would ask for."""
    for index, node in enumerate(run.capture.nodes):
        known, parts = OPS.get(node.name), (*node.downstream, *node.upstream)
        real = all(part is None or part.dtype.kind == "f" for part in parts)
        if known is not None and known.closed_form is not None and real:
            with contextlib.suppress(NoClosedFormError), np.errstate(all="ignore"):
                known.closed_form(opened(run, index))


def variant(case: Cellwise, change: Callable[[Tensor], Tensor]) -> Cellwise:
    return replace(case, inputs=tuple(change(each) for each in case.inputs))


@pytest.mark.parametrize("case", CASES, ids=named)
def test_numbers_that_are_not_finite_are_named_or_not(case: Cellwise) -> None:
    if "CrossEntropyBackward" in case.node:
        return  # torch refuses what is no probability
    with variant(case, odd).run() as run:
        assert explained(run) > 0


@pytest.mark.parametrize("case", CELLWISE, ids=named)
def test_single_numbers_are_named_or_not(case: Cellwise) -> None:
    alone = variant(case, lambda x: x.reshape(-1)[len(x.reshape(-1)) // 2])
    try:
        run = alone.run()
    except (RuntimeError, ValueError, TypeError):
        return  # the operation itself takes no single number
    with run:
        assert explained(run) > 0


@pytest.mark.parametrize("case", CASES, ids=named)
def test_complex_numbers_are_named_or_not(case: Cellwise) -> None:
    try:
        run = case.run(torch.complex64)
    except (RuntimeError, ValueError, IndexError):
        return  # the operation itself takes no complex numbers
    with run:
        assert explained(run) >= 0


@pytest.mark.parametrize(
    "function",
    [
        lambda x: x / 0,
        lambda x: x / torch.zeros(()),
        lambda x: x * complex(1, 2),
        lambda x: x / complex(0, 2),
        lambda x: (x * 1j).exp(),
        lambda x: (x * 1j).abs(),
        lambda x: (x + 1j) ** 2,
        lambda x: (x * 1j).tanh(),
        lambda x: torch.complex(x, x).sum() / x,
        lambda x: torch.add(x * 1j, x, alpha=1),
        lambda x: (x * torch.tensor(2j)).mean(),
    ],
)
def test_zero_divisors_and_turns_are_named_or_not(
    function: Callable[[Tensor], Tensor],
) -> None:
    x = torch.tensor([-1.0, 0.0, 2.0], dtype=torch.float64)
    with Cellwise("", function, (x,)).run() as run:
        assert explained(run) > 0
