"""Tensors -> read-only numpy arrays."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor


def to_array(tensor: Tensor, shared: frozenset[int] = frozenset()) -> NDArray[Any]:
    """Return the values of a tensor as a read-only array of the same shape.

    Memory is shared with a CPU tensor unless its storage address is in ``shared`` (memory that
    somebody else may still write). bfloat16 is widened to float32, sparse becomes dense.
    """
    tensor = tensor.detach()
    if tensor.layout is not torch.strided:
        tensor = tensor.to_dense()
    if tensor.device.type != "cpu":
        tensor = tensor.cpu()
    elif shared and tensor.untyped_storage().data_ptr() in shared:
        tensor = tensor.clone()
    if tensor.dtype is torch.bfloat16:
        tensor = tensor.float()
    if tensor.is_conj() or tensor.is_neg():
        tensor = tensor.resolve_conj().resolve_neg()
    array: NDArray[Any] = tensor.numpy()
    array.flags.writeable = False
    return array


def finite(array: NDArray[Any] | None) -> bool:
    """Whether no element is NaN or infinite; a missing array counts as finite."""
    return array is None or bool(np.isfinite(array).all())
