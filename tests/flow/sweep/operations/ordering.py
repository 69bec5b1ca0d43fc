"""Sorting and ranking: cells handed on from where they were found."""

from __future__ import annotations

import torch

from tests.flow.sweep.case import Case, distinct, op

ROWS = distinct(3, 5)

CASES: dict[str, Case] = {
    "sort": op(lambda x: x.sort(1).values, ROWS),
    "sort descending": op(lambda x: x.sort(0, descending=True).values, ROWS),
    "sort stable": op(lambda x: x.sort(dim=1, stable=True).values, ROWS),
    "msort": op(torch.msort, ROWS),
    "argsort used": op(lambda x: x.gather(1, x.argsort(1)), ROWS),
    "topk": op(lambda x: x.topk(2, 1).values, ROWS),
    "topk smallest": op(lambda x: x.topk(2, 0, largest=False).values, ROWS),
    "topk of the last axis": op(lambda x: x.topk(3).values, ROWS),
    "kthvalue": op(lambda x: x.kthvalue(2, 1).values, ROWS),
    "kthvalue kept": op(lambda x: x.kthvalue(3, 0, keepdim=True).values, ROWS),
    "median kept": op(lambda x: x.median(0, keepdim=True).values, ROWS),
    "unique": op(lambda x: x.take(x.detach().flatten().argsort()), ROWS),
    "flip": op(lambda x: x.flip(1), ROWS),
    "flip both": op(lambda x: x.flip(0, 1), ROWS),
    "fliplr": op(torch.fliplr, ROWS),
    "flipud": op(torch.flipud, ROWS),
    "roll": op(lambda x: x.roll(2, 1), ROWS),
    "roll both": op(lambda x: x.roll((1, -2), (0, 1)), ROWS),
    "roll flat": op(lambda x: x.roll(4), ROWS),
    "rot90": op(lambda x: x.rot90(), ROWS),
    "rot90 back": op(lambda x: x.rot90(-1, (0, 1)), ROWS),
    "searched": op(lambda x: x * torch.searchsorted(x.detach().sort(1).values, x.detach()), ROWS),
    "maximum position": op(lambda x: x[torch.arange(3), x.argmax(1)], ROWS),
}
