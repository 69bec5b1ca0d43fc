"""Shapes and values at their limits: no cells, one cell, numbers, infinities, zeros."""

from __future__ import annotations

import torch
import torch.nn.functional as F  # noqa: N812 - everybody's name for it
from torch import nn

from tests.flow.sweep.case import Case, layer, op, values

NUMBER: tuple[int, ...] = ()

CASES: dict[str, Case] = {
    "number squared": op(lambda x: x * x, NUMBER),
    "number times a row": op(lambda x, y: x * y, NUMBER, (3,)),
    "number, reduced": op(torch.sum, NUMBER),
    "number, viewed": op(lambda x: x.view(1, 1), NUMBER),
    "number, expanded": op(lambda x: x.expand(2, 3), NUMBER),
    "one cell": op(torch.tanh, (1, 1)),
    "no rows": op(lambda x: torch.cat([x.tanh(), torch.ones(1, 3)]), (0, 3)),
    "no rows, summed": op(lambda x: x.sum(0) + 1, (0, 3)),
    "no columns": op(lambda x, y: x @ y, (2, 0), (0, 3)),
    "no batch": layer(lambda: nn.Conv2d(2, 3, 2), (0, 2, 3, 3)),
    "no steps": op(lambda x, y: torch.cat([x, y], 1), (2, 0), (2, 2)),
    "five axes": op(lambda x: x.sum((1, 3)), (2, 1, 2, 2, 1)),
    "root of zero": op(torch.sqrt, values(0.0, 1.0, 4.0)),
    "root of relu of zero": op(lambda x: x.relu().sqrt(), values(-1.0, 0.0, 4.0)),
    "log of zero": op(torch.log, values(0.0, 1.0, 2.0)),
    "log of relu": op(lambda x: x.relu().log(), values(-1.0, 0.5, 2.0)),
    "one over zero": op(torch.reciprocal, values(0.0, 1.0, 2.0)),
    "zero over zero": op(lambda x, y: x / y, values(0.0, 1.0), values(0.0, 2.0)),
    "norm of zeros": op(lambda x: x.norm(), values(0.0, 0.0)),
    "exp of a thousand": op(torch.exp, values(1000.0, 1.0, -1000.0)),
    "infinite input": op(torch.tanh, values(torch.inf, -torch.inf, 1.0)),
    "infinite product": op(lambda x, y: x * y, values(torch.inf, 2.0), values(3.0, 4.0)),
    "nan input": op(lambda x: x * 2, values(torch.nan, 1.0)),
    "nan through softmax": op(lambda x: x.softmax(0), values(torch.nan, 1.0, 2.0)),
    "power of zero": op(lambda x: x**0.5, values(0.0, 1.0, 4.0)),
    "arcsine of one": op(torch.asin, values(1.0, 0.5)),
    "infinite leaf in two uses": op(lambda x: x.sqrt() + x.log(), values(0.0, 1.0)),
    "masked infinity": op(
        lambda x: torch.where(x > 0, x.log(), torch.zeros_like(x)), values(0.0, 1.0, 2.0)
    ),
    "softmax with minus infinity": op(
        lambda x: (x + torch.tensor([0.0, -torch.inf, 0.0])).softmax(0), (3,)
    ),
    "all masked": op(lambda x: x.masked_fill(torch.ones(3) > 0, 0.0) + x * 0, (3,)),
    "large numbers": op(lambda x: (x * 1e4).sigmoid(), (2, 3)),
    "tiny numbers": op(lambda x: (x * 1e-20) ** 2, (2, 3)),
    "huge sum": op(lambda x: (x * 1e20).sum(), (2, 3)),
    "wide sum": op(lambda x: x.sum(), (1, 500)),
    "wide softmax": op(lambda x: x.softmax(1), (1, 60)),
    "wide product": op(lambda x, y: x @ y, (1, 200), (200, 2)),
    "long mean": op(lambda x: F.layer_norm(x, (64,)), (1, 64)),
}
