"""Where branches meet: a feature pyramid adds two of them, a pyramid pooling puts them together."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from experiment.setting import of_preset
from experiment.written.address import Experiment
from lessons.asking.exercise import Array, Exercise
from lessons.running.numbers import whole
from lessons.running.trial import Trial, run_layers

SMALL, LARGE = 2, 4
"""Rows of the coarse map and of the fine one."""
POOLED = (1, 2)
"""Regions a side that the branches of a pyramid pooling take means of."""


class Add(nn.Module):
    """An addition as a layer."""

    def forward(self, x: Tensor, y: Tensor) -> Tensor:
        """Add two maps."""
        return x + y


class TopDown(nn.Module):
    """One meeting of a feature pyramid: the coarse map is copied up and added to a lateral one."""

    def __init__(self) -> None:
        super().__init__()
        self.up = nn.UpsamplingNearest2d(scale_factor=LARGE // SMALL)
        self.merge = Add()

    def forward(self, lateral: Tensor, coarse: Tensor) -> Tensor:
        """Return the fine map."""
        merged: Tensor = self.merge(lateral, self.up(coarse))
        return merged


@dataclass(frozen=True)
class Merging:
    """Two maps of small whole numbers that meet; a seed draws them."""

    seed: int = 0

    def run(self) -> Mapping[str, Trial]:
        """Run the upsampling and the addition, forward and backward."""
        lateral = whole(3 * self.seed, (1, 1, LARGE, LARGE))
        coarse = whole(3 * self.seed + 1, (1, 1, SMALL, SMALL))
        values = [torch.from_numpy(each) for each in (lateral, coarse)]
        return run_layers(TopDown(), values, torch.from_numpy(self.upstream()))

    def upstream(self) -> Array:
        """Return the gradient that arrives at the sum."""
        return whole(3 * self.seed + 2, (1, 1, LARGE, LARGE))

    def exercises(self) -> Mapping[str, Callable[[object], Exercise]]:
        """Nothing is asked."""
        return {}

    def in_playground(self) -> Experiment:
        """Open a feature pyramid."""
        return Experiment(of_preset("fpn"))


class Concat(nn.Module):
    """A concatenation of channels as a layer."""

    def forward(self, *maps: Tensor) -> Tensor:
        """Put maps on top of each other."""
        return torch.cat(maps, 1)


class PyramidPooling(nn.Module):
    """Means over regions, enlarged bilinearly, beside the map itself; nothing is learned."""

    def __init__(self) -> None:
        super().__init__()
        for size in POOLED:
            self.add_module(f"pool{size}", nn.AdaptiveAvgPool2d(size))
            up = nn.Upsample(size=(LARGE, LARGE), mode="bilinear", align_corners=False)
            self.add_module(f"up{size}", up)
        self.all = Concat()

    def forward(self, x: Tensor) -> Tensor:
        """Return the map, and a map a branch."""
        branches = [
            self.get_submodule(f"up{size}")(self.get_submodule(f"pool{size}")(x)) for size in POOLED
        ]
        joined: Tensor = self.all(x, *branches)
        return joined


@dataclass(frozen=True, eq=False)
class Pooled:
    """What reaches the map by each way, and all of it."""

    itself: Array
    branches: tuple[Array, ...]
    """In the order of POOLED."""
    total: Array


@dataclass(frozen=True)
class Pooling:
    """A 4x4 map under a pyramid pooling head; a seed draws its numbers."""

    seed: int = 0

    def value(self) -> Array:
        """Return the map that all branches read."""
        return whole(2 * self.seed, (1, 1, LARGE, LARGE))

    def upstream(self) -> Array:
        """Return the gradient that arrives at the concatenation: a piece a channel."""
        return whole(2 * self.seed + 1, (1, 1 + len(POOLED), LARGE, LARGE))

    def run(self) -> Pooled:
        """Run the head forward and backward."""
        head, upstream = PyramidPooling(), torch.from_numpy(self.upstream())
        trials = run_layers(head, [torch.from_numpy(self.value())], upstream)
        with torch.enable_grad():
            x = torch.from_numpy(self.value()).requires_grad_()
            (total,) = torch.autograd.grad(head(x), x, upstream)
        return Pooled(
            trials["all"].downstream,
            tuple(trials[f"pool{size}"].downstream for size in POOLED),
            total.numpy(),
        )

    def exercises(self) -> Mapping[str, Callable[[Pooled], Exercise]]:
        """Nothing is asked."""
        return {}

    def in_playground(self) -> Experiment:
        """Open a pyramid pooling head."""
        return Experiment(of_preset("psp"))
