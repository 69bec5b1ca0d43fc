"""What can be fed to a network. Adding a kind of input is adding one entry to ``INPUTS``."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
from jaxtyping import Float32
from torch import Tensor

from flow.said import said
from models.inputs.pictures import FIRST_DIGIT, digits, photo
from models.inputs.points import spirals, two_moons
from models.inputs.shape import InputError, check_shape
from models.inputs.tokens import TABLES, Ids, Vocabulary
from models.shapes import Shape

AnyShape = Float32[Tensor, "..."]
Make = Callable[[Shape, int], Tensor]

TOKENS = "tokens"
"""The kind of input that a network takes which begins with an embedding, and no other does."""
_LARGEST_SHIFT = 62
"""Of a whole number of 64 bits; its further bits are 0."""


@dataclass(frozen=True)
class InputKind:
    """One kind of input. ``fill(shape, seed)`` gives its values."""

    label: str
    help: str
    fill: Make | None
    """None for token ids, which the network's own vocabulary gives."""
    seeded: bool = False
    """Whether another seed gives other values."""

    def suits(self, words: Vocabulary | None) -> bool:
        """Tell whether a network with this vocabulary, or without one, takes such an input."""
        return (self.fill is None) == (words is not None)

    def make(self, shape: Shape, seed: int = 0, words: Vocabulary | None = None) -> AnyShape | Ids:
        """Return a new tensor of that shape for a network with this vocabulary, or without one.

        InputError says which shapes are possible, or which input the network takes.
        """
        check_shape(shape)
        if self.fill is not None and words is None:
            return self.fill(tuple(shape), seed)
        if self.fill is None and words is not None:
            return words.ids(tuple(shape), seed)
        raise InputError(unsuited(said(self.label), words))


def unsuited(label: str, words: Vocabulary | None) -> str:
    """Say why an input called ``label`` cannot be fed to a network with this vocabulary or none."""
    if words is None:
        return said(
            "input: {label} are looked up in a table, but this network does not begin with "
            "{tables}. Choose another input.",
            label=label,
            tables=TABLES,
        )
    return said(
        "input: every cell must be {wanted}, but {label} came. Choose {ids}.",
        wanted=words.wanted,
        label=label,
        ids=said(INPUTS[TOKENS].label),
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


def _corners(shape: Shape, _seed: int) -> Tensor:
    """Return the corners of a cube row by row: row 2 of three columns is 0, 1, 0."""
    columns = shape[-1]
    rows = torch.arange(math.prod(shape[:-1])).view(-1, 1)
    shifts = torch.arange(columns - 1, -1, -1).clamp(max=_LARGEST_SHIFT)
    return ((rows >> shifts) & 1).float().view(shape)


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
        lambda shape, _: digits(shape, FIRST_DIGIT),
    ),
    "any_digit": InputKind(
        "Any digit", "A handwritten digit that the seed chooses.", digits, seeded=True
    ),
    "photo": InputKind(
        "Photo", "A flower, cut and resized to the input.", lambda shape, _: photo(shape, 0)
    ),
    "photo_of_house": InputKind(
        "Photo of a house", "A roof against the sky: edges.", lambda shape, _: photo(shape, 1)
    ),
    "ramp": InputKind("Ramp", "From 0 at the left to 1 at the right.", _ramp),
    "impulse": InputKind("Impulse", "A single 1 in the middle of each map.", _impulse),
    "corners": InputKind(
        "Corners",
        "The corners of a square, 00, 01, 10, 11, one a row; more columns, more bits.",
        _corners,
    ),
    "two_moons": InputKind(
        "Two moons",
        "Points in the plane, one a row, in turn of the upper and the lower moon.",
        two_moons,
        seeded=True,
    ),
    "spirals": InputKind(
        "Spirals",
        "Points in the plane, one a row, in turn of three arms of a spiral.",
        spirals,
        seeded=True,
    ),
    TOKENS: InputKind(
        "Token ids",
        "Whole numbers that the seed chooses, each a row of the embedding's table.",
        None,
        seeded=True,
    ),
}
