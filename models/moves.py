"""Layers that reshape, cut, reduce or scale: torch writes them as functions, here they have names.

The arguments of their constructors are the fields of the catalogue.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812 - everybody's name for it

Sizes = int | tuple[int, ...]


def _several(sizes: Sizes) -> tuple[int, ...]:
    return sizes if isinstance(sizes, tuple) else (sizes,)


class View(nn.Module):
    """The cells of each sample in another shape."""

    def __init__(self, shape: Sizes) -> None:
        super().__init__()
        self.shape = _several(shape)

    def forward(self, x: Tensor) -> Tensor:
        """Return x as batch x shape, in the same order of cells."""
        return x.reshape(x.shape[0], *self.shape)

    def extra_repr(self) -> str:
        """Return what ``repr`` shows between the brackets."""
        return f"shape={self.shape}"


class Transpose(nn.Module):
    """Two dimensions swapped."""

    def __init__(self, dim0: int, dim1: int) -> None:
        super().__init__()
        self.dims = (dim0, dim1)

    def forward(self, x: Tensor) -> Tensor:
        """Return a view of x with the two dimensions swapped."""
        return x.transpose(*self.dims)

    def extra_repr(self) -> str:
        """Return what ``repr`` shows between the brackets."""
        return f"dim0={self.dims[0]}, dim1={self.dims[1]}"


class Slice(nn.Module):
    """A part of one dimension."""

    def __init__(self, dim: int = 1, start: int = 0, end: int = 0, step: int = 1) -> None:
        super().__init__()
        self.dim = dim
        self.part = slice(start, end or None, step)

    def forward(self, x: Tensor) -> Tensor:
        """Return a view of the cells from start to end (0: all that follow)."""
        return x[(slice(None),) * self.dim + (self.part,)]

    def extra_repr(self) -> str:
        """Return what ``repr`` shows between the brackets."""
        return f"dim={self.dim}, start={self.part.start}, end={self.part.stop or 0}"


class _Reduced(nn.Module):
    """A reduction over dimensions."""

    def __init__(self, dim: Sizes, keepdim: bool = False) -> None:
        super().__init__()
        self.dim = _several(dim)
        self.keepdim = keepdim

    def extra_repr(self) -> str:
        """Return what ``repr`` shows between the brackets."""
        return f"dim={self.dim[0] if len(self.dim) == 1 else self.dim}"


class Mean(_Reduced):
    """The mean over dimensions."""

    def forward(self, x: Tensor) -> Tensor:
        """Return the mean; the dimensions disappear, or stay with size 1 with ``keepdim``."""
        return x.mean(dim=self.dim, keepdim=self.keepdim)


class Sum(_Reduced):
    """The sum over dimensions."""

    def forward(self, x: Tensor) -> Tensor:
        """Return the sum; the dimensions disappear, or stay with size 1 with ``keepdim``."""
        return x.sum(dim=self.dim, keepdim=self.keepdim)


class Scale(nn.Module):
    """Its input times a fixed number."""

    def __init__(self, factor: float) -> None:
        super().__init__()
        self.factor = factor

    def forward(self, x: Tensor) -> Tensor:
        """Return factor * x."""
        return self.factor * x

    def extra_repr(self) -> str:
        """Return what ``repr`` shows between the brackets."""
        return f"factor={self.factor:g}"


class Divide(nn.Module):
    """Its input divided by a fixed number."""

    def __init__(self, divisor: float) -> None:
        super().__init__()
        self.divisor = divisor

    def forward(self, x: Tensor) -> Tensor:
        """Return x / divisor."""
        return x / self.divisor

    def extra_repr(self) -> str:
        """Return what ``repr`` shows between the brackets."""
        return f"divisor={self.divisor:g}"


class Shift(nn.Module):
    """Its input plus a fixed number."""

    def __init__(self, amount: float) -> None:
        super().__init__()
        self.amount = amount

    def forward(self, x: Tensor) -> Tensor:
        """Return x + amount."""
        return x + self.amount

    def extra_repr(self) -> str:
        """Return what ``repr`` shows between the brackets."""
        return f"amount={self.amount:g}"


class Detach(nn.Module):
    """Its input, cut off from the graph."""

    def forward(self, x: Tensor) -> Tensor:
        """Return x; no gradient passes."""
        return x.detach()


class BedOfNails(nn.Module):
    """Each cell at the first place of a block of zeros."""

    def __init__(self, scale_factor: int) -> None:
        super().__init__()
        self.scale_factor = scale_factor

    def forward(self, x: Tensor) -> Tensor:
        """Return maps that many times as high and wide: an unpooling to fixed places."""
        factor, (height, width) = self.scale_factor, x.shape[2:]
        places = torch.arange(factor**2 * height * width, device=x.device).view(factor * height, -1)
        corners = places[::factor, ::factor].expand(x.shape).contiguous()
        return F.max_unpool2d(x, corners, [factor, factor])

    def extra_repr(self) -> str:
        """Return what ``repr`` shows between the brackets."""
        return f"scale_factor={self.scale_factor}"
