"""Tensors as Python code that gives back their bits."""

from __future__ import annotations

import base64
import math
import zlib
from collections.abc import Iterator
from textwrap import wrap

import torch
from torch import Tensor

FEW_CELLS = 64
"""Up to so many cells stand as numbers; more are packed."""
LINE = 88
"""Characters of a line of packed numbers."""
UNPACK = "zlib.decompress(base64.b64decode("
"""Stands in code that needs both modules."""


def literal(values: Tensor) -> str:
    """Return an expression for the tensor: equal cells, numbers, or packed bytes."""
    flat, shape = values.detach().cpu().reshape(-1), tuple(values.shape)
    if not flat.numel():
        return f"torch.empty({shape}{_dtype(values, torch.float32)})"
    if same_bits(flat, flat[:1].expand_as(flat)) and shape:
        return f"torch.full({shape}, {_number(flat[0])}{_dtype(values)})"
    if flat.numel() <= FEW_CELLS and bool(flat.isfinite().all()):
        return f"torch.tensor({values.tolist()}{_dtype(values)})"
    packed = base64.b64encode(zlib.compress(flat.numpy().tobytes(), level=9)).decode()
    lines = "".join(f'\n    "{line}"' for line in wrap(packed, LINE))
    unpacked = f"bytearray({UNPACK}{lines}\n)))"
    return f"torch.frombuffer({unpacked}, dtype={values.dtype}).view({shape})"


def changes(place: str, before: Tensor, after: Tensor) -> Iterator[str]:
    """Yield the line that turns one tensor into another; none where they have the same bits.

    ``place`` is an expression for the flat view of the first.
    """
    old, new = before.detach().reshape(-1), after.detach().cpu().reshape(-1)
    where = torch.nonzero(_bits(old) != _bits(new)).reshape(-1)
    if len(where) == 0:
        return
    cells = new[where]
    if len(where) <= FEW_CELLS and bool(cells.isfinite().all()):
        yield f"{place}[{where.tolist()}] = torch.tensor({cells.tolist()})"
    else:
        yield f"{place}[:] = {literal(new)}"


def same_bits(one: Tensor, other: Tensor) -> bool:
    """Whether two tensors of one shape and type have the same bits: -0 is not 0."""
    return torch.equal(_bits(one), _bits(other))


def _bits(values: Tensor) -> Tensor:
    """Return floats as the whole numbers that their bits spell."""
    whole = {torch.float32: torch.int32, torch.float64: torch.int64}.get(values.dtype)
    return values.contiguous().view(whole) if whole is not None else values


def _number(cell: Tensor) -> str:
    number = cell.item()
    if isinstance(number, float) and not math.isfinite(number):
        return f'float("{number}")'
    return repr(number)


def _dtype(values: Tensor, *plain: torch.dtype) -> str:
    """Say the type where torch would choose another."""
    chosen = plain or (torch.float32, torch.int64, torch.bool)
    return "" if values.dtype in chosen else f", dtype={values.dtype}"
