"""Maps at another resolution, padded maps, and maps read at chosen places."""

from __future__ import annotations

from typing import Any

import torch.nn.functional as F  # noqa: N812 - everybody's name for it
from torch import nn

from tests.flow.sweep.case import Case, layer, op, within

LINE, MAPS, CUBE = (1, 2, 4), (1, 2, 3, 4), (1, 1, 2, 3, 2)


def _to(mode: str, *size: int, **how: Any) -> Any:
    return lambda x: F.interpolate(x, size=size, mode=mode, **how)


def _by(mode: str, scale: Any, **how: Any) -> Any:
    return lambda x: F.interpolate(x, scale_factor=scale, mode=mode, **how)


def _pad(mode: str, *sides: int, **how: Any) -> Any:
    return lambda x: F.pad(x, sides, mode=mode, **how)


def _sampled(**how: Any) -> Any:
    return lambda x, grid: F.grid_sample(x, grid, **{"align_corners": False, **how})


RESAMPLED: dict[str, Case] = {
    **{
        f"{mode} {kind}": op(_to(mode, *size), shape, forward="sum")
        for mode in ("nearest", "nearest-exact")
        for kind, shape, size in (
            ("line up", LINE, (7,)),
            ("line down", LINE, (3,)),
            ("maps up", MAPS, (5, 6)),
            ("maps down", MAPS, (2, 3)),
            ("cube up", CUBE, (3, 4, 4)),
        )
    },
    **{
        f"{mode} {kind}{' aligned' if aligned else ''}": op(
            _to(mode, *size, align_corners=aligned),
            shape,
            forward="sum",
            rounding=4 if mode == "bicubic" else 1,
        )
        for mode, shape, kind, size in (
            ("linear", LINE, "up", (7,)),
            ("linear", LINE, "down", (3,)),
            ("bilinear", MAPS, "up", (5, 6)),
            ("bilinear", MAPS, "down", (2, 3)),
            ("bicubic", MAPS, "up", (5, 6)),
            ("bicubic", MAPS, "down", (2, 3)),
            ("trilinear", CUBE, "up", (3, 4, 4)),
            ("trilinear", CUBE, "down", (2, 2, 1)),
        )
        for aligned in (False, True)
    },
    "nearest by 2": op(_by("nearest", 2), MAPS, forward="sum"),
    "nearest by 2 and 3": op(_by("nearest", (2, 3)), MAPS),
    "nearest by a half": op(_by("nearest", 0.5), (1, 2, 4, 4)),
    "bilinear by 1.5": op(_by("bilinear", 1.5), MAPS),
    "bilinear by 1.5 recomputed": op(_by("bilinear", 1.5, recompute_scale_factor=True), MAPS),
    "bilinear by 2": op(_by("bilinear", 2), MAPS),
    "bilinear smoothed": op(_to("bilinear", 2, 2, antialias=True), (1, 1, 4, 5)),
    "bilinear smoothed aligned": op(
        _to("bilinear", 2, 2, antialias=True, align_corners=True), (1, 1, 4, 5)
    ),
    "bicubic smoothed": op(_to("bicubic", 2, 3, antialias=True), (1, 1, 5, 6)),
    "bicubic by 2": op(_by("bicubic", 2), (1, 1, 3, 3)),
    "area": op(_to("area", 2, 2), MAPS),
    "area of a line": op(_to("area", 3), LINE),
    "upsampling layer": layer(lambda: nn.Upsample(scale_factor=2), MAPS),
    "upsampling layer bilinear": layer(lambda: nn.Upsample(scale_factor=2, mode="bilinear"), MAPS),
    "upsampling layer aligned": layer(lambda: nn.UpsamplingBilinear2d(scale_factor=2), MAPS),
    "to one pixel": op(_to("bilinear", 1, 1), MAPS),
    "from one pixel": op(_to("bilinear", 2, 3), (1, 2, 1, 1)),
    "the same size": op(_to("bilinear", 3, 4), MAPS),
}

PADDED: dict[str, Case] = {
    "zeros": op(_pad("constant", 1, 2, 0, 1), MAPS, forward="sum"),
    "a constant": op(_pad("constant", 1, 1, value=3.0), MAPS),
    "cropped": op(_pad("constant", -1, 0), MAPS),
    "cropped and padded": op(_pad("constant", -1, 2, 1, -1), MAPS),
    **{
        f"{mode} {kind}": op(_pad(mode, *sides), shape)
        for mode in ("reflect", "replicate", "circular")
        for kind, shape, sides in (
            ("line", LINE, (2, 1)),
            ("maps", MAPS, (1, 2, 2, 0)),
            ("cube", CUBE, (1, 1, 2, 0, 0, 1)),
        )
    },
    "reflect unbatched": op(_pad("reflect", 1, 1), (2, 4)),
    "zero layer": layer(lambda: nn.ZeroPad2d((1, 0, 0, 1)), MAPS),
    "reflection layer": layer(lambda: nn.ReflectionPad2d(1), MAPS),
    "replication layer": layer(lambda: nn.ReplicationPad1d((2, 0)), LINE),
    "constant layer": layer(lambda: nn.ConstantPad1d(1, 2.0), LINE),
    "circular layer": layer(lambda: nn.CircularPad2d(1), MAPS),
}

READ: dict[str, Case] = {
    **{
        f"grid sample {mode} {padding}": op(
            _sampled(mode=mode, padding_mode=padding),
            (1, 2, 3, 3),
            (1, 2, 2, 2) if padding != "zeros" else within(1, 2, 2, 2),
            rounding=8,
            cancels=1,
        )
        for mode in ("bilinear", "nearest", "bicubic")
        for padding in ("zeros", "border", "reflection")
    },
    "grid sample aligned": op(
        _sampled(align_corners=True), (1, 2, 3, 3), within(1, 2, 2, 2), rounding=8
    ),
    "grid sample exchanged": op(
        lambda grid, x: F.grid_sample(x, grid, align_corners=False),
        within(1, 2, 2, 2),
        (1, 2, 3, 3),
        rounding=8,
    ),
    "grid sample of a cube": op(_sampled(), (1, 1, 2, 2, 2), within(1, 1, 2, 2, 3), rounding=8),
    "affine grid": op(lambda x: F.affine_grid(x, [1, 1, 2, 3], align_corners=False), (1, 2, 3)),
    "affine grid of a cube": op(
        lambda x: F.affine_grid(x, [1, 1, 2, 2, 2], align_corners=True), (1, 3, 4)
    ),
    "spatial transformer": op(
        lambda x, t: F.grid_sample(
            x, F.affine_grid(t, [1, 1, 2, 3], align_corners=False), align_corners=False
        ),
        (1, 1, 3, 3),
        within(1, 2, 3),
        rounding=8,
    ),
}

CASES = {
    **RESAMPLED,
    **{f"padded with {name}": case for name, case in PADDED.items()},
    **READ,
}
