"""Custom autograd Functions, and gradients that are changed on their way."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn
from torch.autograd.function import once_differentiable
from torch.utils.checkpoint import checkpoint

from tests.flow.sweep.case import Case, layer, op

ROWS = (2, 3)


class _Scale(torch.autograd.Function):
    @staticmethod
    def forward(_ctx: Any, x: Tensor) -> Tensor:
        return x * 3

    @staticmethod
    def backward(_ctx: Any, *upstream: Tensor) -> Any:
        return upstream[0] * 3


class _Cube(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:
        ctx.save_for_backward(x)
        return x**3

    @staticmethod
    def backward(ctx: Any, *upstream: Tensor) -> Any:
        (x,) = ctx.saved_tensors
        return upstream[0] * 3 * x**2


class _Once(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor, y: Tensor) -> Tensor:
        ctx.save_for_backward(x, y)
        return x * y

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, *upstream: Tensor) -> Any:
        x, y = ctx.saved_tensors
        return upstream[0] * y, upstream[0] * x


class _ByNumpy(torch.autograd.Function):
    @staticmethod
    def forward(_ctx: Any, x: Tensor) -> Tensor:
        return torch.from_numpy(x.detach().numpy()[:, ::-1].copy())

    @staticmethod
    def backward(_ctx: Any, *upstream: Tensor) -> Any:
        return torch.from_numpy(upstream[0].detach().numpy()[:, ::-1].copy())


class _Two(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Any:
        ctx.save_for_backward(x)
        return x * 2, x**2

    @staticmethod
    def backward(ctx: Any, *upstream: Tensor) -> Any:
        (x,) = ctx.saved_tensors
        return upstream[0] * 2 + upstream[1] * 2 * x


class _Partly(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor, factor: float, y: Tensor) -> Tensor:
        ctx.factor = factor
        return x * factor + y

    @staticmethod
    def backward(ctx: Any, *upstream: Tensor) -> Any:
        return upstream[0] * ctx.factor, None, None


class _Reversed(torch.autograd.Function):
    @staticmethod
    def forward(_ctx: Any, x: Tensor) -> Tensor:
        return x.view_as(x)

    @staticmethod
    def backward(_ctx: Any, *upstream: Tensor) -> Any:
        return -0.5 * upstream[0]


class _Clipped(torch.autograd.Function):
    @staticmethod
    def forward(_ctx: Any, x: Tensor) -> Tensor:
        return x * 2

    @staticmethod
    def backward(_ctx: Any, *upstream: Tensor) -> Any:
        return (upstream[0] * 2).clamp(-0.5, 0.5)


class _Squared(torch.autograd.Function):
    @staticmethod
    def forward(_ctx: Any, x: Tensor) -> Tensor:
        return x * 2

    @staticmethod
    def backward(_ctx: Any, *upstream: Tensor) -> Any:
        return upstream[0] ** 2


class _Constant(torch.autograd.Function):
    @staticmethod
    def forward(_ctx: Any, x: Tensor) -> Tensor:
        return x * 2

    @staticmethod
    def backward(_ctx: Any, *upstream: Tensor) -> Any:
        return torch.ones_like(upstream[0])


def _second(x: Tensor, y: Tensor) -> Tensor:
    return _Two.apply(x)[1] + y


class _Recomputed(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.inner = nn.Sequential(nn.Linear(3, 2), nn.Tanh())

    def forward(self, x: Tensor) -> Any:
        return checkpoint(self.inner, x, use_reentrant=False)


CASES: dict[str, Case] = {
    "scale": op(_Scale.apply, ROWS),
    "cube": op(_Cube.apply, ROWS),
    "once differentiable": op(_Once.apply, ROWS, ROWS),
    "once differentiable exchanged": op(lambda x, y: _Once.apply(y, x), ROWS, ROWS),
    "by numpy": op(_ByNumpy.apply, ROWS),
    "two outputs": op(_Two.apply, ROWS),
    "two outputs, the second": op(_second, ROWS, ROWS),
    "two outputs, later output": op(lambda x: _Two.apply(x)[1], ROWS),
    "partly": op(lambda x, y: _Partly.apply(x, 0.3, y) + y, ROWS, ROWS, derivative=False),
    "view in a function": op(lambda x: _Scale.apply(x.t()).t(), ROWS),
    "checkpointed": layer(_Recomputed, ROWS),
    "reversed": op(_Reversed.apply, ROWS, derivative=False),
    "clipped": op(_Clipped.apply, ROWS, linear=False),
    "squared": op(_Squared.apply, ROWS, linear=False),
    "constant": op(_Constant.apply, ROWS, linear=False),
    "clipped behind a layer": layer(
        lambda: nn.Sequential(nn.Linear(3, 3), _Apply(_Clipped), nn.Linear(3, 2)),
        ROWS,
        linear=False,
    ),
    "scale behind a layer": layer(
        lambda: nn.Sequential(nn.Linear(3, 3), _Apply(_Scale), nn.Linear(3, 2)), ROWS
    ),
    "vmapped": op(lambda x: torch.func.vmap(torch.dot)(x, x), ROWS),
    "vmapped with another": op(torch.func.vmap(torch.dot), ROWS, ROWS),
    "conditional": op(lambda x: x * 2 if x.sum() > 0 else x * 3, ROWS),
    "loop": op(lambda x: sum(x**k for k in range(1, 4)), ROWS),
}


class _Apply(nn.Module):
    def __init__(self, function: Any) -> None:
        super().__init__()
        self.function = function

    def forward(self, x: Tensor) -> Any:
        return self.function.apply(x)
