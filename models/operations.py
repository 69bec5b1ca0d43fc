"""How many floating-point operations a forward pass of a layer takes, while it trains.

Layers that multiply with weights, or tokens with tokens, are counted as
``torch.utils.flop_counter`` counts them: a multiplication and an addition for each pair of
factors, zeros of a padding included. Their biases, gates, softmax and normalisations are left out.

torch counts all other layers as nothing. In them every addition, subtraction, multiplication,
division, comparison and function of one number (exp, erf, tanh) is one operation, and a sum or
a maximum of n numbers takes n. What is done once for a whole row or channel is left out, such as
the square root of a variance.

Every rule takes the layer's fields, the shapes of its inputs and the shape of its output.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from models.fields import Fields
from models.shapes import Shape, Shapes

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


def mean_per_window(fields: Fields, inputs: Shapes, output: Shape) -> int:
    """Every output cell sums one window and divides."""
    return window_per_output(fields, inputs, output) + math.prod(output)


def adaptive_window(_fields: Fields, inputs: Shapes, output: Shape) -> int:
    """Every output cell looks at its own window; neighbours share a cell where both end in it.

    Window o of m over n cells goes from floor(o n / m) to ceil((o + 1) n / m), as
    ``torch.nn.AdaptiveAvgPool2d`` has it. So each of the m - 1 borders that falls into a cell
    has that cell read twice; gcd(n, m) - 1 of them fall between two cells.
    """
    axes = zip(inputs[0][2:], output[2:], strict=True)
    return math.prod(output[:2]) * math.prod(n + m - math.gcd(n, m) for n, m in axes)


def adaptive_mean(fields: Fields, inputs: Shapes, output: Shape) -> int:
    """Every output cell sums its own window and divides."""
    return adaptive_window(fields, inputs, output) + math.prod(output)


def mean(_fields: Fields, inputs: Shapes, output: Shape) -> int:
    """Every input cell is added once; every output cell is divided."""
    return math.prod(inputs[0]) + math.prod(output)


def normalisation(affine: str) -> Operations:
    """Return the rule of a normalisation whose field ``affine`` adds a scale and a shift.

    For each cell: one addition for the mean; a difference, a square and an addition for the
    variance; a difference and a quotient; then a product and a sum where it is affine.
    """
    return lambda fields, _inputs, output: (8 if fields[affine] else 6) * math.prod(output)


def gelu(fields: Fields, _inputs: Shapes, output: Shape) -> int:
    """``x (1 + erf(x / sqrt 2)) / 2``, or ``x (1 + tanh(a (x + b x x x))) / 2``."""
    return (9 if fields["approximate"] == "tanh" else 5) * math.prod(output)


MIXED = {"nearest": 0, "nearest-exact": 0, "linear": 2, "bilinear": 4, "bicubic": 16}
"""How many input cells each output cell mixes, one weight for each."""


def resampling(fields: Fields, inputs: Shapes, output: Shape) -> int:
    """Every output cell is a weighted sum of its neighbours, or a mean; copies cost nothing."""
    mode = str(fields["mode"])
    if mode == "area":
        return adaptive_mean(fields, inputs, output)
    return 2 * MIXED[mode] * math.prod(output)


def gates_per_step(gates: int) -> Operations:
    """Return the rule of a recurrent layer: every gate sums the input and the last state.

    Stacked layers after the first read the states of the one before.
    """

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


def encoder(fields: Fields, inputs: Shapes, _output: Shape) -> int:
    """Self-attention, then two linear layers for each token."""
    width, inner = fields.whole("d_model"), fields.whole("dim_feedforward")
    batch_axis = 0 if fields["batch_first"] else 1
    batch, rows = inputs[0][batch_axis], inputs[0][1 - batch_axis]
    attending = 4 * batch * width * (2 * rows * width + rows * rows)
    return attending + 4 * batch * rows * width * inner
