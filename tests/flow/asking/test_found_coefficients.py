"""Coefficients are believed where the node itself agrees, and found another way where not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

import flow
from flow.asking.matrix import search as matrix
from flow.asking.matrix.blocks import Asked, Block, Way, one_by_one, shortcuts
from flow.asking.matrix.search import search
from flow.asking.matrix.trial import Found, agrees
from flow.record import NodeRecord
from flow.run import Run
from tests.flow.operations import OPERATIONS, Applied


def filled(*shape: int, seed: int = 3) -> Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))


def made_by(run: Run, name: str) -> NodeRecord:
    (node,) = [node for node in run.capture.nodes if node.name == name]
    return node


def asked_of(run: Run, node: NodeRecord, which: int = 0) -> Asked:
    """Ask for the whole matrix of one input."""
    gradient = node.downstream[which]
    assert gradient is not None
    assert run._live is not None
    width = sum(int(np.prod(shape)) for shape in node.shapes)
    graph = run._live.graph
    return Asked(graph, node, which, np.arange(gradient.size), np.arange(width))


def dense(found: Found, asked: Asked) -> Any:
    whole = np.zeros((len(asked.rows), len(asked.columns)), found.values.dtype)
    whole[found.rows, found.columns] = found.values
    return whole


def distances() -> Run:
    inputs = (filled(3, 4).requires_grad_(), filled(2, 4, seed=4).requires_grad_())
    return flow.run(Applied(torch.cdist), inputs, upstream=filled(3, 2, seed=5))


@pytest.mark.parametrize("which", [0, 1])
def test_the_table_of_distances_is_their_jacobian(which: int) -> None:
    """A batch of upstream vectors is answered wrongly by torch's own rule."""
    x, y = filled(3, 4), filled(2, 4, seed=4)
    jacobian = torch.autograd.functional.jacobian(torch.cdist, (x, y))  # type: ignore[no-untyped-call]
    with distances() as run:
        table = run.table(run.capture.nodes[0].id, which)
    whole = np.zeros((table.cells.size, 6), np.float32)
    whole[table.rows, table.places] = table.coefficients
    np.testing.assert_allclose(whole, jacobian[which].reshape(6, -1).T, rtol=1e-5, atol=1e-6)
    assert table.notes == ()


def test_an_embedding_scaled_by_frequency_has_scaled_coefficients() -> None:
    """Word 1 is looked up twice, so each of its places counts one half."""
    module = nn.Sequential(nn.Embedding(4, 2, scale_grad_by_freq=True))
    with flow.run(module, torch.tensor([1, 3, 1]), upstream=torch.arange(6.0).view(3, 2)) as run:
        explanation = run.explain("n0", (1, 0))
        assert [(term.cell, term.coefficient) for term in explanation.terms] == [
            ((0, 0), 0.5),
            ((2, 0), 0.5),
        ]
        assert explanation.total == explanation.autograd == 2.0
        assert explanation.note == ""
        assert "1 (copy)" not in explanation.names
        assert explanation.method == "one-hot"
        table = run.table("n0")
        assert table.coefficients.tolist() == [0.5, 0.5, 0.5, 0.5, 1.0, 1.0]


def wrong(factor: float) -> Way:
    """Return a way to the matrix whose very first coefficient is off by a factor."""

    def way(asked: Asked) -> Iterator[Block]:
        for number, block in enumerate(one_by_one(asked)):
            values = block.values.copy()
            if number == 0:
                values[np.flatnonzero(values)[0]] *= factor
            yield Block(block.row, block.column, values)

    return way


@pytest.mark.parametrize("factor", [0.0, 1.001, -1.0])
@pytest.mark.parametrize("name", ["conv2d all", "softmax", "linear layer", "batch norm", "cat"])
def test_one_wrong_coefficient_sends_the_search_another_way(
    name: str, factor: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    with OPERATIONS[name].run() as run:
        asked = asked_of(run, run.capture.nodes[0], 1 if name == "linear layer" else 0)
        true = search(asked)
        monkeypatch.setattr(matrix, "shortcuts", lambda _: (wrong(factor),))
        again = search(asked)
        assert again.method == "one-hot"
        np.testing.assert_allclose(
            dense(again.found, asked), dense(true.found, asked), rtol=1e-4, atol=1e-6
        )


def test_a_wrong_coefficient_of_an_upstream_cell_that_is_0_is_seen_too() -> None:
    with flow.run(
        nn.Linear(3, 2), filled(1, 3).requires_grad_(), upstream=torch.zeros(1, 2)
    ) as run:
        asked = asked_of(run, made_by(run, "AddmmBackward0"), 1)
        found = search(asked).found
        assert agrees(asked, found)
        changed = found.values.copy()
        changed[2] *= 1.01
        assert not agrees(asked, Found(found.rows, found.columns, changed))


@pytest.mark.parametrize(
    ("name", "module", "shape"),
    [
        ("one cell a group", lambda: nn.GroupNorm(2, 2), (3, 2, 1, 1)),
        ("two cells", lambda: nn.LayerNorm(2), (5, 2)),
        ("a batch of two", lambda: nn.BatchNorm1d(3), (2, 3)),
        ("many cells", lambda: nn.LayerNorm(400), (2, 400)),
        ("saturated", lambda: Applied(lambda x: (40 * x).softmax(-1)), (2, 7)),
    ],
)
def test_rounding_alone_sends_no_search_away(
    name: str, module: Any, shape: tuple[int, ...]
) -> None:
    x = (filled(*shape) + 1e3 * (name == "many cells")).requires_grad_()
    with flow.run(module(), x, loss=lambda out: out.square().sum()) as run:
        computed = [n for n in run.capture.nodes if "Norm" in n.name or "Softmax" in n.name]
        asked = asked_of(run, computed[0])
        (way, *_) = shortcuts(asked)
        assert agrees(asked, matrix._collect(asked, way, None), noisy=True)


def test_the_smallest_numbers_of_half_precision_send_no_search_away() -> None:
    """Gradients of 1e-7 stand next to the smallest number above 0, which is 6e-8."""
    x = (3 * filled(2, 500)).half().requires_grad_()
    with flow.run(nn.Softmax(-1), x, loss=lambda out: out.float().square().mean()) as run:
        asked = asked_of(run, made_by(run, "SoftmaxBackward0"))
        (way, *_) = shortcuts(asked)
        assert agrees(asked, matrix._collect(asked, way, None), noisy=True)


def test_a_large_embedding_scaled_by_frequency_is_asked_only_where_words_stand() -> None:
    """More upstream cells than are run one by one, but few that feed one cell."""
    words = torch.arange(3000) % 1000
    module = nn.Sequential(nn.Embedding(1000, 2, scale_grad_by_freq=True))
    with flow.run(module, words, upstream=torch.ones(3000, 2)) as run:
        explanation = run.explain("n0", (7, 1))
    assert [term.cell for term in explanation.terms] == [(7, 1), (1007, 1), (2007, 1)]
    np.testing.assert_allclose(explanation.coefficients, 1 / 3, rtol=1e-6)
    assert explanation.note == ""
