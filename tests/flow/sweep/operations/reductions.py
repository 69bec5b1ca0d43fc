"""Many cells into one: sums, means, products, norms, extremes, running ones included."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch

from tests.flow.sweep.case import Case, distinct, op, positive, values

ROWS, CUBE = (3, 4), (2, 3, 2)

OVER: dict[str, Callable[..., Any]] = {
    "sum": torch.sum,
    "mean": torch.mean,
    "nansum": torch.nansum,
    "nanmean": torch.nanmean,
    "amax": torch.amax,
    "amin": torch.amin,
    "logsumexp": torch.logsumexp,
    "var": torch.var,
    "std": torch.std,
    "vector norm": torch.linalg.vector_norm,
}


def _over(function: Callable[..., Any], **how: Any) -> Callable[..., Any]:
    return lambda x: function(x, **how)


SETTINGS: dict[str, dict[str, Any]] = {
    " of rows": {"dim": 1},
    " of columns kept": {"dim": 0, "keepdim": True},
    " of two axes": {"dim": (0, 2)},
    " of the last axis kept": {"dim": -1, "keepdim": True},
}

SET: dict[str, Case] = {
    name + how: op(_over(function, **setting), distinct(*CUBE))
    for name, function in OVER.items()
    for how, setting in SETTINGS.items()
}

ALL: dict[str, Case] = {
    "sum of all": op(torch.sum, ROWS, forward="sum"),
    "mean of all": op(torch.mean, ROWS, forward="sum"),
    "product of all": op(torch.prod, ROWS),
    "product of rows": op(lambda x: x.prod(1), ROWS),
    "product with a zero": op(lambda x: x.prod(0), values(2.0, 0.0, 3.0)),
    "product with two zeros": op(lambda x: x.prod(0), values(2.0, 0.0, 0.0)),
    "variance of all": op(torch.var, ROWS),
    "variance unbiased not": op(lambda x: x.var(1, unbiased=False), ROWS),
    "variance corrected": op(lambda x: x.var(1, correction=2), ROWS),
    "var mean": op(lambda x: torch.var_mean(x, 1)[0], ROWS),
    "var mean, later output": op(lambda x: torch.var_mean(x, 1)[1], ROWS),
    "std mean, both": op(lambda x: torch.std_mean(x, 1), ROWS),
    "deviation of all": op(torch.std, ROWS),
    "largest of all": op(torch.max, distinct(3, 4)),
    "smallest of all": op(torch.min, distinct(3, 4)),
    "largest of rows": op(lambda x: x.max(1).values, distinct(3, 4)),
    "smallest of columns": op(lambda x: x.min(0, keepdim=True).values, distinct(3, 4)),
    "largest of equals": op(lambda x: x.max(), values(3.0, 1.0, 3.0)),
    "amax of equals": op(lambda x: x.amax(), values(3.0, 1.0, 3.0)),
    "aminmax": op(lambda x: torch.aminmax(x, dim=1).min, distinct(3, 4)),
    "aminmax, later output": op(lambda x: torch.aminmax(x, dim=1).max, distinct(3, 4)),
    "median": op(torch.median, distinct(3, 3)),
    "median of rows": op(lambda x: x.median(1).values, distinct(3, 4)),
    "nanmedian of rows": op(lambda x: x.nanmedian(1).values, distinct(3, 4)),
    "mode": op(lambda x: x.mode(1).values, distinct(3, 4)),
    "quantile": op(lambda x: x.quantile(0.3, 1), distinct(3, 4)),
    "quantile nearest": op(lambda x: x.quantile(0.3, 1, interpolation="nearest"), distinct(3, 4)),
    "norm": op(lambda x: x.norm(), ROWS),
    "norm of rows": op(lambda x: x.norm(dim=1), ROWS),
    "norm 1": op(lambda x: x.norm(p=1, dim=1), ROWS),
    "norm 3": op(lambda x: x.norm(p=3, dim=1), ROWS),
    "norm infinite": op(lambda x: x.norm(p=torch.inf, dim=1), distinct(3, 4)),
    "norm half": op(lambda x: x.norm(p=0.5, dim=1), positive(3, 4)),
    "norm 0": op(lambda x: x.norm(p=0, dim=1) + x.sum(1), ROWS),
    "matrix norm": op(lambda x: torch.linalg.matrix_norm(x), ROWS),
    "matrix norm 1": op(lambda x: torch.linalg.matrix_norm(x, 1), ROWS),
    "nuclear norm": op(lambda x: torch.linalg.matrix_norm(x, "nuc"), ROWS, rounding=8),
    "spectral norm": op(lambda x: torch.linalg.matrix_norm(x, 2), ROWS, rounding=8),
    "renorm": op(lambda x: x.renorm(2, 0, 1.0), ROWS),
    "dist": op(torch.dist, ROWS, ROWS),
    "dist exchanged": op(lambda x, y: torch.dist(y, x, 3), ROWS, ROWS),
    "count times": op(lambda x: x.sum() * torch.count_nonzero(x), ROWS),
    "trace": op(torch.trace, (3, 3)),
    "sum in float64": op(lambda x: x.sum(1, dtype=torch.float64), ROWS),
    "mean squared": op(lambda x: (x**2).mean(1).sqrt(), ROWS),
    "covariance": op(torch.cov, ROWS),
    "correlation": op(torch.corrcoef, ROWS, rounding=4),
    "sum to size": op(lambda x: x.sum_to_size(1, 4), ROWS),
    "any weighted": op(lambda x: x.sum(1) * (x > 0).any(1), ROWS),
    "trapezoid": op(lambda x: torch.trapezoid(x, dx=0.5), ROWS),
    "gradient": op(lambda x: torch.gradient(x, dim=1)[0], ROWS),
    "gradient spaced": op(lambda x: torch.gradient(x, spacing=0.5)[1], ROWS),
}

RUNNING: dict[str, Case] = {
    "cumsum": op(lambda x: x.cumsum(1), ROWS),
    "cumsum of columns": op(lambda x: x.cumsum(0), ROWS),
    "cumprod": op(lambda x: x.cumprod(1), ROWS),
    "cumprod with a zero": op(lambda x: x.cumprod(0), values(2.0, 0.0, 3.0, 4.0)),
    "cummax": op(lambda x: x.cummax(1).values, distinct(3, 4)),
    "cummin": op(lambda x: x.cummin(0).values, distinct(3, 4)),
    "logcumsumexp": op(lambda x: x.logcumsumexp(1), ROWS),
    "cumulative trapezoid": op(lambda x: torch.cumulative_trapezoid(x), ROWS),
    "diff": op(lambda x: x.diff(dim=1), ROWS),
    "diff twice": op(lambda x: x.diff(n=2), ROWS),
    "diff extended": op(lambda x, y: x.diff(prepend=y), ROWS, (3, 1)),
}

CASES = {**SET, **ALL, **RUNNING}
