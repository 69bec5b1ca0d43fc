"""The catalogue of layers. Adding a kind of layer is adding one entry to ``LAYERS``."""

from __future__ import annotations

from torch import nn

from models import agreement, fitting, operations
from models.fields import Field
from models.joins import Add, Concat
from models.kind import LayerKind

MAX_CHANNELS = 4096
MAX_FEATURES = 1_000_000
MAX_KERNEL = 64
MAX_SCALE = 32
MAX_SIDE = 4096
"""Largest height or width that MaxUnpool2d may be asked for."""
MAX_JOINED = 8


def _whole(name: str, default: int, low: int, high: int, help: str = "") -> Field:  # noqa: A002
    return Field(name, "int", default, low, high, help=help)


def _size(name: str, default: int, high: int, help: str = "") -> Field:  # noqa: A002
    return Field(name, "int", default, 1, high, required=True, help=help)


def _switch(name: str, default: bool, help: str = "") -> Field:  # noqa: A002
    return Field(name, "bool", default, help=help)


IN_CHANNELS = _size("in_channels", 1, MAX_CHANNELS, "Channels that come in.")
OUT_CHANNELS = _size("out_channels", 1, MAX_CHANNELS, "Channels that go out, one kernel each.")
KERNEL = _size("kernel_size", 3, MAX_KERNEL, "Height and width of the kernel.")
WINDOW = _size("kernel_size", 2, MAX_KERNEL, "Height and width of the window.")
STRIDE = _whole("stride", 1, 1, MAX_KERNEL, "Cells from one position to the next.")
WINDOW_STRIDE = _whole("stride", 0, 0, MAX_KERNEL, "Cells between windows; 0: as the window.")
PADDING = _whole("padding", 0, 0, MAX_KERNEL, "Zeros around the input, on each side.")
DILATION = _whole("dilation", 1, 1, MAX_KERNEL, "Cells from one kernel tap to the next.")
GROUPS = _whole("groups", 1, 1, MAX_CHANNELS, "Groups of channels that do not see each other.")
BIAS = _switch("bias", True, "Whether a learned constant is added.")
CEIL_MODE = _switch("ceil_mode", False, "Whether windows may start inside and end outside.")


LAYERS: dict[str, LayerKind] = {
    "Conv2d": LayerKind(
        label="Convolution",
        help="Slides learned kernels over the map and sums what they cover.",
        module=nn.Conv2d,
        fields=(IN_CHANNELS, OUT_CHANNELS, KERNEL, STRIDE, PADDING, DILATION, GROUPS, BIAS),
        verify=agreement.groups_divide,
        fits=fitting.fits_conv,
        operations=operations.kernel_per_output,
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
            PADDING,
            _whole("output_padding", 0, 0, MAX_KERNEL - 1, "Rows and columns added at the end."),
            GROUPS,
            BIAS,
            DILATION,
        ),
        verify=agreement.output_padding_is_small,
        fits=fitting.fits_conv_transpose,
        operations=operations.kernel_per_input,
        positional=2,
    ),
    "Linear": LayerKind(
        label="Linear",
        help="Every output is a weighted sum of all input features.",
        module=nn.Linear,
        fields=(
            _size("in_features", 1, MAX_FEATURES, "Size of the last dimension that comes in."),
            _size("out_features", 1, MAX_FEATURES, "Size of the last dimension that goes out."),
            BIAS,
        ),
        fits=fitting.fits_linear,
        operations=operations.features_per_output,
        positional=2,
    ),
    "BatchNorm2d": LayerKind(
        label="Batch normalisation",
        help="Shifts and scales each channel to mean 0 and variance 1 over the batch.",
        module=nn.BatchNorm2d,
        fields=(
            _size("num_features", 1, MAX_CHANNELS, "Channels that come in."),
            Field("eps", "float", 1e-5, 1e-12, 1.0, help="Added to the variance."),
            Field("momentum", "float", 0.1, 0.0, 1.0, help="Weight of this batch in the averages."),
            _switch("affine", True, "Whether a learned scale and shift follow."),
        ),
        fits=fitting.fits_batch_norm,
        operations=operations.per_cell(8),
        positional=1,
    ),
    "MaxPool2d": LayerKind(
        label="Max pooling",
        help="Keeps the largest value of each window; only its cell gets a gradient.",
        module=nn.MaxPool2d,
        fields=(
            WINDOW,
            WINDOW_STRIDE,
            PADDING,
            DILATION,
            _switch("return_indices", False, "Whether MaxUnpool2d may use where each value was."),
            CEIL_MODE,
        ),
        verify=agreement.padding_is_half_a_window,
        fits=fitting.fits_pool,
        operations=operations.window_per_output,
        positional=1,
    ),
    "AvgPool2d": LayerKind(
        label="Average pooling",
        help="Takes the mean of each window; its cells share the gradient equally.",
        module=nn.AvgPool2d,
        fields=(
            WINDOW,
            WINDOW_STRIDE,
            PADDING,
            CEIL_MODE,
            _switch("count_include_pad", True, "Whether padding counts in the mean."),
        ),
        verify=agreement.padding_is_half_a_window,
        fits=fitting.fits_pool,
        operations=operations.window_per_output,
        positional=1,
    ),
    "MaxUnpool2d": LayerKind(
        label="Max unpooling",
        help="Puts each value back where its max pool found it; all other cells are 0.",
        module=nn.MaxUnpool2d,
        fields=(
            WINDOW,
            WINDOW_STRIDE,
            PADDING,
            Field("restore", "bool", True, at_call=True, help="Give back the pool's input size."),
            Field("height", "int", 0, 0, MAX_SIDE, at_call=True, help="0: as torch computes it."),
            Field("width", "int", 0, 0, MAX_SIDE, at_call=True, help="0: as torch computes it."),
        ),
        inputs=(2, 2),
        verify=agreement.one_size,
        fits=fitting.fits_unpool,
        operations=operations.nothing,
        positional=1,
        takes_indices=True,
    ),
    "UpsamplingNearest2d": LayerKind(
        label="Nearest upsampling",
        help="Copies each cell into a block; backward sums the block.",
        module=nn.UpsamplingNearest2d,
        fields=(_size("scale_factor", 2, MAX_SCALE, "How many times larger."),),
        fits=fitting.fits_maps,
        operations=operations.nothing,
    ),
    "Upsample": LayerKind(
        label="Upsampling",
        help="Enlarges a map by copying cells or by mixing the four nearest.",
        module=nn.Upsample,
        fields=(
            _size("scale_factor", 2, MAX_SCALE, "How many times larger."),
            Field("mode", "choice", "nearest", choices=("nearest", "bilinear")),
            _switch("align_corners", False, "Whether corner cells stay at the corners."),
        ),
        verify=agreement.corners_need_bilinear,
        fits=fitting.fits_maps,
        operations=operations.per_cell(8),
    ),
    "ReLU": LayerKind(
        label="ReLU",
        help="Keeps what is positive, cuts the rest to 0; the gradient passes where it kept.",
        module=nn.ReLU,
        fields=(_switch("inplace", False, "Whether it overwrites its input."),),
        saves_output=True,
    ),
    "Sigmoid": LayerKind(
        label="Sigmoid",
        help="Squeezes every value into 0 to 1; large values get almost no gradient.",
        module=nn.Sigmoid,
        operations=operations.per_cell(4),
        saves_output=True,
    ),
    "Tanh": LayerKind(
        label="Tanh",
        help="Squeezes every value into -1 to 1; large values get almost no gradient.",
        module=nn.Tanh,
        operations=operations.per_cell(4),
        saves_output=True,
    ),
    "Dropout": LayerKind(
        label="Dropout",
        help="Sets random cells to 0 and scales the others up; backward uses the same mask.",
        module=nn.Dropout,
        fields=(Field("p", "float", 0.5, 0.0, 1.0, help="How likely a cell is dropped."),),
        operations=operations.per_cell(2),
        positional=1,
        passes_through=True,
    ),
    "Flatten": LayerKind(
        label="Flatten",
        help="Lays all dimensions from one on in a single row; the gradient is only reshaped.",
        module=nn.Flatten,
        fields=(_whole("start_dim", 1, 0, 4, "First dimension to lay in the row."),),
        fits=fitting.fits_flatten,
        operations=operations.nothing,
        positional=1,
        passes_through=True,
    ),
    "Add": LayerKind(
        label="Add",
        help="Sums its inputs; the gradient is handed to each of them unchanged.",
        module=Add,
        inputs=(2, MAX_JOINED),
        fits=fitting.fits_add,
        operations=operations.additions,
        expression="+",
    ),
    "Concat": LayerKind(
        label="Concatenate",
        help="Puts its inputs side by side; the gradient is cut into the same parts.",
        module=Concat,
        fields=(_whole("dim", 1, 0, 4, "Dimension in which they stand side by side."),),
        inputs=(2, MAX_JOINED),
        fits=fitting.fits_concat,
        operations=operations.nothing,
        expression="torch.cat",
    ),
    "Identity": LayerKind(
        label="Identity",
        help="Hands on what comes in; a place to look at a value.",
        module=nn.Identity,
        operations=operations.nothing,
        passes_through=True,
    ),
}
