"""Convolutions, along one axis and two."""

from __future__ import annotations

from torch import nn

from models import agreement, fitting, operations, reads
from models.fields import Field
from models.kinds.kind import LayerKind
from models.settings import (
    BIAS,
    IN_CHANNELS,
    MAX_CHANNELS,
    MAX_KERNEL,
    OUT_CHANNELS,
    pair,
    size,
    whole,
)

GROUPS = whole("groups", 1, 1, MAX_CHANNELS, "Groups of channels that do not see each other.")
PADDING_HELP = "Cells around the input, on each side; same: keep the size; valid: none."
WORDS = ("same", "valid")
PADDING_MODE = Field(
    "padding_mode",
    "choice",
    "zeros",
    choices=("zeros", "reflect", "replicate", "circular"),
    help="What stands in the padding: zeros, or cells of the input again.",
)
KERNEL = pair("kernel_size", 3, 1, MAX_KERNEL, "Height and width of the kernel.", required=True)
STRIDE = pair("stride", 1, 1, MAX_KERNEL, "Cells from one position to the next.")
DILATION = pair("dilation", 1, 1, MAX_KERNEL, "Cells from one kernel tap to the next.")
FRAME = pair("padding", 0, 0, MAX_KERNEL, "Cells cut off around the output, on each side.")
LONGER = pair("output_padding", 0, 0, MAX_KERNEL - 1, "Rows and columns added at the end.")

KERNEL_1D = size("kernel_size", 3, MAX_KERNEL, "Length of the kernel.")
STRIDE_1D = whole("stride", 1, 1, MAX_KERNEL, "Cells from one position to the next.")
DILATION_1D = whole("dilation", 1, 1, MAX_KERNEL, "Cells from one kernel tap to the next.")
FRAME_1D = whole("padding", 0, 0, MAX_KERNEL, "Cells cut off at each end of the output.")
LONGER_1D = whole("output_padding", 0, 0, MAX_KERNEL - 1, "Cells added at the end.")

CONVOLUTIONS: dict[str, LayerKind] = {
    "Conv2d": LayerKind(
        label="Convolution",
        help="Slides learned kernels over the map and sums what they cover.",
        module=nn.Conv2d,
        fields=(
            IN_CHANNELS,
            OUT_CHANNELS,
            KERNEL,
            STRIDE,
            pair("padding", 0, 0, MAX_KERNEL, PADDING_HELP, words=WORDS),
            DILATION,
            GROUPS,
            BIAS,
            PADDING_MODE,
        ),
        verify=agreement.convolution_agrees,
        fits=fitting.fits_conv,
        operations=operations.kernel_per_output,
        reads=reads.kernel,
        positional=2,
    ),
    "Conv1d": LayerKind(
        label="Convolution along a line",
        help="Slides learned kernels along a line and sums what they cover.",
        module=nn.Conv1d,
        fields=(
            IN_CHANNELS,
            OUT_CHANNELS,
            KERNEL_1D,
            STRIDE_1D,
            Field("padding", "int", 0, 0, MAX_KERNEL, WORDS, help=PADDING_HELP),
            DILATION_1D,
            GROUPS,
            BIAS,
            PADDING_MODE,
        ),
        verify=agreement.convolution_agrees,
        fits=fitting.fits_conv1d,
        operations=operations.kernel_per_output,
        reads=reads.kernel,
        positional=2,
    ),
    "ConvTranspose2d": LayerKind(
        label="Transposed convolution",
        help="Spreads every input cell over a kernel: the backward pass of a convolution.",
        module=nn.ConvTranspose2d,
        fields=(
            IN_CHANNELS,
            OUT_CHANNELS,
            KERNEL,
            STRIDE,
            FRAME,
            LONGER,
            GROUPS,
            BIAS,
            DILATION,
        ),
        verify=agreement.output_padding_is_small,
        fits=fitting.fits_conv_transpose,
        operations=operations.kernel_per_input,
        reads=reads.spread,
        positional=2,
    ),
    "ConvTranspose1d": LayerKind(
        label="Transposed convolution along a line",
        help="Spreads every cell of a line over a kernel.",
        module=nn.ConvTranspose1d,
        fields=(
            IN_CHANNELS,
            OUT_CHANNELS,
            KERNEL_1D,
            STRIDE_1D,
            FRAME_1D,
            LONGER_1D,
            GROUPS,
            BIAS,
            DILATION_1D,
        ),
        verify=agreement.output_padding_is_small,
        fits=fitting.fits_conv_transpose1d,
        operations=operations.kernel_per_input,
        reads=reads.spread,
        positional=2,
    ),
}
