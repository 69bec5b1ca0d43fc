"""Convolutions and transposed convolutions.

Both join two maps, a wide and a narrow one, by the same rule: tap t of the kernel joins narrow
cell q with wide cell s q + d t - p (stride s, dilation d, padding p). A convolution reads the wide
map and writes the narrow one; a transposed convolution goes the other way. Source: Dumoulin and
Visin, "A guide to convolution arithmetic for deep learning", 2016, chapter 4.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np

from flow.ops.common.closed import Backward, Gradients, per_axis
from flow.ops.common.operation import Operation
from flow.ops.common.terms import Index, Proposal, Terms, entries, everywhere, size
from flow.record import Array, Rule, Shape
from flow.said import said

_BIAS = r"\bar{b}_o = \sum \bar{y}_o"
_BIAS_SENTENCE = (
    "The bias was added to every output cell of its channel: it adds up the gradients of them all."
)
CONVOLUTION = Rule(
    r"\bar{x}_c = \textstyle\sum_o \bar{y}_o * W_{o,c}, \quad "
    rf"\bar{{W}}_{{o,c}} = \sum x_c \star \bar{{y}}_o, \quad {_BIAS}, \quad "
    r"\text{with } (\bar{y} * W)_i = \sum_{s q + d t - p = i} \bar{y}_q\,W_t, \quad "
    r"(x \star \bar{y})_t = \sum_q x_{s q + d t - p}\,\bar{y}_q",
    "Each input cell adds up the gradients of all outputs it fed, each times the kernel entry "
    "that joined them.",
    (
        (
            1,
            "Each kernel entry adds up the gradients of all outputs it helped to make, each times "
            "the input cell that it met there.",
        ),
        (2, _BIAS_SENTENCE),
    ),
)
"""Stride s, dilation d, padding p, output cell q, tap t; sums without index run over samples."""
TRANSPOSED = Rule(
    r"\bar{x}_c = \textstyle\sum_o \bar{y}_o \star W_{c,o}, \quad "
    rf"\bar{{W}}_{{c,o}} = \sum \bar{{y}}_o \star x_c, \quad {_BIAS}, \quad "
    r"\text{with } (\bar{y} \star W)_q = \sum_t \bar{y}_{s q + d t - p}\,W_t, \quad "
    r"(\bar{y} \star x)_t = \sum_q \bar{y}_{s q + d t - p}\,x_q",
    "The kernel laid each input cell out over a patch: the cell gets back that patch's "
    "gradients, each times its kernel entry.",
    (
        (
            1,
            "Each kernel entry adds up the gradients of the output cells it was laid on, each "
            "times the input cell that it carried there.",
        ),
        (2, _BIAS_SENTENCE),
    ),
)
EITHER = Rule(
    r"\bar{x}_i = \sum_{j,\,t} W_t\,\bar{y}_j, \quad \bar{W}_t = \sum_{i,\,j} x_i\,\bar{y}_j "
    r"\quad \text{over all } i \text{ and } j \text{ that tap } t \text{ joined}, \quad "
    r"\bar{b} = \sum \bar{y}",
    "Every kernel entry joined some input cells with some output cells: the gradient goes back "
    "along the same joints.",
)
"""For torch.convolution, which is either of them."""


@dataclass(frozen=True, eq=False)
class _Joints:
    """Which wide cells each tap of a kernel joins with the narrow ones."""

    taps: Shape
    wide: Shape
    narrow: Shape
    stride: Shape
    padding: Shape
    dilation: Shape
    groups: int

    @property
    def padded(self) -> Shape:
        """Size of the wide map with its padding, at its end enough for the last window."""
        return tuple(
            max(wide + 2 * pad, step * (narrow - 1) + apart * (taps - 1) + 1)
            for wide, pad, step, narrow, apart, taps in zip(
                self.wide,
                self.padding,
                self.stride,
                self.narrow,
                self.dilation,
                self.taps,
                strict=True,
            )
        )

    @property
    def inside(self) -> tuple[slice, ...]:
        """Where the wide map stands in its padding."""
        return tuple(slice(p, p + n) for p, n in zip(self.padding, self.wide, strict=True))

    def windows(self) -> Iterator[tuple[Shape, tuple[slice, ...]]]:
        """Yield every tap with the padded wide cells that it joins, one for each narrow cell."""
        for tap in product(*map(range, self.taps)):
            begins = [apart * at for apart, at in zip(self.dilation, tap, strict=True)]
            yield (
                tap,
                tuple(
                    slice(begin, begin + step * (count - 1) + 1, step)
                    for begin, step, count in zip(begins, self.stride, self.narrow, strict=True)
                ),
            )

    def pad(self, wide: Array) -> Array:
        """Return the wide map, by groups, with zeros around."""
        padded = np.zeros((*wide.shape[:2], *self.padded))
        padded[:, :, *self.inside] = wide
        return self.split(padded)

    def split(self, array: Array) -> Array:
        """Return a map as sample x group x channel x ..."""
        samples, channels, *cells = array.shape
        return array.reshape(samples, self.groups, channels // self.groups, *cells)

    def kernel(self, weight: Array) -> Array:
        """Return a kernel as group x narrow channel x wide channel x ..."""
        return weight.reshape(self.groups, -1, *weight.shape[1:])


def convolution(backward: Backward) -> Gradients:
    """Return the gradients of input, kernel and bias."""
    g, transposed = backward.g, bool(backward.setting("transposed"))
    below, kernel, bias = (backward.wants(which) for which in range(3))
    first = second = None
    if below is not None:
        weight = backward.tensor("weight")
        joints = _joints(backward, below, weight.shape)
        first = (_narrow if transposed else _wide)(joints, g, weight).reshape(below)
    if kernel is not None:
        x = backward.tensor("input")
        joints = _joints(backward, x.shape, kernel)
        second = _taps(joints, *((g, x) if transposed else (x, g))).reshape(kernel)
    return first, second, None if bias is None else g.sum((0, *range(2, g.ndim)))


def _joints(backward: Backward, x: Shape, kernel: Shape) -> _Joints:
    maps = (x[2:], backward.g.shape[2:])
    wide, narrow = reversed(maps) if backward.setting("transposed") else maps
    groups = int(backward.setting("groups"))
    return _Joints(kernel[2:], wide, narrow, *_steps(backward.node, len(wide)), groups)


def _steps(node: Any, axes: int) -> tuple[Shape, Shape, Shape]:
    """Return stride, padding and dilation along each axis."""
    stride, padding, dilation = (
        per_axis(setting, axes)
        for setting in (node._saved_stride, node._saved_padding, node._saved_dilation)
    )
    return stride, padding, dilation


def _wide(joints: _Joints, narrow: Array, weight: Array) -> Array:
    """Lay every narrow cell out over the wide cells that its taps join."""
    kernel, parts = joints.kernel(weight), joints.split(narrow)
    found = np.zeros((narrow.shape[0], *kernel.shape[:1], kernel.shape[2], *joints.padded))
    for tap, window in joints.windows():
        entry = kernel[_at(tap)]
        found[:, :, :, *window] += np.einsum("ngo...,goi->ngi...", parts, entry)
    return found[:, :, :, *joints.inside]


def _narrow(joints: _Joints, wide: Array, weight: Array) -> Array:
    """Add up, for every narrow cell, the wide cells that its taps join."""
    kernel, padded = joints.kernel(weight), joints.pad(wide)
    found = np.zeros((wide.shape[0], *kernel.shape[:2], *joints.narrow))
    for tap, window in joints.windows():
        seen = padded[:, :, :, *window]
        found += np.einsum("ngi...,goi->ngo...", seen, kernel[_at(tap)])
    return found


def _taps(joints: _Joints, wide: Array, narrow: Array) -> Array:
    """Add up, for every tap, the products of all cells that it joins."""
    padded, parts = joints.pad(wide), joints.split(narrow)
    found = np.zeros((joints.groups, parts.shape[2], padded.shape[2], *joints.taps))
    count = size(joints.narrow)
    cells = parts.reshape(*parts.shape[:3], count)
    for tap, window in joints.windows():
        seen = padded[:, :, :, *window].reshape(*padded.shape[:3], count)
        found[_at(tap)] = np.einsum("ngop,ngip->goi", cells, seen, optimize=True)
    return found


def _at(tap: Shape) -> Any:
    """Return the index of one tap on the last axes."""
    return (..., *tap)


def names(terms: Terms) -> Proposal | None:
    """Name the kernel entry, the input cell or the 1 that multiplies each upstream cell."""
    if terms.which == 0:
        return _kernel_entries(terms)
    return _input_cells(terms) if terms.which == 1 else everywhere(said("1 (bias)"), 1.0)


def _kernel_entries(terms: Terms) -> Proposal | None:
    """Find the tap that joins input cell and output cell."""
    kernel, node = terms.saved("weight"), terms.node
    if kernel is None:
        return None
    wide, narrow = terms.below, terms.above
    if node._saved_transposed:
        wide, narrow = narrow, wide
    taps = [
        (at + pad - step * q) // apart
        for at, q, step, pad, apart in zip(
            wide[2:], narrow[2:], *_steps(node, kernel.ndim - 2), strict=True
        )
    ]
    index = (narrow[1], wide[1] % kernel.shape[1], *taps)
    return entries(terms.leaf(1) or "weight", kernel, index) if _within(index, kernel) else None


def _input_cells(terms: Terms) -> Proposal | None:
    """Find the input cell that a kernel entry multiplied to make an output cell."""
    values, node = terms.saved("input"), terms.node
    if values is None:
        return None
    transposed, channel = node._saved_transposed, terms.below[0]
    places = [
        (at + pad - apart * tap) // step if transposed else step * at + apart * tap - pad
        for at, tap, step, pad, apart in zip(
            terms.above[2:], terms.below[2:], *_steps(node, values.ndim - 2), strict=True
        )
    ]
    if not transposed:
        in_group = terms.shape_below[0] // node._saved_groups
        channel = channel // in_group * terms.shape_below[1] + terms.below[1]
    index = (terms.above[0], channel, *places)
    return entries(terms.leaf(0) or "x", values, index) if _within(index, values) else None


def _within(index: tuple[Index, ...], array: Array) -> bool:
    return all(
        bool(((axis >= 0) & (axis < length)).all())
        for axis, length in zip(index, array.shape, strict=True)
    )


OPS = {
    "ConvolutionBackward0": Operation(
        rule=EITHER,
        closed_form=convolution,
        names=names,
        reads="sum",
        weighs=True,
        copies=True,
        bias_axis=1,
        called={
            **{f"conv{axes}d": CONVOLUTION for axes in (1, 2, 3)},
            **{f"conv_transpose{axes}d": TRANSPOSED for axes in (1, 2, 3)},
        },
    )
}
