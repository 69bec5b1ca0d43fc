"""One small case of each operation that moves, cuts, looks up or writes cells, counted by hand."""

from __future__ import annotations

import torch
import torch.nn.functional as F  # noqa: N812 - everybody's name for it
from torch import Tensor

from tests.flow.by_hand.hand_counted import Case, grid

COPY = ("1 (copy)",)
FIRST_AND_LAST = torch.tensor([0, 2])
MASK = torch.tensor([True, False, True])
ROWS = torch.tensor([1, 1, 0])


def _overwritten(x: Tensor) -> Tensor:
    y = x * 1
    y[1:] = 0
    return y


def _regrouped(x: Tensor) -> Tensor:
    return F.channel_shuffle(x, 2)


LINE, UP = [5, 6, 7], [1, 10, 100]

MOVES: dict[str, Case] = {
    "ViewBackward0": Case(
        lambda x: x.view(4), ([[1, 2], [3, 4]],), [5, 6, 7, 8], ([[5, 6], [7, 8]],), (1, 0), COPY
    ),
    "TBackward0": Case(lambda x: x.t(), ([[1, 2]],), [[3], [4]], ([[3, 4]],), (0, 1), COPY),
    "PermuteBackward0": Case(
        lambda x: x.permute(1, 2, 0), ([[[1, 2]]],), [[[3], [4]]], ([[[3, 4]]],), (0, 0, 1), COPY
    ),
    "FlipBackward0": Case(lambda x: x.flip(0), (LINE,), UP, ([100, 10, 1],), (0,), COPY),
    "RollBackward0": Case(lambda x: x.roll(1), (LINE,), UP, ([10, 100, 1],), (0,), COPY),
    "Rot90Backward0": Case(
        lambda x: x.rot90(),
        ([[1, 2], [3, 4]],),
        [[5, 6], [7, 8]],
        ([[7, 5], [8, 6]],),
        (0, 0),
        COPY,
    ),
    "PixelShuffleBackward0": Case(
        lambda x: F.pixel_shuffle(x, 2),
        ([[[[1]], [[2]], [[3]], [[4]]]],),
        grid([5, 6], [7, 8]),
        ([[[[5]], [[6]], [[7]], [[8]]]],),
        (0, 2, 0, 0),
        COPY,
    ),
    "PixelUnshuffleBackward0": Case(
        lambda x: F.pixel_unshuffle(x, 2),
        (grid([1, 2], [3, 4]),),
        [[[[5]], [[6]], [[7]], [[8]]]],
        (grid([5, 6], [7, 8]),),
        (0, 0, 1, 0),
        COPY,
    ),
    "ChannelShuffleBackward0": Case(
        _regrouped,
        ([[[[1]], [[2]], [[3]], [[4]]]],),
        [[[[5]], [[6]], [[7]], [[8]]]],
        ([[[[5]], [[7]], [[6]], [[8]]]],),
        (0, 1, 0, 0),
        COPY,
    ),
    "CloneBackward0": Case(lambda x: x.clone(), (LINE,), UP, (UP,), (1,), COPY),
    "ToCopyBackward0": Case(lambda x: x.float(), (LINE,), UP, (UP,), (1,), COPY),
    "ExpandBackward0": Case(
        lambda x: x.expand(2, 3), (LINE,), [UP, [2, 20, 200]], ([3, 30, 300],), (1,), COPY * 2
    ),
    "RepeatBackward0": Case(
        lambda x: x.repeat(2), ([5, 6],), [1, 10, 100, 1000], ([101, 1010],), (0,), COPY * 2
    ),
    "UnfoldBackward0": Case(
        lambda x: x.unfold(0, 2, 1),
        (LINE,),
        [[1, 10], [100, 1000]],
        ([1, 110, 1000],),
        (1,),
        COPY * 2,
    ),
}

CUTS: dict[str, Case] = {
    "SliceBackward0": Case(lambda x: x[1:], (LINE,), [1, 10], ([0, 1, 10],), (1,), COPY),
    "SelectBackward0": Case(lambda x: x[1], (LINE,), 4, ([0, 4, 0],), (1,), COPY),
    "DiagonalBackward0": Case(
        lambda x: x.diagonal(1), ([[1, 2], [3, 4]],), [9], ([[0, 9], [0, 0]],), (0, 1), COPY
    ),
    "DiagEmbedBackward0": Case(
        torch.diag_embed, ([5, 6],), [[1, 2], [3, 4]], ([1, 4],), (1,), COPY
    ),
    "TrilBackward0": Case(
        torch.tril, ([[1, 2], [3, 4]],), [[5, 6], [7, 8]], ([[5, 0], [7, 8]],), (1, 0), COPY
    ),
    "TriuBackward0": Case(
        torch.triu, ([[1, 2], [3, 4]],), [[5, 6], [7, 8]], ([[5, 6], [0, 8]],), (0, 1), COPY
    ),
    "SplitBackward0": Case(
        lambda x: x.split(2)[0] * 1, (LINE,), [1, 10], ([1, 10, 0],), (1,), COPY
    ),
    "UnbindBackward0": Case(
        lambda x: x.unbind(1)[1] * 1, ([[1, 2], [3, 4]],), [5, 6], ([[0, 5], [0, 6]],), (1, 1), COPY
    ),
    "CatBackward0": Case(
        lambda x, y: torch.cat([x, y]), ([5], [6, 7]), UP, ([1], [10, 100]), (1,), COPY, which=1
    ),
    "StackBackward0": Case(
        lambda x, y: torch.stack([x, y]), ([5], [6]), [[1], [10]], ([1], [10]), (0,), COPY, which=1
    ),
    "BlockDiagBackward0": Case(
        torch.block_diag, ([[5]], [[6]]), [[1, 2], [3, 4]], ([[1]], [[4]]), (0, 0), COPY, which=1
    ),
}

LOOKUPS: dict[str, Case] = {
    "IndexBackward0": Case(lambda x: x[ROWS], (LINE,), UP, ([100, 11, 0],), (1,), COPY * 2),
    "GatherBackward0": Case(
        lambda x: x.gather(0, ROWS), (LINE,), UP, ([100, 11, 0],), (1,), COPY * 2
    ),
    "IndexSelectBackward0": Case(
        lambda x: x.index_select(0, ROWS), (LINE,), UP, ([100, 11, 0],), (1,), COPY * 2
    ),
    "TakeBackward0": Case(lambda x: x.take(ROWS), (LINE,), UP, ([100, 11, 0],), (1,), COPY * 2),
    "MaskedSelectBackward0": Case(
        lambda x: x.masked_select(MASK), (LINE,), [1, 10], ([1, 0, 10],), (2,), COPY
    ),
    "SortBackward0": Case(
        lambda x: x.sort().values, ([7, 5, 6],), UP, ([100, 1, 10],), (0,), ("1 (moved here)",)
    ),
    "TopkBackward0": Case(
        lambda x: x.topk(2).values, ([7, 5, 6],), [1, 10], ([1, 0, 10],), (2,), ("1 (chosen)",)
    ),
    "KthvalueBackward0": Case(
        lambda x: x.kthvalue(2).values, ([7, 5, 6],), 4, ([0, 0, 4],), (2,), ("1 (came out)",)
    ),
    "EmbeddingBackward0": Case(
        lambda w: F.embedding(ROWS, w, scale_grad_by_freq=True),
        ([[5], [6], [7]],),
        [[1], [10], [100]],
        ([[100], [5.5], [0]],),
        (1, 0),
        ("1/2 (looked up 2 times)",) * 2,
    ),
    "EmbeddingBagBackward0": Case(
        lambda w: F.embedding_bag(ROWS, w, torch.tensor([0, 2])),
        ([[5], [6], [7]],),
        [[1], [10]],
        ([[10], [1], [0]],),
        (0, 0),
        (),
    ),
}

WRITING: dict[str, Case] = {
    "IndexPutBackward0": Case(
        lambda x, v: x.index_put((FIRST_AND_LAST,), v),
        (LINE, [8, 9]),
        UP,
        ([0, 10, 0], [1, 100]),
        (1,),
        COPY,
        which=1,
    ),
    "PutBackward0": Case(
        lambda x, v: x.put(FIRST_AND_LAST, v),
        (LINE, [8, 9]),
        UP,
        ([0, 10, 0], [1, 100]),
        (1,),
        COPY,
        which=1,
    ),
    "ScatterBackward0": Case(
        lambda x, v: x.scatter(0, FIRST_AND_LAST, v),
        (LINE, [8, 9]),
        UP,
        ([0, 10, 0], [1, 100]),
        (1,),
        COPY,
        which=1,
    ),
    "ScatterAddBackward0": Case(
        lambda x, v: x.scatter_add(0, FIRST_AND_LAST, v),
        (LINE, [8, 9]),
        UP,
        (UP, [1, 100]),
        (1,),
        COPY,
        which=1,
    ),
    "IndexAddBackward0": Case(
        lambda x, v: x.index_add(0, FIRST_AND_LAST, v, alpha=3),
        (LINE, [8, 9]),
        UP,
        (UP, [3, 300]),
        (1,),
        ("3 (alpha)",),
        which=1,
    ),
    "IndexCopyBackward0": Case(
        lambda x, v: x.index_copy(0, FIRST_AND_LAST, v),
        (LINE, [8, 9]),
        UP,
        ([0, 10, 0], [1, 100]),
        (1,),
        COPY,
        which=1,
    ),
    "IndexFillBackward1": Case(
        lambda x, v: x.index_fill(0, FIRST_AND_LAST, v),
        (LINE, 8),
        UP,
        ([0, 10, 0], 101),
        (),
        COPY * 2,
        which=1,
    ),
    "MaskedFillBackward1": Case(
        lambda x, v: x.masked_fill(MASK, v), (LINE, 8), UP, ([0, 10, 0], 101), (), COPY * 2, which=1
    ),
    "MaskedScatterBackward0": Case(
        lambda x, v: x.masked_scatter(MASK, v),
        (LINE, [8, 9, 4]),
        UP,
        ([0, 10, 0], [1, 100, 0]),
        (1,),
        COPY,
        which=1,
    ),
    "SliceScatterBackward0": Case(
        lambda x, v: x.slice_scatter(v, 0, 1),
        (LINE, [8, 9]),
        UP,
        ([1, 0, 0], [10, 100]),
        (1,),
        COPY,
        which=1,
    ),
    "SelectScatterBackward0": Case(
        lambda x, v: x.select_scatter(v, 0, 1), (LINE, 8), UP, ([1, 0, 100], 10), (), COPY, which=1
    ),
    "DiagonalScatterBackward0": Case(
        lambda x, v: x.diagonal_scatter(v, 1),
        ([[1, 2], [3, 4]], [9]),
        [[5, 6], [7, 8]],
        ([[5, 0], [7, 8]], [6]),
        (0,),
        COPY,
        which=1,
    ),
    "CopySlices": Case(_overwritten, (LINE,), UP, ([1, 0, 0],), (0,), COPY),
}
