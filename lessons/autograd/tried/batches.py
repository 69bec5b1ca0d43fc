"""Gradients added up over parts of a batch, beside that of the whole batch."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np
import torch
from torch import Tensor

from experiment.setting import of_preset
from experiment.written.address import Experiment
from lessons.asking.exercise import Array, Exercise, Mistake

INPUTS = (1.0, 2.0, 3.0, 4.0, 5.0, 6.0)
TARGETS = (2.0, 2.0, 5.0, 5.0, 4.0, 9.0)
"""What w * x is to come to, for each input."""
PARTS: Mapping[str, tuple[int, ...]] = {"3+3": (3, 3), "4+2": (4, 2), "2+2+2": (2, 2, 2)}


@dataclass(frozen=True)
class Gathered:
    """``w.grad`` of the squared errors of w * x, with w = 1."""

    each: tuple[float, ...]
    """Of the mean over each part alone."""
    whole_sum: float
    parts_sum: float
    """Of sums, gathered part by part."""
    whole_mean: float
    parts_mean: float
    """Of means, gathered as they are."""
    divided: float
    """Of means, each divided by the number of parts."""
    weighted: float
    """Of means, each times its part of all samples."""


@dataclass(frozen=True)
class Batches:
    """Six samples, in parts."""

    parts: tuple[int, ...] = (3, 3)

    def run(self) -> Gathered:
        """Gather the gradient in each way, with PyTorch."""
        count, total = len(self.parts), len(INPUTS)
        means = [(size, 1.0) for size in self.parts]
        with torch.enable_grad():
            return Gathered(
                each=tuple(
                    gathered([(size, 1.0)], torch.mean, begin)
                    for begin, size in zip(self._begins(), self.parts, strict=True)
                ),
                whole_sum=gathered([(total, 1.0)], torch.sum),
                parts_sum=gathered(means, torch.sum),
                whole_mean=gathered([(total, 1.0)], torch.mean),
                parts_mean=gathered(means, torch.mean),
                divided=gathered([(size, 1 / count) for size in self.parts], torch.mean),
                weighted=gathered([(size, size / total) for size in self.parts], torch.mean),
            )

    def exercises(self) -> Mapping[str, Callable[[Gathered], Exercise]]:
        """Ask for ``w.grad`` after the means of all parts."""
        return {"gathered": partial(gathered_exercise, self)}

    def in_playground(self) -> Experiment:
        """Open a network with a batch."""
        return Experiment(of_preset("xor"))

    def _begins(self) -> list[int]:
        return [sum(self.parts[:place]) for place in range(len(self.parts))]


def gathered(
    parts: list[tuple[int, float]], reduce: Callable[[Tensor], Tensor], begin: int = 0
) -> float:
    """Call backward for part after part, each with its size and weight; return ``w.grad``."""
    weight = torch.ones((), requires_grad=True)
    for size, share in parts:
        inputs, targets = (torch.tensor(each[begin : begin + size]) for each in (INPUTS, TARGETS))
        torch.autograd.backward(share * reduce((weight * inputs - targets) ** 2))
        begin += size
    assert weight.grad is not None  # noqa: S101 - it is in every loss
    return float(weight.grad)


def slopes() -> Array:
    """Return by hand what every sample brings: 2 x (w x - t), with w = 1."""
    inputs, targets = np.array(INPUTS), np.array(TARGETS)
    return np.asarray(2 * inputs * (inputs - targets))


def gathered_exercise(recipe: Batches, found: Gathered) -> Exercise:
    """Predict what gathering the means as they are leaves."""
    cells = np.split(slopes(), np.cumsum(recipe.parts)[:-1])
    means = [each.mean() for each in cells]
    mistakes = {
        "as the whole": slopes().mean(),
        "last part": means[-1],
        "divided": np.mean(means),
        "sum": slopes().sum(),
    }
    return Exercise(
        "gathered",
        np.array([[found.parts_mean]]),
        tuple(Mistake(key, np.array([[value]])) for key, value in mistakes.items()),
    )
