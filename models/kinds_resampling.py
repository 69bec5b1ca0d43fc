"""Layers that make maps larger or smaller without learning."""

from __future__ import annotations

from torch import nn

from models import agreement, fitting, fitting_rows, operations, reads
from models.fields import Field
from models.kinds.kind import LayerKind
from models.settings import MAX_SCALE, MAX_SIDE, pair, size, switch

MODES = ("nearest", "nearest-exact", "linear", "bilinear", "bicubic", "area")
SMALLEST_SCALE = 1 / MAX_SCALE

RESAMPLING: dict[str, LayerKind] = {
    "UpsamplingNearest2d": LayerKind(
        label="Nearest upsampling",
        help="Copies each cell into a block; backward sums the block.",
        module=nn.UpsamplingNearest2d,
        fields=(size("scale_factor", 2, MAX_SCALE, "How many times larger."),),
        fits=fitting.fits_maps,
        operations=operations.nothing,
        reads=reads.blocks("scale_factor"),
    ),
    "Upsample": LayerKind(
        label="Upsampling",
        help="Resizes a map by copying cells or by mixing the nearest ones.",
        module=nn.Upsample,
        fields=(
            pair("size", 0, 0, MAX_SIDE, "Height and width that go out; 0: by scale_factor."),
            Field(
                "scale_factor",
                "float",
                2.0,
                SMALLEST_SCALE,
                MAX_SCALE,
                required=True,
                unless="size",
                help="How many times larger.",
            ),
            Field("mode", "choice", "nearest", choices=MODES, help="How new cells are made."),
            switch("align_corners", False, "Whether corner cells stay at the corners."),
        ),
        verify=agreement.upsampling_agrees,
        fits=fitting.fits_upsample,
        operations=operations.resampling,
        reads=reads.resampled,
    ),
    "PixelShuffle": LayerKind(
        label="Pixel shuffle",
        help="Lays groups of channels out as blocks of cells; the gradient is laid back.",
        module=nn.PixelShuffle,
        fields=(size("upscale_factor", 2, MAX_SCALE, "How many times larger."),),
        fits=fitting_rows.fits_shuffle,
        operations=operations.nothing,
        reads=reads.blocks("upscale_factor"),
        positional=1,
    ),
}
