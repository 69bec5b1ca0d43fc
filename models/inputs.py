"""What can be fed to a network. Adding a kind of input is adding one entry to ``INPUTS``."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np
import torch
from jaxtyping import Float32
from numpy.typing import NDArray
from torch import Tensor

from models.fitting import Shape, shape_text

MAX_CELLS = 4_000_000
"""Cells of an input: 16 MB, a batch of 26 images of 224x224."""
MAX_DIMENSIONS = 5

DIGIT_SIDE = 8
DIGIT_LARGEST = 16.0
"""Ink of the darkest cell of a digit as stored."""
FIRST_DIGIT = 3
"""The stored digits 0 to 9 show 0 to 9, so the first one drawn is a 3."""

AnyShape = Float32[Tensor, "..."]
Make = Callable[[Shape, int], Tensor]


class InputError(ValueError):
    """A shape that an input cannot have."""


@dataclass(frozen=True)
class InputKind:
    """One kind of input. ``fill(shape, seed)`` gives its values."""

    label: str
    help: str
    fill: Make
    seeded: bool = False
    """Whether another seed gives other values."""

    def make(self, shape: Shape, seed: int = 0) -> AnyShape:
        """Return a new tensor of that shape; InputError says which shapes are possible."""
        check_shape(shape)
        return self.fill(tuple(shape), seed)


def check_shape(shape: Shape) -> None:
    """Raise InputError when an input cannot have this shape."""
    if not 1 <= len(shape) <= MAX_DIMENSIONS or any(size < 1 for size in shape):
        raise InputError(
            f"an input has 1 to {MAX_DIMENSIONS} dimensions of at least 1 cell. "
            f"It is {shape_text(tuple(shape)) if len(shape) <= MAX_DIMENSIONS else len(shape)}"
            f"{'' if len(shape) <= MAX_DIMENSIONS else ' dimensions'}."
        )
    if math.prod(shape) > MAX_CELLS:
        raise InputError(
            f"an input has at most {MAX_CELLS:,} cells. {shape_text(tuple(shape))} has more; "
            "use a smaller batch or a smaller map."
        )


def _count(shape: Shape, _seed: int) -> Tensor:
    return torch.arange(1, math.prod(shape) + 1).float().view(shape)


def _random(shape: Shape, seed: int) -> Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))


def _checkerboard(shape: Shape, _seed: int) -> Tensor:
    height, width = (1, *shape)[-2:]
    rows, columns = torch.arange(height).view(-1, 1), torch.arange(width)
    board = ((rows + columns) % 2 == 0).float()
    return board.view(shape[-2:]).expand(shape).clone()


def _ramp(shape: Shape, _seed: int) -> Tensor:
    return torch.linspace(0, 1, shape[-1]).expand(shape).clone()


def _impulse(shape: Shape, _seed: int) -> Tensor:
    values = torch.zeros(shape)
    values[..., shape[-1] // 2] = 1.0
    if len(shape) > 1:
        row = shape[-2] // 2
        values[..., :row, :] = 0.0
        values[..., row + 1 :, :] = 0.0
    return values


@cache
def _digits() -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Return 1,797 digits of 8x8 with values 0 to 1, and what each shows; both read-only."""
    from sklearn.datasets import load_digits  # slow to import, and most visits never need it

    data = load_digits()
    images = (data.images / DIGIT_LARGEST).astype(np.float32)
    labels = data.target.astype(np.int64)
    images.setflags(write=False)
    labels.setflags(write=False)
    return images, labels


def digit_labels(count: int, first: int = FIRST_DIGIT) -> tuple[int, ...]:
    """Return what ``count`` digits show, from the stored digit number ``first`` on."""
    labels = _digits()[1]
    return tuple(int(labels[(first + step) % len(labels)]) for step in range(count))


def digit_scale(shape: Shape) -> int:
    """Return how many times a digit is enlarged for this shape; InputError when it cannot be.

    A map (..., height, width) must be 8x8 or a multiple of it; a row (batch, 64) is one digit.
    """
    if len(shape) <= 2 and shape[-1] == DIGIT_SIDE**2:
        return 1
    if len(shape) > 2 and shape[-1] == shape[-2] and shape[-1] % DIGIT_SIDE == 0:
        return shape[-1] // DIGIT_SIDE
    raise InputError(
        f"a digit is {DIGIT_SIDE}x{DIGIT_SIDE}, so height and width must be one multiple of "
        f"{DIGIT_SIDE}. The shape is {shape_text(shape)}; use 1x1x8x8, 1x1x16x16 or 1x64."
    )


def _digits_from(shape: Shape, first: int) -> Tensor:
    scale, images = digit_scale(shape), _digits()[0]
    batch = shape[0] if len(shape) > 1 else 1
    chosen = images[(first + np.arange(batch)) % len(images)]
    if len(shape) <= 2:
        return torch.from_numpy(chosen.reshape(shape))
    enlarged = chosen.repeat(scale, axis=1).repeat(scale, axis=2)
    middle = (1,) * (len(shape) - 3)
    if len(shape) == 3:
        return torch.from_numpy(enlarged)
    return torch.from_numpy(enlarged).view(batch, *middle, *shape[-2:]).expand(shape).clone()


INPUTS: dict[str, InputKind] = {
    "arange": InputKind(
        "Counting", "1, 2, 3, ... in reading order, so that every cell can be told apart.", _count
    ),
    "zeros": InputKind("Zeros", "0 everywhere: only biases act.", lambda s, _: torch.zeros(s)),
    "ones": InputKind("Ones", "1 everywhere.", lambda s, _: torch.ones(s)),
    "random": InputKind("Random", "Normal noise, mean 0 and deviation 1.", _random, seeded=True),
    "checkerboard": InputKind("Checkerboard", "1 and 0 in turn, 1 first.", _checkerboard),
    "digit": InputKind(
        "Digit",
        "A handwritten 3; a larger batch goes on with 4, 5, ...",
        lambda shape, _: _digits_from(shape, FIRST_DIGIT),
    ),
    "any_digit": InputKind(
        "Any digit", "A handwritten digit that the seed chooses.", _digits_from, seeded=True
    ),
    "ramp": InputKind("Ramp", "From 0 at the left to 1 at the right.", _ramp),
    "impulse": InputKind("Impulse", "A single 1 in the middle of each map.", _impulse),
}
