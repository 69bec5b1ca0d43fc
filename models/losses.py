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


@dataclass(frozen=True)
class Target:
    """What the output is compared with."""

    label: str
    fill: float = 0.0
    """The value of every cell."""
    index: int | None = None
    """The right class, where the target is a class."""


TARGETS: dict[str, Target] = {
    "zeros": Target("Zeros", fill=0.0),
    "ones": Target("Ones", fill=1.0),
    **{f"class_{index}": Target(f"Class {index}", index=index) for index in range(MAX_CLASSES)},
}
"""Every target that a select box can show; ``LossKind.targets`` says which suit a loss."""

VALUES = ("zeros", "ones")
CLASSES = tuple(name for name, target in TARGETS.items() if target.index is not None)

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
        """Return the loss of this output; the target follows it to its device."""
        return self._compare(output, self.target.to(output.device))

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
        if math.prod(output_shape) > MAX_CELLS:
            raise TargetError(
                f"an output to compare has at most {MAX_CELLS:,} cells. "
                f"It is {shape_text(output_shape)}."
            )
        if not self.targets:
            return Loss(self.name, self.compare, torch.zeros(()))
        choices = self.choices(output_shape)
        if target not in choices:
            raise TargetError(self._wrong_target(output_shape, target, choices))
        chosen = TARGETS[target]
        if chosen.index is None:
            return Loss(self.name, self.compare, torch.full(output_shape, chosen.fill))
        samples = (output_shape[0], *output_shape[2:])
        return Loss(self.name, self.compare, torch.full(samples, chosen.index))

    def _wrong_target(self, shape: Shape, target: str, choices: tuple[str, ...]) -> str:
        if not choices:
            return (
                f"{self.name} needs an output of batch x classes, but it is {shape_text(shape)}. "
                "Choose another loss, or end the model with Linear."
            )
        known = target if target in TARGETS else repr(target[:40])
        classes = f" with {shape[1]} classes" if self.targets == CLASSES else ""
        return f"{self.name}{classes} has no target {known}. Choose one of {', '.join(choices)}."


def _sum(output: Tensor, _target: Tensor) -> Tensor:
    return output.sum()


def _mean(output: Tensor, _target: Tensor) -> Tensor:
    return output.mean()


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
    "cross_entropy": LossKind(
        "Cross entropy",
        "How surprising the right class is: minus the log of its softmax.",
        "CrossEntropyLoss",
        F.cross_entropy,
        CLASSES,
    ),
    "sum": LossKind("Sum", "All outputs added: every upstream gradient is 1.", "sum", _sum),
    "mean": LossKind("Mean", "The mean of all outputs.", "mean", _mean),
}
