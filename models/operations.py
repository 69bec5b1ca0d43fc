"""How many floating-point operations a forward pass of a layer takes.

A multiplication and an addition are two. Every rule takes the layer's fields, the shapes of its
inputs and the shape of its output.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from models.fields import Fields
from models.fitting import Shape, Shapes

Operations = Callable[[Fields, Shapes, Shape], int]


def per_cell(count: int) -> Operations:
    """Return the rule of ``count`` operations for each output cell."""
    return lambda _fields, _inputs, output: count * math.prod(output)


def one_per_cell(_fields: Fields, _inputs: Shapes, output: Shape) -> int:
    """One operation for each output cell."""
    return math.prod(output)


def nothing(_fields: Fields, _inputs: Shapes, _output: Shape) -> int:
    """No arithmetic: values are only moved."""
    return 0


def additions(_fields: Fields, inputs: Shapes, output: Shape) -> int:
    """One addition per output cell for each input after the first."""
    return (len(inputs) - 1) * math.prod(output)


def kernel_per_output(fields: Fields, _inputs: Shapes, output: Shape) -> int:
    """Every output cell sums a kernel over its group's input channels."""
    taps = fields.whole("in_channels") // fields.whole("groups") * fields.whole("kernel_size") ** 2
    return 2 * math.prod(output) * taps


def kernel_per_input(fields: Fields, inputs: Shapes, _output: Shape) -> int:
    """Every input cell is spread over a kernel for its group's output channels."""
    taps = fields.whole("out_channels") // fields.whole("groups") * fields.whole("kernel_size") ** 2
    return 2 * math.prod(inputs[0]) * taps


def features_per_output(fields: Fields, _inputs: Shapes, output: Shape) -> int:
    """Every output cell sums all input features."""
    return 2 * math.prod(output) * fields.whole("in_features")


def window_per_output(fields: Fields, _inputs: Shapes, output: Shape) -> int:
    """Every output cell looks at one window."""
    return math.prod(output) * fields.whole("kernel_size") ** 2
