"""The dense matrix of a node's coefficients, block by block, by whichever side is shorter.

By rows, the node is made differentiable and many downstream cells are differentiated by the
upstream at once; by columns, it runs on many one-hot upstream vectors at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from flow.arrays import to_array
from flow.asking.local import arrived_vectors, run_node
from flow.errors import ExplainError
from flow.record import Array
from flow.recording.walk import LiveGraph

BLOCK = 1 << 21
"""Numbers in one block, gradients of all cells included: 8 MB in float32."""
ONE_HOT_LIMIT = 4096
"""Runs of a node, one after the other, up to which that is tried: a quarter of a second."""
UNBATCHED = frozenset(
    {
        "MkldnnRnnLayerBackward0",
        "ScaledDotProductFlashAttentionForCpuBackward0",
        "TrilinearBackward0",
    }
)
"""Nodes for which torch has no batching rule: it would warn and loop, so we loop."""

Index = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Asked:
    """Which part of which node's matrix is wanted."""

    graph: LiveGraph
    index: int
    which: int
    size: int
    """Cells of everything that one run of the node hands on, parameter gradients included."""
    rows: Index
    """Row-major positions of downstream cells."""
    columns: Index
    """Row-major positions of upstream cells, outputs laid end to end."""


@dataclass(frozen=True, eq=False)
class Block:
    """A rectangle of the wanted matrix, with the position of its first cell."""

    row: int
    column: int
    values: Array


Way = Callable[[Asked], Iterator[Block]]


def blocks(asked: Asked) -> Iterator[Block]:
    """Yield the whole matrix; ExplainError when no way leads to it."""
    ways: tuple[Way, ...] = (_by_rows, _by_columns)
    if type(asked.graph.nodes[asked.index]).__name__ in UNBATCHED:
        ways = ()
    elif len(asked.columns) < len(asked.rows):
        ways = (_by_columns, _by_rows)
    for way in (*ways, _one_by_one):
        run = way(asked)
        try:
            first = next(run)
        except StopIteration:
            return
        except (RuntimeError, NotImplementedError):
            continue  # no second derivative, or no batching rule: go another way
        yield first
        yield from run
        return


def _by_rows(asked: Asked) -> Iterator[Block]:
    vectors = [
        vector.clone().requires_grad_() for vector in arrived_vectors(asked.graph, asked.index)
    ]
    downstream = run_node(asked.graph, asked.index, vectors, differentiable=True)[asked.which]
    if downstream is None or not downstream.requires_grad:
        raise NotImplementedError
    width = sum(vector.numel() for vector in vectors)
    step = max(1, BLOCK // (width + downstream.numel()))
    for begin in range(0, len(asked.rows), step):
        chosen = torch.from_numpy(asked.rows[begin : begin + step])
        hot = downstream.new_zeros((len(chosen), downstream.numel()))
        hot[torch.arange(len(chosen)), chosen] = 1
        maps = torch.autograd.grad(
            downstream,
            vectors,
            hot.view(len(chosen), *downstream.shape),
            retain_graph=True,
            allow_unused=True,
            is_grads_batched=True,
        )
        if all(found is None for found in maps):
            raise NotImplementedError  # marked as once differentiable
        filled = [
            vector.new_zeros((len(chosen), vector.numel()))
            if found is None
            else found.reshape(len(chosen), -1)
            for found, vector in zip(maps, vectors, strict=True)
        ]
        yield Block(begin, 0, to_array(torch.cat(filled, 1).detach())[:, asked.columns])


def _by_columns(asked: Asked) -> Iterator[Block]:
    vectors = arrived_vectors(asked.graph, asked.index)
    width = sum(vector.numel() for vector in vectors)
    batched = torch.func.vmap(lambda *hot: run_node(asked.graph, asked.index, hot)[asked.which])
    step = max(1, BLOCK // (width + asked.size))
    for begin in range(0, len(asked.columns), step):
        hot = _hot(asked.columns[begin : begin + step], vectors)
        part = batched(*hot)
        if part is None:
            return
        values = to_array(part.reshape(len(part), -1).detach())
        yield Block(0, begin, values[:, asked.rows].T)


def _one_by_one(asked: Asked) -> Iterator[Block]:
    vectors = arrived_vectors(asked.graph, asked.index)
    if len(asked.columns) > ONE_HOT_LIMIT:
        raise ExplainError(too_large(len(asked.columns)))
    for position in range(len(asked.columns)):
        hot = _hot(asked.columns[position : position + 1], vectors)
        part = run_node(asked.graph, asked.index, [vector[0] for vector in hot])[asked.which]
        if part is not None:
            values = to_array(part.detach()).reshape(-1)
            yield Block(0, position, values[asked.rows][:, None])


def too_large(count: int) -> str:
    """Return the sentence for a node that would need too many runs."""
    return (
        f"This operation has no second derivative and its upstream has {count:,} cells; one run "
        f"for each is done up to {ONE_HOT_LIMIT:,}. Use a smaller input."
    )


def _hot(columns: Index, vectors: list[Tensor]) -> list[Tensor]:
    """Return one-hot upstream vectors: for each column, one vector per output."""
    first = vectors[0]
    flat = first.new_zeros((len(columns), sum(vector.numel() for vector in vectors)))
    flat[torch.arange(len(columns)), torch.from_numpy(columns)] = 1
    parts = torch.split(flat, [vector.numel() for vector in vectors], 1)
    return [
        part.to(vector.dtype).reshape(len(columns), *vector.shape)
        for part, vector in zip(parts, vectors, strict=True)
    ]
