"""What a network can be trained on besides its own input. Adding a data set is adding one entry."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import torch
from jaxtyping import Float32, Int64
from torch import Tensor

from models.inputs.pictures import DIGITS, chosen_digits, digit_scale, labels_of
from models.inputs.points import ARMS, MOONS, POINTS, spirals, two_moons
from models.inputs.shape import InputError
from models.shapes import Shape

Inputs = Float32[Tensor, "samples *rest"]
Classes = Int64[Tensor, " samples"]

CLASSES_OF_DIGITS = 10


@dataclass(frozen=True, eq=False)
class Samples:
    """Some samples of a data set: the input and the class of each."""

    inputs: Inputs
    classes: Classes


Pick = Callable[[Shape, int, Sequence[int]], Samples]


@dataclass(frozen=True)
class DataKind:
    """One data set."""

    label: str
    help: str
    count: int
    """How many samples it has."""
    classes: int
    takes: Callable[[Shape], bool]
    """Tells whether an input of this shape, batch size first, has a place for a sample."""
    pick: Pick
    """Returns samples by their numbers, for inputs of such a shape, and a seed."""

    def suits(self, input_shape: Shape, output_shape: Shape) -> bool:
        """Tell whether a network that makes this of that can be trained on it."""
        return (
            len(output_shape) == 2 and output_shape[1] >= self.classes and self.takes(input_shape)
        )


def _takes_digits(shape: Shape) -> bool:
    """Tell whether it is a batch of digits: of one channel, or of rows of 64 cells."""
    if len(shape) not in (2, 4) or (len(shape) == 4 and shape[1] != 1):
        return False
    try:
        return digit_scale(shape) > 0
    except InputError:
        return False


def _digits(shape: Shape, _seed: int, numbers: Sequence[int]) -> Samples:
    classes = torch.tensor(labels_of(numbers))
    return Samples(chosen_digits((len(numbers), *shape[1:]), numbers), classes)


def _takes_points(shape: Shape) -> bool:
    return len(shape) == 2 and shape[1] == 2


def _points(draw: Callable[[Shape, int], Tensor], classes: int) -> Pick:
    def pick(_shape: Shape, seed: int, numbers: Sequence[int]) -> Samples:
        chosen = torch.tensor(numbers)
        return Samples(draw((POINTS, 2), seed)[chosen], chosen % classes)

    return pick


DATA: dict[str, DataKind] = {
    "digits": DataKind(
        "Digits",
        "The 1,797 handwritten digits of scikit-learn.",
        DIGITS,
        CLASSES_OF_DIGITS,
        _takes_digits,
        _digits,
    ),
    "two_moons": DataKind(
        "Two moons",
        "240 points of two moons that hold each other.",
        POINTS,
        MOONS,
        _takes_points,
        _points(two_moons, MOONS),
    ),
    "spirals": DataKind(
        "Spirals",
        "240 points of three arms of a spiral.",
        POINTS,
        ARMS,
        _takes_points,
        _points(spirals, ARMS),
    ),
}


def batches(count: int, size: int, seed: int) -> Iterator[list[int]]:
    """Yield numbers of samples without end: every pass through all in another order of the seed's.

    What is left over at the end of a pass is left out of it.
    """
    generator = torch.Generator().manual_seed(seed)
    size = min(size, count)
    while True:
        order = torch.randperm(count, generator=generator)
        for start in range(0, count - size + 1, size):
            yield order[start : start + size].tolist()
