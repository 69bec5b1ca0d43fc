"""Tensors -> read-only numpy arrays."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from flow.errors import RunError
from flow.said import said

NESTED = said(
    "A nested tensor has no single shape, so it cannot be shown cell by cell. "
    "Pad it: torch.nested.to_padded_tensor(x, 0.0)."
)


def to_array(tensor: Tensor) -> NDArray[Any]:
    """Return the values of a tensor as a read-only array of the same shape.

    Memory is shared with a CPU tensor, so the caller must hold one that nobody writes any more.
    bfloat16 is widened to float32, sparse becomes dense. Raises RunError for a nested tensor.
    """
    try:
        array: NDArray[Any] = tensor.numpy()
    except (RuntimeError, TypeError):
        array = _plain(tensor).numpy()
    array.setflags(write=False)
    return array


def to_shared_array(tensor: Tensor) -> NDArray[Any]:
    """Return the values of a tensor whose memory is copied on write, without copying it.

    ``numpy()`` counts as a write and would copy. Other tensors are treated as by ``to_array``.
    """
    copied_on_write: bool = torch._C._is_cow_tensor(tensor)  # type: ignore[attr-defined]
    if not copied_on_write or tensor.dtype is torch.bfloat16:
        return to_array(tensor)
    return np.asarray(_Memory(tensor))


class _Memory:
    """Shows numpy where the values of a tensor lie, read-only, and keeps them there."""

    def __init__(self, tensor: Tensor) -> None:
        name = str(tensor.dtype).removeprefix("torch.")
        address: int = torch._C._data_address(tensor)  # type: ignore[attr-defined]
        self.tensor = tensor
        self.__array_interface__ = {
            "version": 3,
            "typestr": np.dtype(name).str,
            "shape": tuple(tensor.shape),
            "strides": tuple(step * tensor.itemsize for step in tensor.stride()),
            "data": (address, True),
        }


def _plain(tensor: Tensor) -> Tensor:
    """Return a tensor that numpy can read: detached, dense, on the CPU, of a type it has."""
    if tensor.is_nested:
        raise RunError(NESTED)
    tensor = tensor.detach()
    if tensor._is_zerotensor():  # the backward of sgn hands on zeros without memory
        tensor = torch.zeros_like(tensor)
    if tensor.layout is not torch.strided:
        tensor = tensor.to_dense()
    if tensor.dtype is torch.bfloat16:
        tensor = tensor.float()
    return tensor.cpu().resolve_conj().resolve_neg()
