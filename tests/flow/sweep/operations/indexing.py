"""Reading cells by position: slices, indices, masks."""

from __future__ import annotations

import torch

from tests.flow.sweep.case import Case, op

ROWS, CUBE = (3, 4), (2, 3, 4)
ROW = torch.tensor([2, 0, 2])
PAIRS = torch.tensor([[1, 1], [0, 2], [3, 0]])
MASK = torch.tensor([[True, False, True, True], [False] * 4, [False, False, True, False]])

CASES: dict[str, Case] = {
    "slice": op(lambda x: x[:, 1:3], ROWS, forward="sum"),
    "slice with a step": op(lambda x: x[:, ::2], ROWS, forward="sum"),
    "slice from the end": op(lambda x: x[:, -3:-1], ROWS, forward="sum"),
    "slice of both": op(lambda x: x[1:, :2], ROWS),
    "slice empty": op(lambda x: torch.cat([x[:, 2:2], x], 1), ROWS),
    "select": op(lambda x: x[1], ROWS, forward="sum"),
    "select from the end": op(lambda x: x[-1], ROWS, forward="sum"),
    "select a column": op(lambda x: x[:, 2], ROWS),
    "select a cell": op(lambda x: x[1, 2], ROWS),
    "ellipsis": op(lambda x: x[..., 1], CUBE),
    "new axis": op(lambda x: x[:, None, 1:], ROWS),
    "rows by index": op(lambda x: x[ROW], ROWS, forward="sum"),
    "columns by index": op(lambda x: x[:, ROW], ROWS, forward="sum"),
    "cells by index": op(lambda x: x[ROW, ROW], ROWS),
    "cells by negative index": op(lambda x: x[torch.tensor([-1, 0])], ROWS),
    "index and slice": op(lambda x: x[ROW.clamp(max=1), 1:, ROW], CUBE),
    "index broadcast": op(lambda x: x[ROW[:, None], ROW], ROWS),
    "boolean mask": op(lambda x: x[MASK], ROWS),
    "boolean rows": op(lambda x: x[torch.tensor([True, False, True])], ROWS),
    "masked select": op(lambda x: x.masked_select(MASK), ROWS),
    "positive cells": op(lambda x: x[x > 0], ROWS),
    "index select": op(lambda x: x.index_select(1, ROW), ROWS, forward="sum"),
    "index select rows": op(lambda x: x.index_select(0, ROW), ROWS),
    "gather": op(lambda x: x.gather(1, PAIRS), ROWS),
    "gather down": op(lambda x: x.gather(0, PAIRS.clamp(max=2)), ROWS),
    "take": op(lambda x: x.take(torch.tensor([0, 5, 5, 11])), ROWS),
    "take along": op(lambda x: torch.take_along_dim(x, PAIRS, 1), ROWS),
    "narrow": op(lambda x: x.narrow(1, 1, 2), ROWS, forward="sum"),
    "diagonal": op(torch.diagonal, (3, 4)),
    "diagonal above": op(lambda x: x.diagonal(1), (3, 4)),
    "diag of a matrix": op(torch.diag, (3, 3)),
    "diag of a vector": op(torch.diag, (3,)),
    "diag embed": op(torch.diag_embed, (2, 3)),
    "diagflat": op(torch.diagflat, (3,)),
    "tril": op(torch.tril, (3, 4)),
    "triu above": op(lambda x: x.triu(1), (3, 4)),
    "lower cells": op(lambda x: x[tuple(torch.tril_indices(3, 3))], (3, 4)),
    "embedding by hand": op(lambda x: torch.nn.functional.embedding(ROW, x), ROWS),
    "repeat interleave": op(lambda x: x.repeat_interleave(2, 1), ROWS),
    "repeat interleave each": op(lambda x: x.repeat_interleave(torch.tensor([1, 0, 2]), 0), ROWS),
    "two of one": op(lambda x: x[0] * x[1], ROWS),
    "combinations": op(torch.combinations, (4,)),
    "cartesian product": op(torch.cartesian_prod, (2,), (3,)),
    "unsafe chunk": op(lambda x: torch.unsafe_chunk(x, 2, 1)[1], ROWS),
    "argmax column": op(lambda x: x[:, x.sum(0).argmax()], ROWS),
}
