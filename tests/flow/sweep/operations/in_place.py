"""Operations that overwrite what they are given."""

from __future__ import annotations

import torch
import torch.nn.functional as F  # noqa: N812 - everybody's name for it
from torch import Tensor, nn

from tests.flow.sweep.case import Case, layer, op, positive

ROWS = (3, 4)


def _on_a_view(x: Tensor) -> Tensor:
    y = x * 1.5
    y[0].mul_(2)
    return y


def _on_a_view_of_a_view(x: Tensor) -> Tensor:
    y = x * 1.5
    y[1:][:, ::2].add_(1).mul_(3)
    return y


def _view_after(x: Tensor) -> Tensor:
    y = x * 1.5
    z = y.view(-1)
    y.mul_(2)
    return z + z


def _twice(x: Tensor, y: Tensor) -> Tensor:
    z = x * 2
    z += y
    z -= 0.5 * y
    return z


def _column_added(x: Tensor, y: Tensor) -> Tensor:
    z = x.clone()
    z[:, 0] += y
    return z


def _zeroed(x: Tensor) -> Tensor:
    z = x * 1.0
    z[1].zero_()
    return z


def _filled(x: Tensor, y: Tensor) -> Tensor:
    z = x * 1.0
    z[0].copy_(y)
    return z


def _into_new(x: Tensor) -> Tensor:
    z = torch.zeros(3, 4, dtype=x.dtype)
    for row in range(3):
        z[row] = x[row] * (row + 1)
    return z


CASES: dict[str, Case] = {
    "add": op(lambda x, y: x.clone().add_(y), ROWS, (4,)),
    "add exchanged": op(lambda x, y: y.clone().add_(x, alpha=2), (4,), ROWS),
    "sub": op(lambda x, y: x.clone().sub_(y), ROWS, ROWS),
    "mul": op(lambda x, y: x.clone().mul_(y), ROWS, ROWS),
    "mul exchanged": op(lambda x, y: y.clone().mul_(x), ROWS, ROWS),
    "div": op(lambda x, y: x.clone().div_(y), ROWS, positive(3, 4)),
    "pow": op(lambda x: x.clone().pow_(2), ROWS),
    "neg": op(lambda x: x.clone().neg_(), ROWS),
    "exp": op(lambda x: x.clone().exp_(), ROWS),
    "sqrt": op(lambda x: x.clone().sqrt_(), positive(3, 4)),
    "tanh": op(lambda x: x.clone().tanh_(), ROWS),
    "sigmoid": op(lambda x: x.clone().sigmoid_(), ROWS),
    "relu": op(lambda x: F.relu(x * 2, inplace=True), ROWS),
    "leaky relu": op(lambda x: F.leaky_relu_(x * 2, 0.1), ROWS),
    "elu": op(lambda x: F.elu_(x * 2), ROWS),
    "clamp": op(lambda x: x.clone().clamp_(-0.5, 0.5), ROWS),
    "dropout": op(lambda x: F.dropout(x * 2, 0.5, inplace=True), ROWS, repeats=False),
    "masked fill": op(lambda x: x.clone().masked_fill_(x > 0, 0.0), ROWS),
    "scaled softmax": op(lambda x: (x * 1.0).div_(2).softmax(1), ROWS),
    "transposed": op(lambda x: (x * 2).t_(), ROWS),
    "unsqueezed": op(lambda x: (x * 2).unsqueeze_(0), ROWS),
    "squeezed": op(lambda x: (x * 2).squeeze_(), (3, 1, 2)),
    "index add": op(lambda x, y: x.clone().index_add_(0, torch.tensor([0, 0]), y), ROWS, (2, 4)),
    "scatter": op(
        lambda x, y: x.clone().scatter_(1, torch.tensor([[1], [0], [3]]), y), ROWS, (3, 1)
    ),
    "addmm": op(lambda x, y, z: x.clone().addmm_(y, z), (2, 3), (2, 4), (4, 3)),
    "addcmul": op(lambda x, y: x.clone().addcmul_(y, y, value=0.3), ROWS, ROWS),
    "lerp": op(lambda x, y: x.clone().lerp_(y, 0.4), ROWS, ROWS),
    "cumsum": op(lambda x: x.clone().cumsum_(1), ROWS),
    "on a view": op(_on_a_view, ROWS),
    "on a view of a view": op(_on_a_view_of_a_view, ROWS),
    "seen through a view": op(_view_after, ROWS),
    "twice": op(_twice, ROWS, ROWS),
    "column added": op(_column_added, ROWS, (3,)),
    "row zeroed": op(_zeroed, ROWS),
    "row copied": op(_filled, ROWS, (4,)),
    "into a new tensor": op(_into_new, ROWS),
    "relu layers": layer(
        lambda: nn.Sequential(nn.Linear(4, 3), nn.ReLU(inplace=True), nn.Linear(3, 2)), ROWS
    ),
    "fill diagonal": op(lambda x: x.clone().fill_diagonal_(0.0), (3, 3)),
    "tril": op(lambda x: x.clone().tril_(), (3, 3)),
    "swap": op(lambda x: x.clone().swapaxes_(0, 1), ROWS),
}
