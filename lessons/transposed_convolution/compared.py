"""Five ways to enlarge, measured on the same digits: parameters, bytes, error, gradient."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.autograd.graph import saved_tensors_hooks
from torch.nn import functional as F  # noqa: N812 - everybody's name for it

from lessons.choosing.study import Study
from lessons.running.recipe import ran
from lessons.showing.grid import Grid
from lessons.transposed_convolution.learning import MOST_STEPS, Learnt, enlarger, held_out
from viz.language import Say, english
from viz.theme import format_number

NAMES: Mapping[str, str] = {
    "nearest": english("Nearest"),
    "bilinear": english("Bilinear"),
    "nails": english("Bed of nails"),
    "max": english("Max unpooling"),
    "learnt": english("Transposed convolution, learnt"),
}
FOR: Mapping[str, str] = {
    "nearest": english("copies, with a convolution after them"),
    "bilinear": english("smooth maps"),
    "nails": english("zeros, with a convolution after them"),
    "max": english("a network that pooled with indices"),
    "learnt": english("where there is data to learn from"),
}


class Nails(nn.Module):
    """Assigns every cell to the top left of a 2x2 block of zeros; no indices are needed."""

    def forward(self, small: Tensor) -> Tensor:
        """Put every cell there."""
        made = small.new_zeros(*small.shape[:2], 2 * small.shape[2], 2 * small.shape[3])
        made[..., ::2, ::2] = small
        return made


class WithIndices(nn.Module):
    """A max unpooling that knows where the maxima stood."""

    def __init__(self, indices: Tensor) -> None:
        super().__init__()
        self.indices = indices

    def forward(self, pooled: Tensor) -> Tensor:
        """Put every cell back."""
        return F.max_unpool2d(pooled, self.indices, [2, 2])


@dataclass(frozen=True)
class Measured:
    """What one way costs and gives, on all digits held out."""

    parameters: int
    kept: int
    """Bytes that it keeps for the backward pass of one digit, without its parameters."""
    averaged: float | None
    """Mean squared error of digits that were halved by averaging; None where it needs indices."""
    pooled: float | None
    """The same of digits that were max pooled; None where it never learnt from such."""
    smallest: float
    largest: float
    """Of the gradient of its input, where a gradient of ones arrives."""


def measured(kernel: int, seed: int) -> Mapping[str, Measured]:
    """Measure every way on the digits that it can be given; the last one learnt first."""
    averaged = held_out().small
    pooled, indices = F.max_pool2d(held_out().large, 2, return_indices=True)
    ways: Mapping[str, tuple[nn.Module, Tensor | None, Tensor | None]] = {
        "nearest": (nn.Upsample(scale_factor=2), averaged, pooled),
        "bilinear": (nn.Upsample(scale_factor=2, mode="bilinear"), averaged, pooled),
        "nails": (Nails(), averaged, pooled),
        "max": (WithIndices(indices), None, pooled),
        "learnt": (enlarger(ran(Learnt(kernel, seed, MOST_STEPS))), averaged, None),
    }
    return {name: _measured(*way) for name, way in ways.items()}


def _measured(way: nn.Module, averaged: Tensor | None, pooled: Tensor | None) -> Measured:
    kept: dict[int, Tensor] = {}
    own = {each.untyped_storage().data_ptr() for each in way.parameters()}

    def keep(tensor: Tensor) -> Tensor:
        kept.setdefault(tensor.untyped_storage().data_ptr(), tensor)
        return tensor

    given = averaged if averaged is not None else pooled
    assert given is not None  # noqa: S101 - every way is given some digits
    value = given.clone().requires_grad_()
    with torch.enable_grad(), saved_tensors_hooks(keep, lambda tensor: tensor):
        made = way(value)
    (gradient,) = torch.autograd.grad(made, value, torch.ones_like(made))
    nbytes = sum(each.untyped_storage().nbytes() for at, each in kept.items() if at not in own)
    return Measured(
        sum(each.numel() for each in way.parameters()),
        nbytes // len(value),
        _error(way, averaged),
        _error(way, pooled),
        float(gradient.min()),
        float(gradient.max()),
    )


def _error(way: nn.Module, small: Tensor | None) -> float | None:
    if small is None:
        return None
    with torch.no_grad():
        return float(F.mse_loss(way(small), held_out().large))


def table(study: Study, say: Say) -> Grid:
    """List what was measured."""
    rows = [
        (
            say(NAMES[name]),
            str(each.parameters),
            str(each.kept),
            *(
                "—" if error is None else format_number(error)
                for error in (each.averaged, each.pooled)
            ),
            _between(each.smallest, each.largest, say),
            say(FOR[name]),
        )
        for name, each in measured(study["kernel"], study.seed).items()
    ]
    heads = (
        say("way"),
        say("parameters"),
        say("bytes kept"),
        say("error, averaged"),
        say("error, max pooled"),
        say("gradient of ones"),
        say("for"),
    )
    return Grid(heads, rows, frozenset({1, 2, 3, 4}))


def _between(smallest: float, largest: float, say: Say) -> str:
    """Write a number that is the same everywhere, or the smallest and the largest one."""
    low, high = format_number(smallest, 4), format_number(largest, 4)
    if low == high:
        return say("{number} everywhere").format(number=low)
    return say("{low} to {high}").format(low=low, high=high)


def by_error(study: Study) -> Mapping[str, str]:
    """Return the size of the kernel and its number of parameters."""
    return {"size": str(study["kernel"]), "parameters": str(study["kernel"] ** 2)}
