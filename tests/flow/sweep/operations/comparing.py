"""Choices between cells: where, clamp, largest and smallest."""

from __future__ import annotations

import torch

from tests.flow.sweep.case import Case, distinct, op, values

MASK = torch.tensor([[True, False, True, True], [False, False, True, False]])

CASES: dict[str, Case] = {
    "where": op(lambda x, y: torch.where(x > 0, x, y), (2, 4), (2, 4)),
    "where mask": op(lambda x, y: torch.where(MASK, x, y), (2, 4), (2, 4)),
    "where mask exchanged": op(lambda x, y: torch.where(MASK, y, x), (2, 4), (2, 4)),
    "where number": op(lambda x: torch.where(MASK, x, 0.0), (2, 4)),
    "where number first": op(lambda x: torch.where(MASK, -1.0, x), (2, 4)),
    "where broadcast": op(lambda x, y: torch.where(MASK, x, y), (4,), (2, 1)),
    "where broadcast exchanged": op(lambda x, y: torch.where(MASK, y, x), (4,), (2, 1)),
    "masked fill": op(lambda x: x.masked_fill(MASK, 7.0), (2, 4)),
    "masked fill tensor": op(lambda x, y: x.masked_fill(MASK, y), (2, 4), ()),
    "masked fill infinity": op(lambda x: x.masked_fill(MASK, -torch.inf).softmax(1), (2, 4)),
    "clamp": op(lambda x: x.clamp(-0.5, 0.5), (2, 4)),
    "clamp from below": op(lambda x: x.clamp(min=0.1), (2, 4)),
    "clamp from above": op(lambda x: x.clamp(max=0.1), (2, 4)),
    "clamp_min": op(lambda x: torch.clamp_min(x, 0.1), (2, 4)),
    "clamp_max": op(lambda x: torch.clamp_max(x, 0.1), (2, 4)),
    "clamp by tensors": op(torch.clamp, (2, 4), (2, 4), (4,)),
    "clamp by tensors exchanged": op(lambda x, y, z: z.clamp(y, x), (2, 4), (4,), (2, 4)),
    "clamp by a tensor": op(lambda x, y: x.clamp(min=y), (2, 4), (4,)),
    "maximum of equals": op(torch.maximum, values(1.0, 2.0, 3.0), values(1.0, 3.0, 2.0)),
    "minimum of equals": op(torch.minimum, values(1.0, 2.0, 3.0), values(1.0, 3.0, 2.0)),
    "relu by maximum": op(lambda x: torch.maximum(x, torch.zeros(())), (2, 4)),
    "relu by clamp": op(lambda x: x.clamp(min=0), (2, 4)),
    "compared and counted": op(lambda x: x * (x > 0), (2, 4)),
    "straight through clamp": op(lambda x: x + (x.clamp(-1, 1) - x).detach(), (2, 4)),
    "topk mask": op(lambda x: x * (x >= x.topk(2, 1).values[:, -1:]), distinct(2, 4)),
    "isclose times": op(lambda x: x * torch.isclose(x, x), (2, 4)),
    "nan to num of infinity": op(
        lambda x: torch.nan_to_num(x, posinf=3.0), values(1.0, torch.inf, -2.0)
    ),
}
