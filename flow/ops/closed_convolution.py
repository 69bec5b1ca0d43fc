"""Convolutions and matrix products backward, in numpy.

Downstream: put zeros between the upstream cells (stride), then slide the kernel over it rotated
by 180 degrees. Kernel: slide the upstream, spread by the stride, over the input. A transposed
convolution swaps the two. Source: Dumoulin and Visin, "A guide to convolution arithmetic for
deep learning", 2016, chapter 4.
"""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np

from flow.ops.closed import Backward, Gradients
from flow.ops.windows import per_axis
from flow.record import Array, Shape


def convolution(backward: Backward) -> Gradients:
    """Return the gradients of input, kernel and bias."""
    g = backward.g
    below, kernel, bias = (backward.wants(which) for which in range(3))
    transposed = backward.setting("transposed")
    if below is not None:
        weight = backward.tensor("weight")
        first = _slide(backward, g, weight) if transposed else _spread(backward, g, weight, below)
    if kernel is not None:
        x = backward.tensor("input")
        wide, narrow = (g, x) if transposed else (x, g)
        second = _correlate(backward, wide, narrow, kernel)
    return (
        first if below is not None else None,
        second if kernel is not None else None,
        g.sum((0, *range(2, g.ndim))) if bias is not None else None,
    )


STEPS = ("stride", "padding", "dilation")


def _each(backward: Backward, name: str, axes: int) -> tuple[int, ...]:
    return per_axis(backward.setting(name), axes)


def _spread(backward: Backward, g: Array, weight: Array, below: Shape) -> Array:
    """Correlate the zero-stuffed upstream with the kernel rotated by 180 degrees."""
    axes = g.ndim - 2
    stride, padding, dilation = (_each(backward, name, axes) for name in STEPS)
    groups = backward.setting("groups")
    taps = weight.shape[2:]
    reach = [dilation[a] * (taps[a] - 1) for a in range(axes)]
    stuffed = np.zeros(
        (*g.shape[:2], *(below[2 + a] + 2 * padding[a] + reach[a] for a in range(axes)))
    )
    inside = tuple(
        slice(reach[a], reach[a] + stride[a] * g.shape[2 + a], stride[a]) for a in range(axes)
    )
    stuffed[:, :, *inside] = g
    rotated = weight[(slice(None), slice(None), *[slice(None, None, -1)] * axes)]
    rotated = rotated.reshape(groups, weight.shape[0] // groups, *weight.shape[1:])
    found = np.zeros((below[0], groups, weight.shape[1], *below[2:]))
    for tap in product(*map(range, taps)):
        window = tuple(
            slice(
                padding[a] + dilation[a] * tap[a], padding[a] + dilation[a] * tap[a] + below[2 + a]
            )
            for a in range(axes)
        )
        seen = stuffed[:, :, *window].reshape(below[0], groups, -1, *below[2:])
        found += np.einsum("ngo...,goi->ngi...", seen, rotated[_at(tap)])
    return found.reshape(below)


def _slide(backward: Backward, g: Array, weight: Array) -> Array:
    """Correlate the upstream with the kernel: a transposed convolution's way back."""
    axes = g.ndim - 2
    below = backward.wants(0) or ()
    groups = backward.setting("groups")
    padded = _padded(backward, g, below, weight.shape)
    kernel = weight.reshape(groups, weight.shape[0] // groups, *weight.shape[1:])
    found = np.zeros((below[0], groups, kernel.shape[1], *below[2:]))
    for tap in product(*map(range, weight.shape[2:])):
        seen = padded[:, :, *_window(backward, tap, below[2:], axes)]
        seen = seen.reshape(below[0], groups, -1, *below[2:])
        found += np.einsum("ngo...,gio->ngi...", seen, kernel[_at(tap)])
    return found.reshape(below)


def _correlate(backward: Backward, wide: Array, narrow: Array, kernel: Shape) -> Array:
    """Return the kernel's gradient: for each tap, the sum of narrow cell x the wide cell it met."""
    axes = wide.ndim - 2
    groups = backward.setting("groups")
    padded = _padded(backward, wide, narrow.shape, kernel)
    sizes = narrow.shape[2:]
    parts = narrow.reshape(narrow.shape[0], groups, -1, *sizes)
    found = np.zeros((groups, kernel[0] // groups, *kernel[1:]))
    for tap in product(*map(range, kernel[2:])):
        seen = padded[:, :, *_window(backward, tap, sizes, axes)]
        seen = seen.reshape(narrow.shape[0], groups, -1, *sizes)
        found[_at(tap)] = np.einsum(
            "ngip,ngop->goi", seen.reshape(*seen.shape[:3], -1), parts.reshape(*parts.shape[:3], -1)
        )
    return found.reshape(kernel)


def _padded(backward: Backward, wide: Array, narrow: Shape, kernel: Shape) -> Array:
    """Put zeros around the wide side, at its end enough for the last window."""
    around = [(0, 0), (0, 0)]
    stride, padding, dilation = (_each(backward, name, wide.ndim - 2) for name in STEPS)
    for axis, pad in enumerate(padding):
        step = stride[axis] * (narrow[2 + axis] - 1)
        needed = step + dilation[axis] * (kernel[2 + axis] - 1) + 1
        around.append((pad, max(pad, needed - wide.shape[2 + axis] - pad)))
    return np.pad(wide, around)


def _window(backward: Backward, tap: tuple[int, ...], sizes: Shape, axes: int) -> tuple[slice, ...]:
    """Return the wide cells that one tap meets, one for each narrow cell."""
    stride, _, dilation = (_each(backward, name, axes) for name in STEPS)
    return tuple(
        slice(
            dilation[a] * tap[a], dilation[a] * tap[a] + stride[a] * (sizes[a] - 1) + 1, stride[a]
        )
        for a in range(axes)
    )


def _at(tap: tuple[int, ...]) -> Any:
    """Return the index of one tap on the last axes."""
    return (Ellipsis, *tap)


def addmm(backward: Backward) -> Gradients:
    """Return the gradients of bias + first @ second."""
    g = backward.g
    bias, first, second = (backward.wants(which) for which in range(3))
    alpha, beta = backward.setting("alpha"), backward.setting("beta")
    return (
        None if bias is None else beta * g.sum(0),
        None if first is None else alpha * g @ backward.tensor("mat2").T,
        None if second is None else alpha * backward.tensor("mat1").T @ g,
    )


def product_of_matrices(backward: Backward) -> Gradients:
    """Return the gradients of first @ second, for one pair or a batch of them."""
    g = backward.g
    return (
        None if backward.wants(0) is None else g @ np.swapaxes(backward.tensor("mat2"), -1, -2),
        None if backward.wants(1) is None else np.swapaxes(backward.tensor("self"), -1, -2) @ g,
    )


def matrix_with_vector(backward: Backward) -> Gradients:
    """Return the gradients of matrix @ vector."""
    g = backward.g
    return (
        None if backward.wants(0) is None else np.outer(g, backward.tensor("vec")),
        None if backward.wants(1) is None else backward.tensor("self").T @ g,
    )


def product_of_vectors(backward: Backward) -> Gradients:
    """Return the gradients of the sum of first x second."""
    g = backward.g
    return (
        None if backward.wants(0) is None else g * backward.tensor("tensor"),
        None if backward.wants(1) is None else g * backward.tensor("self"),
    )
