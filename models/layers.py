"""The catalogue of layers. Adding a kind of layer is adding one entry to its family's file."""

from __future__ import annotations

from models.kinds.activation import ACTIVATIONS
from models.kinds.arithmetic import ARITHMETIC
from models.kinds.attention import ATTENTION
from models.kinds.check import check
from models.kinds.convolution import CONVOLUTIONS
from models.kinds.joining import JOINS
from models.kinds.kind import LayerKind
from models.kinds.linear import LINEAR
from models.kinds.norm import NORMS
from models.kinds.pooling import POOLS
from models.kinds.recurrent import RECURRENT
from models.kinds.resampling import RESAMPLING
from models.kinds.reshaping import RESHAPING
from models.kinds.unpooling import UNPOOLS

__all__ = ["FAMILIES", "LAYERS"]

FAMILIES: dict[str, dict[str, LayerKind]] = {
    "Convolution": CONVOLUTIONS,
    "Pooling": {**POOLS, **UNPOOLS},
    "Resampling": RESAMPLING,
    "Activation": ACTIVATIONS,
    "Normalisation and dropout": NORMS,
    "Linear and sequences": {**LINEAR, **RECURRENT, **ATTENTION},
    "Shape and joins": {**RESHAPING, **ARITHMETIC, **JOINS},
}
"""Heading -> kinds, in the order in which a picker shows them."""

LAYERS: dict[str, LayerKind] = {
    name: kind for family in FAMILIES.values() for name, kind in family.items()
}
"""Name of the class -> what there is to know about it."""

check(LAYERS)
