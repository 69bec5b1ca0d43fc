"""Pools over lines and maps."""

from __future__ import annotations

import math
from dataclasses import dataclass

from torch import nn

from flow.said import said
from models.fields import Fields
from models.kinds.arguments import MAX_KERNEL, MAX_SIDE, pair, size, switch, whole
from models.kinds.kind import LayerKind
from models.kinds.rules import adaptive
from models.kinds.rules.fits import fits_axes, fits_maps
from models.kinds.rules.reading import Reading, axes_of, inside, reading
from models.kinds.rules.window import Window, WindowOf, as_set, taps, too_large
from models.shapes import Shape, Shapes

KERNEL = pair("kernel_size", 2, 1, MAX_KERNEL, "Height and width of the window.", required=True)
STRIDE = pair("stride", 0, 0, MAX_KERNEL, "Cells between windows; 0: as the window.")
PADDING = pair("padding", 0, 0, MAX_KERNEL, "Cells around the input, on each side.")
DILATION = pair("dilation", 1, 1, MAX_KERNEL, "Cells from one cell of the window to the next.")
CEIL_MODE = switch("ceil_mode", False, "Whether windows may start inside and end outside.")
OUTPUT_SIZE = pair("output_size", 1, 1, MAX_SIDE, "Height and width that go out.", required=True)

Side = int | tuple[int, int]


def window_agrees(window: Window) -> str:
    """Ask for a step, and for padding of at most half the kernel: no window of padding alone."""
    if min(window.stride) == 0:
        stride = as_set(window.stride)
        return said(
            "stride must be 0 (as the window) or at least 1 each way. It is {stride}.",
            stride=stride,
        )
    pairs = zip(window.padding, window.kernel, strict=True)
    if all(pad <= cells // 2 for pad, cells in pairs):
        return ""
    return said(
        "padding must be at most half of kernel_size={kernel}. "
        "It is {padding}; use {number} or less.",
        kernel=as_set(window.kernel),
        padding=as_set(window.padding),
        number=min(window.kernel) // 2,
    )


@dataclass(frozen=True)
class Pool:
    """The rules of a pool, which follow from how its fields make its window."""

    window: WindowOf

    def agrees(self, fields: Fields) -> str:
        """Ask for a step, and for padding of at most half the kernel."""
        return window_agrees(self.window(fields))

    def fits(self, fields: Fields, shapes: Shapes) -> str:
        """Ask for a line or a map, as the window is, and for a window no larger than it."""
        window = self.window(fields)
        most_padding = min(window.kernel) // 2
        return fits_axes(window.axes, fields, shapes) or too_large(window, shapes[0], most_padding)

    def comparisons(self, fields: Fields, _inputs: Shapes, output: Shape) -> int:
        """Count the cells of a window for every output cell."""
        return math.prod(output) * math.prod(self.window(fields).kernel)

    def means(self, fields: Fields, inputs: Shapes, output: Shape) -> int:
        """Count the sum of a window and its division for every output cell."""
        return self.comparisons(fields, inputs, output) + math.prod(output)

    def powers(self, fields: Fields, inputs: Shapes, output: Shape) -> int:
        """Count a power of every input cell, then the sum of a window and its root."""
        return math.prod(inputs[0]) + self.means(fields, inputs, output)

    def reads(self, fields: Fields, inputs: Shapes, output: Shape) -> Reading | None:
        """Read the cells of a window."""
        window = self.window(fields)
        sizes = [size for size, _ in axes_of(inputs, output)]
        cells = zip(taps(window, inputs, output), sizes, strict=True)
        return reading([inside(axis, size) for axis, size in cells], window.stride)


MAX_OF_MAPS = Pool(
    lambda fields: Window.of(
        2, fields["kernel_size"], fields["stride"], fields["padding"], fields["dilation"]
    )
)
MAX_OF_LINES = Pool(
    lambda fields: Window.of(
        1, fields["kernel_size"], fields["stride"], fields["padding"], fields["dilation"]
    )
)
MEAN_OF_MAPS = Pool(
    lambda fields: Window.of(2, fields["kernel_size"], fields["stride"], fields["padding"])
)

POWERS_OF_MAPS = Pool(lambda fields: Window.of(2, fields["kernel_size"], fields["stride"]))


def _powers_agree(fields: Fields) -> str:
    """Odd powers of negative cells may have a negative sum, which has no root."""
    power = fields.whole("norm_type")
    if power % 2:
        return said(
            "norm_type must be even: odd powers may have no root. Set norm_type={number}.",
            number=power - 1,
        )
    return POWERS_OF_MAPS.agrees(fields)


class LPPool2d(nn.LPPool2d):
    """torch's own, with its stride filled in as torch's other pools have it."""

    def __init__(
        self,
        norm_type: float,
        kernel_size: Side,
        stride: Side | None = None,
        ceil_mode: bool = False,
    ) -> None:
        super().__init__(norm_type, kernel_size, stride or kernel_size, ceil_mode)


POOLS: dict[str, LayerKind] = {
    "MaxPool2d": LayerKind(
        label="Max pooling",
        help="Keeps the largest value of each window; only its cell gets a gradient.",
        module=nn.MaxPool2d,
        fields=(
            KERNEL,
            STRIDE,
            PADDING,
            DILATION,
            switch("return_indices", False, "Whether MaxUnpool2d may use where each value was."),
            CEIL_MODE,
        ),
        verify=MAX_OF_MAPS.agrees,
        fits=MAX_OF_MAPS.fits,
        operations=MAX_OF_MAPS.comparisons,
        reads=MAX_OF_MAPS.reads,
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
        verify=MAX_OF_LINES.agrees,
        fits=MAX_OF_LINES.fits,
        operations=MAX_OF_LINES.comparisons,
        reads=MAX_OF_LINES.reads,
        positional=1,
    ),
    "AvgPool2d": LayerKind(
        label="Average pooling",
        help="Takes the mean of each window; its cells share the gradient equally.",
        module=nn.AvgPool2d,
        fields=(
            KERNEL,
            STRIDE,
            PADDING,
            CEIL_MODE,
            switch("count_include_pad", True, "Whether padding counts in the mean."),
        ),
        verify=MEAN_OF_MAPS.agrees,
        fits=MEAN_OF_MAPS.fits,
        operations=MEAN_OF_MAPS.means,
        reads=MEAN_OF_MAPS.reads,
        positional=1,
    ),
    "LPPool2d": LayerKind(
        label="Power-average pooling",
        help="Takes the root of a sum of powers; the larger a cell, the larger its share.",
        module=LPPool2d,
        fields=(
            whole("norm_type", 2, 2, 6, "Which power; a large one is nearly a max.", required=True),
            KERNEL,
            STRIDE,
            CEIL_MODE,
        ),
        verify=_powers_agree,
        fits=POWERS_OF_MAPS.fits,
        operations=POWERS_OF_MAPS.powers,
        reads=POWERS_OF_MAPS.reads,
        positional=2,
    ),
    "AdaptiveAvgPool2d": LayerKind(
        label="Adaptive average pooling",
        help="Takes means of as many windows as cells are wanted; their cells share the gradient.",
        module=nn.AdaptiveAvgPool2d,
        fields=(OUTPUT_SIZE,),
        fits=fits_maps,
        operations=adaptive.means,
        reads=adaptive.windows,
        positional=1,
    ),
    "AdaptiveMaxPool2d": LayerKind(
        label="Adaptive max pooling",
        help="Keeps the largest value of as many windows as cells are wanted.",
        module=nn.AdaptiveMaxPool2d,
        fields=(OUTPUT_SIZE,),
        fits=fits_maps,
        operations=adaptive.comparisons,
        reads=adaptive.windows,
        positional=1,
    ),
}
