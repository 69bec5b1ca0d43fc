"""How far rounding alone may take a sum from its exact value.

Each addition rounds by at most u times the partial sum, each to its own side. Treated as
independent, those errors partly cancel: a sum whose terms pass through h roundings each is off by
more than lambda sqrt(h) u sum|t| with a probability of at most 2 h exp(-lambda^2 / 2)
(Higham and Mary, 2019, "A new approach to probabilistic rounding error analysis", SIAM J. Sci.
Comput. 41(5), theorem 2.4; that rounding errors are independent is a model, not a fact). Kernels
add long sums in blocks, so h is the length of a block plus the number of blocks (Blanchard, Higham
and Mary, 2020, "A class of fast and accurate summation algorithms", SIAM J. Sci. Comput. 42(3)).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from flow.record import Array
from flow.said import said

LAMBDA = 8.0
"""One sum in 10^9 may be off by more, at 65,536 terms: 2 x 640 x exp(-32) = 2e-11, and cells."""
BLOCK = 512
"""Terms that matrix and reduction kernels add before they begin another partial sum."""
FORMING = 4
"""Roundings of one term: two or three for its coefficient, one for the product."""
TENSOR_FLOAT = 2.0**-11
"""Unit roundoff of the 10 bits of TensorFloat-32, which a GPU may use for float32 products."""
SAVED = "_saved_"


def roundings(terms: int | Array) -> Any:
    """Return through how many roundings each of that many terms passes."""
    count = np.asarray(terms, np.float64)
    return FORMING + np.where(count <= BLOCK, count, BLOCK + count / BLOCK)


def of_sum(terms: int | Array, sizes: float | Array, unit: float) -> Any:
    """Return the bound for a sum (or many): ``sizes`` is sum|t|, ``unit`` is u."""
    return LAMBDA * np.sqrt(roundings(terms)) * unit * sizes


def of_sequence(terms: int | Array, sizes: float | Array, unit: float) -> Any:
    """Return the bound where the terms are added one after the other, not in blocks."""
    return LAMBDA * np.sqrt(FORMING + np.asarray(terms, np.float64)) * unit * sizes


def of_shown(terms: int | Array, sizes: float | Array, precision: Precision) -> Any:
    """Return by how much a sum that is added term by term may differ from autograd's.

    Both round, each to its own side, and what falls below the smallest numbers is lost in each.
    """
    return 2 * of_sequence(terms, sizes, precision.unit) + of_tiny(terms, precision)


def of_tiny(terms: int | Array, precision: Precision) -> Any:
    """Return what products may lose that are below the smallest numbers of their type."""
    return (FORMING + np.asarray(terms, np.float64)) * precision.least


def of_exact_terms(terms: int | Array, sizes: float | Array) -> Any:
    """Return the bound for a sum in float64 of terms that were not rounded before.

    Twice, because it is compared with another such sum, and down to what float64 can hold.
    """
    return 2 * of_sum(terms, sizes, unit_of(torch.float64)) + np.finfo(np.float64).tiny


@dataclass(frozen=True)
class Precision:
    """How far apart the numbers of a floating type are."""

    unit: float
    """Unit roundoff: half the distance from 1 to the next number."""
    least: float
    """Below it, digits are lost: the smallest number with all of its digits.

    Of float16, which keeps what is smaller, only the smallest of all.
    """


def unit_of(dtype: torch.dtype) -> float:
    """Return the unit roundoff of a type: half the distance from 1 to the next number."""
    return torch.finfo(dtype).eps / 2


def coarsest(tensors: Iterable[Tensor | None]) -> Precision:
    """Return the precision of the coarsest floating types among tensors; float64's for none."""
    floating = [
        one for one in tensors if one is not None and (one.is_floating_point() or one.is_complex())
    ]
    units = [TENSOR_FLOAT if _may_use_tensor_float(one) else unit_of(one.dtype) for one in floating]
    types = {torch.float64, *(one.dtype for one in floating)}
    return Precision(max([unit_of(torch.float64), *units]), max(_least(each) for each in types))


def _least(dtype: torch.dtype) -> float:
    limits = torch.finfo(dtype)
    return limits.tiny * limits.eps if dtype is torch.float16 else limits.tiny


def _may_use_tensor_float(tensor: Tensor) -> bool:
    backends = torch.backends
    allowed = backends.cuda.matmul.allow_tf32 or backends.cudnn.allow_tf32
    return tensor.is_cuda and tensor.dtype is torch.float32 and bool(allowed)


def saved_by(node: Any) -> list[Tensor]:
    """Return the tensors that a node saved."""
    values = [getattr(node, name, None) for name in dir(node) if name.startswith(SAVED)]
    return [one for one in values if isinstance(one, Tensor)]


def largest(array: Array) -> float:
    """Return the largest finite absolute value, 0 where there is none."""
    finite = np.abs(array[np.isfinite(array)])
    return float(finite.max(initial=0.0))


def words(unit: float) -> str:
    """Return the name of the floating type with that unit roundoff."""
    names = {
        unit_of(torch.float64): "float64",
        unit_of(torch.float32): "float32",
        TENSOR_FLOAT: "TensorFloat-32",
        unit_of(torch.float16): "float16",
        unit_of(torch.bfloat16): "bfloat16",
    }
    return names.get(unit, said("numbers with unit roundoff {unit:.1g}", unit=unit))
