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
    """One operation per output cell for each input after the first."""
    return (len(inputs) - 1) * math.prod(output)


def one_per_input_cell(_fields: Fields, inputs: Shapes, _output: Shape) -> int:
    """One operation for each input cell: every one is read once."""
    return math.prod(inputs[0])


def _taps(fields: Fields, shape: Shape) -> int:
    return math.prod(fields.each("kernel_size", len(shape) - 2))


def kernel_per_output(fields: Fields, inputs: Shapes, output: Shape) -> int:
    """Every output cell sums a kernel over its group's input channels."""
    channels = fields.whole("in_channels") // fields.whole("groups")
    return 2 * math.prod(output) * channels * _taps(fields, inputs[0])


def kernel_per_input(fields: Fields, inputs: Shapes, _output: Shape) -> int:
    """Every input cell is spread over a kernel for its group's output channels."""
    channels = fields.whole("out_channels") // fields.whole("groups")
    return 2 * math.prod(inputs[0]) * channels * _taps(fields, inputs[0])


def features_per_output(fields: Fields, _inputs: Shapes, output: Shape) -> int:
    """Every output cell sums all input features."""
    return 2 * math.prod(output) * fields.whole("in_features")


def window_per_output(fields: Fields, inputs: Shapes, output: Shape) -> int:
    """Every output cell looks at one window."""
    return math.prod(output) * _taps(fields, inputs[0])


def gates_per_step(gates: int) -> Operations:
    """Return the rule of a recurrent layer: every gate sums the input and the last state."""

    def count(fields: Fields, inputs: Shapes, _output: Shape) -> int:
        hidden, steps = fields.whole("hidden_size"), math.prod(inputs[0][:-1])
        first = fields.whole("input_size") + hidden
        later = (fields.whole("num_layers") - 1) * 2 * hidden
        return 2 * steps * gates * hidden * (first + later)

    return count


def attention(fields: Fields, inputs: Shapes, _output: Shape) -> int:
    """Four products with square weights, and two of every query with every key."""
    width = fields.whole("embed_dim")
    queries, keys = inputs[0], inputs[-1]
    batch_axis = 0 if fields["batch_first"] else 1
    batch, rows, others = queries[batch_axis], queries[1 - batch_axis], keys[1 - batch_axis]
    return 4 * batch * width * (rows * width + others * width + rows * others)


def encoder(fields: Fields, inputs: Shapes, output: Shape) -> int:
    """Self-attention, then two linear layers for each token."""
    width, inner = fields.whole("d_model"), fields.whole("dim_feedforward")
    batch_axis = 0 if fields["batch_first"] else 1
    batch, rows = inputs[0][batch_axis], inputs[0][1 - batch_axis]
    attending = 4 * batch * width * (2 * rows * width + rows * rows)
    return attending + 4 * batch * rows * width * inner + 16 * math.prod(output)
