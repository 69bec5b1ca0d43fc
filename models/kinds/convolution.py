"""Convolutions along lines and over maps, and their transposes."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from torch import nn

from flow.said import said
from models.fields import Field, Fields
from models.kinds.arguments import (
    BIAS,
    IN_CHANNELS,
    MAX_CHANNELS,
    MAX_KERNEL,
    OUT_CHANNELS,
    choice,
    pair,
    size,
    whole,
)
from models.kinds.kind import InputHint, LayerKind
from models.kinds.rules.fits import divides, fits_axes, fits_channels
from models.kinds.rules.reading import Cells, Reading, axes_of, inside, reading
from models.kinds.rules.window import Window, as_set, spread, taps, too_large
from models.shapes import Shape, Shapes, shape_text

GROUPS = whole("groups", 1, 1, MAX_CHANNELS, "Groups of channels that do not see each other.")
GROUPS_DIVIDE = divides("groups", "in_channels", "out_channels")
PADDING_HELP = "Cells around the input, on each side; same: keep the size; valid: none."
WORDS = ("same", "valid")
PADDING_MODE = choice(
    "padding_mode",
    ("zeros", "reflect", "replicate", "circular"),
    "What stands in the padding: zeros, or cells of the input again.",
)
KERNEL = pair("kernel_size", 3, 1, MAX_KERNEL, "Height and width of the kernel.", required=True)
STRIDE = pair("stride", 1, 1, MAX_KERNEL, "Cells from one position to the next.")
PADDING = pair("padding", 0, 0, MAX_KERNEL, PADDING_HELP, words=WORDS)
DILATION = pair("dilation", 1, 1, MAX_KERNEL, "Cells from one kernel tap to the next.")
FRAME = pair("padding", 0, 0, MAX_KERNEL, "Cells cut off around the output, on each side.")
LONGER = pair("output_padding", 0, 0, MAX_KERNEL - 1, "Rows and columns added at the end.")

KERNEL_1D = size("kernel_size", 3, MAX_KERNEL, "Length of the kernel.")
STRIDE_1D = whole("stride", 1, 1, MAX_KERNEL, "Cells from one position to the next.")
PADDING_1D = whole("padding", 0, 0, MAX_KERNEL, PADDING_HELP, words=WORDS)
DILATION_1D = whole("dilation", 1, 1, MAX_KERNEL, "Cells from one kernel tap to the next.")
FRAME_1D = whole("padding", 0, 0, MAX_KERNEL, "Cells cut off at each end of the output.")
LONGER_1D = whole("output_padding", 0, 0, MAX_KERNEL - 1, "Cells added at the end.")


@dataclass(frozen=True)
class _Kernel:
    """The rules of a kernel over this many axes, whose fields are named as torch names them."""

    axes: int

    def window(self, fields: Fields) -> Window:
        """Return where the kernel stands."""
        return Window.of(
            self.axes,
            fields["kernel_size"],
            stride=fields["stride"],
            padding=fields["padding"],
            dilation=fields["dilation"],
        )

    def fits_channels(self, fields: Fields, shapes: Shapes) -> str:
        """Ask for as many axes as the kernel has, and for the right channels."""
        return fits_axes(self.axes, fields, shapes) or fits_channels(fields, shapes, "in_channels")


class _Convolution(_Kernel):
    """A kernel that slides over the padded input."""

    def agrees(self, fields: Fields) -> str:
        """Groups divide the channels; padding "same" keeps the size, so it needs stride 1."""
        problem = GROUPS_DIVIDE(fields)
        if problem or fields["padding"] != "same":
            return problem
        window = self.window(fields)
        if max(window.stride) > 1:
            stride = as_set(window.stride)
            return said("padding=same needs stride=1. It is {stride}; set stride=1.", stride=stride)
        if any(covered % 2 == 0 for covered in window.covered):
            return said(
                "padding=same needs the same padding on both sides, so an odd kernel or an even "
                "dilation. kernel_size is {kernel}; use an odd one.",
                kernel=as_set(window.kernel),
            )
        return ""

    def fits(self, fields: Fields, shapes: Shapes) -> str:
        """Ask for axes, channels, a frame that can be made, and a kernel no larger than that."""
        problem = self.fits_channels(fields, shapes)
        if problem:
            return problem
        window = self.window(fields)
        most = max(window.kernel)
        return self._frame_problem(fields, shapes[0]) or too_large(window, shapes[0], most)

    def _frame_problem(self, fields: Fields, shape: Shape) -> str:
        """Mirrored or wrapped cells must exist."""
        mode = str(fields["padding_mode"])
        spare = {"reflect": 1, "circular": 0}.get(mode)
        if spare is None:
            return ""
        for pad, cells in zip(self.window(fields).padding, shape[2:], strict=True):
            if pad > cells - spare:
                return said(
                    "padding_mode={mode} repeats {pad} cells of each side, but its input is "
                    "{shape}. Use padding={number} or less, or another "
                    "mode.",
                    mode=mode,
                    pad=pad,
                    shape=shape_text(shape[2:]),
                    number=cells - spare,
                )
        return ""

    def operations(self, fields: Fields, _inputs: Shapes, output: Shape) -> int:
        """Count a kernel over the input channels of its group for every output cell."""
        channels = fields.whole("in_channels") // fields.whole("groups")
        return 2 * math.prod(output) * channels * math.prod(self.window(fields).kernel)

    def reads(self, fields: Fields, inputs: Shapes, output: Shape) -> Reading | None:
        """Read the taps of the kernel; cells of a frame stand for those that they repeat."""
        window, mode = self.window(fields), str(fields["padding_mode"])
        sizes = [size for size, _ in axes_of(inputs, output)]
        cells = zip(taps(window, inputs, output), sizes, strict=True)
        return reading([_framed(axis, size, mode) for axis, size in cells], window.stride)


def _framed(cells: Cells, size: int, mode: str) -> Cells:
    if mode == "replicate":
        return np.clip(cells, 0, size - 1)
    if mode == "circular":
        return cells % size
    if mode == "reflect":
        return np.asarray(size - 1 - np.abs(size - 1 - np.abs(cells)))
    return inside(cells, size)


class _Transposed(_Kernel):
    """A kernel over which every input cell is spread."""

    def agrees(self, fields: Fields) -> str:
        """Output padding is smaller than a step: more would ask for cells no kernel reaches."""
        window = self.window(fields)
        limits = [max(steps) for steps in zip(window.stride, window.dilation, strict=True)]
        extra = fields.each("output_padding", self.axes)
        if all(cells < limit for cells, limit in zip(extra, limits, strict=True)):
            return GROUPS_DIVIDE(fields)
        return said(
            "output_padding must be smaller than stride or dilation. "
            "It is {output_padding}; use {number} or less.",
            output_padding=fields["output_padding"],
            number=min(limits) - 1,
        )

    def fits(self, fields: Fields, shapes: Shapes) -> str:
        """Ask for axes, channels and an output of at least one cell."""
        problem = self.fits_channels(fields, shapes)
        if problem:
            return problem
        window, extra = self.window(fields), fields.each("output_padding", self.axes)
        sizes = [
            (cells - 1) * window.stride[axis]
            - 2 * window.padding[axis]
            + window.covered[axis]
            + extra[axis]
            for axis, cells in enumerate(shapes[0][2:])
        ]
        if min(sizes) >= 1:
            return ""
        return said(
            "padding={padding} cuts its {shape} input down to "
            "nothing. Use a smaller padding or a larger kernel.",
            padding=fields["padding"],
            shape=shape_text(shapes[0][2:]),
        )

    def operations(self, fields: Fields, inputs: Shapes, _output: Shape) -> int:
        """Count a kernel over the output channels of its group for every input cell."""
        channels = fields.whole("out_channels") // fields.whole("groups")
        return 2 * math.prod(inputs[0]) * channels * math.prod(self.window(fields).kernel)

    def reads(self, fields: Fields, inputs: Shapes, output: Shape) -> Reading | None:
        """Read the cells whose kernels reach an output cell."""
        return spread(self.window(fields), inputs, output)


def _kind(
    rules: _Convolution | _Transposed,
    module: type[nn.Module],
    label: str,
    about: str,
    own: tuple[Field, ...],
) -> LayerKind:
    """Return a kind with these rules and, after its channels, fields of its own."""
    return LayerKind(
        label=label,
        help=about,
        module=module,
        fields=(IN_CHANNELS, OUT_CHANNELS, *own),
        verify=rules.agrees,
        fits=rules.fits,
        operations=rules.operations,
        reads=rules.reads,
        positional=2,
        suggests_input=InputHint("in_channels", axes=rules.axes),
    )


CONVOLUTIONS: dict[str, LayerKind] = {
    "Conv2d": _kind(
        _Convolution(2),
        nn.Conv2d,
        "Convolution",
        "Slides learned kernels over the map and sums what they cover.",
        (KERNEL, STRIDE, PADDING, DILATION, GROUPS, BIAS, PADDING_MODE),
    ),
    "Conv1d": _kind(
        _Convolution(1),
        nn.Conv1d,
        "Convolution along a line",
        "Slides learned kernels along a line and sums what they cover.",
        (KERNEL_1D, STRIDE_1D, PADDING_1D, DILATION_1D, GROUPS, BIAS, PADDING_MODE),
    ),
    "ConvTranspose2d": _kind(
        _Transposed(2),
        nn.ConvTranspose2d,
        "Transposed convolution",
        "Spreads every input cell over a kernel: the backward pass of a convolution.",
        (KERNEL, STRIDE, FRAME, LONGER, GROUPS, BIAS, DILATION),
    ),
    "ConvTranspose1d": _kind(
        _Transposed(1),
        nn.ConvTranspose1d,
        "Transposed convolution along a line",
        "Spreads every cell of a line over a kernel.",
        (KERNEL_1D, STRIDE_1D, FRAME_1D, LONGER_1D, GROUPS, BIAS, DILATION_1D),
    ),
}
