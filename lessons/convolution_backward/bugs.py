"""A convolution layer by hand, in three parts: each runs, and each has a bug.

Maps are height x width.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


def convolve(image: Array, kernel: Array, bias: float, stride: int) -> Array:
    """Slide the kernel over the image."""
    height, width = kernel.shape
    rows = image.shape[0] - height + 1
    columns = image.shape[1] - width + 1
    output = np.zeros((rows, columns), image.dtype)
    for i in range(rows):
        for j in range(columns):
            window = image[i : i + height, j : j + width]
            output[i, j] = (window * kernel).sum() + bias
    return output


def convolve_same(image: Array, kernel: Array, bias: float) -> Array:
    """Pad first, so that the output is as large as the image."""
    around = (len(kernel) - 1) // 2
    return convolve(np.pad(image, around), kernel, bias, stride=1)


def hand_on(upstream: Array, kernel: Array) -> Array:
    """Return the gradient of the image: slide the turned kernel over the padded upstream."""
    around = len(kernel) - 1
    return convolve(np.pad(upstream, around), kernel[::-1, ::-1], bias=0.0, stride=1)
