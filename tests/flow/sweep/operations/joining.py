"""Several tensors into one, and one into several of which one or more go on."""

from __future__ import annotations

import torch

from tests.flow.sweep.case import Case, op

ROWS = (2, 4)

CASES: dict[str, Case] = {
    "cat": op(lambda x, y: torch.cat([x, y], 1), ROWS, (2, 3), forward="sum"),
    "cat exchanged": op(lambda x, y: torch.cat([y, x], 1), ROWS, (2, 3), forward="sum"),
    "cat of equals exchanged": op(lambda x, y: torch.cat([y, x], 0), ROWS, ROWS, forward="sum"),
    "cat with itself": op(lambda x: torch.cat([x, x], 1), ROWS),
    "cat with a constant": op(lambda x: torch.cat([torch.ones(2, 1), x], 1), ROWS),
    "cat of three": op(lambda x, y, z: torch.cat([z, x, y]), ROWS, (1, 4), (3, 4)),
    "cat with nothing": op(lambda x: torch.cat([x[:0], x]), ROWS),
    "stack": op(lambda x, y: torch.stack([x, y], 1), ROWS, ROWS, forward="sum"),
    "stack exchanged": op(lambda x, y: torch.stack([y, x], -1), ROWS, ROWS, forward="sum"),
    "hstack": op(lambda x, y: torch.hstack([x, y]), ROWS, ROWS),
    "vstack": op(lambda x, y: torch.vstack([y, x]), ROWS, ROWS),
    "dstack": op(lambda x, y: torch.dstack([x, y]), ROWS, ROWS),
    "column stack": op(lambda x, y: torch.column_stack([x, y]), (3,), (3,)),
    "meshgrid": op(lambda x, y: torch.meshgrid(x, y, indexing="ij")[1], (2,), (3,)),
    "chunk": op(lambda x: x.chunk(2, 1)[0], ROWS, forward="sum"),
    "chunk, later output": op(lambda x: x.chunk(2, 1)[1], ROWS, forward="sum"),
    "chunk, all": op(lambda x: x.chunk(2, 1), ROWS),
    "split": op(lambda x: x.split(3, 1)[0], ROWS),
    "split, later output": op(lambda x: x.split(3, 1)[1], ROWS, forward="sum"),
    "split by sizes": op(lambda x: x.split([1, 3], 1)[0], ROWS),
    "split by sizes, later output": op(lambda x: x.split([1, 3], 1)[1], ROWS, forward="sum"),
    "split, product": op(lambda x: x.split(2, 1)[0] * x.split(2, 1)[1], ROWS),
    "halves multiplied": op(lambda x: torch.mul(*x.chunk(2, 1)), ROWS),
    "halves subtracted": op(lambda x: torch.sub(*reversed(x.chunk(2, 1))), ROWS),
    "unbind": op(lambda x: x.unbind(0)[0], ROWS),
    "unbind, later output": op(lambda x: x.unbind(1)[2], ROWS, forward="sum"),
    "unbind, all": op(lambda x: x.unbind(0), ROWS),
    "unbind, backwards": op(lambda x: x.unbind(0)[::-1], ROWS),
    "tensor split": op(lambda x: x.tensor_split(3, 1)[2], ROWS),
    "hsplit": op(lambda x: x.hsplit(2)[1], ROWS),
    "vsplit": op(lambda x: x.vsplit(2)[1], ROWS),
    "broadcast tensors": op(lambda x, y: torch.broadcast_tensors(x, y)[1], ROWS, (4,)),
    "sum of a list": op(lambda x, y: sum([x, y, x]), ROWS, ROWS),
    "two outputs": op(lambda x, y: (x + y, x * y), ROWS, ROWS),
    "two outputs, one unused": op(lambda x: (x.tanh(), x.detach() + x)[1], ROWS),
    "one output of another": op(lambda x: (x.tanh(), x.tanh() * 2), ROWS),
    "output made of an output": op(lambda x: (lambda h: (h, h * 2))(x.tanh()), ROWS),
    "input returned": op(lambda x, y: (x * 1, y), ROWS, ROWS),
}
