"""The dense matrix of a node's coefficients, block by block, by whichever side is shorter.

By rows, the node is made differentiable and downstream cells are differentiated by the upstream,
many at once or one by one; by columns, it runs on one-hot upstream vectors.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from flow.arrays import to_array
from flow.asking.local import arrived_vectors, run_node
from flow.asking.matrix.reals import Index, hot, reals, shaped, width
from flow.errors import ExplainError
from flow.record import Array, NodeRecord
from flow.recording.walk import LiveGraph
from flow.said import said

BLOCK = 1 << 21
"""Numbers in one block, gradients of all cells included: 8 MB in float32."""
ONE_HOT_LIMIT = 4096
"""Runs of a node, one after the other, up to which that is tried: a quarter of a second."""
FEW = 2
"""Rows for which differentiating many at once is not worth its preparation."""
UNBATCHED = frozenset(
    {
        "MkldnnRnnLayerBackward0",
        "ScaledDotProductFlashAttentionForCpuBackward0",
        "TrilinearBackward0",
    }
)
"""Nodes for which torch has no batching rule: it would warn and loop, so we loop."""


@dataclass(frozen=True, eq=False)
class Asked:
    """Which part of which node's matrix is wanted, in real numbers."""

    graph: LiveGraph
    record: NodeRecord
    which: int
    rows: Index
    """Positions of downstream numbers."""
    columns: Index
    """Positions of upstream numbers, outputs laid end to end."""

    @property
    def size(self) -> int:
        """Cells of everything that one run of the node hands on, parameter gradients included."""
        return sum(array.size for array in self.record.downstream if array is not None)


@dataclass(frozen=True, eq=False)
class Block:
    """A rectangle of the wanted matrix, with the position of its first cell."""

    row: int
    column: int
    values: Array


class TooLargeError(ExplainError):
    """A node that would have to run too often; the message says so."""


Way = Callable[[Asked], Iterator[Block]]


def shortcuts(asked: Asked) -> tuple[Way, ...]:
    """Return the ways that rest on rules of torch for batches or second derivatives."""
    if len(asked.rows) <= FEW:
        return (_row_by_row,)
    loop = () if len(asked.columns) <= ONE_HOT_LIMIT else (_row_by_row,)
    if asked.record.name in UNBATCHED:
        return loop
    wide = len(asked.columns) > len(asked.rows)
    return (*((_by_rows, _by_columns) if wide else (_by_columns, _by_rows)), *loop)


def one_by_one(asked: Asked) -> Iterator[Block]:
    """Run the node on one one-hot vector after the other: what it answers is the matrix."""
    vectors = arrived_vectors(asked.graph, asked.record.index)
    if len(asked.columns) > ONE_HOT_LIMIT:
        raise TooLargeError(_too_large(len(asked.columns)))
    for position in range(len(asked.columns)):
        batch = _hot(asked.columns[position : position + 1], vectors)
        part = run_node(asked.graph, asked.record.index, [vector[0] for vector in batch])[
            asked.which
        ]
        if part is not None:
            values = to_array(reals(part.detach()))
            yield Block(0, position, values[asked.rows][:, None])


def _row_by_row(asked: Asked) -> Iterator[Block]:
    downstream, vectors = _differentiable(asked)
    flat = reals(downstream)
    for position, row in enumerate(asked.rows.tolist()):
        maps = torch.autograd.grad(flat[row], vectors, retain_graph=True, allow_unused=True)
        filled = [
            vector.new_zeros(vector.shape) if found is None else found
            for found, vector in zip(_any(maps), vectors, strict=True)
        ]
        joined = torch.cat([reals(found.detach()) for found in filled])
        yield Block(position, 0, to_array(joined)[None, asked.columns])


def _by_rows(asked: Asked) -> Iterator[Block]:
    downstream, vectors = _differentiable(asked)
    height = width([downstream])
    step = max(1, BLOCK // (width(vectors) + height))
    for begin in range(0, len(asked.rows), step):
        (chosen,) = shaped(hot(asked.rows[begin : begin + step], height), [downstream])
        maps = torch.autograd.grad(
            downstream, vectors, chosen, retain_graph=True, allow_unused=True, is_grads_batched=True
        )
        filled = [
            vector.new_zeros((len(chosen), *vector.shape)) if found is None else found
            for found, vector in zip(_any(maps), vectors, strict=True)
        ]
        joined = torch.cat([reals(found.detach(), 1) for found in filled], 1)
        yield Block(begin, 0, to_array(joined)[:, asked.columns])


def _by_columns(asked: Asked) -> Iterator[Block]:
    vectors = arrived_vectors(asked.graph, asked.record.index)
    batched = torch.func.vmap(
        lambda *one: run_node(asked.graph, asked.record.index, one)[asked.which]
    )
    step = max(1, BLOCK // (width(vectors) + asked.size))
    for begin in range(0, len(asked.columns), step):
        part = batched(*_hot(asked.columns[begin : begin + step], vectors))
        if part is None:
            return
        yield Block(0, begin, to_array(reals(part.detach(), 1))[:, asked.rows].T)


def _differentiable(asked: Asked) -> tuple[Tensor, list[Tensor]]:
    """Run the node so that what it hands on can be differentiated by its upstream vectors.

    The last node that was run so is kept: many cells of one node are asked for in a row.
    """
    kept: tuple[int, list[Tensor], Sequence[Tensor | None]] | None
    kept = asked.graph.known.get("differentiable")
    if kept is None or kept[0] != asked.record.index:
        arrived = arrived_vectors(asked.graph, asked.record.index)
        vectors = [vector.clone().requires_grad_() for vector in arrived]
        handed_on = run_node(asked.graph, asked.record.index, vectors, differentiable=True)
        kept = asked.graph.known["differentiable"] = asked.record.index, vectors, handed_on
    downstream = kept[2][asked.which]
    if downstream is None or not downstream.requires_grad:
        raise NotImplementedError
    return downstream, kept[1]


def _any(maps: Sequence[Tensor | None]) -> Sequence[Tensor | None]:
    """Return the maps; where there is none at all, the node cuts its own derivative off."""
    if all(found is None for found in maps):
        raise NotImplementedError
    return maps


def _hot(columns: Index, vectors: list[Tensor]) -> list[Tensor]:
    """Return one-hot upstream vectors: for each column, one vector per output."""
    return shaped(hot(columns, width(vectors)), vectors)


def _too_large(count: int) -> str:
    """Return the sentence for a node that would need too many runs."""
    return said(
        "The coefficients of this operation are found by running it once for each of its "
        "{count:,} upstream cells, and at most {one_hot_limit:,} runs are made. "
        "Use a smaller input.",
        count=count,
        one_hot_limit=ONE_HOT_LIMIT,
    )
