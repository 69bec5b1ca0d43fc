"""Rows looked up in a table, alone and in bags."""

from __future__ import annotations

from typing import Any

import torch
import torch.nn.functional as F  # noqa: N812 - everybody's name for it
from torch import Tensor, nn

from tests.flow.sweep.case import Case, layer, op

IDS = torch.tensor([[1, 0, 1], [3, 3, 2]])
FLAT = torch.tensor([1, 0, 1, 3, 3])
BEGINS = torch.tensor([0, 2, 2])


class _Looked(nn.Module):
    """A table and the ids that are looked up in it, so that no input asks for a gradient."""

    def __init__(self, table: nn.Module, *arguments: Tensor) -> None:
        super().__init__()
        self.table, self.arguments = table, arguments

    def forward(self, x: Tensor) -> Any:
        return self.table(*self.arguments) * x


def _table(ids: Tensor, **how: Any) -> Any:
    return lambda: _Looked(nn.Embedding(5, 3, **how), ids)


def _bag(*arguments: Tensor, **how: Any) -> Any:
    return lambda: _Looked(nn.EmbeddingBag(5, 3, **how), *arguments)


NUMBER: tuple[int, ...] = ()

CASES: dict[str, Case] = {
    "embedding": layer(_table(IDS), NUMBER),
    "embedding of a line": layer(_table(FLAT), NUMBER),
    "embedding of one id": layer(_table(torch.tensor(2)), NUMBER),
    "embedding padded": layer(_table(IDS, padding_idx=0), NUMBER),
    "embedding padded from the end": layer(_table(IDS, padding_idx=-2), NUMBER),
    "embedding scaled by frequency": layer(_table(IDS, scale_grad_by_freq=True), NUMBER),
    "embedding sparse": layer(_table(IDS, sparse=True), NUMBER),
    "embedding sparse of a line": layer(_table(FLAT, sparse=True), NUMBER),
    "embedding sparse padded": layer(_table(IDS, sparse=True, padding_idx=1), NUMBER),
    "bag mean": layer(_bag(IDS), NUMBER),
    "bag sum": layer(_bag(IDS, mode="sum"), NUMBER),
    "bag max": layer(_bag(IDS, mode="max"), NUMBER),
    "bag of begins": layer(_bag(FLAT, BEGINS), NUMBER),
    "bag of begins, sum": layer(_bag(FLAT, BEGINS, mode="sum"), NUMBER),
    "bag padded": layer(_bag(IDS, mode="sum", padding_idx=1), NUMBER),
    "bag sparse": layer(_bag(IDS, mode="sum", sparse=True), NUMBER),
    "bag scaled by frequency": layer(_bag(IDS, mode="sum", scale_grad_by_freq=True), NUMBER),
    "bag weighted": op(
        lambda x, w: F.embedding_bag(IDS, x, mode="sum", per_sample_weights=w), (5, 3), (2, 3)
    ),
    "one hot": op(lambda x: F.one_hot(IDS, 5).to(x) @ x, (5, 3)),
    "tied": op(lambda x: F.embedding(FLAT, x) @ x.t(), (5, 3)),
}
