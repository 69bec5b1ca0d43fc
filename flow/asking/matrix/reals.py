"""Gradients as rows of real numbers: a complex cell is two of them, real part first.

Every backward is linear over the real numbers; over the complex ones many are not (``abs``,
``conj``, a real Fourier transform). In reals one matrix says it all. torch's gradient by a complex
z is dL/dRe(z) + i dL/dIm(z), twice the conjugate Wirtinger derivative, so the two numbers of a cell
are the derivatives by its two parts.
Source: https://pytorch.org/docs/stable/notes/autograd.html#autograd-for-complex-numbers
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from flow.asking.local import dense
from flow.record import Array

Index = NDArray[np.int64]


def reals(tensor: Tensor, lead: int = 0) -> Tensor:
    """Return a tensor's numbers laid end to end, after its first ``lead`` axes."""
    tensor = dense(tensor)
    if tensor.is_complex():
        tensor = torch.view_as_real(tensor.resolve_conj())
    return tensor.reshape(*tensor.shape[:lead], math.prod(tensor.shape[lead:]))


def width(vectors: Sequence[Tensor]) -> int:
    """Return how many real numbers some vectors have together."""
    return sum(vector.numel() * (2 if vector.is_complex() else 1) for vector in vectors)


def shaped(rows: Tensor, vectors: Sequence[Tensor]) -> list[Tensor]:
    """Return rows of reals as batches of tensors that are shaped and typed as ``vectors``."""
    parts = torch.split(rows, [width([vector]) for vector in vectors], 1)
    return [_typed(part, vector) for part, vector in zip(parts, vectors, strict=True)]


def _typed(part: Tensor, vector: Tensor) -> Tensor:
    if not vector.is_complex():
        return part.to(vector).reshape(len(part), *vector.shape)
    pairs = part.to(vector.real).reshape(len(part), *vector.shape, 2)
    return torch.view_as_complex(pairs)


def hot(places: Index, size: int) -> Tensor:
    """Return one row for each place: 1 there and 0 elsewhere."""
    rows = torch.zeros((len(places), size))
    rows[torch.arange(len(places)), torch.from_numpy(places)] = 1
    return rows


def of_array(array: Array) -> Array:
    """Return an array's numbers laid end to end."""
    flat = np.ascontiguousarray(array).reshape(-1)
    return flat.view(flat.real.dtype)
