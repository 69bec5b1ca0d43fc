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

CELL_BYTES = 4
"""Every cell is a float32."""

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
