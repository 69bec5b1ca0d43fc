"""What arrived at a node is a sum: of consumers' parts, of a given vector, changed by a hook."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import Tensor, nn

import flow


def test_a_vector_that_the_backward_began_with_is_a_part_beside_those_of_consumers() -> None:
    """Both y and 2y are outputs: what arrives at y is its own vector plus twice the other."""

    class Both(nn.Module):
        def forward(self, x: Tensor) -> Any:
            y = x * 3
            return y, y * 2

    vectors = (torch.tensor([1.0, 10.0]), torch.tensor([5.0, 7.0]))
    with flow.run(Both(), torch.ones(2, requires_grad=True), upstream=vectors) as run:
        (above,) = [
            n for n in run.capture.nodes if n.upstream[0] is not None and n.upstream[0][1] == 24
        ]
        explanation = run.explain(above.id, (1,), of="upstream")
    assert [(term.name, term.value) for term in explanation.terms] == [
        ("1 (where the backward pass begins)", 10.0),
        ("1 (part from n0 MulBackward0)", 14.0),
    ]
    assert explanation.total == explanation.autograd == 24.0
    assert explanation.note == ""


@pytest.mark.parametrize(
    ("factor", "told"),
    [
        (0.5, "A hook received the sum of these parts, 2, and made 1 of it."),
        (1.0, "A hook received the sum of these parts and left it as it is."),
        (
            1 + 2**-52,
            "A hook received the sum of these parts and left it as it is, up to rounding.",
        ),
        (
            1 + 2**-30,
            "A hook received the sum of these parts, 2, and made 2.0000000018626451 of it.",
        ),
    ],
)
def test_a_hook_on_a_sum_of_parts_is_told(factor: float, told: str) -> None:
    class Hooked(nn.Module):
        def forward(self, x: Tensor) -> Any:
            y = x * 3
            y.register_hook(lambda upstream: upstream * factor)
            return y.exp() + y.sin()

    zero = torch.zeros(1, dtype=torch.float64, requires_grad=True)
    with flow.run(Hooked(), zero, loss=torch.sum) as run:
        (above,) = [node for node in run.capture.nodes if node.name == "MulBackward0"]
        explanation = run.explain(above.id, (0,), of="upstream")
    assert [term.value for term in explanation.terms] == [1.0, 1.0]
    assert (explanation.total, explanation.autograd) == (2.0, 2.0 * factor)
    assert explanation.note == told
