"""Windows made into one cell each, and cells put back where they were found."""

from __future__ import annotations

from typing import Any

import torch.nn.functional as F  # noqa: N812 - everybody's name for it
from torch import Tensor, nn

from tests.flow.sweep.case import Case, Input, distinct, layer, op, positive

LINE, MAPS, CUBE = distinct(1, 2, 6), distinct(1, 2, 5, 4), distinct(1, 1, 4, 3, 4)
EVEN = distinct(1, 2, 4, 4)
OF: dict[str, Input] = {"1d": LINE, "2d": MAPS, "3d": CUBE}
MAX: dict[str, Any] = {"1d": F.max_pool1d, "2d": F.max_pool2d, "3d": F.max_pool3d}
AVERAGE: dict[str, Any] = {"1d": F.avg_pool1d, "2d": F.avg_pool2d, "3d": F.avg_pool3d}


def _set(pool: Any, *sizes: Any, **how: Any) -> Any:
    return lambda x: pool(x, *sizes, **how)


SETTINGS: dict[str, tuple[tuple[int, ...], dict[str, Any]]] = {
    "": ((2,), {}),
    " overlapping": ((2, 1), {}),
    " padded": ((2,), {"padding": 1}),
    " ceil": ((2, 2), {"ceil_mode": True}),
    " padded ceil": ((3, 2, 1), {"ceil_mode": True}),
}

MAXIMA: dict[str, Case] = {
    f"max {axes}{how}": op(_set(pool, *sizes, **setting), OF[axes])
    for axes, pool in MAX.items()
    for how, (sizes, setting) in {
        **SETTINGS,
        " dilated": ((2, 1), {"dilation": 2}),
    }.items()
}

AVERAGES: dict[str, Case] = {
    f"average {axes}{how}": op(_set(pool, *sizes, **setting), OF[axes], forward="sum")
    for axes, pool in AVERAGE.items()
    for how, (sizes, setting) in {
        **SETTINGS,
        " padding not counted": ((2, 2, 1), {"count_include_pad": False}),
        " padding not counted, ceil": (
            (3, 2, 1),
            {"count_include_pad": False, "ceil_mode": True},
        ),
    }.items()
}


def _unpooled(pool: Any, unpool: Any, *size: int) -> Any:
    def run(x: Tensor) -> Any:
        found, places = pool(x, 2, return_indices=True)
        return unpool(found, places, list(size) or 2)

    return run


def _unpooled_with_size(x: Tensor) -> Any:
    found, places = F.max_pool2d(x, 2, return_indices=True)
    return F.max_unpool2d(found * 1.0, places, [2, 2], output_size=x.shape)


OTHERS: dict[str, Case] = {
    "average 2d divisor": op(_set(F.avg_pool2d, 2, divisor_override=3), MAPS),
    "average 3d divisor": op(_set(F.avg_pool3d, 2, divisor_override=5), CUBE),
    "average 2d uneven": op(_set(F.avg_pool2d, (2, 1), (1, 2), (1, 0)), MAPS),
    "max 2d uneven": op(_set(F.max_pool2d, (3, 2), (2, 1), (1, 0)), MAPS),
    "max 2d unbatched": op(_set(F.max_pool2d, 2), distinct(2, 4, 4)),
    "average 2d unbatched": op(_set(F.avg_pool2d, 2), distinct(2, 4, 4)),
    "max 1d unbatched": op(_set(F.max_pool1d, 2), distinct(2, 6)),
    "adaptive max 1d": op(_set(F.adaptive_max_pool1d, 4), LINE),
    "adaptive max 2d": op(_set(F.adaptive_max_pool2d, (2, 3)), MAPS),
    "adaptive max 3d": op(_set(F.adaptive_max_pool3d, 2), CUBE),
    "adaptive average 1d": op(_set(F.adaptive_avg_pool1d, 4), LINE),
    "adaptive average 2d": op(_set(F.adaptive_avg_pool2d, (2, 3)), MAPS),
    "adaptive average 3d": op(_set(F.adaptive_avg_pool3d, 2), CUBE),
    "adaptive average of one axis": op(_set(F.adaptive_avg_pool2d, (None, 1)), MAPS),
    "global average": op(_set(F.adaptive_avg_pool2d, 1), MAPS, forward="sum"),
    "global max": op(_set(F.adaptive_max_pool2d, 1), MAPS),
    "lp 1d": op(_set(F.lp_pool1d, 2.0, 2), LINE),
    "lp 2d": op(_set(F.lp_pool2d, 2.0, 2), MAPS),
    "lp 2d of 3": op(_set(F.lp_pool2d, 3.0, 2, 1), positive(1, 1, 3, 3)),
    "lp 3d": op(_set(F.lp_pool3d, 2.0, 2), CUBE),
    "fractional max 2d": op(_set(F.fractional_max_pool2d, 2, output_size=2), MAPS, repeats=False),
    "fractional max 3d": op(
        _set(F.fractional_max_pool3d, 2, output_size=(2, 1, 2)), CUBE, repeats=False
    ),
    "unpool 1d": op(_unpooled(F.max_pool1d, F.max_unpool1d), LINE),
    "unpool 2d": op(_unpooled(F.max_pool2d, F.max_unpool2d), EVEN),
    "unpool 3d": op(_unpooled(F.max_pool3d, F.max_unpool3d), distinct(1, 1, 2, 2, 4)),
    "unpool 2d to a size": op(_unpooled_with_size, MAPS),
    "max layer": layer(lambda: nn.MaxPool2d(2), EVEN),
    "average layer": layer(lambda: nn.AvgPool2d(2), EVEN),
    "adaptive layer": layer(lambda: nn.AdaptiveAvgPool2d((1, None)), MAPS),
    "max of maps": op(lambda x: x.amax((2, 3)), MAPS),
    "mean of maps": op(lambda x: x.mean((2, 3)), MAPS),
}

CASES = {**MAXIMA, **AVERAGES, **OTHERS}
