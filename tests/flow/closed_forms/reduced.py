"""Reductions, softmaxes and class losses, whole and along axes, with ties and zeros."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
import torch.nn.functional as F  # noqa: N812 - everybody's name for it
from torch import Tensor

from tests.flow.closed_forms.cellwise import Cellwise

TIES = torch.tensor([[3.0, -1, 3, 0.5], [2, 2, -4, 0.5], [1, 5, 0.25, -4]], dtype=torch.float64)
"""Two largest cells in the first row, two middle ones in the second, two smallest of all."""
CUBE = (torch.arange(24, dtype=torch.float64) * 7 % 11 - 4.5).reshape(2, 3, 4)
WITH_NAN = torch.where(TIES == 0.5, torch.nan, TIES)
WITH_ZERO = TIES * (TIES != 2)
POINT = torch.tensor(1.5, dtype=torch.float64)
LABELS = torch.tensor([2, 0, 3])


def _each(node: str, function: Callable[..., Any], *inputs: Tensor) -> list[Cellwise]:
    return [Cellwise(node, function, (each,)) for each in inputs or (TIES, CUBE, POINT)]


def _rows(node: str, name: str, *more: Any, first: bool = True) -> list[Cellwise]:
    """Run a function along one axis, the axis kept or not."""

    def run(dim: int, keep: bool) -> Callable[[Tensor], Tensor]:
        function = getattr(torch, name)
        made = lambda x: function(x, *more, dim, keepdim=keep)  # noqa: E731
        return (lambda x: made(x)[0]) if first else made

    return [
        Cellwise(node, run(dim, keep), (x,))
        for x, dim in ((TIES, 1), (TIES, 0), (CUBE, -2), (POINT, 0))
        for keep in (False, True)
    ]


def _along(node: str, function: Callable[[Tensor, int], Any], *inputs: Tensor) -> list[Cellwise]:
    def run(dim: int) -> Callable[[Tensor], Any]:
        return lambda x: function(x, dim)

    return [Cellwise(node, run(dim), (x,)) for x in inputs or (TIES, CUBE) for dim in (0, 1, -1)]


def _classes(**settings: Any) -> Callable[[Tensor], Tensor]:
    return lambda x: F.nll_loss(x, LABELS, **settings)


def _margin(**settings: Any) -> Callable[[Tensor], Tensor]:
    return lambda x: F.multi_margin_loss(x, LABELS, **settings)


WEIGHTS = torch.tensor([1.0, 2, 3, 4], dtype=torch.float64)
HOW = ("none", "sum", "mean")

REDUCED: list[Cellwise] = [
    *_each("SumBackward0", torch.sum),
    *_rows("SumBackward1", "sum", first=False),
    *_each("SumBackward1", lambda x: x.sum((0, 2)), CUBE),
    *_each("NansumBackward0", torch.nansum, WITH_NAN),
    *_along("NansumBackward0", torch.nansum, WITH_NAN),
    *_each("MeanBackward0", torch.mean),
    *_rows("MeanBackward1", "mean", first=False),
    *_each("MeanBackward1", lambda x: x.mean((0, 2), keepdim=True), CUBE),
    *_each("TraceBackward0", torch.trace, TIES),
    *_each("ProdBackward0", torch.prod, TIES, WITH_ZERO, POINT),
    *_rows("ProdBackward1", "prod", first=False),
    *_each("ProdBackward1", lambda x: x.prod(1), WITH_ZERO),
    *_along("CumsumBackward0", torch.cumsum),
    *_each("CumsumBackward0", lambda x: x.cumsum(0), POINT),
    *_along("CumprodBackward0", torch.cumprod),
    *_each("CumprodBackward0", lambda x: x.cumprod(0), POINT),
    *_along("LogcumsumexpBackward0", torch.logcumsumexp),
    *_each("LogcumsumexpBackward0", lambda x: x.logcumsumexp(0), POINT),
    *_rows("MaxBackward0", "max"),
    *_rows("MinBackward0", "min"),
    *_rows("MedianBackward1", "median"),
    *_each("NanmedianBackward1", lambda x: x.nanmedian(1)[0], WITH_NAN, TIES),
    *_each("MaxBackward1", torch.max),
    *_each("MinBackward1", torch.min),
    *_each("MedianBackward0", torch.median),
    *_each("NanmedianBackward0", torch.nanmedian, WITH_NAN, TIES),
    *_rows("AmaxBackward0", "amax", first=False),
    *_rows("AminBackward0", "amin", first=False),
    *_each("AmaxBackward0", lambda x: x.amax((0, 2)), CUBE),
    *_each("AmaxBackward0", lambda x: x.amax(), TIES),
    *_each("AminmaxBackward0", lambda x: sum(x.aminmax(dim=1)), TIES),
    *_each("AminmaxBackward0", lambda x: sum(x.aminmax()), TIES),
    *_along("CummaxBackward0", lambda x, dim: x.cummax(dim)[0]),
    *_along("CumminBackward0", lambda x, dim: x.cummin(dim)[0]),
    *_each("CummaxBackward0", lambda x: x.cummax(0)[0], POINT),
    *_each("VarBackward0", torch.var, TIES, CUBE),
    *_rows("VarBackward0", "var", first=False)[:-2],
    *_each("VarBackward0", lambda x: x.var((0, 2), correction=0), CUBE),
    *_each("StdBackward0", torch.std, TIES, CUBE, torch.ones_like(TIES)),
    *_rows("StdBackward0", "std", first=False)[:-2],
    *_each("StdBackward0", lambda x: x.std(1, correction=2), CUBE),
    *_each("VarMeanBackward0", lambda x: sum(torch.var_mean(x, 1)), TIES),
    *_each("VarMeanBackward0", lambda x: torch.var_mean(x, 1)[1], TIES),
    *_each("StdMeanBackward0", lambda x: sum(torch.std_mean(x)), TIES),
    *_each("LinalgVectorNormBackward0", torch.norm),
    *(
        Cellwise("LinalgVectorNormBackward0", _norm_of, (TIES,))
        for _norm_of in (
            lambda x: torch.linalg.vector_norm(x, 1, 1),
            lambda x: torch.linalg.vector_norm(x, 2, 0, keepdim=True),
            lambda x: torch.linalg.vector_norm(x, 3),
            lambda x: torch.linalg.vector_norm(x, 0.5, 1),
            lambda x: torch.linalg.vector_norm(x, torch.inf, 1),
            lambda x: torch.linalg.vector_norm(x, -torch.inf, 1),
            lambda x: torch.linalg.vector_norm(x * 0, 2, 1),
        )
    ),
    *_each("NormBackward1", lambda x: F.pairwise_distance(x, torch.ones_like(x)), TIES),
    *_each("NormBackward1", lambda x: F.pairwise_distance(x, torch.ones_like(x), 1), TIES),
    *_each("NormBackward0", lambda x: torch.ops.aten.norm(x, 3), TIES),
    *(
        Cellwise("DistBackward0", _apart, (TIES, TIES.flip(0)))
        for _apart in (torch.dist, lambda a, b: torch.dist(a, b, 1), lambda a, b: a.dist(b, 3))
    ),
    *_each("GluBackward0", lambda x: F.glu(x, 1), TIES),
    *_each("GluBackward0", lambda x: F.glu(x, 0), CUBE),
    *_along("SoftmaxBackward0", torch.softmax),
    *_along("LogSoftmaxBackward0", torch.log_softmax),
    *_each("SoftmaxBackward0", lambda x: x.softmax(0), POINT),
    *_each("LogSoftmaxBackward0", lambda x: x.log_softmax(0), POINT),
    *_along("SafeSoftmaxBackward0", torch.ops.aten._safe_softmax),
    *_rows("LogsumexpBackward0", "logsumexp", first=False),
    *_each("LogsumexpBackward0", lambda x: x.logsumexp((0, 2)), CUBE),
    *(
        Cellwise("NllLossBackward0", _classes(reduction=how, **settings), (TIES,))
        for how in HOW
        for settings in ({}, {"weight": WEIGHTS}, {"ignore_index": 0})
    ),
    Cellwise("NllLossBackward0", lambda x: F.nll_loss(x, torch.tensor(2)), (TIES[0],)),
    Cellwise(
        "NllLoss2DBackward0",
        lambda x: F.nll_loss(x, torch.tensor([[[0, 1], [2, 2]]]), WEIGHTS[:3]),
        (CUBE[:1].reshape(1, 3, 2, 2),),
    ),
    *(Cellwise("MultiMarginLossBackward0", _margin(reduction=how), (TIES,)) for how in HOW),
    Cellwise("MultiMarginLossBackward0", _margin(p=2, weight=WEIGHTS, margin=2.5), (TIES,)),
    Cellwise(
        "MultiMarginLossBackward0",
        lambda x: F.multi_margin_loss(x, torch.tensor(1)),
        (TIES[0],),
    ),
]
