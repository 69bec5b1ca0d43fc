"""Tensors -> read-only numpy arrays."""

from __future__ import annotations

from typing import Any

import torch
from numpy.typing import NDArray
from torch import Tensor


def to_array(tensor: Tensor) -> NDArray[Any]:
    """Return the values of a tensor as a read-only array of the same shape.

    Memory is shared with a CPU tensor, so the caller must hold one that nobody writes any more.
    bfloat16 is widened to float32, sparse becomes dense.
    """
    try:
        array: NDArray[Any] = tensor.numpy()
    except (RuntimeError, TypeError):
        array = _plain(tensor).numpy()
    array.setflags(write=False)
    return array


def _plain(tensor: Tensor) -> Tensor:
    """Return a tensor that numpy can read: detached, dense, on the CPU, of a type it has."""
    tensor = tensor.detach()
    if tensor.layout is not torch.strided:
        tensor = tensor.to_dense()
    if tensor.dtype is torch.bfloat16:
        tensor = tensor.float()
    return tensor.cpu().resolve_conj().resolve_neg()
