"""Every question about an odd node ends in an answer, a note or one clear sentence."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

import flow
from flow.errors import ExplainError
from flow.run import Run
from tests.flow.operations import Applied


def squared(output: Tensor) -> Tensor:
    return output.abs().square().sum()


def run_of(module: Any, *inputs: Tensor) -> Run:
    module = module if isinstance(module, nn.Module) else Applied(module)
    return flow.run(module, inputs, loss=squared)


def filled(*shape: int) -> Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(3)).requires_grad_()


WORDS = torch.tensor([[1, 1], [2, 0]])

ODD: dict[str, Callable[[], Run]] = {
    "sparse embedding": lambda: run_of(nn.Embedding(4, 3, sparse=True), WORDS),
    "sparse bag": lambda: run_of(nn.EmbeddingBag(4, 3, sparse=True, mode="sum"), WORDS),
    "bag of means": lambda: run_of(nn.EmbeddingBag(4, 3), WORDS),
    "to sparse": lambda: run_of(lambda x: x.to_sparse().to_dense(), filled(3, 3)),
    "sparse product": lambda: run_of(
        lambda x: torch.sparse.mm(x.to_sparse(), torch.ones(3, 2)), filled(3, 3)
    ),
    "eigenvalues": lambda: run_of(lambda x: torch.linalg.eigvals(x), filled(3, 3)),
    "no cells": lambda: run_of(lambda x: x.exp() @ torch.ones(3, 2), filled(0, 3)),
    "no pictures": lambda: run_of(nn.Conv2d(2, 3, 1), filled(0, 2, 4, 4)),
    "no keys": lambda: run_of(lambda x: torch.cat([x, x[:0]]).softmax(0), filled(3)),
    "attention": lambda: run_of(
        nn.functional.scaled_dot_product_attention,
        filled(1, 2, 3, 4),
        filled(1, 2, 3, 4),
        filled(1, 2, 3, 4),
    ),
    "ctc": lambda: flow.run(
        Applied(
            lambda x: nn.functional.ctc_loss(
                x.log_softmax(-1),
                torch.tensor([[1, 2]]),
                torch.tensor([4]),
                torch.tensor([2]),
            )
        ),
        filled(4, 1, 3),
    ),
}


@pytest.mark.parametrize("name", ODD)
def test_every_question_about_an_odd_node_is_answered(name: str) -> None:
    with ODD[name]() as run:
        for node in run.capture.nodes:
            for which, gradient in enumerate(node.downstream):
                if gradient is None:
                    continue
                table = run.table(node.id, which)
                run.handover(node.id, which)
                for cell in list(np.ndindex(gradient.shape))[:4]:
                    explanation = run.explain(node.id, cell, input=which)
                    assert explanation.difference <= 1e-5 * max(1, abs(explanation.autograd))
                    assert "do not add up" not in explanation.note
                    if table.complete:
                        flat = int(np.ravel_multi_index(cell, gradient.shape)) if cell else 0
                        terms = table.rows == flat
                        assert table.places[terms].tolist() == explanation.places.tolist()
            for output, arrived in enumerate(node.upstream):
                if arrived is not None and arrived.size and not node.is_leaf:
                    run.reach(node.id, (0,) * arrived.ndim, output)
            if node.is_leaf and node.upstream[0] is not None:
                assert run.table(node.id).shape == node.shapes[0]


def test_the_reach_of_a_sparse_embedding_is_the_row_that_was_looked_up() -> None:
    with ODD["sparse embedding"]() as run:
        (node,) = [node for node in run.capture.nodes if node.name == "EmbeddingBackward0"]
        (fed,) = run.reach(node.id, (1, 0, 2)).inputs
        assert fed is not None
        assert np.argwhere(fed).tolist() == [[2, 2]]
        assert run.table(node.id).coefficients.tolist() == [1.0] * 12


class Picky(torch.autograd.Function):
    """Takes the recorded upstream gradient, all ones, and no other."""

    @staticmethod
    def forward(_ctx: Any, x: Tensor) -> Tensor:
        return x.clone()

    @staticmethod
    def backward(_ctx: Any, upstream: Tensor) -> Tensor:  # type: ignore[override]
        if (upstream != 1).any():
            raise KeyError("only ones,\nplease")
        return upstream.detach().clone()


def test_a_backward_that_fails_when_run_alone_is_told_in_one_sentence() -> None:
    x = torch.ones(2, requires_grad=True)
    with flow.run(Applied(Picky.apply), x, upstream=torch.ones(2)) as run:
        expected = "n0: its backward fails when it runs alone on a chosen upstream gradient: "
        for ask in (lambda: run.explain("n0", (0,)), lambda: run.reach("n0", (0,))):
            with pytest.raises(ExplainError) as refusal:
                ask()
            assert str(refusal.value).startswith(expected)
            assert "\n" not in str(refusal.value)
        table = run.table("n0")
        assert table.note.startswith(expected)
        assert not table.complete


def test_a_table_without_cells_is_complete() -> None:
    with ODD["no cells"]() as run:
        (node,) = [node for node in run.capture.nodes if node.name == "MmBackward0"]
        table = run.table(node.id)
    assert table.complete
    assert table.shape == (0, 3)
    assert table.cells.size == table.coefficients.size == 0
