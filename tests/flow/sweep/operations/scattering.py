"""Writing cells by position, into a copy and in place."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from tests.flow.sweep.case import Case, op, positive

ROWS = (3, 4)
ROW = torch.tensor([2, 0, 2])
PAIRS = torch.tensor([[1, 3], [0, 2], [3, 0]])
TWICE = torch.tensor([[1, 1], [0, 2], [3, 3]])
MASK = torch.tensor([[True, False, True, True], [False] * 4, [False, False, True, False]])


def _reduced(how: str, include: bool) -> Any:
    return lambda x, y: x.scatter_reduce(1, TWICE, y, how, include_self=include)


def _index_reduced(how: str) -> Any:
    return lambda x, y: x.index_reduce(0, ROW, y, how)


def _put(x: Tensor, y: Tensor, *, accumulate: bool) -> Tensor:
    return x.index_put((ROW, torch.tensor([1, 1, 3])), y, accumulate=accumulate)


def _put_in_place(x: Tensor, y: Tensor) -> Tensor:
    z = x * 2
    z[torch.tensor([0, 2])] = y
    return z


def _mask_in_place(x: Tensor, y: Tensor) -> Tensor:
    z = x.clone()
    z[MASK] = y
    return z


def _slice_in_place(x: Tensor, y: Tensor) -> Tensor:
    z = x.clone()
    z[:, 1:3] = y
    return z


def _column_from_another(x: Tensor) -> Tensor:
    z = x * 1.0
    z[:, 1] = z[:, 0] * 2
    return z


CASES: dict[str, Case] = {
    "scatter": op(lambda x, y: x.scatter(1, PAIRS, y), ROWS, (3, 2)),
    "scatter exchanged": op(lambda x, y: y.scatter(1, PAIRS, x), (3, 2), ROWS),
    "scatter number": op(lambda x: x.scatter(1, PAIRS, 5.0), ROWS),
    "scatter add": op(lambda x, y: x.scatter_add(1, TWICE, y), ROWS, (3, 2)),
    "scatter add exchanged": op(lambda x, y: y.scatter_add(1, TWICE, x), (3, 2), ROWS),
    **{
        f"scatter reduce {how}{'' if include else ' without self'}": op(
            _reduced(how, include), positive(3, 4), positive(3, 2)
        )
        for how in ("sum", "prod", "mean", "amax", "amin")
        for include in (True, False)
    },
    **{
        f"index reduce {how}": op(_index_reduced(how), positive(3, 4), positive(3, 4))
        for how in ("prod", "mean", "amax", "amin")
    },
    "index add": op(lambda x, y: x.index_add(0, ROW, y), ROWS, (3, 4)),
    "index add scaled": op(lambda x, y: x.index_add(1, ROW, y, alpha=0.5), ROWS, (3, 3)),
    "index add exchanged": op(lambda x, y: y.index_add(0, ROW, x), (3, 4), ROWS),
    "index copy": op(lambda x, y: x.index_copy(0, ROW[:2], y), ROWS, (2, 4)),
    "index fill": op(lambda x: x.index_fill(1, ROW, 3.0), ROWS),
    "index fill tensor": op(lambda x, y: x.index_fill(1, ROW, y), ROWS, ()),
    "index put": op(lambda x, y: x.index_put((torch.tensor([0, 2]),), y), ROWS, (2, 4)),
    "index put accumulated": op(lambda x, y: _put(x, y, accumulate=True), ROWS, (3,)),
    "index put broadcast": op(lambda x, y: x.index_put((ROW,), y, accumulate=True), ROWS, (4,)),
    "put": op(lambda x, y: x.put(torch.tensor([1, 7]), y), ROWS, (2,)),
    "put accumulated": op(lambda x, y: x.put(torch.tensor([1, 1]), y, True), ROWS, (2,)),
    "masked scatter": op(lambda x, y: x.masked_scatter(MASK, y), ROWS, (6,)),
    "put in place": op(_put_in_place, ROWS, (2, 4)),
    "mask in place": op(_mask_in_place, ROWS, (4,)),
    "slice in place": op(_slice_in_place, ROWS, (3, 2)),
    "slice in place broadcast": op(_slice_in_place, ROWS, (2,)),
    "column from another": op(_column_from_another, ROWS),
    "slice scatter": op(lambda x, y: x.slice_scatter(y, 1, 1, 3), ROWS, (3, 2)),
    "select scatter": op(lambda x, y: x.select_scatter(y, 1, 2), ROWS, (3,)),
    "diagonal scatter": op(lambda x, y: x.diagonal_scatter(y), ROWS, (3,)),
    # torch's own gradient of the first input is wrong: it is kept where it should be cut.
    "strided scatter": op(
        lambda x, y: x.as_strided_scatter(y, (2, 2), (4, 1)), ROWS, (2, 2), derivative=False
    ),
    "segment sums": op(lambda x: torch.zeros(2, 4).index_add(0, torch.tensor([0, 1, 0]), x), ROWS),
    "one written row": op(lambda x: torch.zeros(3, 4).index_copy(0, torch.tensor([1]), x), (1, 4)),
}
