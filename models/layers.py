"""The catalogue of layers. Adding a kind of layer is adding one entry to its family's file."""

from __future__ import annotations

from models.kinds.kind import LayerKind
from models.kinds_activation import ACTIVATIONS
from models.kinds_convolution import CONVOLUTIONS
from models.kinds_norm import NORMS
from models.kinds_pooling import POOLS
from models.kinds_resampling import RESAMPLING
from models.kinds_sequence import SEQUENCES
from models.kinds_shape import SHAPES
from models.settings import MAX_FEATURES, MAX_JOINED, MAX_KERNEL

__all__ = ["FAMILIES", "LAYERS", "MAX_FEATURES", "MAX_JOINED", "MAX_KERNEL"]

FAMILIES: dict[str, dict[str, LayerKind]] = {
    "Convolution": CONVOLUTIONS,
    "Pooling": POOLS,
    "Resampling": RESAMPLING,
    "Activation": ACTIVATIONS,
    "Normalisation and dropout": NORMS,
    "Linear and sequences": SEQUENCES,
    "Shape and joins": SHAPES,
}
"""Heading -> kinds, in the order in which a picker shows them."""

LAYERS: dict[str, LayerKind] = {
    name: kind for family in FAMILIES.values() for name, kind in family.items()
}
"""Name of the class -> what there is to know about it."""
