"""Names for coefficients: which entry of which kernel multiplies an upstream cell.

Names are read off the node's saved attributes and kept only if the named entry equals the
coefficient bit for bit.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from flow.record import Array, Capture, Explanation, NodeRecord, Shape
from flow.walk import LiveGraph

COPY = "1 (copy)"


def name_coefficients(
    graph: LiveGraph, capture: Capture, index: int, explanation: Explanation
) -> Explanation:
    """Return the explanation with named coefficients where the operation has names for them."""
    node = graph.nodes[index]
    record = capture.nodes[index]
    if record.name == "ConvolutionBackward0" and explanation.input == 0:
        names = _convolution_names(node, capture, record, explanation)
    elif len(explanation.coefficients) and bool((explanation.coefficients == 1).all()):
        names = (COPY,) * len(explanation.coefficients)
    else:
        names = ()
    return replace(explanation, names=names)


def _convolution_names(
    node: Any, capture: Capture, record: NodeRecord, explanation: Explanation
) -> tuple[str, ...]:
    """Name the kernel entry behind each coefficient of a convolution's downstream cell."""
    leaf = record.targets[1]
    if leaf is None or not capture.node(leaf).is_leaf:
        return ()
    parameter, kernel = capture.node(leaf).parameter, capture.node(leaf).value
    if kernel is None:
        return ()
    names = []
    for place, coefficient in zip(explanation.places, explanation.coefficients, strict=True):
        above = tuple(int(axis) for axis in np.unravel_index(int(place), explanation.shapes[0]))
        entry = _kernel_entry(node, kernel, explanation.cell, above)
        if entry is None or kernel[entry] != coefficient:
            return ()
        names.append(f"{parameter}[{','.join(map(str, entry))}]")
    return tuple(names)


def _kernel_entry(node: Any, kernel: Array, below: Shape, above: Shape) -> Shape | None:
    """Return the kernel index that joins input cell ``below`` with output cell ``above``.

    With p padding, s stride, d dilation: y_in = s * y_out + d * k - p; a transposed
    convolution swaps the roles of input and output.
    """
    groups = node._saved_groups
    transposed = node._saved_transposed
    wide, narrow = (above, below) if transposed else (below, above)
    taps = []
    for axis in range(kernel.ndim - 2):
        stride = node._saved_stride[axis]
        reach = wide[2 + axis] + node._saved_padding[axis] - narrow[2 + axis] * stride
        tap, rest = divmod(reach, node._saved_dilation[axis])
        if rest or not 0 <= tap < kernel.shape[2 + axis]:
            return None
        taps.append(tap)
    per_group = kernel.shape[1]
    outer, inner = (below[1], above[1]) if transposed else (above[1], below[1])
    if outer // (kernel.shape[0] // groups) != inner // per_group:
        return None
    return (outer, inner % per_group, *taps)
