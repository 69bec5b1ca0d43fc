"""What is minimised: a scalar of the output. Adding a loss is adding one entry to ``LOSSES``."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional as F  # noqa: N812 - everybody's name for it

from models.fitting import Shape, shape_text
from models.input_shape import MAX_CELLS

MAX_CLASSES = 10
"""Classes that a select box offers: as many as there are digits."""


class TargetError(ValueError):
    """A target that does not belong to this loss or this output."""


def _counted(shape: Shape) -> Tensor:
    return torch.arange(1, math.prod(shape) + 1).float().view(shape)


def _powers(shape: Shape) -> Tensor:
    """Return 100, 0.1, 100, 0.1, ...: a large and a small number in turn."""
    return torch.where(_counted(shape) % 2 == 1, 100.0, 0.1)


def _exclusive_or(shape: Shape) -> Tensor:
    """Return 0, 1, 1, 0, and so on: what two bits that count up differ in."""
    step = _counted(shape) - 1
    return ((step // 2 + step) % 2).float()


@dataclass(frozen=True)
class Target:
    """What the output is compared with, or which part of it is meant."""

    label: str
    fill: float = 0.0
    """The value of every cell."""
    index: int | None = None
    """The right class, where the target is a class."""
    values: Callable[[Shape], Tensor] | None = None
    """The value of each cell, where they differ."""
    place: float | None = None
    """Which cell in reading order, from 0 (the first) to 1 (the last), where one is chosen."""

    def tensor(self, output_shape: Shape) -> Tensor:
        """Return the target for an output of this shape."""
        if self.index is not None:
            return torch.full((output_shape[0], *output_shape[2:]), self.index)
        if self.place is not None:
            return _one_cell(output_shape, round(self.place * (math.prod(output_shape) - 1)))
        if self.values is not None:
            return self.values(output_shape)
        return torch.full(output_shape, self.fill)


def _one_cell(shape: Shape, cell: int) -> Tensor:
    chosen = torch.zeros(math.prod(shape))
    chosen[cell] = 1.0
    return chosen.view(shape)


TARGETS: dict[str, Target] = {
    "zeros": Target("Zeros", fill=0.0),
    "ones": Target("Ones", fill=1.0),
    "xor": Target("0, 1, 1, 0", values=_exclusive_or),
    **{f"class_{index}": Target(f"Class {index}", index=index) for index in range(MAX_CLASSES)},
    "first_cell": Target("First cell", place=0.0),
    "middle_cell": Target("Middle cell", place=0.5),
    "last_cell": Target("Last cell", place=1.0),
    "counting": Target("1, 2, 3, …", values=_counted),
    "large_small": Target("100, 0.1, 100, …", values=_powers),
}
"""Every target that a select box can show; ``LossKind.targets`` says which suit a loss."""

VALUES = ("zeros", "ones", "xor")
CLASSES = tuple(name for name, target in TARGETS.items() if target.index is not None)
CELLS = tuple(name for name, target in TARGETS.items() if target.place is not None)
VECTORS = ("ones", "counting", "large_small")

AnyShape = Float[Tensor, "..."]
Scalar = Float[Tensor, ""]
Compare = Callable[[Tensor, Tensor], Tensor]


class Loss:
    """A loss with its target: ``loss(output) -> scalar``. ``__name__`` is torch's name for it."""

    def __init__(self, name: str, compare: Compare, target: Tensor) -> None:
        self.__name__ = name
        self._compare = compare
        self.target = target

    def __call__(self, output: AnyShape) -> Scalar:
        """Return the loss of this output; the target follows it to its device and precision."""
        exact = output.dtype if self.target.is_floating_point() else self.target.dtype
        return self._compare(output, self.target.to(output.device, exact))

    def __repr__(self) -> str:
        return f"{self.__name__}()"


@dataclass(frozen=True)
class LossKind:
    """One kind of loss."""

    label: str
    help: str
    name: str
    """torch's name for it, such as ``"MSELoss"``."""
    compare: Compare
    targets: tuple[str, ...] = ()
    """Targets that suit it; empty when it needs none."""

    def choices(self, output_shape: Shape) -> tuple[str, ...]:
        """Return the targets that suit this loss and an output of this shape."""
        if self.targets != CLASSES:
            return self.targets
        return CLASSES[: output_shape[1]] if len(output_shape) > 1 else ()

    def make(self, output_shape: Shape, target: str = "") -> Loss:
        """Return the loss for outputs of this shape; TargetError says which targets it has.

        A class is the right one for every sample and every cell.
        """
        if not self.targets:
            _check_size(output_shape)
            return Loss(self.name, self.compare, torch.zeros(()))
        return Loss(self.name, self.compare, self.target(output_shape, target))

    def target(self, output_shape: Shape, target: str) -> Tensor:
        """Return what outputs of this shape are compared with; TargetError as for ``make``.

        For ``LOSSES["vector"]`` it is the gradient that is given to ``backward``.
        """
        _check_size(output_shape)
        choices = self.choices(output_shape)
        if target not in choices:
            raise TargetError(self._wrong_target(output_shape, target, choices))
        return TARGETS[target].tensor(output_shape)

    def _wrong_target(self, shape: Shape, target: str, choices: tuple[str, ...]) -> str:
        if not choices:
            return (
                f"{self.name} needs an output of batch x classes, but it is {shape_text(shape)}. "
                "Choose another loss, or end the model with Linear."
            )
        known = target if target in TARGETS else repr(target[:40])
        classes = f" with {shape[1]} classes" if self.targets == CLASSES else ""
        return f"{self.name}{classes} has no target {known}. Choose one of {', '.join(choices)}."


def cell_loss(output_shape: Shape, cell: Shape) -> Loss:
    """Return the loss that is one cell of the output; TargetError when there is no such cell."""
    _check_size(output_shape)
    inside = len(cell) == len(output_shape) and all(
        0 <= place < size for place, size in zip(cell, output_shape, strict=False)
    )
    if not inside:
        raise TargetError(
            f"the cell must lie in the output {shape_text(output_shape)}, counted from 0. "
            f"It is {', '.join(map(str, cell[:8]))}."
        )
    place = 0
    for size, index in zip(output_shape, cell, strict=True):
        place = place * size + index
    return Loss("cell", _weighted_sum, _one_cell(output_shape, place))


def _check_size(output_shape: Shape) -> None:
    if math.prod(output_shape) > MAX_CELLS:
        raise TargetError(
            f"an output to compare has at most {MAX_CELLS:,} cells. "
            f"It is {shape_text(output_shape)}."
        )


def _sum(output: Tensor, _target: Tensor) -> Tensor:
    return output.sum()


def _mean(output: Tensor, _target: Tensor) -> Tensor:
    return output.mean()


def _weighted_sum(output: Tensor, vector: Tensor) -> Tensor:
    """Return sum of output x vector, whose gradient is the vector itself, exactly."""
    return (output * vector).sum()


LOSSES: dict[str, LossKind] = {
    "mse": LossKind(
        "Mean squared error",
        "The mean of (output - target) squared.",
        "MSELoss",
        F.mse_loss,
        VALUES,
    ),
    "l1": LossKind(
        "Mean absolute error",
        "The mean of |output - target|: the gradient has one size, only its sign changes.",
        "L1Loss",
        F.l1_loss,
        VALUES,
    ),
    "huber": LossKind(
        "Huber",
        "Squared near the target, straight further off: the gradient is never larger than 1/n.",
        "HuberLoss",
        F.huber_loss,
        VALUES,
    ),
    "cross_entropy": LossKind(
        "Cross entropy",
        "How surprising the right class is: minus the log of its softmax.",
        "CrossEntropyLoss",
        F.cross_entropy,
        CLASSES,
    ),
    "nll": LossKind(
        "Negative log likelihood",
        "Minus the output of the right class: cross entropy for a model that ends in LogSoftmax.",
        "NLLLoss",
        F.nll_loss,
        CLASSES,
    ),
    "bce_with_logits": LossKind(
        "Binary cross entropy with logits",
        "How surprising the target is where the sigmoid of the output says how likely a 1 is.",
        "BCEWithLogitsLoss",
        F.binary_cross_entropy_with_logits,
        VALUES,
    ),
    "sum": LossKind("Sum", "All outputs added: every upstream gradient is 1.", "sum", _sum),
    "mean": LossKind("Mean", "The mean of all outputs.", "mean", _mean),
    "cell": LossKind(
        "One cell of the output",
        "A single output cell: what comes out at the input is how each input cell moves it.",
        "cell",
        _weighted_sum,
        CELLS,
    ),
    "vector": LossKind(
        "A given upstream gradient",
        "The sum of output x vector: backward begins with exactly this vector.",
        "vector",
        _weighted_sum,
        VECTORS,
    ),
}
