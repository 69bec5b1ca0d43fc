"""Names for the coefficients of convolutions and matrix products: entries of kernel and input."""

from __future__ import annotations

from typing import Any

from flow.ops.terms import Index, Proposal, Terms, entries, everywhere
from flow.ops.windows import per_axis
from flow.record import Array

BIAS = "1 (bias)"


def of_convolution(terms: Terms) -> Proposal | None:
    """Name the kernel entry, the input cell or the 1 that multiplies each upstream cell."""
    if terms.which == 0:
        return _kernel_entries(terms)
    return _input_cells(terms) if terms.which == 1 else everywhere(BIAS, 1.0)


def _kernel_entries(terms: Terms) -> Proposal | None:
    """Find the tap that joins input cell and output cell.

    With padding p, stride s, dilation d: wide = s * narrow + d * tap - p, where narrow is the
    output of a convolution and the input of a transposed one.
    """
    kernel = terms.saved("weight")
    if kernel is None:
        return None
    node = terms.node
    wide, narrow = terms.below, terms.above
    if node._saved_transposed:
        wide, narrow = narrow, wide
    taps = []
    stride, padding, dilation = _steps(node, kernel.ndim - 2)
    for axis in range(kernel.ndim - 2):
        reach = wide[2 + axis] + padding[axis] - narrow[2 + axis] * stride[axis]
        taps.append(reach // dilation[axis])
    inside = wide[1] % kernel.shape[1]
    index = (narrow[1], inside, *taps)
    if not _within(index, kernel):
        return None
    return entries(terms.leaf(1) or "weight", kernel, index)


def _steps(node: Any, axes: int) -> tuple[tuple[int, ...], ...]:
    """Return stride, padding and dilation along each axis."""
    saved = (node._saved_stride, node._saved_padding, node._saved_dilation)
    return tuple(per_axis(setting, axes) for setting in saved)


def _input_cells(terms: Terms) -> Proposal | None:
    """Find the input cell that a kernel entry multiplied to make an output cell."""
    values = terms.saved("input")
    if values is None:
        return None
    node = terms.node
    per_group = terms.shape_below[1]
    taps, above = terms.below[2:], terms.above
    places = []
    stride, padding, dilation = _steps(node, len(taps))
    for axis, tap in enumerate(taps):
        shift = dilation[axis] * tap - padding[axis]
        if node._saved_transposed:
            places.append((above[2 + axis] - shift) // stride[axis])
        else:
            places.append(above[2 + axis] * stride[axis] + shift)
    channel = terms.below[0]
    if not node._saved_transposed:
        outputs_per_group = terms.shape_below[0] // node._saved_groups
        channel = terms.below[0] // outputs_per_group * per_group + terms.below[1]
    index = (above[0], channel, *places)
    return entries(terms.leaf(0) or "x", values, index) if _within(index, values) else None


def of_addmm(terms: Terms) -> Proposal | None:
    """Sum of bias and first @ second, as torch.nn.Linear computes it."""
    if terms.which == 0:
        return everywhere(BIAS, float(terms.node._saved_beta))
    return _product(terms, terms.which - 1, ("mat1", "mat2"), 1)


def of_mm(terms: Terms) -> Proposal | None:
    """Product first @ second."""
    return _product(terms, terms.which, ("self", "mat2"), 0)


def of_bmm(terms: Terms) -> Proposal | None:
    """Product first @ second for each sample."""
    first, second = terms.saved("self"), terms.saved("mat2")
    batch, row, column = terms.below
    if terms.which == 0 and second is not None:
        return entries("second", second, (batch, column, terms.above[2]))
    if terms.which == 1 and first is not None:
        return entries("first", first, (batch, terms.above[1], row))
    return None


def _product(terms: Terms, side: int, saved: tuple[str, str], first_input: int) -> Proposal | None:
    """Name the entry of the other factor: y[i,j] = sum over k of first[i,k] second[k,j]."""
    other = terms.saved(saved[1 - side])
    if other is None:
        return None
    row, column = terms.below
    if side == 0:
        return _second_factor(terms, other, (column, terms.above[1]), first_input + 1)
    return entries(terms.leaf(first_input) or "x", other, (terms.above[0], row))


def _second_factor(
    terms: Terms, other: Array, index: tuple[Index, Index], which: int
) -> Proposal | None:
    """Name the entry of the right factor; a linear layer's is its weight, transposed."""
    if terms.leaf(which):
        return entries(terms.leaf(which), other, index)
    target = terms.record.targets[which]
    name = "weight" if terms.record.call.endswith("linear") else ""
    if target is not None and terms.capture.node(target).name == "TBackward0":
        behind = terms.capture.node(target).targets[0]
        name = name if behind is None else terms.capture.node(behind).parameter or name
    if name:
        return entries(name, other.T, index[::-1])
    return entries("second", other, index)


def _within(index: tuple[Index, ...], array: Array) -> bool:
    return all(
        bool(((axis >= 0) & (axis < length)).all())
        for axis, length in zip(index, array.shape, strict=True)
    )


NAMERS = {
    "ConvolutionBackward0": of_convolution,
    "AddmmBackward0": of_addmm,
    "MmBackward0": of_mm,
    "BmmBackward0": of_bmm,
}
