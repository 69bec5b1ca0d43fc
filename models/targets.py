"""What an output is compared with. Adding a target is adding one entry to ``TARGETS``."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from flow.said import joined, said
from models.inputs import INPUTS
from models.shapes import Shape

MAX_CLASSES = 1000
"""Classes that a select box offers: as many as ImageNet has."""
FEW_NAMES = 3
"""Up to so many classes are listed by name in a sentence."""
SEEDS = 2**32
"""A generator tells so many seeds apart."""
FROM_INPUT_TO_TARGET = SEEDS // 2
"""Added to a seed, so that a random target does not begin like a random input."""
CELL = re.compile(r"cell((?:_\d{1,7}){1,8})", re.ASCII)
"""What a chosen cell is called: ``cell_1_0`` is row 1, column 0."""

Labels = Sequence[int]
"""What each sample of the input shows; empty where nobody knows."""


def _likewise(name: str) -> Callable[[Shape, int], Tensor]:
    """Return the maker of an input, for a target."""

    def fill(shape: Shape, seed: int) -> Tensor:
        maps = (math.prod(shape[:-2]), *(1, 1, *shape)[-2:])  # an output may have more dimensions
        return INPUTS[name].make(maps, (seed + FROM_INPUT_TO_TARGET) % SEEDS).view(shape)

    return fill


def _counted(shape: Shape) -> Tensor:
    return torch.arange(1, math.prod(shape) + 1).float().view(shape)


def _powers(shape: Shape, _seed: int) -> Tensor:
    """Return 100, 0.1, 100, 0.1, ...: a large and a small number in turn."""
    return torch.where(_counted(shape) % 2 == 1, 100.0, 0.1)


def _exclusive_or(shape: Shape, _seed: int) -> Tensor:
    """Return 0, 1, 1, 0, and so on: what two bits that count up differ in."""
    step = _counted(shape) - 1
    return ((step // 2 + step) % 2).float()


@dataclass(frozen=True)
class Target:
    """What the output is compared with, or which part of it is meant."""

    label: str
    """Such as "Ones", or "Class {number}"."""
    fill: float = 0.0
    """The value of every cell."""
    values: Callable[[Shape, int], Tensor] | None = None
    """The value of each cell for a shape and a seed, where they differ."""
    place: float | None = None
    """Which cell in reading order, from 0 (the first) to 1 (the last), where one is chosen."""
    classes: Callable[[int, int, Labels], Sequence[int]] | None = None
    """The right class of each sample, from how many samples, classes and labels there are."""
    number: int = 0
    """What stands in the place of that name in the label."""

    def tensor(self, output_shape: Shape, seed: int = 0, labels: Labels = ()) -> Tensor:
        """Return the target for an output of this shape."""
        if self.classes is not None:
            samples, count, *rest = output_shape
            chosen = torch.tensor(self.classes(samples, count, labels))
            return chosen.view(samples, *(1 for _ in rest)).expand(samples, *rest).clone()
        if self.place is not None:
            return _one_cell(output_shape, round(self.place * (math.prod(output_shape) - 1)))
        if self.values is not None:
            return self.values(output_shape, seed)
        return torch.full(output_shape, self.fill)


def _class(index: int) -> Target:
    return Target(
        "Class {number}", classes=lambda samples, _count, _labels: [index] * samples, number=index
    )


def _one_cell(shape: Shape, cell: int) -> Tensor:
    chosen = torch.zeros(math.prod(shape))
    chosen[cell] = 1.0
    return chosen.view(shape)


EACH = "class_by_sample"
OWN_LABEL = "own_label"

TARGETS: dict[str, Target] = {
    "zeros": Target("Zeros", fill=0.0),
    "ones": Target("Ones", fill=1.0),
    "xor": Target("0, 1, 1, 0", values=_exclusive_or),
    **{f"class_{index}": _class(index) for index in range(MAX_CLASSES)},
    EACH: Target(
        "Classes in turn", classes=lambda samples, count, _: [i % count for i in range(samples)]
    ),
    OWN_LABEL: Target("What the digit shows", classes=lambda _samples, _count, labels: labels),
    "first_cell": Target("First cell", place=0.0),
    "middle_cell": Target("Middle cell", place=0.5),
    "last_cell": Target("Last cell", place=1.0),
    "counting": Target("1, 2, 3, …", values=_likewise("arange")),
    "large_small": Target("100, 0.1, 100, …", values=_powers),
    **{
        name: Target(INPUTS[name].label, values=_likewise(name))
        for name in ("random", "checkerboard", "ramp", "impulse")
    },
}
"""Every target that a select box can show; ``LossKind.targets`` says which suit a loss."""

LIKELY = ("zeros", "ones", "xor", "checkerboard", "ramp", "impulse")
"""Targets of cells from 0 to 1, as probabilities are."""
VALUES = (*LIKELY, "counting", "random")
CLASSES = tuple(name for name, target in TARGETS.items() if target.classes is not None)
CELLS = tuple(name for name, target in TARGETS.items() if target.place is not None)
VECTORS = ("ones", "counting", "large_small", "random", "checkerboard", "ramp", "impulse")


def cell_name(cell: Shape) -> str:
    """Return what the target is called that is this one cell of the output."""
    return "_".join(("cell", *map(str, cell)))


def chosen_cell(target: str) -> Shape | None:
    """Return the cell that a target names; None where it is no such target."""
    found = CELL.fullmatch(target)
    return tuple(map(int, found[1].split("_")[1:])) if found else None


def is_target(name: str) -> bool:
    """Whether there is a target of that name for any output."""
    return name in TARGETS or chosen_cell(name) is not None


def suiting_classes(output_shape: Shape, labels: Labels) -> tuple[str, ...]:
    """Return the targets that are classes of an output: batch x classes, and more."""
    if len(output_shape) < 2:
        return ()
    samples, count = output_shape[:2]
    offered = [f"class_{index}" for index in range(min(count, MAX_CLASSES))]
    if count > 1:
        offered.append(EACH)
    if len(labels) == samples and all(label < count for label in labels):
        offered.append(OWN_LABEL)
    return tuple(offered)


def names_text(names: Sequence[str]) -> str:
    """Write names one after the other, many classes as the first and the last one."""
    classes = [name for name in names if name.startswith("class_") and name != EACH]
    if len(classes) <= FEW_NAMES:
        return ", ".join(names)
    spans = {
        classes[0]: said("{first} to {last}", first=classes[0], last=classes[-1]),
        **dict.fromkeys(classes[1:], ""),
    }
    texts = [text for name in names if (text := spans.get(name, name))]
    return joined(texts, ", ")


def is_inside(cell: Shape, shape: Shape) -> bool:
    """Tell whether an output of this shape has this cell."""
    return len(cell) == len(shape) and all(i < size for i, size in zip(cell, shape, strict=True))


def cell_tensor(shape: Shape, cell: Shape) -> Tensor:
    """Return 1 at a cell that lies inside, and 0 elsewhere."""
    place = 0
    for size, index in zip(shape, cell, strict=True):
        place = place * size + index
    return _one_cell(shape, place)
