"""Functions of single cells, and of rows of cells that compete."""

from __future__ import annotations

import math

from torch import nn

from models.fields import Fields
from models.kinds.arguments import choice, dimension, number, switch
from models.kinds.kind import LayerKind
from models.kinds.rules import cost
from models.kinds.rules.fits import fits_dimensions
from models.kinds.rules.reading import same_cells
from models.shapes import Shape, Shapes

OVERWRITES = (
    "Whether it overwrites its input, which saves memory. The gradient is the same: a ReLU needs "
    "its output only. Where another gradient needs what was overwritten, PyTorch refuses to go "
    "backward."
)


def _gelu(fields: Fields, _inputs: Shapes, output: Shape) -> int:
    """Count ``x (1 + erf(x / sqrt 2)) / 2``, or ``x (1 + tanh(a (x + b x x x))) / 2``."""
    return (9 if fields["approximate"] == "tanh" else 5) * math.prod(output)


ACTIVATIONS: dict[str, LayerKind] = {
    "ReLU": LayerKind(
        label="ReLU",
        help="Keeps what is positive, cuts the rest to 0; the gradient passes where it kept.",
        module=nn.ReLU,
        fields=(switch("inplace", False, OVERWRITES),),
        reads=same_cells,
        saves_output=True,
    ),
    "LeakyReLU": LayerKind(
        label="Leaky ReLU",
        help="Keeps what is positive and a little of what is negative, so no cell dies.",
        module=nn.LeakyReLU,
        fields=(number("negative_slope", 0.01, 0.0, 1.0, "What is kept of negative values."),),
        operations=cost.per_cell(2),
        reads=same_cells,
        positional=1,
    ),
    "ELU": LayerKind(
        label="ELU",
        help="Keeps what is positive and lets negative values fade to -alpha.",
        module=nn.ELU,
        fields=(number("alpha", 1.0, 0.01, 10.0, "How far down negative values go."),),
        operations=cost.per_cell(4),
        reads=same_cells,
        saves_output=True,
    ),
    "GELU": LayerKind(
        label="GELU",
        help="Scales each value by how likely a normal value is smaller.",
        module=nn.GELU,
        fields=(
            choice(
                "approximate",
                ("none", "tanh"),
                "Whether tanh stands in for the normal distribution.",
            ),
        ),
        operations=_gelu,
        reads=same_cells,
    ),
    "SiLU": LayerKind(
        label="SiLU",
        help="Scales each value by its own sigmoid.",
        module=nn.SiLU,
        operations=cost.per_cell(5),
        reads=same_cells,
    ),
    "Sigmoid": LayerKind(
        label="Sigmoid",
        help="Squeezes every value into 0 to 1; large values get almost no gradient.",
        module=nn.Sigmoid,
        operations=cost.per_cell(4),
        reads=same_cells,
        saves_output=True,
    ),
    "Tanh": LayerKind(
        label="Tanh",
        help="Squeezes every value into -1 to 1; large values get almost no gradient.",
        module=nn.Tanh,
        reads=same_cells,
        saves_output=True,
    ),
    "Softmax": LayerKind(
        label="Softmax",
        help="Turns values into shares that add up to 1: what one gains, the others lose.",
        module=nn.Softmax,
        fields=(dimension("dim", 1, "Dimension along which the shares add up to 1."),),
        fits=fits_dimensions("dim"),
        operations=cost.per_cell(5),
        saves_output=True,
    ),
    "LogSoftmax": LayerKind(
        label="Log softmax",
        help="The logarithm of softmax, as the NLL loss wants it.",
        module=nn.LogSoftmax,
        fields=(dimension("dim", 1, "Dimension along which the shares add up to 1."),),
        fits=fits_dimensions("dim"),
        operations=cost.per_cell(5),
        saves_output=True,
    ),
}
