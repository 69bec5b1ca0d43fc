"""What is minimised: a scalar of the output. Adding a loss is adding one entry to ``LOSSES``."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional as F  # noqa: N812 - everybody's name for it

from flow.said import said
from models.inputs.shape import MAX_CELLS
from models.shapes import Shape, shape_text
from models.targets import (
    CELLS,
    CLASSES,
    LIKELY,
    TARGETS,
    VALUES,
    VECTORS,
    Labels,
    cell_tensor,
    chosen_cell,
    is_inside,
    is_target,
    names_text,
    suiting_classes,
)


class TargetError(ValueError):
    """A target that does not belong to this loss or this output."""


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
    given: bool = False
    """Whether its target is handed to ``backward`` itself, so that there is no scalar."""

    def choices(self, output_shape: Shape, labels: Labels = ()) -> tuple[str, ...]:
        """Return the targets that suit this loss and an output of this shape.

        ``labels`` are what the samples of the input show, where that is known.
        """
        if self.targets != CLASSES:
            return self.targets
        return suiting_classes(output_shape, labels)

    def suits(self, output_shape: Shape, target: str, labels: Labels = ()) -> bool:
        """Tell whether this is a target for such an output; any name is, where none is needed."""
        if not self.targets or target in self.choices(output_shape, labels):
            return True
        cell = chosen_cell(target)
        return self.targets == CELLS and cell is not None and is_inside(cell, output_shape)

    def make(
        self, output_shape: Shape, target: str = "", seed: int = 0, labels: Labels = ()
    ) -> Loss:
        """Return the loss for outputs of this shape; TargetError says which targets it has.

        A sample's class is the right one for every cell of it.
        """
        if not self.targets:
            _check_size(output_shape)
            return Loss(self.name, self.compare, torch.zeros(()))
        return Loss(self.name, self.compare, self.target(output_shape, target, seed, labels))

    def target(
        self, output_shape: Shape, target: str, seed: int = 0, labels: Labels = ()
    ) -> Tensor:
        """Return what outputs of this shape are compared with; TargetError as for ``make``.

        ``seed`` decides a random target. For ``LOSSES["given"]`` it is the gradient that is given
        to ``backward``.
        """
        _check_size(output_shape)
        if not self.suits(output_shape, target, labels):
            raise TargetError(self._wrong_target(output_shape, target, labels))
        cell = chosen_cell(target)
        if cell is not None:
            return cell_tensor(output_shape, cell)
        return TARGETS[target].tensor(output_shape, seed, labels)

    def _wrong_target(self, shape: Shape, target: str, labels: Labels) -> str:
        choices, cell = self.choices(shape, labels), chosen_cell(target)
        if not choices:
            return said(
                "{name} needs an output of batch x classes, but it is {shape}. "
                "Choose another loss, or end the model with Linear.",
                name=self.name,
                shape=shape_text(shape),
            )
        if self.targets == CELLS and cell is not None:
            return said(
                "the cell must lie in the output {shape}, counted from 0. It is {names}.",
                shape=shape_text(shape),
                names=", ".join(map(str, cell)),
            )
        known = target if is_target(target) else repr(target[:40])
        classes = said(" with {shape} classes", shape=shape[1]) if self.targets == CLASSES else ""
        return said(
            "{name}{classes} has no target {known}. Choose one of {choices}.",
            name=self.name,
            classes=classes,
            known=known,
            choices=names_text(choices),
        )


def _check_size(output_shape: Shape) -> None:
    if math.prod(output_shape) > MAX_CELLS:
        raise TargetError(
            said(
                "an output to compare has at most {max_cells:,} cells. It is {shape}.",
                max_cells=MAX_CELLS,
                shape=shape_text(output_shape),
            )
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
        LIKELY,
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
    "given": LossKind(
        "A given upstream gradient",
        "No loss at all: output.backward(vector) begins with this vector.",
        "given",
        _weighted_sum,
        VECTORS,
        given=True,
    ),
    "vector": LossKind(
        "Sum of output times a vector",
        "A number whose gradient is the vector, so that exactly it arrives at the output.",
        "vector",
        _weighted_sum,
        VECTORS,
    ),
}
