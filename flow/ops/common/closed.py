"""What a closed form is computed from: one node's upstream and what it saved, in float64."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from torch import Tensor

from flow.arrays import to_array
from flow.record import Array, Shape
from flow.said import said

Gradients = tuple[Array | None, ...]
"""One per input; None where this form says nothing about it."""


MEAN = 1
"""How torch writes reduction="mean" in a node; 0 is "none", 2 is "sum"."""


class NoClosedFormError(ValueError):
    """These settings of an operation have no closed form here; the message names them."""


def double(tensor: Tensor) -> Array:
    """Return a tensor as float64; NoClosedFormError for complex numbers."""
    if tensor.is_complex():
        raise NoClosedFormError(said("Closed forms are written for real numbers only."))
    return np.asarray(to_array(tensor.detach()), np.float64)


@dataclass(frozen=True, eq=False)
class Backward:
    """One backward node, opened up for a closed form."""

    node: Any
    name: str
    upstream: tuple[Array, ...]
    """dL/d(output k) as float64, zeros where nothing arrived."""
    below: tuple[Shape | None, ...]
    """Shape of each downstream gradient; None where none is handed on."""
    read: Callable[[Tensor], Array] = double
    """How saved tensors become numbers."""

    @property
    def g(self) -> Array:
        """The upstream gradient of the first output."""
        return self.upstream[0]

    def tensor(self, name: str) -> Array:
        """Return a saved tensor as numbers; NoClosedFormError when it was not saved."""
        value = self.setting(name)
        if not isinstance(value, Tensor):
            raise NoClosedFormError(
                said("{name} did not save {tensor}.", name=self.name, tensor=name)
            )
        return self.read(value)

    def places(self, name: str) -> Any:
        """Return a saved tensor of positions as integers."""
        return self.tensor(name).astype(np.int64)

    def setting(self, name: str) -> Any:
        """Return a saved setting; NoClosedFormError when there is none, or its tensor changed."""
        try:
            return getattr(self.node, f"_saved_{name}")
        except (AttributeError, RuntimeError) as reason:
            raise NoClosedFormError(
                said("{name}: {saved} can no longer be read.", name=self.name, saved=name)
            ) from reason

    def axis(self, name: str, rank: int) -> int:
        """Return a saved dimension, counted from the front."""
        return signed(self.setting(name)) % max(rank, 1)

    def wants(self, which: int) -> Shape | None:
        """Return the shape of input ``which``'s gradient; None when nobody waits for it."""
        return self.below[which] if which < len(self.below) else None


ClosedForm = Callable[[Backward], Gradients]


def signed(value: int) -> int:
    """Return a dimension that torch shows as unsigned: 2^64 - 1 is -1."""
    return value - (1 << 64) if value >= 1 << 63 else value


def per_axis(setting: Sequence[int], axes: int) -> tuple[int, ...]:
    """Return a saved setting of each axis; torch may save one number for all of them."""
    return (*setting,) * (axes if len(setting) == 1 else 1)


def summed_to(array: Array, shape: Shape) -> Array:
    """Undo broadcasting: sum over the axes along which ``shape`` was repeated."""
    lead = array.ndim - len(shape)
    array = array.sum(tuple(range(lead)))
    repeated = tuple(axis for axis, size in enumerate(shape) if size == 1)
    return array.sum(repeated, keepdims=True) if repeated else np.asarray(array)
