"""A convolution layer from scratch: forward and backward with numpy and two loops.

Maps are height x width, one channel of one sample. Batches are sample x channel x height x width,
kernels are output channel x input channel x height x width.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


class StrideError(ValueError):
    """A full convolution was asked for with a stride."""


def slide(image: Array, window: Array) -> Array:
    """Lay the window on every place where it fits; each time multiply cell by cell and add up."""
    height, width = window.shape
    rows, columns = image.shape[0] - height + 1, image.shape[1] - width + 1
    output = np.zeros((rows, columns), image.dtype)
    for i in range(rows):
        for j in range(columns):
            output[i, j] = (image[i : i + height, j : j + width] * window).sum()
    return output


def full(image: Array, window: Array, stride: int = 1) -> Array:
    """Slide over the image with so much padding that the window touches it with one cell only."""
    if stride != 1:
        raise StrideError(
            f"full convolution: the stride must be 1, {stride} came. With a larger step, windows "
            "would be skipped, and the cells under them would get no gradient. Put "
            f"{stride - 1} zero{'s' if stride > 2 else ''} between the cells of the upstream "
            "gradient and slide with stride 1."
        )
    height, width = window.shape
    return slide(np.pad(image, [(height - 1,) * 2, (width - 1,) * 2]), window)


def stuff(cells: Array, step: int) -> Array:
    """Put ``step - 1`` zeros between neighbouring cells."""
    height, width = cells.shape
    spread = np.zeros(((height - 1) * step + 1, (width - 1) * step + 1), cells.dtype)
    spread[::step, ::step] = cells
    return spread


def rotate(cells: Array) -> Array:
    """Turn a map by 180 degrees."""
    return cells[::-1, ::-1]


@dataclass(frozen=True, eq=False)
class Convolution:
    """A layer: its parameters and how its kernel moves."""

    kernel: Array
    bias: Array
    stride: int = 1
    padding: tuple[int, int] = (0, 0)
    """Zeros before and after, along both axes."""
    dilation: int = 1

    def padded(self, x: Array) -> Array:
        """Return the batch with zeros around every map."""
        return np.pad(x, [(0, 0), (0, 0), self.padding, self.padding])

    def forward(self, x: Array) -> Array:
        """Slide every kernel over its input channels, add the channels and the bias."""
        outputs = []
        for maps in self.padded(x):
            for kernels, bias in zip(self.kernel, self.bias, strict=True):
                windows = [stuff(kernel, self.dilation) for kernel in kernels]
                slid = [slide(image, window) for image, window in zip(maps, windows, strict=True)]
                outputs.append(np.sum(slid, axis=0)[:: self.stride, :: self.stride] + bias)
        return np.stack(outputs).reshape(len(x), len(self.kernel), *outputs[0].shape)

    def backward(self, x: Array, upstream: Array) -> tuple[Array, Array, Array]:
        """Return dL/d input, dL/d kernel and dL/d bias."""
        downstream = np.zeros_like(self.padded(x))
        d_kernel = np.zeros_like(self.kernel)
        for n, maps in enumerate(self.padded(x)):
            for o, arrived in enumerate(upstream[n]):
                spread = stuff(arrived, self.stride)
                for c, image in enumerate(maps):
                    d_kernel[o, c] += self.taps(slide(image, spread))
                    window = rotate(stuff(self.kernel[o, c], self.dilation))
                    handed = full(spread, window)
                    height, width = handed.shape
                    downstream[n, c, :height, :width] += handed
        before, (height, width) = self.padding[0], x.shape[2:]
        inside = downstream[:, :, before:, before:][:, :, :height, :width]
        return inside, d_kernel, upstream.sum((0, 2, 3))

    def taps(self, slid: Array) -> Array:
        """Keep what belongs to a tap of the kernel, which may be dilated."""
        height, width = self.kernel.shape[2:]
        return slid[:: self.dilation, :: self.dilation][:height, :width]
