"""Pools, and the unpools that undo them."""

from __future__ import annotations

from torch import nn

from models import agreement, expressions, fitting, operations, reads
from models.fields import Field
from models.kinds.kind import LayerKind
from models.moves import BedOfNails
from models.settings import (
    CEIL_MODE,
    MAX_KERNEL,
    MAX_SCALE,
    MAX_SIDE,
    pair,
    size,
    switch,
    whole,
)

WINDOW = pair("kernel_size", 2, 1, MAX_KERNEL, "Height and width of the window.", required=True)
STRIDE = pair("stride", 0, 0, MAX_KERNEL, "Cells between windows; 0: as the window.")
PADDING = pair("padding", 0, 0, MAX_KERNEL, "Cells around the input, on each side.")
DILATION = pair("dilation", 1, 1, MAX_KERNEL, "Cells from one cell of the window to the next.")
OUTPUT_SIZE = pair("output_size", 1, 1, MAX_SIDE, "Height and width that go out.", required=True)

POOLS: dict[str, LayerKind] = {
    "MaxPool2d": LayerKind(
        label="Max pooling",
        help="Keeps the largest value of each window; only its cell gets a gradient.",
        module=nn.MaxPool2d,
        fields=(
            WINDOW,
            STRIDE,
            PADDING,
            DILATION,
            switch("return_indices", False, "Whether MaxUnpool2d may use where each value was."),
            CEIL_MODE,
        ),
        verify=agreement.pool_agrees,
        fits=fitting.fits_pool,
        operations=operations.window_per_output,
        reads=reads.window,
        positional=1,
    ),
    "MaxPool1d": LayerKind(
        label="Max pooling along a line",
        help="Keeps the largest value of each stretch; only its cell gets a gradient.",
        module=nn.MaxPool1d,
        fields=(
            size("kernel_size", 2, MAX_KERNEL, "Length of the window."),
            whole("stride", 0, 0, MAX_KERNEL, "Cells between windows; 0: as the window."),
            whole("padding", 0, 0, MAX_KERNEL, "Cells around the input, at each end."),
            whole("dilation", 1, 1, MAX_KERNEL, "Cells from one cell of the window to the next."),
            CEIL_MODE,
        ),
        verify=agreement.pool_agrees,
        fits=fitting.fits_pool1d,
        operations=operations.window_per_output,
        reads=reads.window,
        positional=1,
    ),
    "AvgPool2d": LayerKind(
        label="Average pooling",
        help="Takes the mean of each window; its cells share the gradient equally.",
        module=nn.AvgPool2d,
        fields=(
            WINDOW,
            STRIDE,
            PADDING,
            CEIL_MODE,
            switch("count_include_pad", True, "Whether padding counts in the mean."),
        ),
        verify=agreement.pool_agrees,
        fits=fitting.fits_pool,
        operations=operations.mean_per_window,
        reads=reads.window,
        positional=1,
    ),
    "AdaptiveAvgPool2d": LayerKind(
        label="Adaptive average pooling",
        help="Takes means of as many windows as cells are wanted; their cells share the gradient.",
        module=nn.AdaptiveAvgPool2d,
        fields=(OUTPUT_SIZE,),
        fits=fitting.fits_maps,
        operations=operations.adaptive_mean,
        reads=reads.adaptive_window,
        positional=1,
    ),
    "AdaptiveMaxPool2d": LayerKind(
        label="Adaptive max pooling",
        help="Keeps the largest value of as many windows as cells are wanted.",
        module=nn.AdaptiveMaxPool2d,
        fields=(OUTPUT_SIZE,),
        fits=fitting.fits_maps,
        operations=operations.adaptive_window,
        reads=reads.adaptive_window,
        positional=1,
    ),
    "MaxUnpool2d": LayerKind(
        label="Max unpooling",
        help="Puts each value back where its max pool found it; all other cells are 0.",
        module=nn.MaxUnpool2d,
        fields=(
            WINDOW,
            STRIDE,
            PADDING,
            Field("restore", "bool", True, at_call=True, help="Give back the pool's input size."),
            Field("height", "int", 0, 0, MAX_SIDE, at_call=True, help="0: as torch computes it."),
            Field("width", "int", 0, 0, MAX_SIDE, at_call=True, help="0: as torch computes it."),
        ),
        inputs=(2, 2),
        verify=agreement.one_size,
        fits=fitting.fits_unpool,
        operations=operations.nothing,
        reads=reads.put_back,
        positional=1,
        takes_indices=True,
    ),
    "BedOfNails": LayerKind(
        label="Bed-of-nails unpooling",
        help="Puts each value at the first cell of a block of zeros, wherever it came from.",
        module=BedOfNails,
        fields=(size("scale_factor", 2, MAX_SCALE, "How many times larger."),),
        fits=fitting.fits_maps,
        operations=operations.nothing,
        reads=reads.blocks("scale_factor", corner_only=True),
        expression="nn.functional.max_unpool2d",
        code=expressions.nailed,
    ),
}
